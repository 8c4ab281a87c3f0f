"""Questions whether a unit was replaced, and what was replaced, in both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.network import DeviceStatus
from domain.network.units import Answer, Replaced, UnitQuestion
from inventory.store.units import SqlUnits
from kentongan.database import Database

pytestmark = pytest.mark.real

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ASKED = UnitQuestion("onu-a", "5A544547C0FFEE01", "ZTEG00000001", "F660", "", "olt-b", NOW, NOW)
DONE = Replaced(
    "1", "onu-a", "onu-a-ZTEG00000001", "ZTEG00000001", "", "", DeviceStatus.RMA, "ZTEGC0FFEE01", "F660", "", "petir",
    "abc", "siti", NOW,
)  # fmt: skip


def test_a_question_keeps_its_answer(database: Database) -> None:
    units = SqlUnits(database.engine)
    assert units.ask([ASKED]) == (ASKED,)
    later = replace(ASKED, first_at=NOW + timedelta(hours=1), last_at=NOW + timedelta(hours=1))
    assert units.ask([later]) == ()
    assert units.questions() == (replace(ASKED, last_at=later.last_at),)
    units.withdraw(["onu-a"], NOW)
    assert units.ask([later]) == (later,)
    assert units.answer("onu-a", Answer.DISMISSED, "siti", NOW)
    assert not units.answer("onu-a", Answer.DISMISSED, "siti", NOW)
    assert (units.ask([ASKED]), units.questions()) == ((), ())
    (kept,) = units.questions(answered=True)
    assert (kept.answer, kept.answered_by, kept.answered_at) == (Answer.DISMISSED, "siti", NOW)
    # What was replaced answers in whatever way the OLT writes the serial, once however often it is done.
    other = replace(ASKED, device="onu-a", serial="ZTEGC0FFEE01")
    assert units.ask([other]) == (other,)
    for _time in range(2):
        with database.transaction() as connection:
            units.record_in(connection, DONE)
    assert units.replaced("onu-a") == units.replaced() == (DONE,)
    assert {each.answer for each in units.questions(answered=True)} == {Answer.DISMISSED, Answer.REPLACED}
    with database.transaction() as connection:
        units.forget_in(connection, "1")
    assert units.replaced() == ()
