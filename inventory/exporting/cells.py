"""Values as the cells of an export: what the import reads back as the very same value."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from inventory.importing.cells import quote

WrittenCell = str | int | float | Decimal | date | None
_READ_IN_TWO_WAYS: Final = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")


def written(value: object) -> str:
    """The text of a value in a CSV file: ISO dates, points for decimals, yes and no, texts marked where Excel would
    take them for something else."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return quote(str(value))
    if isinstance(value, tuple):
        return quote("|".join(map(str, value)))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        return _decimal(value)
    return str(value)


def typed(value: object) -> WrittenCell:
    """The value of a cell in a workbook: numbers and dates as such, everything else as in a CSV file."""
    if isinstance(value, bool | str | tuple | StrEnum):
        return written(value)
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    raise TypeError(f"no cell for {type(value).__name__}")


def _decimal(value: float | Decimal) -> str:
    text = repr(value) if isinstance(value, float) else f"{value:f}"
    # 1.500 may mean fifteen hundred: a zero more leaves no doubt and changes nothing.
    return text + "0" if _READ_IN_TWO_WAYS.fullmatch(text) else text
