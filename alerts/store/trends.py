"""Daily medians of light, what is usual on each path, and quotas used, in a database: small tables, written rarely."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, Engine, Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from alerts.degraded.baselines import Usual
from alerts.degraded.quota import QuotaUse
from alerts.evidence.fades import DayMedian
from alerts.store.trends_tables import light_day, path_usual, quota_use


class SqlTrends:
    """Implements alerts.degraded.trend.TrendStore."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def keep(self, medians: Sequence[DayMedian]) -> None:
        """A day that is closed again takes the place of what was kept of it."""
        rows = [
            {
                "device": each.device,
                "sensor": each.sensor,
                "day": each.day.isoformat(),
                "interface": each.interface,
                "dbm": each.dbm,
            }
            for each in medians
        ]
        with self._engine.begin() as connection:
            _put(connection, light_day, rows)

    def since(self, day: date, devices: Collection[str] | None = None) -> tuple[DayMedian, ...]:
        """devices: of these alone; they are to be few."""
        asked = select(light_day).where(light_day.c.day >= day.isoformat())
        if devices is not None:
            asked = asked.where(light_day.c.device.in_(devices))
        with self._reader.connect() as connection:
            rows = connection.execute(asked).all()
        found = (DayMedian(row.device, row.sensor, row.interface, date.fromisoformat(row.day), row.dbm) for row in rows)
        # sorted here: a server's language may sort names in another way than Python groups them
        return tuple(sorted(found, key=lambda each: (each.device, each.sensor, each.day)))

    def prune(self, before: date) -> int:
        with self._engine.begin() as connection:
            return connection.execute(delete(light_day).where(light_day.c.day < before.isoformat())).rowcount


class SqlUsuals:
    """What loss and round trip are usual, by device."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def keep(self, usual: Iterable[Usual]) -> None:
        """In place of what was kept of the same devices."""
        rows = [
            {
                "device": each.device,
                "attempts": each.attempts,
                "trip_ln": each.trip_ln,
                "spread_ln": each.spread_ln,
                "loss": each.loss,
            }
            for each in usual
        ]
        with self._engine.begin() as connection:
            _put(connection, path_usual, rows)

    def read(self) -> tuple[Usual, ...]:
        with self._reader.connect() as connection:
            rows = connection.execute(select(path_usual)).all()
        return tuple(Usual(row.device, row.attempts, row.trip_ln, row.spread_ln, row.loss) for row in rows)


class SqlQuotas:
    """How much of each link's quota was used, by month."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def keep(self, uses: Iterable[QuotaUse]) -> None:
        """In place of what was kept of the same links and months."""
        rows = [{"link": each.link, "month": each.month, "octets": each.octets} for each in uses]
        with self._engine.begin() as connection:
            _put(connection, quota_use, rows)

    def of(self, month: str) -> tuple[QuotaUse, ...]:
        with self._reader.connect() as connection:
            rows = connection.execute(select(quota_use).where(quota_use.c.month == month)).all()
        return tuple(sorted((QuotaUse(row.link, row.month, row.octets) for row in rows), key=lambda each: each.link))

    def since(self, month: str, links: Collection[str]) -> tuple[QuotaUse, ...]:
        """Of these links, in this month (`2026-11`) and later."""
        asked = select(quota_use).where(quota_use.c.month >= month)
        with self._reader.connect() as connection:
            rows = connection.execute(asked).all()
        return tuple(QuotaUse(row.link, row.month, row.octets) for row in rows if row.link in links)


def _put(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert, or replace by the primary key."""
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    upsert = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    new = {column.name: upsert.excluded[column.name] for column in table.columns if column.name not in keys}
    connection.execute(upsert.on_conflict_do_update(index_elements=keys, set_=new), list(rows))
