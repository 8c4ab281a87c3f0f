"""Links that acknowledge: incident, person and expiry under an HMAC. Whoever has the link may do that one thing.

36 characters: the incident's number, a point, and sixteen octets in base 32 (expiry, a hash of the name, the seal).
"""

import hashlib
import hmac
from base64 import b32decode, b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from alerts.errors import AlertError
from domain.language import _
from domain.secrets import Secret

SEAL_OCTETS: Final = 8
PURPOSE: Final = b"kentongan acknowledge links 1"


class LinkError(AlertError):
    """A link that is not ours, was changed, or is too old; the message says which, for people."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a good link allows: who it was sent to is known by a hash."""

    incident: str
    person_hash: bytes
    until: datetime

    def person_among(self, names: Iterable[str]) -> str:
        """The name it was sent to, or an empty text if it is not there any more."""
        return next((name for name in names if person_hash(name) == self.person_hash), "")


class LinkSigner:
    """key: any secret of the installation, from which a key of their own is derived (HMAC-SHA256 over their purpose);
    links of another key, or made before it changed, are refused.
    """

    def __init__(self, key: Secret, lasts: timedelta) -> None:
        self._key = hmac.digest(key.reveal().encode(), PURPOSE, "sha256")
        self._lasts = lasts

    def sign(self, incident: str, person: str, now: datetime) -> str:
        """The last part of the address."""
        until = int((now + self._lasts).timestamp())
        plain = until.to_bytes(4) + person_hash(person)
        return f"{incident}.{_base32(plain + self._seal(incident, plain))}"

    def read(self, token: str, now: datetime) -> Grant:
        """Raises LinkError."""
        incident, _point, rest = token.rpartition(".")
        try:
            octets = b32decode(rest.upper() + "=" * (-len(rest) % 8))
        except ValueError:
            octets = b""
        if len(octets) != 8 + SEAL_OCTETS or not hmac.compare_digest(octets[8:], self._seal(incident, octets[:8])):
            raise LinkError(_("This link is not complete or not ours. Open it from the message again."))
        until = datetime.fromtimestamp(int.from_bytes(octets[:4]), UTC)
        if now >= until:
            raise LinkError(_("This link is too old. Answer in the group, or call the NOC."))
        return Grant(incident, octets[4:8], until)

    def _seal(self, incident: str, plain: bytes) -> bytes:
        return hmac.digest(self._key, incident.encode() + b"\0" + plain, "sha256")[:SEAL_OCTETS]


def person_hash(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()[:4]


def _base32(octets: bytes) -> str:
    return b32encode(octets).decode().rstrip("=").lower()
