"""The door: a name and a password make a session, a session's key says who asks, and too many tries close it.

Times are arguments. Everything here blocks (database, Argon2): call it in a thread.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from console.errors import NotEnteredError, PasswordRefusedError
from console.external import is_external
from console.passwords import Passwords, check_new
from domain.accounts import Account, AccountStore, Session, SessionStore, after_attempt, is_locked
from domain.language import _
from domain.secrets import Secret

IDLE: Final = timedelta(hours=12)  # a shift
LONGEST: Final = timedelta(days=7)
SEEN_AGAIN: Final = timedelta(minutes=1)
Audit = Callable[[str, str], None]
"""(action, account)"""


@dataclass(frozen=True, slots=True)
class Visitor:
    account: Account
    session: Session


class Entrance:
    def __init__(
        self, accounts: AccountStore, sessions: SessionStore, audit: Audit, passwords: Passwords | None = None
    ) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._audit = audit
        self._passwords = passwords or Passwords()

    def enter(self, name: str, password: Secret, now: datetime) -> tuple[str, Session]:
        """(key, session). The key is for the cookie and is kept nowhere. Raises NotEnteredError."""
        account = self._accounts.get(name)
        if account is not None and is_locked(account, now):
            self._audit("login refused: locked", name)
            raise NotEnteredError(
                _("Too many wrong passwords. Try again in {minutes} minutes, or ask an administrator.").format(
                    minutes=_minutes(account, now)
                )
            )
        proof = account.proof if account and not is_external(account) else ""
        right = self._passwords.proves(proof, password)
        if account is not None:
            self._remember(account, right, now)
        if account is None or not right or account.disabled:
            self._audit("login refused", name if account else "")  # what is no name may be a password
            raise NotEnteredError(_("Name or password is wrong."))
        return self.begin(account, now, "logged in")

    def begin(self, account: Account, now: datetime, action: str) -> tuple[str, Session]:
        """A session for somebody who has proved who they are. action: for the journal."""
        self._sessions.prune(now - IDLE, now - LONGEST)
        key = secrets.token_urlsafe(32)
        session = Session(hash_of(key), account.name, secrets.token_urlsafe(24), now, now)
        self._sessions.put(session)
        self._audit(action, account.name)
        return key, session

    def who(self, key: str, now: datetime) -> Visitor | None:
        """Whose key it is, if it is still good."""
        session = self._sessions.get(hash_of(key)) if key else None
        if session is None or now - session.seen_at > IDLE or now - session.made_at > LONGEST:
            return None
        account = self._accounts.get(session.account)
        if account is None or account.disabled:
            return None
        if abs(now - session.seen_at) > SEEN_AGAIN:
            session = replace(session, seen_at=now)
            self._sessions.put(session)
        return Visitor(account, session)

    def leave(self, visitor: Visitor) -> None:
        self._sessions.end(visitor.session.key_hash)
        self._audit("logged out", visitor.account.name)

    def change_password(self, visitor: Visitor, old: Secret, new: Secret) -> None:
        """And end every session of the account. Raises NotEnteredError, PasswordRefusedError."""
        account = visitor.account
        if not self._passwords.proves(account.proof, old):
            raise NotEnteredError(_("The present password is wrong."))
        if old.reveal() == new.reveal():
            raise PasswordRefusedError(_("The new password is the old one."))
        check_new(new, account.name)
        self._accounts.put(replace(account, proof=self._passwords.proof_of(new), must_change=False))
        self._sessions.end_of(account.name)
        self._audit("password changed", account.name)

    def _remember(self, account: Account, right: bool, now: datetime) -> None:
        after = after_attempt(account, right, now)
        if after != account:
            self._accounts.put(after)


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _minutes(account: Account, now: datetime) -> int:
    left = (account.locked_until or now) - now
    return max(1, -(-int(left.total_seconds()) // 60))
