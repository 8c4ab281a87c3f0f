"""Device states and their changes in a database: what was known before a restart is known after it."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from alerts.store.tables import device_state, state_change
from domain.states import DeviceState, State, StateChange


class SqlStateStore:
    """Implements domain.states.StateStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def read(self) -> tuple[DeviceState, ...]:
        """Sorted by name."""
        with self._reader.connect() as connection:
            rows = connection.execute(select(device_state)).all()
        states = (DeviceState(row.name, State(row.state), row.reason, _utc(row.since)) for row in rows)
        return tuple(sorted(states, key=lambda state: state.name))

    def apply(self, changes: Iterable[StateChange]) -> None:
        """Of several changes of one device the last given is its state."""
        kept = tuple(changes)
        if kept:
            with self._engine.begin() as connection:
                self.apply_in(connection, kept)

    def apply_in(self, connection: Connection, changes: Iterable[StateChange]) -> None:
        """Like `apply`, inside a transaction that spans other stores."""
        kept = tuple(changes)
        if not kept:
            return
        rows = [
            {
                "at": _unix(change.at),
                "name": change.name,
                "from_": change.from_.value,
                "to": change.to.value,
                "reason": change.reason,
            }
            for change in kept
        ]
        connection.execute(insert(state_change), rows)
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        upsert = dialect.insert(device_state)
        new = {name: upsert.excluded[name] for name in ("state", "reason", "since")}
        # One row per device, in one order everywhere: two writers on PostgreSQL cannot deadlock.
        last = {change.name: change for change in kept}
        connection.execute(
            upsert.on_conflict_do_update(index_elements=["name"], set_=new),
            [
                {"name": name, "state": last[name].to.value, "reason": last[name].reason, "since": _unix(last[name].at)}
                for name in sorted(last)
            ],
        )

    def changes(self, since: datetime, limit: int) -> tuple[StateChange, ...]:
        """The newest `limit` changes at or after `since`, oldest first."""
        newest = (
            select(state_change)
            .where(state_change.c.at >= _unix(since))
            .order_by(state_change.c.at.desc(), state_change.c.id.desc())
            .limit(limit)
        )
        with self._reader.connect() as connection:
            rows = connection.execute(newest).all()
        return tuple(
            StateChange(_utc(row.at), row.name, State(row.from_), State(row.to), row.reason) for row in reversed(rows)
        )

    def prune(self, before: datetime) -> int:
        """Remove changes older than `before`; states stay. Returns how many went."""
        with self._engine.begin() as connection:
            return connection.execute(delete(state_change).where(state_change.c.at < _unix(before))).rowcount

    def forget(self, names: Iterable[str]) -> None:
        """Drop the states of devices that are no longer watched; their history stays until retention."""
        rows = [{"gone": name} for name in names]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(delete(device_state).where(device_state.c.name == bindparam("gone")), rows)


def _unix(at: datetime) -> float:
    """Exact to the microsecond until the year 2242: a double of unix seconds holds as much as a datetime."""
    return at.timestamp()


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
