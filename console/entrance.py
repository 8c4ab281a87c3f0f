"""The door: a name and a password make a session, a session's key says who asks, and too many tries close it.

Times are arguments. Everything here blocks (database, Argon2): call it in a thread.
"""

import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from console.ages import Ages
from console.browsers import KnownBrowsers
from console.errors import NotEnteredError, PasswordRefusedError
from console.external import is_external
from console.passwords import Passwords, check_new
from domain.accounts import Account, AccountStore, Session, SessionStore, after_attempt, is_locked
from domain.language import _
from domain.network import PersonRole
from domain.secrets import Secret

IDLE: Final = timedelta(hours=12)  # a shift
LONGEST: Final = timedelta(days=7)
SEEN_AGAIN: Final = timedelta(minutes=1)
AHEAD: Final = timedelta(days=1)
"""Who came so much later than now came by a clock that was wrong."""

MOST_SESSIONS: Final = 50
"""Of one account, at once: the oldest ends. A wall of screens may share one."""

AT_ONCE: Final = 2
"""Passwords proved side by side: each takes 64 MiB, and none is tried by more than this before a wrong one counts."""

MOST_STRANGERS: Final = 1000


class Audit(Protocol):
    def __call__(self, action: str, account: str, address: str = "") -> None:
        """address: from where, where that is known."""
        ...


@dataclass(frozen=True, slots=True)
class Books:
    """What is written in one go, or not at all."""

    accounts: AccountStore
    sessions: SessionStore
    audit: Audit


@dataclass(frozen=True, slots=True)
class Visitor:
    account: Account
    session: Session


@dataclass(frozen=True, slots=True)
class Whence:
    """From where somebody comes. browser: what was given to this browser when its person came in last. key: of the
    session that it had until now, which ends with the new one."""

    address: str = ""
    browser: str = ""
    key: str = field(default="", repr=False)


NOWHERE: Final = Whence()


