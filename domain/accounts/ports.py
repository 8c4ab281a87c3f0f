"""Where accounts and sessions are kept."""

from datetime import datetime
from typing import Protocol

from domain.accounts.records import Account, Session


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
