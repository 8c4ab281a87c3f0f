"""The door for programs: a token that was made for an account lets them in as it, until it expires.

Times are arguments. `admit` blocks (database): call it in a thread.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from console.entrance import AHEAD, hash_of
from console.errors import NotEnteredError
from domain.accounts import AccessToken, Account, AccountStore, Right, TokenStore, may
from domain.language import _
from domain.secrets import Secret

PREFIX: Final = "kt_"
USED_AGAIN: Final = timedelta(minutes=10)
Admit = Callable[[str], bool]
"""Whether one more is let through for this name now."""


class TooOftenError(NotEnteredError):
    """A token, or an address without a good one, asks too often."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who asks by a token."""

    account: Account
    token: AccessToken

    def may(self, right: Right) -> bool:
        return may(self.account.role, right) and (right is Right.SEE or not self.token.read_only)


class TokenDoor:
    """admit_token: by its id; admit_stranger: by the address of who came with no good token."""

    def __init__(self, accounts: AccountStore, tokens: TokenStore, admit_token: Admit, admit_stranger: Admit) -> None:
        self._accounts = accounts
        self._tokens = tokens
        self._admit_token = admit_token
        self._admit_stranger = admit_stranger
        self._counting = threading.Lock()

    def admit(self, key: str, address: str, now: datetime) -> Bearer:
        """Raises NotEnteredError, TooOftenError."""
        bearer = self.who(key, now)
        with self._counting:
            admitted = self._admit_token(bearer.token.id) if bearer else self._admit_stranger(address)
        if not admitted:
            raise TooOftenError(_("Too many requests. Wait a minute."))
        if bearer is None:
            raise NotEnteredError(_("No token, or one that is not known, has expired, or belongs to nobody."))
        used = bearer.token.used_at
        if used is None or abs(now - used) > USED_AGAIN:
            self._tokens.mark_used(bearer.token.id, now)
        return bearer

    def who(self, key: str, now: datetime) -> Bearer | None:
        """Whose token it is, if it is still good; not counted."""
        token = self._tokens.get(hash_of(key)) if key.startswith(PREFIX) else None
        if token is None or now >= token.expires_at or token.made_at - now > AHEAD:
            return None
        account = self._accounts.get(token.account)
        return None if account is None or account.disabled else Bearer(account, token)


def made_token(
    account: str, now: datetime, lasts: timedelta, *, read_only: bool = False, note: str = ""
) -> tuple[Secret, AccessToken]:
    """(key, token). The key is shown once and kept nowhere."""
    key = PREFIX + secrets.token_urlsafe(32)
    id_ = secrets.token_hex(4)
    return Secret(key), AccessToken(id_, hash_of(key), account, read_only, note, now, now + lasts)
