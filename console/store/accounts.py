"""Keeps the accounts of the console."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from console.store.tables import console_account as table
from domain.accounts import Account
from domain.network import PersonRole, RegionCode


class SqlAccounts:
    """Implements domain.accounts.AccountStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def all(self) -> tuple[Account, ...]:
        with self._reader.connect() as connection:
            return tuple(_account(row) for row in connection.execute(select(table).order_by(table.c.name)))

    def get(self, name: str) -> Account | None:
        with self._reader.connect() as connection:
            row = connection.execute(select(table).where(table.c.name == name)).first()
        return _account(row) if row else None

    def put(self, account: Account) -> None:
        values = {
            "role": account.role.value,
            "regions": " ".join(account.regions),
            "agencies": json.dumps(account.agencies),
            "proof": account.proof,
            "must_change": account.must_change,
            "disabled": account.disabled,
            "failures": account.failures,
            "locked_until": account.locked_until.timestamp() if account.locked_until else None,
        }
        with self._engine.begin() as connection:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            statement = dialect.insert(table).values({"name": account.name, **values})
            connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))

    def attempted(self, name: str, failures: int, locked_until: datetime | None) -> None:
        until = locked_until.timestamp() if locked_until else None
        with self._engine.begin() as connection:
            connection.execute(update(table).where(table.c.name == name).values(failures=failures, locked_until=until))

    def prove(self, name: str, proof: str, *, must_change: bool) -> None:
        values = {"proof": proof, "must_change": must_change}
        with self._engine.begin() as connection:
            connection.execute(update(table).where(table.c.name == name).values(values))

    def remove(self, name: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.name == name))


def _account(row: Row[Any]) -> Account:
    return Account(
        row.name,
        PersonRole(row.role),
        tuple(RegionCode(code) for code in row.regions.split()),
        row.proof,
        row.must_change,
        row.disabled,
        row.failures,
        datetime.fromtimestamp(row.locked_until, UTC) if row.locked_until is not None else None,
        tuple(json.loads(row.agencies)),
    )
