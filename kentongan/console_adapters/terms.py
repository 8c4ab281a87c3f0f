"""Accounts as the door sees them: whoever stands in people.csv comes in until the last day of the role there.

An account of somebody who does not stand there has no such day. Nothing is written: a later day in people.csv, and the
account is open again.
"""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from console.store import SqlAccounts
from domain.accounts import Account
from kentongan.installation import Installation
from kentongan.store.schema import check_schema

FRESH_SECONDS: Final = 5.0


class AccountsInTerm:
    """Implements domain.accounts.AccountStore."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._kept = SqlAccounts(installation.database.engine)
        self._lock = threading.Lock()
        self._revision, self._asked_at = -1, float("-inf")
        self._last_days: Mapping[str, date] = {}

    def all(self) -> tuple[Account, ...]:
        return tuple(map(self._in_term, self._kept.all()))

    def get(self, name: str) -> Account | None:
        found = self._kept.get(name)
        return None if found is None else self._in_term(found)

    def put(self, account: Account) -> None:
        self._kept.put(account)

    def remove(self, name: str) -> None:
        self._kept.remove(name)

    def attempted(self, name: str, failures: int, locked_until: datetime | None) -> None:
        self._kept.attempted(name, failures, locked_until)

    def prove(self, name: str, proof: str, *, must_change: bool) -> None:
        self._kept.prove(name, proof, must_change=must_change)

    def _in_term(self, account: Account) -> Account:
        last = self._known().get(account.name)
        is_over = last is not None and last < self._installation.today()
        return replace(account, disabled=True) if is_over else account

    def _known(self) -> Mapping[str, date]:
        """Read again when the inventory changed; whether it did is asked every few seconds, and with it whether this
        is still the program for the database: an old one must not write into a new one. Raises SchemaError."""
        with self._lock:
            now = self._installation.clock.now().steady_seconds
            if now - self._asked_at < FRESH_SECONDS:
                return self._last_days
            check_schema(self._installation.database.engine)
            revision = self._installation.inventory.revision()
            if revision != self._revision:
                people = self._installation.inventory.read(stages=False).people
                self._last_days = {each.name: each.valid_to for each in people if each.valid_to is not None}
                self._revision = revision
            self._asked_at = now
            return self._last_days
