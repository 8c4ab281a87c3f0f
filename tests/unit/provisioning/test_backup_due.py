"""When configurations are fetched: once a day, spread, again where it helps, never again where it locks accounts."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from provisioning.backup import BackupState, Timetable, is_due, is_stale
from provisioning.backup.due import PASSING

TABLE = Timetable(ZoneInfo("Asia/Jakarta"), hour=1, spread_seconds=7200, retry_seconds=3600, stale_seconds=3 * 86400)
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def state(tried: datetime, cause: str = "", good: datetime | None = None) -> BackupState:
    good_at = (good or (tried if not cause else datetime.fromtimestamp(0, UTC))).timestamp()
    return BackupState("r1", good_at=good_at, tried_at=tried.timestamp(), cause=cause)


def test_turns_are_the_same_moment_each_day_and_within_the_spread() -> None:
    turns = {name: TABLE.last_turn(name, NOON) for name in (f"rtr-{number}" for number in range(500))}
    begin = datetime(2026, 11, 20, 1, 0, tzinfo=TABLE.zone).timestamp()
    assert all(begin <= turn < begin + 7200 for turn in turns.values())
    assert len({round(turn - begin) // 720 for turn in turns.values()}) == 10
    assert TABLE.last_turn("rtr-1", NOON + timedelta(days=1)) == turns["rtr-1"] + 86400


def test_before_its_hour_the_turn_is_yesterdays() -> None:
    early = datetime(2026, 11, 20, 0, 30, tzinfo=TABLE.zone)
    assert TABLE.last_turn("r1", early) < early.timestamp() - 72000


def test_once_a_day() -> None:
    assert is_due("r1", None, TABLE, NOON)
    assert not is_due("r1", state(NOON - timedelta(minutes=5)), TABLE, NOON)
    assert not is_due("r1", state(NOON - timedelta(minutes=5)), TABLE, NOON + timedelta(hours=5))
    assert is_due("r1", state(NOON), TABLE, NOON + timedelta(hours=24))


def test_what_a_dark_night_missed_is_made_up_for() -> None:
    assert is_due("r1", state(NOON - timedelta(days=2)), TABLE, NOON)


@pytest.mark.parametrize("cause", sorted(PASSING))
def test_what_passes_is_tried_again_after_an_hour(cause: str) -> None:
    assert not is_due("r1", state(NOON, cause), TABLE, NOON + timedelta(minutes=59))
    assert is_due("r1", state(NOON, cause), TABLE, NOON + timedelta(minutes=61))


@pytest.mark.parametrize("cause", ["login-refused", "host-key-changed", "host-key-unknown", "algorithms", "shrunk"])
def test_what_a_person_must_mend_waits_for_the_next_day(cause: str) -> None:
    assert not is_due("r1", state(NOON, cause), TABLE, NOON + timedelta(hours=5))
    assert is_due("r1", state(NOON, cause), TABLE, NOON + timedelta(hours=24))


def test_a_try_in_the_future_is_no_try() -> None:
    assert is_due("r1", state(NOON + timedelta(days=300)), TABLE, NOON)


def test_stale_is_what_was_not_read_for_long_whatever_was_tried() -> None:
    old = state(NOON - timedelta(minutes=1), "unreachable", good=NOON - timedelta(days=4))
    assert is_stale(old, TABLE, NOON)
    assert is_stale(None, TABLE, NOON)
    assert not is_stale(state(NOON - timedelta(days=2)), TABLE, NOON)
