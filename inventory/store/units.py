"""Keeps which unit took whose place, and the questions whether one did."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from domain.network.devices import DeviceStatus
from domain.network.units import Answer, Replaced, UnitQuestion, is_same_unit
from inventory.store.rows import upsert
from inventory.store.tables import unit_question, unit_replaced

_ASKED = unit_question.c


class SqlUnits:
    """By the device's name. A question is asked once of one device and one serial, and keeps its answer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    # -- what was done -----------------------------------------------------------------------------------------------

    def replaced(self, device: str = "") -> tuple[Replaced, ...]:
        """Newest first; of all devices without a name."""
        query = select(unit_replaced).order_by(unit_replaced.c.at.desc())
        if device:
            query = query.where(unit_replaced.c.device == device)
        with self._reader.connect() as connection:
            return tuple(_replaced(row) for row in connection.execute(query))

    def record_in(self, connection: Connection, done: Replaced) -> None:
        """Inside the transaction of the change itself; of one job once. What was asked of it is answered."""
        upsert(connection, unit_replaced, [asdict(done) | {"at": done.at.timestamp()}])
        self._answer(connection, done.device, Answer.REPLACED, done.who, done.at, done.new_serial)
        self._answer(connection, done.device, Answer.WITHDRAWN, done.who, done.at)

    def forget_in(self, connection: Connection, job: str) -> None:
        """A replacement that was taken back did not take place."""
        connection.execute(unit_replaced.delete().where(unit_replaced.c.job == job))

    # -- what is asked -----------------------------------------------------------------------------------------------

    def questions(self, *, answered: bool = False) -> tuple[UnitQuestion, ...]:
        """Open ones, oldest first; or all."""
        query = select(unit_question).order_by(_ASKED.first_at, _ASKED.device)
        with self._reader.connect() as connection:
            return tuple(_question(row) for row in connection.execute(query) if answered or not row.answer)

    def ask(self, seen: Iterable[UnitQuestion]) -> tuple[UnitQuestion, ...]:
        """What was seen now. Returns what nobody was asked before; what was answered is not asked again."""
        new: list[UnitQuestion] = []
        with self._engine.begin() as connection:
            for each in seen:
                held = connection.execute(select(unit_question).where(*_of(each.device, each.serial))).one_or_none()
                if held is None:
                    new.append(each)
                kept = each if held is None else replace(_question(held), last_at=each.last_at)
                if kept.answer is Answer.WITHDRAWN:
                    new.append(each)
                    kept = each
                upsert(connection, unit_question, [_row(kept)])
        return tuple(new)

    def withdraw(self, devices: Iterable[str], now: datetime) -> None:
        """The known units answer there: nothing has to be asked."""
        with self._engine.begin() as connection:
            for device in devices:
                self._answer(connection, device, Answer.WITHDRAWN, "", now)

    def answer(self, device: str, answer: Answer, who: str, now: datetime) -> bool:
        """False if nothing was asked of it."""
        with self._engine.begin() as connection:
            return self._answer(connection, device, answer, who, now) > 0

    @staticmethod
    def _answer(connection: Connection, device: str, answer: Answer, who: str, now: datetime, serial: str = "") -> int:
        """Open questions of a device, or of one of its serials."""
        rows = connection.execute(select(unit_question).where(_ASKED.device == device, _ASKED.answer == "")).all()
        meant = [row.serial for row in rows if not serial or is_same_unit(row.serial, serial)]
        values = {"answer": answer.value, "answered_by": who, "answered_at": now.timestamp()}
        for each in meant:
            connection.execute(update(unit_question).where(*_of(device, each)).values(values))
        return len(meant)


def _of(device: str, serial: str) -> tuple[Any, ...]:
    return (_ASKED.device == device, _ASKED.serial == serial)


def _row(question: UnitQuestion) -> dict[str, object]:
    answered = question.answered_at
    return asdict(question) | {
        "first_at": question.first_at.timestamp(),
        "last_at": question.last_at.timestamp(),
        "answer": question.answer.value if question.answer else "",
        "answered_at": answered.timestamp() if answered else None,
    }


def _question(row: Row[Any]) -> UnitQuestion:
    return UnitQuestion(
        row.device,
        row.serial,
        row.known_serial,
        row.model,
        row.platform,
        row.seen_by,
        datetime.fromtimestamp(row.first_at, UTC),
        datetime.fromtimestamp(row.last_at, UTC),
        Answer(row.answer) if row.answer else None,
        row.answered_by,
        datetime.fromtimestamp(row.answered_at, UTC) if row.answered_at is not None else None,
    )


def _replaced(row: Row[Any]) -> Replaced:
    values = dict(row._mapping)
    return Replaced(**values | {"fate": DeviceStatus(row.fate), "at": datetime.fromtimestamp(row.at, UTC)})
