"""The outbox in a database: one row per notice and channel, written with the decision, ended by the sender."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from alerts.dispatch.messages import Fate, Message, Outgoing, Sent
from alerts.store.outbox_tables import outbox

NEVER_ARRIVED: Final = (Fate.REFUSED, Fate.GIVEN_UP, Fate.DROPPED)


class SqlOutbox:
    """Implements alerts.dispatch.Outbox."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def put(self, messages: Iterable[Message]) -> None:
        """For messages that belong to no incident: a test, a digest, a warning."""
        kept = tuple(messages)
        if kept:
            with self._engine.begin() as connection:
                self.put_in(connection, kept)

    def put_in(self, connection: Connection, messages: Iterable[Message]) -> None:
        """Inside the transaction of the decision. A message that is already there stays as it is: once is enough."""
        rows = [_row(message) for message in messages]
        if rows:
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            connection.execute(dialect.insert(outbox).on_conflict_do_nothing(index_elements=["id"]), rows)

    def waiting(self, most_per_channel: int) -> tuple[Outgoing, ...]:
        place = func.row_number().over(partition_by=outbox.c.channel, order_by=outbox.c.number)
        first = select(outbox, place.label("place")).where(outbox.c.fate == Fate.WAITING).subquery()
        query = select(first).where(first.c.place <= most_per_channel).order_by(first.c.number)
        with self._reader.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(Outgoing(row.number, _message(row), row.tried, row.error) for row in rows)

    def beginning(self, outgoing: Outgoing) -> Fate:
        message = outgoing.message
        same = (outbox.c.topic == message.topic) & (outbox.c.channel == message.channel)
        earlier = select(outbox.c.number).where(
            same, outbox.c.number < outgoing.number, outbox.c.fate == Fate.DELIVERED
        )
        with self._reader.connect() as connection:
            if connection.execute(earlier.limit(1)).first() is not None:
                return Fate.DELIVERED
            fate = connection.execute(select(outbox.c.fate).where(outbox.c.id == message.after)).scalar()
        if fate is None:
            return Fate.DELIVERED  # so long ago that retention has taken it
        return Fate(fate) if fate in (Fate.DELIVERED, Fate.WAITING) else Fate.NOT_ANNOUNCED

    def end(self, number: int, fate: Fate, tried: int, error: str, at: datetime) -> None:
        values = {"fate": fate, "tried": tried, "error": error, "ended_at": at.timestamp()}
        with self._engine.begin() as connection:
            connection.execute(
                update(outbox).where(outbox.c.number == number, outbox.c.fate == Fate.WAITING).values(values)
            )

    def postpone(self, number: int, tried: int, error: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(outbox).where(outbox.c.number == number).values(tried=tried, error=error))

    def trim(self, most_per_channel: int, at: datetime) -> int:
        place = func.row_number().over(partition_by=outbox.c.channel, order_by=outbox.c.number.desc())
        last = select(outbox.c.number, place.label("place")).where(outbox.c.fate == Fate.WAITING).subquery()
        with self._reader.connect() as connection:
            beyond = connection.execute(select(last.c.number).where(last.c.place > most_per_channel)).scalars().all()
        if not beyond:
            return 0
        with self._engine.begin() as connection:
            dropped = update(outbox).where(outbox.c.number == bindparam("beyond"), outbox.c.fate == Fate.WAITING)
            values = {"fate": Fate.DROPPED, "error": "too many waited", "ended_at": at.timestamp()}
            connection.execute(dropped.values(values), [{"beyond": number} for number in beyond])
        return len(beyond)

    def undelivered(self, limit: int) -> tuple[Sent, ...]:
        tried_in_vain = (outbox.c.fate == Fate.WAITING) & (outbox.c.tried > 0)
        query = (
            select(outbox)
            .where(or_(tried_in_vain, outbox.c.fate.in_(NEVER_ARRIVED)))
            .order_by(outbox.c.number.desc())
            .limit(limit)
        )
        return self._sent(query)

    def about(self, topic: str) -> tuple[Sent, ...]:
        """Everything that was told of it, in order, with the reason of each."""
        return self._sent(select(outbox).where(outbox.c.topic == topic).order_by(outbox.c.number))

    def counts(self) -> Mapping[Fate, int]:
        with self._reader.connect() as connection:
            rows = connection.execute(select(outbox.c.fate, func.count()).group_by(outbox.c.fate)).all()
        return {Fate(fate): count for fate, count in rows}

    def prune(self, before: datetime) -> int:
        """Remove what came to its end before; returns how many went."""
        with self._engine.begin() as connection:
            return connection.execute(delete(outbox).where(outbox.c.ended_at < before.timestamp())).rowcount

    def _sent(self, query: Any) -> tuple[Sent, ...]:
        with self._reader.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(
            Sent(
                _message(row),
                Fate(row.fate),
                row.tried,
                row.error,
                None if row.ended_at is None else datetime.fromtimestamp(row.ended_at, UTC),
            )
            for row in rows
        )


def _row(message: Message) -> dict[str, object]:
    return {
        "id": message.id,
        "topic": message.topic,
        "channel": message.channel,
        "event": message.event,
        "reason": message.reason,
        "person": message.person,
        "after": message.after,
        "payload": json.dumps(dict(message.payload), ensure_ascii=False),
        "at": message.at.timestamp(),
        "fate": Fate.WAITING,
        "tried": 0,
        "error": "",
        "ended_at": None,
    }


def _message(row: Row[Any]) -> Message:
    return Message(
        row.id,
        row.topic,
        row.channel,
        row.event,
        row.reason,
        datetime.fromtimestamp(row.at, UTC),
        json.loads(row.payload),
        row.person,
        row.after,
    )
