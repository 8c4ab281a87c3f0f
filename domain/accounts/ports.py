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


class SessionStore(Protocol):
    def get(self, key_hash: str) -> Session | None: ...

    def put(self, session: Session) -> None: ...

    def end(self, key_hash: str) -> None: ...

    def end_of(self, account: str) -> None:
        """All of an account's."""
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
