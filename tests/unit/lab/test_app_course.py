"""What goes wrong with applications, month by month: the same each time, and certificates hold between renewals."""

import asyncio
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.network import Inventory, lies_in
from inventory.regions import shipped_regions
from lab.kabupaten import generate
from lab.kabupaten.story import month_after, told
from lab.services.course import DAY, AppCalendar, AppCourse, AppTrouble
from lab.services.faults import Fault
from lab.services.town import go_on

ZONE = ZoneInfo("Asia/Jakarta")
FIRST, LAST = date(2024, 1, 1), date(2026, 1, 1)


@pytest.fixture(scope="module")
def whole() -> Inventory:
    here = [region for region in shipped_regions() if lies_in(region.code, "32.14.05") or region.code == "32.14"]
    return told(generate("32.14", here, 5))


@pytest.fixture(scope="module")
def calendar(whole: Inventory) -> AppCalendar:
    return AppCalendar(whole, 5, ZONE)


def months(calendar: AppCalendar) -> Iterator[AppTrouble]:
    first = FIRST
    while first < LAST:
        yield from calendar.month(first)
        first = month_after(first)


def at(*words: int) -> float:
    return datetime(*words, tzinfo=ZONE).timestamp()  # type: ignore[arg-type,misc]


def test_the_same_seed_makes_the_same_and_another_another(whole: Inventory, calendar: AppCalendar) -> None:
    found = list(months(calendar))
    assert found == list(months(AppCalendar(whole, 5, ZONE)))
    assert found != list(months(AppCalendar(whole, 6, ZONE)))
    assert 40 < len(found) < 150
    assert {Fault.ERROR, Fault.SLOW, Fault.REFUSED, Fault.EXPIRING, Fault.EXPIRED} <= {each.fault for each in found}


def test_a_certificate_has_ended_only_while_its_renewal_is_late(calendar: AppCalendar) -> None:
    expired = [each for each in months(calendar) if each.fault is Fault.EXPIRED]
    for code, app in calendar.apps.items():
        for day in range(0, 700, 3):
            now = at(2024, 1, 5) + day * DAY
            held = calendar.certificate(code, now)
            assert (held is not None) == app.tls
            late = any(each.code == code and each.at <= now < each.until for each in expired)
            assert held is None or (held.begins <= now and (now < held.ends) != late)


def test_a_course_stands_alike_however_it_came_there(calendar: AppCalendar) -> None:
    now = at(2025, 3, 14, 12)
    walked = AppCourse(calendar, at(2024, 11, 2))
    while walked.next_at <= now:
        walked.do(walked.next_at)
    come = AppCourse(calendar, now)
    assert walked.spoilt == come.spoilt
    assert all(walked.fault(code) is come.fault(code) for code in calendar.apps)


def test_what_failed_is_explained_and_what_fails_goes_before_a_certificate(calendar: AppCalendar) -> None:
    failed = next(each for each in months(calendar) if each.fault is Fault.ERROR)
    course = AppCourse(calendar, failed.at - 1)
    assert course.fault(failed.code) is not Fault.ERROR
    assert failed.code in course.do(failed.at)
    assert course.fault(failed.code) is Fault.ERROR
    assert course.cause_of([failed.code], failed.at) == failed
    course.do(failed.until)
    assert course.fault(failed.code) is not Fault.ERROR


class Town:
    """Keeps what it was told."""

    def __init__(self) -> None:
        self.faults: dict[str, Fault] = {}

    async def spoil(self, name: str, fault: Fault) -> None:
        self.faults[name] = fault

    async def mend(self, name: str) -> tuple[str, ...]:
        self.faults.pop(name, None)
        return (name,)

    def darken(self, addresses: Iterable[str]) -> None: ...

    @property
    def requests(self) -> int:
        return 0


def test_servers_that_live_are_spoilt_and_mended_as_the_course_has_it(calendar: AppCalendar) -> None:
    failed = next(each for each in months(calendar) if each.fault is Fault.REFUSED)
    town, course = Town(), AppCourse(calendar, failed.at)
    asyncio.run(go_on(town, course, course.spoilt))
    assert town.faults[failed.code] is Fault.REFUSED
    asyncio.run(go_on(town, course, course.do(failed.until)))
    assert failed.code not in town.faults
