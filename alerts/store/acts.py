"""The event log in a database: rows that are only ever added, each sealed with the one before it (`chain.py`)."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, insert, select, text

from alerts.store.acts_tables import incident_act as table
from alerts.store.chain import GENESIS, ChainKey, Finding, Head, Inspection, Sealed, Tampering, inspect
from alerts.store.head import HeadFile, HeadForgedError
from domain.incidents import Act, ActKind

LOCK: Final = 0x6C6F67  # 'log': any number that nobody else takes
ROWS_AT_ONCE: Final = 2000


class SqlActStore:
    """Implements domain.incidents.ActStore. After a transaction of `append_in` is committed, `anchor` what it gave."""

    def __init__(self, engine: Engine, key: ChainKey, head_file: Path) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)
        self._key = key
        self._file = HeadFile(head_file, key)
        self._anchored: Head | None = None

    def append(self, acts: Iterable[Act]) -> None:
        kept = tuple(acts)
        if kept:
            with self._engine.begin() as connection:
                head = self.append_in(connection, kept)
            self.anchor(head)

    def append_in(self, connection: Connection, acts: Iterable[Act]) -> Head | None:
        """Inside a transaction that spans other stores. Returns the new head; None if there was nothing to append."""
        kept = tuple(acts)
        if not kept:
            return None
        if connection.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        last = connection.execute(select(table.c.seq, table.c.seal).order_by(table.c.seq.desc()).limit(1)).first()
        if last is None and not self._file.path.exists():
            self._file.write(Head(0, GENESIS))  # so that a missing file always means a removed one
        seq, seal = (last.seq, last.seal) if last else (0, GENESIS)
        rows = []
        for act in kept:
            seq += 1
            row = _columns(act) | {"seq": seq, "previous": seal}
            seal = Sealed(**row).sealed(self._key)
            rows.append(row | {"seal": seal})
        connection.execute(insert(table), rows)
        return Head(seq, seal)

    def anchor(self, head: Head | None) -> bool:
        """Move the head outside the database on. False: that head contradicts the rows, and is left as it is.

        It may lag: a crash before this, or another process that was quicker. Raises OSError.
        """
        if head is None:
            return True
        try:
            present = self._file.read()
        except HeadForgedError:
            return False
        if present is None or (present != self._anchored and not self._stands(present)):
            return False
        if present.seq < head.seq:
            self._file.write(head)
            self._anchored = head
        return True

    def anchor_again(self, actor: str, why: str, at: datetime) -> Head:
        """Take the rows as they are for the whole log, on a person's word (a restored backup), which is kept in it."""
        with self._engine.begin() as connection:
            head = self.append_in(connection, [Act("", at, actor, ActKind.NOTE, why, {"anchored": "again"})])
        assert head is not None
        self._file.write(head)
        self._anchored = head
        return head

    def of(self, incident: str) -> tuple[Act, ...]:
        """In the order they came."""
        query = select(table).where(table.c.incident == incident).order_by(table.c.seq)
        with self._reader.connect() as connection:
            return tuple(_act(row._mapping) for row in connection.execute(query))

    def between(self, since: datetime, until: datetime) -> tuple[Act, ...]:
        """Of all incidents, those in [since, until), in the order they came."""
        inside = table.c.at >= since.timestamp(), table.c.at < until.timestamp()
        with self._reader.connect() as connection:
            return tuple(
                _act(row._mapping) for row in connection.execute(select(table).where(*inside).order_by(table.c.seq))
            )

    def verify(self) -> Inspection:
        """Read the whole log; nothing is changed."""
        forged: tuple[Finding, ...] = ()
        head: Head | None = None
        try:
            head = self._file.read()  # before the rows: one that is appended meanwhile is newer than the head, no cut
        except HeadForgedError:
            forged = (Finding(Tampering.HEAD_FORGED),)
        query = select(table).order_by(table.c.seq)
        with self._reader.connect() as connection:
            rows = connection.execute(query, execution_options={"yield_per": ROWS_AT_ONCE})
            found = inspect(self._key, (Sealed(**row._mapping) for row in rows), head)
        if not forged:
            return found
        others = tuple(each for each in found.findings if each.kind is not Tampering.HEAD_MISSING)
        return Inspection(found.rows, found.lag, forged + others)

    def _stands(self, head: Head) -> bool:
        """Whether the rows still hold what was anchored."""
        if head.seq == 0:
            return True
        with self._reader.connect() as connection:
            return connection.execute(select(table.c.seal).where(table.c.seq == head.seq)).scalar() == head.seal


def _columns(act: Act) -> dict[str, Any]:
    values = json.dumps(dict(act.values), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return {
        "incident": act.incident,
        "at": act.at.timestamp(),
        "actor": _storable(act.actor),
        "kind": act.kind.value,
        "text": _storable(act.text),
        "values": values,
    }


def _storable(text_: str) -> str:
    """PostgreSQL keeps no NUL, and no database half a surrogate pair."""
    return text_.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _act(row: Any) -> Act:
    at = datetime.fromtimestamp(row["at"], UTC)
    return Act(row["incident"], at, row["actor"], ActKind(row["kind"]), row["text"], json.loads(row["values"]))
