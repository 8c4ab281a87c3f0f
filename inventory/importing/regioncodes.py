"""Reads region codes as offices write them: dotted, undotted, with a zero eaten by Excel, or a village's name.

A code is taken only if such a region exists. A code of Badan Pusat Statistik, which numbers the same places otherwise,
is recognised where no region has it, and said so: it is not translated, because the two lists do not map one to one.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from domain.language import _
from domain.network import Region, RegionCode, RegionLevel, RegionStore, lies_in, parent_of
from inventory.errors import CellError
from inventory.importing.cells import Cell, is_scientific
from inventory.importing.findings import shown
from inventory.importing.regionnames import RegionNames
from inventory.importing.texts import digits_of, read_text, scientific

_DIGITS_AND_SIGNS: Final = re.compile(r"[0-9][0-9.,/\s-]*")
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(([.,])[0-9]{3})(\2[0-9]{3})*")
_LENGTHS: Final = (2, 4, 6, 10)
_BPS_LENGTHS: Final = (7, 10)
_MOST_LISTS: Final = 200


@dataclass(frozen=True, slots=True)
class FoundRegion:
    """A region's code, and a word about how the cell was read where that is not obvious."""

    code: RegionCode
    note: str = ""


class RegionReader:
    """Reads cells that name a region; asks the store for each code once."""

    def __init__(self, regions: RegionStore) -> None:
        self._regions = regions
        self.home = regions.home()
        self.names = RegionNames(regions)
        self._known: dict[str, Region | None] = {}
        self._lists: dict[str, list[Region]] = {}

    def read(self, cell: Cell, levels: frozenset[RegionLevel], district: str = "", name: str = "") -> FoundRegion:
        """Raises CellError. `district` is the row's kecamatan; `name` is what the row is called, for suggestions."""
        found = self._read(cell, district, name)
        region = self.get(found.code)
        if region is not None and region.level not in levels:
            raise CellError(
                _("{region} is not a village.").format(region=self.names.label(region)),
                _("Write the code of the village, like {code}.").format(code=f"{region.code}…"),
            )
        return found

    def get(self, code: str) -> Region | None:
        if code not in self._known:
            self._known[code] = self._regions.get(code)
        return self._known[code]

    def is_away(self, code: str) -> bool:
        """Whether the region lies outside the home kabupaten."""
        return self.home is not None and not lies_in(code, self.home) and not lies_in(self.home, code)

    def _read(self, cell: Cell, district: str, name: str) -> FoundRegion:
        text = digits_of(cell) if isinstance(cell, int | float) and not isinstance(cell, bool) else _text_of(cell)
        if _DIGITS_AND_SIGNS.fullmatch(text) is None:
            return FoundRegion(self.names.find(text, district).code)
        groups = [group for group in re.split(r"[.,/\s-]+", text) if group]
        if _THOUSANDS.fullmatch(text) and sum(map(len, groups)) in (*_LENGTHS, *_BPS_LENGTHS):
            groups = ["".join(groups)]
        if len(groups) == 2 and len(groups[0]) > 2 and not groups[1].strip("0"):
            groups = groups[:1]
        if len(groups) == 2 and len(groups[1]) == 1:
            return self._with_eaten_zero(text, *groups)
        code = _join(groups)
        if code and self.get(code) is not None:
            return FoundRegion(RegionCode(code))
        raise self._unknown(text, code, groups, name)

    def _with_eaten_zero(self, text: str, province: str, rest: str) -> FoundRegion:
        """Excel makes 12.10 to 12.1, but leaves 12.01: so 12.1 is 12.10, unless the home kabupaten speaks for 12.01."""
        eaten = self.get(f"{province}.{rest}0")
        typed = self.get(f"{province}.0{rest}")
        if eaten is None:
            raise CellError(
                _("'{value}' is not a region code.").format(value=shown(text)),
                _("Did you mean {codes}?").format(codes=self.names.label(typed)) if typed else "",
            )
        if typed is not None and typed.code == self.home:
            raise CellError(
                _("'{value}' can be read in two ways: {codes}.").format(
                    value=shown(text), codes=self.names.labels([eaten, typed])
                ),
                _("Format the column as Text in Excel and write the code in full."),
            )
        note = _("'{value}' was read as {region}: Excel drops the last zero.").format(
            value=shown(text), region=self.names.label(eaten)
        )
        return FoundRegion(eaten.code, note)

    def _unknown(self, text: str, code: str, groups: list[str], name: str) -> CellError:
        near = self._suggestions("" if _is_bps(groups) else code, name)
        remedy = _("Did you mean {codes}?").format(codes=near) if near else ""
        if _is_bps(groups):
            example = f"{self.home or '32.14'}.01.2001"
            return CellError(
                _("'{value}' looks like a BPS code, not a Kemendagri code.").format(value=shown(text)),
                remedy or _("Write the Kemendagri code of the village, like {code}.").format(code=example),
            )
        if not code:
            return CellError(
                _("'{value}' is not a region code.").format(value=shown(text)),
                remedy or _("A code is written as 32.14.01.2010, or 3214012010."),
            )
        return CellError(_("there is no region {code}.").format(code=code), remedy)

    def _suggestions(self, code: str, name: str) -> str:
        if name:
            alike = self.names.alike(name)
            if alike:
                return self.names.labels(alike)
        parent = parent_of(code)
        if not code or parent is None or self.get(parent) is None:
            return ""
        beside = {region.code: region for region in self._inside(parent)}
        near = get_close_matches(code, beside, n=1, cutoff=0.8)
        return self.names.label(beside[RegionCode(near[0])]) if near else ""

    def _inside(self, area: str) -> list[Region]:
        if area not in self._lists:
            if len(self._lists) >= _MOST_LISTS:
                return []
            self._lists[area] = self.names.inside(area) or [
                region for region in self._regions.within(area) if region.parent == area
            ]
        return self._lists[area]


def _text_of(cell: Cell) -> str:
    text = read_text(cell).strip().strip(".,")
    if is_scientific(text):
        raise scientific(text)
    return text.removeprefix("'")


def _join(groups: list[str]) -> str:
    """The dotted code, or an empty text if it cannot be one."""
    if len(groups) == 1 and len(groups[0]) in _LENGTHS:
        digits = groups[0]
        groups = [part for part in (digits[:2], digits[2:4], digits[4:6], digits[6:]) if part]
    padded = [groups[0], *(group.zfill(2) for group in groups[1:3]), *groups[3:]]
    widths = tuple(map(len, padded))
    return ".".join(padded) if widths == (2, 2, 2, 4)[: len(widths)] else ""


def _is_bps(groups: list[str]) -> bool:
    widths = tuple(map(len, groups))
    return widths in ((7,), (10,), (2, 2, 3), (2, 2, 3, 3))
