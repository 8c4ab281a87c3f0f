"""Reads certificates (X.509, RFC 5280) into facts. What cannot be read is left out: its handshake said so already."""

from collections.abc import Iterable
from hashlib import sha256

from cryptography import x509
from cryptography.x509.oid import NameOID

from domain.services import CertificateFacts, CertificateRole


def facts_of(chain: Iterable[bytes], host: str, hop: int) -> tuple[CertificateFacts, ...]:
    """chain: DER, the leaf first."""
    found = []
    for at, der in enumerate(chain):
        try:
            found.append(_facts(der, host, hop, CertificateRole.CHAIN if at else CertificateRole.LEAF))
        except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
            continue
    return tuple(found)


def _facts(der: bytes, host: str, hop: int, role: CertificateRole) -> CertificateFacts:
    certificate = x509.load_der_x509_certificate(der)
    names = _names(certificate)
    return CertificateFacts(
        hop,
        host,
        role,
        _common_name(certificate.subject) or (names[0] if names else ""),
        _common_name(certificate.issuer),
        names,
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        sha256(der).hexdigest(),
        certificate.subject == certificate.issuer,
    )


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = names.get_values_for_type(x509.IPAddress)
    return (*names.get_values_for_type(x509.DNSName), *(str(address) for address in addresses))


def _common_name(name: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        found = name.get_attributes_for_oid(oid)
        if found:
            value = found[0].value
            return value if isinstance(value, str) else value.decode("utf-8", "replace")
    return ""
