"""Keeps access tokens. Their keys are with the programs that use them alone."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from console.store.tables import console_token as table
from domain.accounts import AccessToken


class SqlTokens:
    """Implements domain.accounts.TokenStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def of(self, account: str) -> tuple[AccessToken, ...]:
        wanted = select(table).where(table.c.account == account).order_by(table.c.made_at, table.c.id)
        with self._reader.connect() as connection:
            return tuple(_token(row) for row in connection.execute(wanted))

    def get(self, key_hash: str) -> AccessToken | None:
        with self._reader.connect() as connection:
            row = connection.execute(select(table).where(table.c.key_hash == key_hash)).first()
        return _token(row) if row else None

    def find(self, id_: str) -> AccessToken | None:
        with self._reader.connect() as connection:
            row = connection.execute(select(table).where(table.c.id == id_)).first()
        return _token(row) if row else None

    def put(self, token: AccessToken) -> None:
        values = {
            "key_hash": token.key_hash,
            "account": token.account,
            "read_only": token.read_only,
            "note": token.note,
            "made_at": token.made_at.timestamp(),
            "expires_at": token.expires_at.timestamp(),
            "used_at": token.used_at.timestamp() if token.used_at else None,
        }
        with self._engine.begin() as connection:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            statement = dialect.insert(table).values({"id": token.id, **values})
            connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))

    def mark_used(self, id_: str, at: datetime) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(table).where(table.c.id == id_).values(used_at=at.timestamp()))

    def remove(self, id_: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.id == id_))


def _token(row: Row[Any]) -> AccessToken:
    return AccessToken(
        row.id,
        row.key_hash,
        row.account,
        row.read_only,
        row.note,
        datetime.fromtimestamp(row.made_at, UTC),
        datetime.fromtimestamp(row.expires_at, UTC),
        datetime.fromtimestamp(row.used_at, UTC) if row.used_at is not None else None,
    )
