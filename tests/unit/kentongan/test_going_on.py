"""What has to hold before a history goes on live, and what is said where it does not."""

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from kentongan.cli.living import known_story
from kentongan.errors import UsageError
from kentongan.history.going_on import HistoryEndedError, LiveClock, gap_before
from kentongan.history.making import HistoryError
from kentongan.installation import Installation
from lab.errors import LabError
from lab.kabupaten.story import FILE, Story

ZONE = ZoneInfo("Asia/Jakarta")
ENDED = datetime(2020, 12, 31, 20, tzinfo=ZONE)
STORY = Story("32.14", 7, 0, 0.0, ENDED.timestamp(), (ENDED.timestamp(),))


def recorded(*, seen: float = 0.0, changed: datetime | None = None) -> Installation:
    changes = [SimpleNamespace(at=changed)] if changed else []
    language = SimpleNamespace(timezone=ZONE.key)
    stub: Any = SimpleNamespace(
        loaded=SimpleNamespace(
            settings=SimpleNamespace(language=language), folder=Path("/p"), file=Path("/p/kentongan.toml")
        ),
        watches=SimpleNamespace(between=lambda since, until: ((0.0, seen),)),
        states=SimpleNamespace(changes=lambda since, limit: changes),
        acts=SimpleNamespace(between=lambda since, until: []),
    )
    return cast(Installation, stub)


def test_a_gap_is_from_the_newest_record_on() -> None:
    assert gap_before(recorded(), STORY, ENDED + timedelta(days=3)) == timedelta(days=3)
    lived_until = ENDED + timedelta(days=2)
    assert gap_before(recorded(seen=lived_until.timestamp()), STORY, ENDED + timedelta(days=3)) == timedelta(days=1)
    assert gap_before(recorded(changed=lived_until), STORY, lived_until - timedelta(minutes=1)) == timedelta()


def test_what_ended_years_ago_can_only_be_looked_at() -> None:
    with pytest.raises(HistoryEndedError, match=r"ended on 2020-12-31 20\.00.*kentongan\.toml console"):
        gap_before(recorded(), STORY, datetime(2026, 11, 22, tzinfo=ZONE))


def test_a_clock_before_the_end_is_named() -> None:
    with pytest.raises(HistoryEndedError, match=r"the clock says 2020-12-31 19\.00"):
        gap_before(recorded(), STORY, ENDED - timedelta(hours=1))


def test_a_folder_without_a_history_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="kentongan demo --history 24"):
        known_story(tmp_path, None, None)
    (tmp_path / FILE).write_text('{"kabupaten": "32.14"}', encoding="utf-8")
    with pytest.raises(LabError, match=FILE):
        known_story(tmp_path, None, None)


def test_another_kabupaten_or_seed_is_refused(tmp_path: Path) -> None:
    STORY.write(tmp_path)
    assert known_story(tmp_path, None, None) == known_story(tmp_path, "32.14", 7) == STORY
    for kabupaten, seed in (("33.03", None), (None, 8)):
        with pytest.raises(UsageError, match="seed 7"):
            known_story(tmp_path, kabupaten, seed)


def test_the_clock_of_a_life_in_2020_is_right_to_stand_there() -> None:
    assert LiveClock(ENDED).not_before == ENDED
