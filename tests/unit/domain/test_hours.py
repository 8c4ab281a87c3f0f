"""Hours as offices write them, in both languages, and what is refused."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.time import ALWAYS, NATIONAL, HoursError, WeeklyHours, knows, read_holidays

WIB = ZoneInfo("Asia/Jakarta")
OFFICE = ((450, 960),)
WEEK = (OFFICE,) * 5 + ((), ())


@pytest.mark.parametrize(
    "text", ["", "  ", "24/7", "24x7", "24 x 7", "7x24", "24 jam", "24 hours", "selalu", "Setiap hari 24 jam", "00-24"]
)
def test_always(text: str) -> None:
    assert WeeklyHours.parse(text) == ALWAYS
    assert WeeklyHours.parse(text).is_always


@pytest.mark.parametrize(
    "text",
    [
        "Sen-Jum 07.30-16.00",
        "Senin s/d Jumat, 07.30 - 16.00 WIB",
        "senin s.d. jum'at pukul 07:30 s.d. 16:00",
        "Mon–Fri 07:30–16:00",
        "Monday to Friday 7.30 to 16",
        "Hari kerja 07.30-16.00",
        "Sen, Sel, Rab, Kam dan Jum 07.30-16.00",
        "Sen-Kam 07.30-16.00; Jum 07.30-16.00",
        "Sen-Sab 07.30-16.00, Sabtu tutup",
        "Sen-Jum 07.30-12.00, 12.00-16.00",
    ],
)
def test_an_office(text: str) -> None:
    assert WeeklyHours.parse(text) == WeeklyHours(WEEK, on_holidays=False)


def test_hours_without_days_are_every_days() -> None:
    assert WeeklyHours.parse("06-18") == WeeklyHours((((360, 1080),),) * 7)
    assert WeeklyHours.parse("06-18 kecuali libur").on_holidays is False
    assert WeeklyHours.parse("Sen-Jum 08-16 termasuk hari libur").on_holidays is True


def test_a_friday_has_its_own_break() -> None:
    hours = WeeklyHours.parse("Sen-Kam 08.00-16.00, Jum 08.00-11.30 dan 13.00-16.00")
    assert hours.days[4] == ((480, 690), (780, 960))
    assert hours.days[0] == ((480, 960),)


def test_a_night_shift_belongs_to_the_day_it_begins_on() -> None:
    hours = WeeklyHours.parse("Jum-Sab 22.00-06.00")
    assert hours.days[4] == ((1320, 1800),)
    assert hours.covers(datetime(2026, 11, 20, 23, 0))  # Friday
    assert hours.covers(datetime(2026, 11, 22, 5, 59))  # Sunday morning: Saturday's shift
    assert not hours.covers(datetime(2026, 11, 22, 6, 0))
    assert not hours.covers(datetime(2026, 11, 20, 5, 0))  # Thursday has none
    assert WeeklyHours.parse("Sab-Sen 8-9").days[6] == ((480, 540),)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("besok", "besok"),
        ("Sen-Jum", "without hours"),
        ("Sen-Jum 07.30", "alone"),
        ("Sen-Jum 07.30-25.00", "25.00"),
        ("08.75-10", "08.75"),
        ("Sen- 07-16", "another day"),
        ("08-08", "same time"),
        ("tutup", "which days"),
        ("Senin tutup", "no hours"),
        ("07.30-16.00 %", "%"),
        ("- 8", "dash"),
    ],
)
def test_what_is_wrong_is_named(text: str, part: str) -> None:
    with pytest.raises(HoursError, match=part) as caught:
        WeeklyHours.parse(text)
    assert text in str(caught.value)


def test_intervals_are_utc_clipped_and_apart() -> None:
    hours = WeeklyHours.parse("Sen-Jum 07.30-16.00")
    start, end = datetime(2026, 11, 19, 17, tzinfo=UTC), datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert hours.intervals(start, end, WIB) == (
        (datetime(2026, 11, 20, 0, 30, tzinfo=UTC), datetime(2026, 11, 20, 9, tzinfo=UTC)),
        (datetime(2026, 11, 23, 0, 30, tzinfo=UTC), datetime(2026, 11, 23, 2, tzinfo=UTC)),
    )
    assert ALWAYS.intervals(start, end, WIB) == ((start, end),)
    assert ALWAYS.intervals(end, start, WIB) == ()


def test_holidays_close_an_office_and_not_a_router() -> None:
    independence = datetime(2026, 8, 17, 9, 0)  # a Monday
    assert not WeeklyHours.parse("Sen-Jum 07.30-16.00").covers(independence, NATIONAL)
    assert WeeklyHours.parse("Sen-Jum 07.30-16.00").covers(independence)
    assert WeeklyHours.parse("06-18").covers(independence, NATIONAL)
    assert len(NATIONAL) == 25
    assert knows(2026)
    assert not knows(2031)


def test_an_offices_own_list() -> None:
    assert read_holidays("tanggal;nama\n2027-07-20;Hari jadi\n\n") == {date(2027, 7, 20): "Hari jadi"}
    with pytest.raises(ValueError, match="line 2: '20 Juli'"):
        read_holidays("2027-01-01,Tahun Baru\n20 Juli,Hari jadi\n")
