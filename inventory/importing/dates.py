"""Reads dates as an Indonesian office writes them: the day first, months in words, or Excel's day numbers."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from domain.language import _
from inventory.errors import CellError
from inventory.importing.cells import Cell
from inventory.importing.findings import shown

_MONTHS: Final = {
    word: number
    for number, words in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt aug ags",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        1,
    )
    for word in words.split()
}
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_IN_WORDS: Final = re.compile(r"([0-9]{1,2})[\s./-]*([a-z]+)[\s./,-]*([0-9]{4}|[0-9]{2})")
_TIME_BEHIND: Final = re.compile(r"[T\s]+[0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2}(\.[0-9]+)?)?\s*$")
_EXCEL_EPOCH: Final = date(1899, 12, 30)
_EXCEL_DAYS: Final = range(14_611, 109_575)  # 1940 to 2199
_YEARS: Final = range(1900, 2201)


def read_date(cell: Cell) -> date:
    """A date. 05/06/2025 is the fifth of June; a month-first date is refused where it shows itself."""
    if isinstance(cell, datetime):
        return _checked(cell.date(), cell)
    if isinstance(cell, date):
        return _checked(cell, cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_day_number(cell)
    if not isinstance(cell, str):
        raise _not_a_date(cell)
    text = _TIME_BEHIND.sub("", cell.lstrip("'").strip()).casefold()
    if match := _YEAR_FIRST.fullmatch(text):
        return _date(cell, int(match[1]), int(match[3]), int(match[4]))
    if match := _DAY_FIRST.fullmatch(text):
        return _date(cell, _full_year(match[4]), int(match[3]), int(match[1]))
    if (match := _IN_WORDS.fullmatch(text)) and match[2] in _MONTHS:
        return _date(cell, _full_year(match[3]), _MONTHS[match[2]], int(match[1]))
    if re.fullmatch(r"[0-9]{5,6}([.,]0+)?", text):
        return _from_day_number(int(re.split("[.,]", text)[0]))
    raise _not_a_date(cell)


def _full_year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _date(cell: str, year: int, month: int, day: int) -> date:
    if 12 < month <= 31 and day <= 12:
        raise CellError(
            _("'{value}' has no month {month}; the day stands first.").format(value=shown(cell), month=month),
            _("Write {right}.").format(right=f"{month:02}/{day:02}/{year}"),
        )
    try:
        return _checked(date(year, month, day), cell)
    except ValueError:
        raise CellError(_("'{value}' is not a day of the calendar.").format(value=shown(cell))) from None


def _from_day_number(number: int | float) -> date:
    if not _EXCEL_DAYS.start <= number < _EXCEL_DAYS.stop:
        raise _not_a_date(number)
    return _EXCEL_EPOCH + timedelta(days=int(number))


def _checked(day: date, cell: object) -> date:
    if day.year not in _YEARS:
        raise CellError(_("'{value}' is not in our time.").format(value=shown(cell)))
    return day


def _not_a_date(cell: object) -> CellError:
    text = cell.strftime("%H:%M") if isinstance(cell, time) else shown(cell)
    return CellError(_("'{value}' is not a date.").format(value=text), _("Write it as 31/12/2025 or 2025-12-31."))
