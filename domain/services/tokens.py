"""The secret in a site's heartbeat address. Only its hash is kept; entropy is handed in, for pure code has none."""

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from domain.secrets import Secret

TOKEN_OCTETS: Final = 20  # 160 bits, 32 letters: fits into every router's quoting, cannot be guessed
_LEAST_OCTETS: Final = 16
_TOKEN = re.compile(r"[a-z2-7]{26,64}")


def make_token(entropy: bytes) -> Secret:
    """Lower-case base32 without padding. entropy: at least 16 octets from the system's source.

    Raises ValueError for less.
    """
    if len(entropy) < _LEAST_OCTETS:
        raise ValueError(f"a token needs {_LEAST_OCTETS} octets of entropy, not {len(entropy)}")
    return Secret(b32encode(entropy).decode().rstrip("=").lower())


def is_token(text: str) -> bool:
    """Whether it is written like one."""
    return _TOKEN.fullmatch(text) is not None


def hash_of(token: Secret) -> str:
    """SHA-256 in hexadecimal: what is stored. A slow hash would add nothing to 160 random bits."""
    return hashlib.sha256(token.reveal().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SiteTokens:
    """Hash → site. Several tokens of one site stand beside each other while its script is replaced."""

    by_hash: Mapping[str, str] = field(default_factory=dict)

    def site_of(self, presented: str) -> str | None:
        """The site, or None. Takes the same time for what is unknown and what is not even written like a token.

        The table is searched by hash: who asks cannot choose how much of it fits.
        """
        digest = hash_of(Secret(presented[:128] if is_token(presented) else ""))
        found, site = "", None
        if digest in self.by_hash:
            found, site = digest, self.by_hash[digest]
        return site if hmac.compare_digest(found or "0" * len(digest), digest) else None

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(set(self.by_hash.values())))


class TokenStore(Protocol):
    """Where hashes are kept. The token itself is shown once, to whoever made it, and never again."""

    def read(self) -> SiteTokens: ...

    def put(self, site: str, token_hash: str) -> None:
        """Beside the site's other tokens, until `remove` takes those."""
        ...

    def remove(self, token_hash: str) -> None: ...
