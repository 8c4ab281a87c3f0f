"""CSV: finds the separator by the heading that makes sense with it, and gives the rows."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Final

from domain.language import _
from inventory.errors import UnreadableFileError
from inventory.importing.encoding import encoding_of
from inventory.importing.sheets import WIDEST_ROW, Row, Sheet, check_size, stem_of

SEPARATORS: Final = (",", ";", "\t")
_SAMPLE_CHARACTERS: Final = 100_000
_SAMPLE_ROWS: Final = 60

HeadingCount = Callable[[Sequence[Sequence[str]]], int]


def read_delimited(name: str, content: bytes, headings_in: HeadingCount) -> Sheet:
    """A CSV file. `headings_in` counts the known headings of the best row of a sample.

    Raises UnreadableFileError for bytes that are no text. `sep=;` in the first line, as Excel writes it, is obeyed.
    """
    check_size(content)
    codec = encoding_of(content)
    sample = _open(content, codec).read(_SAMPLE_CHARACTERS)
    separator = _named_separator(sample) or _best_separator(sample, headings_in)
    return Sheet(name, stem_of(name), partial(_rows, content, codec, separator))


def _open(content: bytes, codec: str) -> io.TextIOWrapper:
    """Decodes as it is read: the whole text of a large file is never held."""
    return io.TextIOWrapper(io.BytesIO(content), codec, newline="")


def _named_separator(text: str) -> str:
    """The separator of a `sep=` line. The line itself is passed over as a title row is."""
    first = text[:20].partition("\n")[0].strip('\r\n "')
    return first[4:5] if first.casefold().startswith("sep=") and first[4:5] in SEPARATORS else ""


def _best_separator(sample: str, headings_in: HeadingCount) -> str:
    def known(separator: str) -> int:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=separator)
        rows: list[list[str]] = []
        with suppress(csv.Error):
            rows.extend(islice(reader, _SAMPLE_ROWS))
        return headings_in(rows)

    return max(SEPARATORS, key=known)


def _rows(content: bytes, codec: str, separator: str) -> Iterator[Row]:
    reader = csv.reader(_open(content, codec), delimiter=separator, strict=True)
    number = 0
    lines = 0
    while True:
        number += 1
        lines = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFileError(
                _("row {row} (line {line}) cannot be split into cells: {reason}.").format(
                    row=number, line=lines + 1, reason=error
                ),
                _("Look for a quotation mark that is not closed, or stands alone inside a cell."),
                number,
            ) from None
        yield number, cells if len(cells) <= WIDEST_ROW else cells[:WIDEST_ROW]
