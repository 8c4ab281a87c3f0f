"""Reads cells that hold words: free text, names that are keys, slugs, and lists of names."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Final

from domain.language import _
from inventory.errors import CellError
from inventory.importing.cells import EXCEL_ERRORS, Cell, is_quoted, is_scientific, unquote
from inventory.importing.findings import shown

LONGEST_TEXT: Final = 32_767  # what one cell of Excel holds
LONGEST_NAME: Final = 200
LONGEST_SLUG: Final = 63
EXACT_DIGITS: Final = 15  # Excel keeps no more digits of a number
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read_text(cell: Cell) -> str:
    """Free text. Refuses what Excel has turned into something else: 1,2E+10, a date, an error."""
    if not isinstance(cell, str):
        return _typed(cell)
    text = unquote(cell)
    if text in EXCEL_ERRORS and not is_quoted(cell):
        raise CellError(
            _("the cell holds Excel's error {value}.").format(value=text),
            _("Mend the formula, or type the value itself."),
        )
    if is_scientific(text) and not is_quoted(cell):
        raise scientific(text)
    if len(text) > LONGEST_TEXT:
        raise CellError(
            _("the cell holds {count} characters; a cell holds at most {limit}.").format(
                count=len(text), limit=LONGEST_TEXT
            ),
            _("Look for a quotation mark that is not closed."),
        )
    if _UNPRINTABLE.search(text):
        raise CellError(
            _("the cell holds a character that cannot be printed."), _("Delete the cell and type its text again.")
        )
    return text


def scientific(text: str) -> CellError:
    return CellError(
        _("'{value}' is a number that Excel has shortened; digits of it are lost.").format(value=shown(text)),
        _("Format the column as Text in Excel, type the value again and save."),
    )


def _typed(cell: Cell) -> str:
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, int | float):
        return digits_of(cell)
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, datetime | date):
        raise CellError(
            _("Excel has turned this cell into the date {value}.").format(value=cell.strftime("%Y-%m-%d")),
            _("Format the column as Text in Excel and type the value again."),
        )
    return ""


def digits_of(number: int | float) -> str:
    """A number of a workbook as the text somebody typed; refused where Excel has dropped digits."""
    if isinstance(number, float) and not number.is_integer():
        return repr(number)
    if abs(number) >= 10**EXACT_DIGITS:
        raise scientific(f"{number:.5E}".replace(".", ","))
    return str(int(number))


def name_reader(forbidden: str) -> Callable[[Cell], str]:
    """Reads a name that is a key: one line, at most 200 characters, none of those that separate names in a list."""

    def read(cell: Cell) -> str:
        return _name(read_text(cell).strip(), forbidden)

    return read


def names_reader(separators: str) -> Callable[[Cell], tuple[str, ...]]:
    """Reads names separated by any of `separators`, each once, in the order they stand."""
    between = re.compile(f"[{re.escape(separators)}]")

    def read(cell: Cell) -> tuple[str, ...]:
        parts = (part.strip() for part in between.split(read_text(cell)))
        return tuple(dict.fromkeys(_name(part, separators) for part in parts if part))

    return read


def _name(text: str, forbidden: str) -> str:
    if any(each in text for each in "\n\r\t"):
        raise CellError(_("a name stands on one line."), _("Write it without a line break."))
    for each in forbidden:
        if each in text:
            raise CellError(
                _("'{value}' holds '{sign}', which separates names in a list.").format(value=shown(text), sign=each),
                _("Choose a name without it."),
            )
    if len(text) > LONGEST_NAME:
        raise CellError(_("the name is longer than {limit} characters.").format(limit=LONGEST_NAME))
    return text


def read_slug(cell: Cell) -> str:
    """A site's short name: lower-case letters and digits, joined by single hyphens, at most 63 characters."""
    text = read_text(cell)
    if _SLUG.fullmatch(text) is None or len(text) > LONGEST_SLUG:
        raise CellError(
            _("'{value}' is not a slug: lower-case letters and digits joined by hyphens, at most {limit}.").format(
                value=shown(text), limit=LONGEST_SLUG
            ),
            _("Write for example '{slug}'.").format(slug=slug_for(text)),
        )
    return text


def slug_for(text: str) -> str:
    """The slug one would choose for a name: `Desa Cikao Bandung` → `desa-cikao-bandung`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().replace("'", "")
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_SLUG].rstrip("-") or "site-1"


def read_without_spaces(what: Callable[[str], str]) -> Callable[[Cell], str]:
    """A text that has no space inside; `what` words the error (a web address, a mail address)."""

    def read(cell: Cell) -> str:
        text = read_text(cell)
        if re.search(r"\s", text):
            raise CellError(what(shown(text)))
        return text

    return read
