"""Where accounts, sessions and access tokens are kept."""

from datetime import datetime
from typing import Protocol

from domain.accounts.records import AccessToken, Account, Session


class AccountStore(Protocol):
    def all(self) -> tuple[Account, ...]:
        """By name."""
        ...

    def get(self, name: str) -> Account | None: ...

    def put(self, account: Account) -> None:
        """Insert, or replace the one of the same name."""
        ...

    def remove(self, name: str) -> None: ...

    def attempted(self, name: str, failures: int, locked_until: datetime | None) -> None:
        """After a password was tried: nothing else of the account changes."""
        ...

    def prove(self, name: str, proof: str, *, must_change: bool) -> None:
        """Another password; nothing else of the account changes."""
        ...


class SessionStore(Protocol):
    def get(self, key_hash: str) -> Session | None: ...

    def put(self, session: Session) -> None: ...

    def seen(self, key_hash: str, at: datetime) -> None:
        """Nothing where it was ended meanwhile."""
        ...

    def end(self, key_hash: str) -> None: ...

    def end_of(self, account: str, *, but_newest: int = 0) -> None:
        """An account's, but for so many that were seen last."""
        ...

    def prune(self, seen_before: datetime, made_before: datetime) -> int: ...


class TokenStore(Protocol):
    def of(self, account: str) -> tuple[AccessToken, ...]:
        """Oldest first; also those that have expired."""
        ...

    def get(self, key_hash: str) -> AccessToken | None: ...

    def find(self, id_: str) -> AccessToken | None: ...

    def put(self, token: AccessToken) -> None:
        """Insert, or replace the one of the same id."""
        ...

    def mark_used(self, id_: str, at: datetime) -> None:
        """Nothing where it has been revoked meanwhile."""
        ...

    def remove(self, id_: str) -> None: ...
