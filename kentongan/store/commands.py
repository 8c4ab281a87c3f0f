"""Orders from the command line or the console to a live engine, through a table it reads each tick.

An order is taken once. What was taken by an engine that died is told so by `abandon`, never done twice.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Engine, delete, insert, select, update

from kentongan.store.tables import commands

LOOK_SECONDS = 0.1


class CommandState(StrEnum):
    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Command:
    """One order. `payload` and `outcome` hold plain JSON values."""

    id: int
    kind: str
    payload: Mapping[str, object]
    state: CommandState
    outcome: Mapping[str, object]


class CommandTable:
    """Both ends of it: `insert` and `wait` for who orders, `take` and `finish` for the engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def insert(self, kind: str, payload: Mapping[str, object], now: float) -> int:
        """`now` in unix seconds. Returns the number to wait for."""
        with self._engine.begin() as connection:
            return self.insert_in(connection, kind, payload, now)

    def insert_in(self, connection: Connection, kind: str, payload: Mapping[str, object], now: float) -> int:
        """The same in the transaction that writes down who gave it."""
        values = {"kind": kind, "payload": json.dumps(dict(payload)), "state": CommandState.WAITING, "inserted_at": now}
        key = connection.execute(insert(commands).values(values)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def take(self) -> tuple[Command, ...]:
        """What waits, in its order, marked as taken. Writes nothing when nothing waits: it is called each tick."""
        waiting = select(commands).where(commands.c.state == CommandState.WAITING).order_by(commands.c.id)
        with self._reader.connect() as connection:
            if connection.execute(waiting.limit(1)).first() is None:
                return ()
        with self._engine.begin() as connection:
            rows = connection.execute(waiting.with_for_update()).all()
            taken = update(commands).where(commands.c.id.in_([row.id for row in rows]))
            connection.execute(taken.values(state=CommandState.TAKEN))
        return tuple(Command(row.id, row.kind, json.loads(row.payload), CommandState.TAKEN, {}) for row in rows)

    def finish(self, number: int, outcome: Mapping[str, object], now: float, *, failed: bool = False) -> None:
        """Tell who waits how it went. A finished order stays as it is."""
        with self._engine.begin() as connection:
            self.finish_in(connection, number, outcome, now, failed=failed)

    def finish_in(
        self, connection: Connection, number: int, outcome: Mapping[str, object], now: float, *, failed: bool = False
    ) -> None:
        """The same in the transaction that keeps what the order brought about: it is answered when that is kept."""
        state = CommandState.FAILED if failed else CommandState.DONE
        open_ = commands.c.state.in_([CommandState.WAITING, CommandState.TAKEN])
        connection.execute(
            update(commands)
            .where(commands.c.id == number, open_)
            .values(state=state, outcome=json.dumps(dict(outcome)), finished_at=now)
        )

    def get(self, number: int) -> Command:
        """Raises KeyError."""
        with self._reader.connect() as connection:
            row = connection.execute(select(commands).where(commands.c.id == number)).first()
        if row is None:
            raise KeyError(number)
        outcome = json.loads(row.outcome) if row.outcome else {}
        return Command(row.id, row.kind, json.loads(row.payload), CommandState(row.state), outcome)

    def wait(self, number: int, timeout_seconds: float, sleep: Callable[[float], None] = time.sleep) -> Command:
        """The order as it stands when it is finished or the time is up. Blocks; for the command line."""
        command = self.get(number)
        looks = int(timeout_seconds / LOOK_SECONDS)
        while command.state in (CommandState.WAITING, CommandState.TAKEN) and looks > 0:
            sleep(LOOK_SECONDS)
            looks -= 1
            command = self.get(number)
        return command

    def abandon(self, now: float) -> int:
        """At the engine's start: orders its predecessor took and never finished are failed; returns how many."""
        outcome = json.dumps({"error": "the engine stopped before this was done"})
        with self._engine.begin() as connection:
            return connection.execute(
                update(commands)
                .where(commands.c.state == CommandState.TAKEN)
                .values(state=CommandState.FAILED, outcome=outcome, finished_at=now)
            ).rowcount

    def prune(self, before: float) -> int:
        """Remove orders finished before (unix seconds); returns how many."""
        with self._engine.begin() as connection:
            return connection.execute(delete(commands).where(commands.c.finished_at < before)).rowcount