class Entrance:
    """together: the books for what must be whole. steady: seconds of a clock that never jumps."""

    def __init__(
        self,
        accounts: AccountStore,
        sessions: SessionStore,
        audit: Audit,
        passwords: Passwords | None = None,
        together: Callable[[], AbstractContextManager[Books]] | None = None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._together = together or (lambda: nullcontext(Books(accounts, sessions, audit)))
        self._ages = Ages(steady)
        self._accounts = accounts
        self._sessions = sessions
        self._audit = audit
        self._passwords = passwords or Passwords()
        self._browsers = KnownBrowsers()
        self._proving = threading.BoundedSemaphore(AT_ONCE)
        self._counting = threading.Lock()
        self._strangers: OrderedDict[str, Account] = OrderedDict()

    def enter(self, name: str, password: Secret, now: datetime, whence: Whence = NOWHERE) -> tuple[str, Session]:
        """(key, session). The key is for the cookie and is kept nowhere. Raises NotEnteredError."""
        with self._proving:
            account = self._proved(name, password, now, whence)
        return self.begin(account, now, "logged in", whence.address, whence.key)

    def _proved(self, name: str, password: Secret, now: datetime, whence: Whence) -> Account:
        account = self._accounts.get(name) if name.isprintable() else None
        known = account is not None and self._browsers.admits(account, whence.browser, now)
        held = account or self._strangers.get(name)
        if held is not None and not known and is_locked(held, now):
            self._audit("login refused: locked", name if account else "", whence.address)
            raise NotEnteredError(
                _("Too many wrong passwords. Try again in {minutes} minutes, or ask an administrator.").format(
                    minutes=_minutes(held, now)
                )
            )
        proof = account.proof if account and not is_external(account) else ""
        right = self._passwords.proves(proof, password)
        if right or not known:
            self._remember(name, right, now)
        if account is None or not right or account.disabled:
            # what is no name may be a password
            self._audit("login refused", name if account else "", whence.address)
            raise NotEnteredError(_("Name or password is wrong."))
        if self._passwords.is_outdated(proof):
            proof = self._passwords.proof_of(password)
            self._accounts.prove(name, proof, must_change=account.must_change)
        return replace(account, proof=proof)

    def begin(
        self, account: Account, now: datetime, action: str, address: str = "", before: str = ""
    ) -> tuple[str, Session]:
        """A session for somebody who has proved who they are. action: for the journal. before: the key of a session
        that ends with it."""
        key = secrets.token_urlsafe(32)
        session = Session(hash_of(key), account.name, secrets.token_urlsafe(24), now, now)
        with self._together() as books:
            books.sessions.prune(now - IDLE, now - LONGEST)
            if before:
                books.sessions.end(hash_of(before))
            books.sessions.put(session)
            books.sessions.end_of(account.name, but_newest=MOST_SESSIONS)
            books.audit(action, account.name, address)
        return key, session

    def who(self, key: str, now: datetime) -> Visitor | None:
        """Whose key it is, if it is still good."""
        visitor = self.still(key, now)
        if visitor is not None:
            self._ages.seen(visitor.session)
        if visitor is not None and abs(now - visitor.session.seen_at) > SEEN_AGAIN:
            session = replace(visitor.session, seen_at=now)
            self._sessions.seen(session.key_hash, now)  # one that was ended meanwhile stays so
            return replace(visitor, session=session)
        return visitor

    def still(self, key: str, now: datetime) -> Visitor | None:
        """The same without having been seen."""
        session = self._sessions.get(hash_of(key)) if key else None
        if session is None or session.made_at - now > AHEAD:
            return None
        age, idle = self._ages.of(session, now)
        if age > LONGEST or idle > IDLE:
            return None
        account = self._accounts.get(session.account)
        return None if account is None or account.disabled else Visitor(account, session)

    def known_browser(self, session: Session) -> str:
        """For the browser in which this session has just begun, to be brought back at the next login."""
        account = self._accounts.get(session.account)
        return self._browsers.mark_of(account) if account else ""

    def leave(self, visitor: Visitor) -> None:
        with self._together() as books:
            books.sessions.end(visitor.session.key_hash)
            books.audit("logged out", visitor.account.name)

    def change_password(self, visitor: Visitor, old: Secret, new: Secret) -> None:
        """And end every session of the account. Raises NotEnteredError, PasswordRefusedError."""
        account = visitor.account
        if is_external(account):
            raise PasswordRefusedError(_("You come by single sign-on and have no password here."))
        with self._proving:
            if not self._passwords.proves(account.proof, old):
                raise NotEnteredError(_("The present password is wrong."))
            if old.reveal() == new.reveal():
                raise PasswordRefusedError(_("The new password is the old one."))
            check_new(new, account.name)
            proof = self._passwords.proof_of(new)
        with self._together() as books:
            books.accounts.prove(account.name, proof, must_change=False)
            books.sessions.end_of(account.name)
            books.audit("password changed", account.name)

    def _remember(self, name: str, right: bool, now: datetime) -> None:
        """Counted of what is kept now: whoever changed the account meanwhile is not overruled, and no try is lost.

        Names that nobody has are counted as well, or a lock would tell who is known.
        """
        with self._counting:
            held = self._accounts.get(name) if name.isprintable() else None
            if held is not None:
                after = after_attempt(held, right, now)
                if after != held:
                    self._accounts.attempted(name, after.failures, after.locked_until)
                return
            stranger = self._strangers.pop(name, None) or Account(name, PersonRole.VIEWER)
            self._strangers[name] = after_attempt(stranger, right, now)
            if len(self._strangers) > MOST_STRANGERS:
                self._strangers.popitem(last=False)


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _minutes(account: Account, now: datetime) -> int:
    left = (account.locked_until or now) - now
    return max(1, -(-int(left.total_seconds()) // 60))
