"""When Kentongan looked: one row for each stretch in which it ran without a break and its clock was sound."""

from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from alerts.store.months_tables import watch

Looked = tuple[float, float]
"""From, to; unix seconds."""


class SqlWatchStore:
    """A gap between two rows is blind time. A kill loses at most what lies after the last `seen`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def begin(self, unix_seconds: float) -> int:
        """A new stretch: after a start, and after the clock was set."""
        with self._engine.begin() as connection:
            done = connection.execute(insert(watch).values(began=unix_seconds, seen=unix_seconds))
            assert done.inserted_primary_key is not None
            return int(done.inserted_primary_key[0])

    def seen(self, number: int, unix_seconds: float) -> None:
        """The stretch goes on until now."""
        with self._engine.begin() as connection:
            connection.execute(update(watch).where(watch.c.id == number).values(seen=unix_seconds))

    def between(self, since: datetime, until: datetime) -> tuple[Looked, ...]:
        """The stretches that touch the period, and the last one before it; sorted."""
        before = select(watch.c.id).where(watch.c.seen < since.timestamp()).order_by(watch.c.seen.desc()).limit(1)
        wanted = (watch.c.seen >= since.timestamp()) | watch.c.id.in_(before.scalar_subquery())
        query = select(watch.c.began, watch.c.seen).where(wanted, watch.c.began < until.timestamp())
        with self._reader.connect() as connection:
            return tuple(sorted((row.began, row.seen) for row in connection.execute(query)))
