"""Cells as files hold them, and the leading apostrophe that says 'this is text, take it as it stands'.

Excel runs a cell that begins with = + - @ as a formula, trims nothing, and turns 12E10 into a number. So a text of that
kind is written with an apostrophe before it, and read without it. The rule is exact both ways for every text: a name
that begins with an apostrophe of its own ('Aisyiyah) is left alone.
"""

import re
from datetime import date, datetime, time
from typing import Final

Cell = str | int | float | bool | datetime | date | time | None

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
DASHES: Final = frozenset({"-", "–", "—"})
EXCEL_ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
_SCIENTIFIC: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?[eE][+-][0-9]+")
_NUMERAL: Final = re.compile(r"[0-9][0-9., ]*")


def is_scientific(text: str) -> bool:
    """Whether the text is what Excel makes of a long number: 1,2E+10."""
    return _SCIENTIFIC.fullmatch(text) is not None


def is_blank(cell: Cell) -> bool:
    """Nothing, spaces, or the dash that offices write for nothing."""
    if cell is None or cell == "":
        return True
    return isinstance(cell, str) and (cell.isspace() or cell.strip() in DASHES)


def quote(text: str) -> str:
    """The text as it is written into a file."""
    return "'" + text if _needs_quote(text) else text


def unquote(text: str) -> str:
    """The text that a cell of a file means: `unquote(quote(text)) == text` for every text."""
    if not text.startswith("'"):
        text = text.strip()
    if text.startswith("'") and (_needs_quote(text[1:]) or _NUMERAL.fullmatch(text[1:])):
        return text[1:]
    return text


def is_quoted(text: str) -> bool:
    """Whether somebody marked the cell as text on purpose."""
    return text.startswith("'") and unquote(text) != text


def _needs_quote(text: str) -> bool:
    inner = text.lstrip("'")
    if inner != text and _NUMERAL.fullmatch(inner):
        return True
    if inner == text:
        return _is_trap(text)
    return _is_trap(inner) or text != text.strip()


def _is_trap(text: str) -> bool:
    return bool(text) and (
        text.startswith(FORMULA_STARTS)
        or text != text.strip()
        or text in DASHES
        or text in EXCEL_ERRORS
        or is_scientific(text)
    )
