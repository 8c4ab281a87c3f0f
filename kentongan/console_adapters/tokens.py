"""Access tokens made, listed and revoked, each in the journal; and the door they open."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from console.api.limits import made_door
from console.store import SqlAccounts, SqlTokens
from console.tokens import TokenDoor, made_token
from domain.accounts import AccessToken
from domain.audit import AuditEntry
from domain.language import _
from domain.secrets import Secret
from kentongan.console_adapters.seen import UsedLater
from kentongan.console_adapters.terms import AccountsInTerm
from kentongan.errors import UsageError
from kentongan.installation import Installation
from kentongan.store.joined import joined

LONGEST_DAYS: Final = 366


class Tokens:
    """Of one installation. by: who gives the orders; else whoever runs the command."""

    def __init__(self, installation: Installation, by: str = "") -> None:
        self._installation = installation
        self._by = by or installation.actor
        self._accounts = SqlAccounts(installation.database.engine)
        self._store = SqlTokens(installation.database.engine)

    def door(self) -> TokenDoor:
        tokens = UsedLater(self._store)
        return made_door(AccountsInTerm(self._installation), tokens, time.monotonic)

    def of(self, account: str | None) -> tuple[AccessToken, ...]:
        """None: everybody's. Raises UsageError."""
        if account is not None:
            self._check(account)
            return self._store.of(account)
        return tuple(token for each in self._accounts.all() for token in self._store.of(each.name))

    def add(self, account: str, days: int, *, read_only: bool, note: str) -> tuple[Secret, AccessToken]:
        """The key, which is kept nowhere, and what is kept. Raises UsageError."""
        self._check(account)
        now = self._installation.clock.now().utc
        key, token = made_token(account, now, timedelta(days=days), read_only=read_only, note=note)
        detail = {"token": token.id, "read_only": read_only, "until": token.expires_at.isoformat(), "note": note}
        with self._recorded("token made", account, detail) as store:
            store.put(token)
        return key, token

    def revoke(self, id_: str) -> AccessToken:
        """Raises UsageError."""
        token = self._store.find(id_)
        if token is None:
            raise UsageError(_("There is no token {id}. See: kentongan account token list").format(id=id_))
        with self._recorded("token revoked", token.account, {"token": id_}) as store:
            store.remove(id_)
        return token

    def revoke_all(self, account: str) -> None:
        for token in self._store.of(account):
            self.revoke(token.id)

    @contextmanager
    def _recorded(self, action: str, account: str, detail: Mapping[str, object]) -> Iterator[SqlTokens]:
        """Done and in the journal, or neither."""
        with self._installation.database.transaction() as connection:
            yield SqlTokens(joined(connection))
            entry = AuditEntry(self._installation.clock.now(), self._by, action, account, detail)
            self._installation.journal.record_in(connection, entry)

    def _check(self, account: str) -> None:
        if self._accounts.get(account) is None:
            raise UsageError(_("There is no account {name}. See: kentongan account list").format(name=account))
