"""Reads numbers with a decimal comma or point, with or without separators between thousands."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from domain.language import _
from inventory.errors import CellError
from inventory.importing.cells import Cell, is_scientific
from inventory.importing.findings import shown
from inventory.importing.texts import scientific

LARGEST_WHOLE: Final = 2_147_483_647  # what a database's integer holds
LARGEST: Final = 10**12
_LONGEST_NUMERAL: Final = 40
_PLAIN: Final = re.compile(r"[+-]?[0-9]+")
_ONE_SEPARATOR: Final = re.compile(r"([+-]?)([0-9]*)([.,])([0-9]+)")
_THOUSANDS: Final = re.compile(r"[+-]?[0-9]{1,3}(([.,])[0-9]{3})(\2[0-9]{3})+")
_BOTH: Final = re.compile(r"[+-]?[0-9]{1,3}(([.,])[0-9]{3})(\2[0-9]{3})*(?!\2)[.,][0-9]+")
_EXPONENT: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]{1,3}")
_SPACES: Final = re.compile(r"[\s\u00a0\u202f]")


class Lone(Enum):
    """What 1.500 means where nothing else tells: a thousand and a half, one and a half, or nobody knows."""

    THOUSANDS = auto()
    DECIMAL = auto()
    UNCLEAR = auto()


def numeral(cell: Cell, lone: Lone) -> Decimal:
    """The number a cell holds. Raises CellError where it holds none, or one that can be read in two ways."""
    if isinstance(cell, bool | date | datetime | time) or cell != cell:  # the last is a NaN
        raise CellError(
            _("'{value}' is not a number.").format(value=shown(cell)),
            _("Format the column as a number in Excel and type the value again."),
        )
    if isinstance(cell, int | float):
        return Decimal(repr(cell))
    text = _SPACES.sub("", str(cell).lstrip("'")).replace("−", "-")
    if len(text) > _LONGEST_NUMERAL:
        raise not_a_number(str(cell))
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if match := _ONE_SEPARATOR.fullmatch(text):
        return _one_separator(match, lone)
    if _THOUSANDS.fullmatch(text):
        return Decimal(re.sub("[.,]", "", text))
    if match := _BOTH.fullmatch(text):
        point = max(text.rfind("."), text.rfind(","))
        return Decimal(re.sub("[.,]", "", text[:point]) + "." + text[point + 1 :])
    if _EXPONENT.fullmatch(text):
        return Decimal(text)
    raise not_a_number(str(cell))


def _one_separator(match: re.Match[str], lone: Lone) -> Decimal:
    sign, before, separator, after = match.groups()
    if len(after) == 3 and 1 <= len(before) <= 3 and before[0] != "0":
        if lone is Lone.THOUSANDS:
            return Decimal(sign + before + after)
        if lone is Lone.UNCLEAR:
            raise CellError(
                _("'{value}' can be read in two ways.").format(value=match.group()),
                _("Write {whole} or {decimal}.").format(
                    whole=f"{sign}{before}{after}", decimal=f"{sign}{before}{separator}{after}0"
                ),
            )
    return Decimal(f"{sign}{before or '0'}.{after}")


def not_a_number(text: str) -> CellError:
    return CellError(
        _("'{value}' is not a number.").format(value=shown(text)),
        _("Write digits alone, without a unit: 1500 or 1,5."),
    )


def whole_reader(lowest: int = 0, highest: int = LARGEST_WHOLE, lone: Lone = Lone.THOUSANDS) -> Callable[[Cell], int]:
    """Reads a whole number from `lowest` to `highest`; 1.234 is a thousand and more."""

    def read(cell: Cell) -> int:
        if isinstance(cell, str) and is_scientific(cell.strip()):
            raise scientific(cell.strip())
        number = numeral(cell, lone)
        if not lowest <= number <= highest:
            raise out_of_range(cell, lowest, highest)
        if number != number.to_integral_value():
            raise CellError(_("'{value}' is not a whole number.").format(value=shown(cell)))
        return int(number)

    return read


def measure_reader(
    lowest: float = 0, highest: float = LARGEST, lone: Lone = Lone.UNCLEAR, *, percent: bool = False
) -> Callable[[Cell], float]:
    """Reads a number with decimals from `lowest` to `highest`; with `percent`, a % sign behind it is allowed."""

    def read(cell: Cell) -> float:
        stripped = cell.strip().removesuffix("%") if percent and isinstance(cell, str) else cell
        number = numeral(stripped, lone)
        if not lowest <= number <= highest:
            raise out_of_range(cell, lowest, highest)
        return float(number)

    return read


def read_rupiah(cell: Cell) -> Decimal:
    """An amount of money, as people write it: 1500000, 1.500.000, Rp 1.500.000,-, Rp1.500.000,00."""
    if isinstance(cell, str):
        text = re.sub(r"^\s*'?\s*(rp|idr)\s*\.?", "", cell, flags=re.IGNORECASE).strip()
        cell = re.sub(r"[.,][-–—]+$", "", text)
    number = numeral(cell, Lone.THOUSANDS)
    if not 0 <= number <= LARGEST:
        raise out_of_range(cell, 0, LARGEST)
    return number


def out_of_range(cell: Cell, lowest: float, highest: float) -> CellError:
    if lowest == 0 and highest in (LARGEST, LARGEST_WHOLE):
        problem = _("'{value}' is too large.") if not str(cell).strip().startswith("-") else _("'{value}' is negative.")
        return CellError(problem.format(value=shown(cell)), _("Write a number of 0 or more."))
    return CellError(
        _("'{value}' is not between {lowest} and {highest}.").format(
            value=shown(cell), lowest=f"{lowest:g}", highest=f"{highest:.15g}"
        )
    )
