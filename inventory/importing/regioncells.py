"""The cells of a row that together name a region: the code, and beside it the village's and the kecamatan's name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.language import _
from domain.network import RegionCode, RegionLevel, parent_of
from inventory.errors import CellError
from inventory.importing.cells import Cell, is_blank
from inventory.importing.columns import DISTRICT_NAME, VILLAGE_NAME
from inventory.importing.findings import shown
from inventory.importing.headings import Layout, Placed
from inventory.importing.regioncodes import RegionReader
from inventory.importing.regionnames import fold, split_village
from inventory.importing.texts import read_text


@dataclass(frozen=True, slots=True)
class RegionOfRow:
    """The region of a row, and what somebody should know about how it was read."""

    code: RegionCode
    notes: tuple[str, ...] = ()


def read_region(
    cell: Cell, cells: Sequence[Cell], layout: Layout, placed: Placed, regions: RegionReader
) -> RegionOfRow | None:
    """The region a row means, None if it names none. Raises CellError."""
    village = _helper(cells, layout, VILLAGE_NAME.name)
    district = _helper(cells, layout, DISTRICT_NAME.name)
    levels = placed.column.levels
    if not is_blank(cell):
        found = regions.read(cell, levels, district, village or _name_of(cells, layout))
        notes = (found.note, _contradiction(found.code, village, regions), _away(found.code, regions))
        return RegionOfRow(found.code, tuple(note for note in notes if note))
    if village:
        code = regions.names.find(village, district).code
    elif district and RegionLevel.DISTRICT in levels:
        code = regions.names.district(district).code
    else:
        return None
    return RegionOfRow(code)


def read_regions(cell: Cell, regions: RegionReader, levels: frozenset[RegionLevel]) -> tuple[RegionCode, ...]:
    """Several regions in one cell, separated by | or ; — or by commas where all of them are codes."""
    if is_blank(cell):
        return ()
    if not isinstance(cell, str):
        return (regions.read(cell, levels).code,)
    parts = [part.strip() for part in re.split(r"[|;\n]", read_text(cell)) if part.strip()]
    if len(parts) == 1 and re.fullmatch(r"[0-9., ]+", parts[0]) and re.search(r"[0-9],\s*[0-9]{2}\.", parts[0]):
        parts = [part.strip() for part in parts[0].split(",") if part.strip()]
    return tuple(dict.fromkeys(regions.read(part, levels).code for part in parts))


def _helper(cells: Sequence[Cell], layout: Layout, name: str) -> str:
    index = layout.helpers.get(name)
    if index is None or index >= len(cells) or is_blank(cells[index]):
        return ""
    return str(cells[index]).strip()


def _name_of(cells: Sequence[Cell], layout: Layout) -> str:
    for placed in layout.placed:
        if placed.column.name == "name" and placed.index < len(cells):
            return str(cells[placed.index] or "")
    return ""


def _contradiction(code: str, village: str, regions: RegionReader) -> str:
    """A word where the row's code and the row's village are two different places."""
    region = regions.get(code)
    if not village or region is None or region.level is not RegionLevel.VILLAGE:
        return ""
    try:
        written = fold(split_village(village)[0])
    except CellError:
        return ""
    if written == fold(region.name):
        return ""
    return _("the code is that of {region}, but the row says '{village}'.").format(
        region=regions.names.label(region), village=shown(village)
    )


def _away(code: str, regions: RegionReader) -> str:
    if not regions.is_away(code):
        return ""
    region = regions.get(".".join(code.split(".")[:2]))
    place = region.name if region else parent_of(code) or code
    return _("{code} lies in {place}, outside this kabupaten.").format(code=code, place=place)
