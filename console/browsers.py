"""Browsers in which somebody has logged in before: wrong passwords from elsewhere do not shut their person out.

What a browser keeps is proved by the password's proof, so that nothing is stored for it and a new password ends it.
It opens nothing: with it alone nobody comes in.
"""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

from console.external import is_external
from domain.accounts import Account

TRIES: Final = 10
WITHIN: Final = timedelta(minutes=15)
MOST: Final = 1000


class KnownBrowsers:
    """Blocks nobody and keeps nothing but how often each has tried lately. Not for several threads at one mark."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, list[datetime]] = OrderedDict()

    def mark_of(self, account: Account) -> str:
        """Empty for who has no password here."""
        if is_external(account) or not account.proof:
            return ""
        number = secrets.token_urlsafe(16)
        return f"{number}.{_seal(account, number)}"

    def admits(self, account: Account, mark: str, now: datetime) -> bool:
        """Whether this browser is one of the account's and has not tried too often; it is counted."""
        number, _dot, seal = mark.partition(".")
        if is_external(account) or not account.proof or not hmac.compare_digest(
            seal.encode(), _seal(account, number).encode()
        ):  # fmt: skip
            return False
        tries = [at for at in self._tries.pop(number, []) if abs(now - at) < WITHIN]
        self._tries[number] = [*tries[-TRIES:], now]
        if len(self._tries) > MOST:
            self._tries.popitem(last=False)
        return len(tries) < TRIES


def _seal(account: Account, number: str) -> str:
    """Nobody outside knows the proof."""
    return hmac.new(account.proof.encode(), f"{account.name}\n{number}".encode(), hashlib.sha256).hexdigest()
