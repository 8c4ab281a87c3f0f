"""Keeps the change log of devices: who changed what, as they logged it; so many lines of each, and not for ever."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Engine, Row, delete, func, insert, select

from collectors.store.change_log_tables import change_log as log
from collectors.syslog.records import LogEntry, LogKind

MOST_OF_A_DEVICE: Final = 5000


class SqlChangeLog:
    """Lines by device. Nothing in them is a secret: whoever puts them in has masked them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def put(self, entries: Sequence[LogEntry]) -> None:
        """All of them or none."""
        rows = [
            {
                "device": each.device,
                "at": each.at,
                "kind": each.kind.value,
                "who": each.who,
                "origin": each.origin,
                "text": each.text,
            }
            for each in entries
        ]
        if rows:
            with self._engine.begin() as connection:
                connection.execute(insert(log), rows)

    def read(self, device: str, most: int = 100, kinds: Iterable[LogKind] = ()) -> list[LogEntry]:
        """Of one device, the newest first. kinds: only these; none: all."""
        query = select(log).where(log.c.device == device).order_by(log.c.at.desc(), log.c.number.desc()).limit(most)
        wanted = [kind.value for kind in kinds]
        with self._reader.connect() as connection:
            rows = connection.execute(query.where(log.c.kind.in_(wanted)) if wanted else query)
            return [_entry(row) for row in rows]

    def changes(self, device: str, since: float, most: int) -> list[LogEntry]:
        """What changed after `since` (unix seconds), the oldest first; of more than `most` the newest."""
        newest = self.read(device, most, (LogKind.CHANGED, LogKind.SAVED))
        return [each for each in reversed(newest) if each.at > since]

    def last_changes(self) -> Mapping[str, float]:
        """Device → when it last logged a change, in unix seconds."""
        query = select(log.c.device, func.max(log.c.at)).where(log.c.kind == LogKind.CHANGED.value)
        with self._reader.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(log.c.device))}

    def prune(self, before: float, most: int = MOST_OF_A_DEVICE) -> int:
        """Lines older than that, and of each device those beyond the newest `most`. Returns how many went."""
        with self._engine.begin() as connection:
            gone = connection.execute(delete(log).where(log.c.at < before)).rowcount
            count = func.count()
            full = connection.execute(select(log.c.device).group_by(log.c.device).having(count > most)).scalars().all()
            for device in full:
                mine = select(log.c.number).where(log.c.device == device)
                edge = connection.scalar(mine.order_by(log.c.number.desc()).offset(most - 1).limit(1))
                gone += connection.execute(delete(log).where(log.c.device == device, log.c.number < edge)).rowcount
        return gone


def _entry(row: Row[Any]) -> LogEntry:
    return LogEntry(row.device, row.at, LogKind(row.kind), row.who, row.origin, row.text)
