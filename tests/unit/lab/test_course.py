"""A world whose history is told stands at any moment as it has become, and goes on from there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.network import Inventory, lies_in
from inventory.regions import shipped_regions
from lab.kabupaten import generate
from lab.kabupaten.story import RECENT, Story, calendar_of, moved, told, troubles_up_to
from lab.kabupaten.troubles import Calendar, Deed, Trouble
from lab.world.course import ToldCourse
from lab.world.model import World

ZONE = ZoneInfo("Asia/Jakarta")
BEGAN = datetime(2020, 9, 1, tzinfo=ZONE)
STORY = Story("32.14", 5, 0, BEGAN.timestamp(), BEGAN.timestamp())
NOW = datetime(2020, 10, 14, 12, tzinfo=ZONE).timestamp()


@pytest.fixture(scope="module")
def whole() -> Inventory:
    here = [region for region in shipped_regions() if lies_in(region.code, "32.14.05") or region.code == "32.14"]
    return moved(told(generate("32.14", here, STORY.seed)), STORY, BEGAN.date() + timedelta(days=90), ZONE)


@pytest.fixture(scope="module")
def calendar(whole: Inventory) -> Calendar:
    return calendar_of(whole, STORY, ZONE)


def course_at(whole: Inventory, calendar: Calendar, now: float) -> tuple[World, ToldCourse]:
    world = World(whole, STORY.began, STORY.seed)
    return world, ToldCourse(world, calendar, STORY, ZONE, now)


def cuts(calendar: Calendar) -> Iterator[Trouble]:
    return (each for each in calendar.month(BEGAN.date().replace(month=10)) if each.deed is Deed.CUT)


def test_what_goes_on_at_a_moment_goes_on_and_ends_at_its_time(whole: Inventory, calendar: Calendar) -> None:
    cut = next(cuts(calendar))
    world, course = course_at(whole, calendar, cut.at + 1)
    assert world.cut_links
    before = world.cut_links
    assert course.next_at is not None
    assert course.next_at <= cut.until
    course.do(cut.until + 1)
    assert not set(before) <= set(world.cut_links)


def test_it_goes_on_with_what_the_calendar_has_next_also_in_a_new_month(whole: Inventory, calendar: Calendar) -> None:
    world, course = course_at(whole, calendar, NOW)
    next_month = calendar.month(datetime.fromtimestamp(NOW, ZONE).date().replace(month=11, day=1))
    cut = next(each for each in next_month if each.deed is Deed.CUT)
    course.do(cut.at + 1)
    assert world.cut_links
    assert cut in course.events.going_on(cut.at + 1)


def test_what_ended_long_ago_is_left_out_and_nothing_from_before_the_beginning(calendar: Calendar) -> None:
    late = NOW + RECENT.total_seconds()
    found = list(troubles_up_to(calendar, STORY, late, ZONE))
    assert found
    assert all(each.until > late - RECENT.total_seconds() and each.at >= STORY.began for each in found)
    assert list(troubles_up_to(calendar, STORY, STORY.began, ZONE)) == []
