"""Keeps who is logged in. The keys themselves are in people's browsers alone."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Engine, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from console.store.tables import console_session as table
from domain.accounts import Session


class SqlSessions:
    """Implements domain.accounts.SessionStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def get(self, key_hash: str) -> Session | None:
        with self._reader.connect() as connection:
            row = connection.execute(select(table).where(table.c.key_hash == key_hash)).first()
        if row is None:
            return None
        return Session(row.key_hash, row.account, row.form_key, _utc(row.made_at), _utc(row.seen_at))

    def put(self, session: Session) -> None:
        values = {
            "account": session.account,
            "form_key": session.form_key,
            "made_at": session.made_at.timestamp(),
            "seen_at": session.seen_at.timestamp(),
        }
        with self._engine.begin() as connection:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            statement = dialect.insert(table).values({"key_hash": session.key_hash, **values})
            connection.execute(statement.on_conflict_do_update(index_elements=["key_hash"], set_=values))

    def end(self, key_hash: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(delete(table).where(table.c.key_hash == key_hash))

    def end_of(self, account: str, *, but_newest: int = 0) -> None:
        newest = select(table.c.key_hash).where(table.c.account == account).order_by(table.c.seen_at.desc())
        with self._engine.begin() as connection:
            kept = connection.execute(newest.limit(but_newest)).scalars().all() if but_newest else []
            connection.execute(delete(table).where(table.c.account == account, table.c.key_hash.not_in(kept)))

    def seen(self, key_hash: str, at: datetime) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(table).where(table.c.key_hash == key_hash).values(seen_at=at.timestamp()))

    def counted(self, seen_since: datetime, made_since: datetime) -> Mapping[str, int]:
        """How many of each account are still good."""
        good = and_(table.c.seen_at >= seen_since.timestamp(), table.c.made_at >= made_since.timestamp())
        wanted = select(table.c.account, func.count().label("many")).where(good).group_by(table.c.account)
        with self._reader.connect() as connection:
            return {row.account: row.many for row in connection.execute(wanted)}

    def prune(self, seen_before: datetime, made_before: datetime) -> int:
        old = or_(table.c.seen_at < seen_before.timestamp(), table.c.made_at < made_before.timestamp())
        with self._engine.begin() as connection:
            return connection.execute(delete(table).where(old)).rowcount


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
