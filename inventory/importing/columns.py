"""What a table is made of: its columns, how their cells are read, and by which headings they are known."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from domain.network import KEY_FIELDS, Record, RegionLevel
from inventory.importing.cells import Cell

ANY_LEVEL: Final = frozenset(RegionLevel)
VILLAGE_LEVEL: Final = frozenset({RegionLevel.VILLAGE})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file. `headings` are other names for it, separated by commas; case and signs do not matter.

    read: cell → value, raises CellError. field: the record's attribute, where it is not called like the column.
    refers: the table whose keys its values name. levels: the kinds of region its codes may name.
    meaning and values: for the reference page.
    """

    name: str
    meaning: str
    read: Callable[[Cell], object]
    headings: str = ""
    required: bool = False
    values: str = ""
    field: str = ""
    refers: str = ""
    levels: frozenset[RegionLevel] = frozenset()

    @property
    def attribute(self) -> str:
        return self.field or self.name

    @property
    def known_as(self) -> frozenset[str]:
        """All headings, folded."""
        return frozenset(fold_heading(each) for each in (self.name, *self.headings.split(",")) if each)


@dataclass(frozen=True, slots=True)
class Table:
    """One of the twelve files.

    words: what a sheet of it may be called in Indonesian. references: (attribute, the table it names).
    """

    name: str
    record: type[Record]
    purpose: str
    words: str
    columns: tuple[Column, ...]
    references: tuple[tuple[str, str], ...] = field(init=False)

    def __post_init__(self) -> None:
        named = tuple((column.attribute, column.refers) for column in self.columns if column.refers)
        object.__setattr__(self, "references", named)

    @property
    def key(self) -> tuple[str, ...]:
        return KEY_FIELDS[self.record]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, slots=True)
class HelperColumn:
    """A column that no record keeps, but that tells two villages of one name apart."""

    name: str
    headings: str

    @property
    def known_as(self) -> frozenset[str]:
        return frozenset(fold_heading(each) for each in (self.name, *self.headings.split(",")) if each)


DISTRICT_NAME: Final = HelperColumn("kecamatan", "nama kecamatan,district,subdistrict,kec")
VILLAGE_NAME: Final = HelperColumn(
    "desa", "nama desa,desa kelurahan,kelurahan,nama kelurahan,nama desa kelurahan,village,village name,desa kel"
)
HELPERS: Final = (DISTRICT_NAME, VILLAGE_NAME)

required: Final = partial(Column, required=True)


def fold_heading(text: str) -> str:
    """How headings are compared: letters and digits alone, without what stands in brackets."""
    return re.sub(r"[\W_]+", "", re.sub(r"\([^)]*\)|\[[^\]]*\]", "", text).casefold())
