"""Certificates as facts, and what is wrong with them. Trust is found out at the rim; dates and names here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address

from domain.services.words import Finding, ServiceWord

WARN_DAYS = 30


class CertificateRole(StrEnum):
    LEAF = "leaf"
    CHAIN = "chain"  # an issuer between the leaf and the root, or the root itself


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """One certificate that `host` showed at redirect hop `hop` (0 is the address that was checked).

    names: the DNS names and IP addresses it is for (subjectAltName). fingerprint: SHA-256 in hexadecimal.
    """

    hop: int
    host: str
    role: CertificateRole
    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    fingerprint: str
    self_signed: bool = False

    def seconds_left(self, now: datetime) -> float:
        """Until it expires; negative afterwards."""
        return (self.not_after - now).total_seconds()


def covers(names: Iterable[str], host: str) -> bool:
    """Whether a certificate for `names` is one for `host` (RFC 9525): `*` stands for exactly one whole first label."""
    address = _address(host)
    if address:
        return any(_address(name) == address for name in names)
    wanted = host.rstrip(".").lower()
    _first, dot, rest = wanted.partition(".")
    return any(
        name == wanted or (bool(dot) and name.startswith("*.") and name[2:] == rest and "." in rest)
        for name in (name.rstrip(".").lower() for name in names)
    )


def certificate_findings(
    certificates: Iterable[CertificateFacts], now: datetime, warn_days: float = WARN_DAYS
) -> tuple[Finding, ...]:
    """Dates of every certificate, names of every leaf, leaves that are their own issuer; each named with its hop."""
    found: dict[tuple[ServiceWord, str], Finding] = {}
    for facts in certificates:
        for word in _words(facts, now, warn_days):
            found.setdefault((word, facts.fingerprint), Finding(word, facts.host, _values(facts, now)))
    return tuple(found.values())


def _words(facts: CertificateFacts, now: datetime, warn_days: float) -> list[ServiceWord]:
    words = []
    if facts.not_before > now:
        words.append(ServiceWord.CERTIFICATE_NOT_YET_VALID)
    left = facts.seconds_left(now)
    if left <= 0:
        words.append(ServiceWord.CERTIFICATE_EXPIRED)
    elif left <= warn_days * 86_400:
        words.append(ServiceWord.CERTIFICATE_EXPIRES)
    if facts.role is CertificateRole.LEAF:
        if not covers(facts.names, facts.host):
            words.append(ServiceWord.CERTIFICATE_NAME)
        if facts.self_signed:
            words.append(ServiceWord.CERTIFICATE_SELF_SIGNED)
    return words


def _values(facts: CertificateFacts, now: datetime) -> dict[str, str]:
    return {
        "certificate": facts.subject,
        "role": facts.role.value,
        "hop": str(facts.hop + 1),
        "names": ", ".join(facts.names[:5]),
        "until": facts.not_after.isoformat(),
        "days": str(int(facts.seconds_left(now) // 86_400)),
    }


def _address(text: str) -> str:
    try:
        return ip_address(text.strip("[]")).compressed
    except ValueError:
        return ""
