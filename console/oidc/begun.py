"""Logins that were begun: each is good once, for the browser that began it, for some minutes."""

import base64
import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

LASTS: Final = timedelta(minutes=10)
MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Begun:
    """browser: hash of the key in the cookie. verifier: of PKCE, never leaves us before the code comes."""

    browser: str
    nonce: str
    verifier: str = field(repr=False)
    to: str
    at: datetime

    @property
    def challenge(self) -> str:
        """RFC 7636 section 4.2, S256."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class BegunLogins:
    """In memory: who waits at the provider while we are restarted begins again. The oldest goes when there are many."""

    def __init__(self) -> None:
        self._of: OrderedDict[str, Begun] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, to: str, now: datetime) -> tuple[str, str, Begun]:
        """(state, key for the cookie, what was begun)."""
        state, key = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        begun = Begun(_hash(key), secrets.token_urlsafe(32), secrets.token_urlsafe(64), to, now)
        with self._lock:
            self._of[state] = begun
            if len(self._of) > MOST:
                self._of.popitem(last=False)
        return state, key, begun

    def take(self, state: str, key: str, now: datetime) -> Begun | None:
        """Taken once, whatever comes of it; None where nobody began it, another browser did, or too long ago."""
        with self._lock:
            begun = self._of.pop(state, None)
        if begun is None or not key or not hmac.compare_digest(begun.browser, _hash(key)):
            return None
        return begun if timedelta() <= now - begun.at <= LASTS else None


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
