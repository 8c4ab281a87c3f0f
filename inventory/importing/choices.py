"""Reads cells that hold one of a few words, in English or Indonesian, and yes or no."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeVar

from domain.language import _
from inventory.errors import CellError
from inventory.importing.cells import Cell
from inventory.importing.findings import shown

Word = TypeVar("Word", bound=StrEnum)
Synonyms = Mapping[Word, Sequence[str]]

YES: Final = ("yes", "ya", "y", "true", "1", "benar", "betul", "ada", "sudah", "x", "v", "✓", "✔")
NO: Final = ("no", "tidak", "n", "false", "0", "salah", "bukan", "tidak ada", "belum", "tdk")


def folded(text: str) -> str:
    """How words are compared: small letters, one hyphen for any run of spaces, dots, hyphens and underscores."""
    return re.sub(r"[\s_.-]+", "-", text.strip().lstrip("'").strip().casefold()).strip("-")


def choice_reader(kind: type[Word], synonyms: Synonyms[Word]) -> Callable[[Cell], Word]:
    """Reads one word of `kind` by its value or a synonym, in any case."""
    known = {folded(member.value): member for member in kind}
    for member, words in synonyms.items():
        for word in words:
            known.setdefault(folded(word), member)

    def read(cell: Cell) -> Word:
        text = str(cell) if not isinstance(cell, date | datetime) else cell.isoformat()
        found = known.get(folded(text))
        if found is None:
            raise _unknown_word(text, kind, known)
        return found

    return read


def choices_reader(kind: type[Word], synonyms: Synonyms[Word]) -> Callable[[Cell], tuple[Word, ...]]:
    """Reads several words of `kind`, separated by | , ; + / or 'dan' or 'and', each once, as they stand."""
    read_one = choice_reader(kind, synonyms)

    def read(cell: Cell) -> tuple[Word, ...]:
        parts = re.split(r"[|,;+/&\n]|\sdan\s|\sand\s", str(cell).lstrip("'"))
        return tuple(dict.fromkeys(read_one(part) for part in parts if part.strip()))

    return read


def _unknown_word(text: str, kind: type[StrEnum], known: Mapping[str, StrEnum]) -> CellError:
    near = get_close_matches(folded(text)[:80], known, n=1, cutoff=0.7)
    remedy = _("Did you mean '{word}'?").format(word=known[near[0]].value) if near else ""
    return CellError(
        _("'{value}' is not one of: {words}.").format(
            value=shown(text), words=", ".join(member.value for member in kind)
        ),
        remedy,
    )


def read_yes_no(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    word = folded(text).replace("-", " ")
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellError(
        _("'{value}' is neither yes nor no.").format(value=shown(text)), _("Write yes or no (ya or tidak).")
    )
