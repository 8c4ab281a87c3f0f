"""The lab's own certificate authority: a root, an issuer under it, and a leaf for every need. Keys live in a folder."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAY = timedelta(days=1)
_Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Pair:
    """Files for ssl: chain is the leaf with its issuer, PEM."""

    chain: Path
    key: Path


class Authority:
    """Issues certificates into `folder`. The root's is `root`, for clients to trust."""

    def __init__(self, folder: Path, now: datetime | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._now = now or datetime.now(UTC)
        self._root_key, self._issuer_key, self._leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
        root_name, issuer_name = _name("Kentongan Lab Root"), _name("Kentongan Lab Issuer")
        root = self._signed(root_name, self._root_key, root_name, self._root_key, authority=True)
        self._issuer = self._signed(issuer_name, self._issuer_key, root_name, self._root_key, authority=True)
        self.root = folder / "root.pem"
        self.root.write_bytes(_pem(root))
        self._key = folder / "leaf.key"
        self._key.touch(mode=0o600)
        self._key.write_bytes(
            self._leaf_key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def leaf(self, label: str, host: str, days: float = 365, *, self_signed: bool = False) -> Pair:
        """A certificate for one host name or address that ends in `days` (negative: it ended so long ago)."""
        name = _name(host)
        issuer = (name, self._leaf_key) if self_signed else (self._issuer.subject, self._issuer_key)
        certificate = self._signed(name, self._leaf_key, *issuer, host=host, days=days)
        path = self._folder / f"{label}.pem"
        path.write_bytes(_pem(certificate) + (b"" if self_signed else _pem(self._issuer)))
        return Pair(path, self._key)

    def _signed(
        self, subject: x509.Name, key: _Key, issuer: x509.Name, by: _Key, *, host: str = "", days: float = 3650,
        authority: bool = False,
    ) -> x509.Certificate:  # fmt: skip
        ends = self._now + days * _DAY
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(self._now, ends) - 30 * _DAY)
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        )
        if authority:
            builder = builder.add_extension(_usage(signs_certificates=True), critical=True)
        else:
            names = x509.SubjectAlternativeName([_general(host)])
            server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
            builder = builder.add_extension(names, critical=False).add_extension(server, critical=False)
        return builder.sign(by, hashes.SHA256())


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=signs_certificates, crl_sign=signs_certificates, encipher_only=False,
        decipher_only=False,
    )  # fmt: skip


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
