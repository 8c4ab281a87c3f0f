"""One table as a file holds it, before anybody knows what it is: rows of cells, readable more than once."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from domain.language import _
from inventory.errors import UnreadableFileError
from inventory.importing.cells import Cell

Row = tuple[int, Sequence[Cell]]
LARGEST_FILE_BYTES: Final = 200 * 1024 * 1024
WIDEST_ROW: Final = 256


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file or one sheet of a workbook.

    label: how findings call it. title: the file's name without its ending, or the sheet's name. rows: each call
    reads from the beginning and gives (row number from 1, cells); it may raise UnreadableFileError on the way.
    may_be_other: whether it may hold something else, as the instructions in a workbook do.
    """

    label: str
    title: str
    rows: Callable[[], Iterator[Row]]
    may_be_other: bool = False


def stem_of(name: str) -> str:
    return PurePath(name.replace("\\", "/")).stem


def check_size(content: bytes) -> None:
    if len(content) > LARGEST_FILE_BYTES:
        raise UnreadableFileError(
            _("the file is larger than {limit} MB.").format(limit=LARGEST_FILE_BYTES // 2**20),
            _("Split it into several files."),
        )
    if not content.strip(b"\x00\r\n\t "):
        raise UnreadableFileError(_("the file is empty."))
