"""The home kabupaten's regions by name: a village is found only together with its kecamatan."""

import re
from collections import defaultdict
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from domain.language import _
from domain.network import Region, RegionLevel, RegionStore, parent_of
from inventory.errors import CellError
from inventory.importing.findings import shown

_KIND: Final = re.compile(r"^\s*(desa|ds|kelurahan|kel|kecamatan|kec|kabupaten|kab|kota)\b[.\s]*", re.IGNORECASE)
_DISTRICT_BEHIND: Final = re.compile(r"[,(/\n]|(?<=\s)-(?=\s)|\bkec(?:amatan|\.|\b)", re.IGNORECASE)
_MOST_NAMED: Final = 6


class RegionNames:
    """Reads the regions of the home kabupaten once, at the first question."""

    def __init__(self, regions: RegionStore) -> None:
        self._regions = regions
        self._home = regions.home()
        self._named: dict[tuple[RegionLevel, str], list[Region]] | None = None
        self._by_code: dict[str, Region] = {}

    def find(self, text: str, district: str = "") -> Region:
        """The region that `text` names: 'Cibodas, Bungursari', 'Kec. Bungursari', or a village of `district`."""
        if self._home is None:
            raise CellError(
                _("'{value}' is not a region code, and no kabupaten is set in which to look for the name.").format(
                    value=shown(text)
                ),
                _("Run: kentongan init --kabupaten CODE"),
            )
        name, inside = split_village(text)
        inside = inside or district
        kind = _KIND.match(name)
        word = kind[1].casefold() if kind else ""
        if word.startswith("kec") and not inside:
            return self._only(name, self._of(RegionLevel.DISTRICT, name))
        if word.startswith(("kab", "kota")) and not inside:
            return self._only(name, self._of(RegionLevel.REGENCY, name))
        villages = self._of(RegionLevel.VILLAGE, name)
        if not inside:
            raise self._without_district(text, villages)
        return self._in_district(text, villages, inside)

    def district(self, name: str) -> Region:
        """The kecamatan of that name."""
        return self._only(name, self._of(RegionLevel.DISTRICT, name))

    def alike(self, name: str, limit: int = 2) -> list[Region]:
        """Villages or kecamatan whose name is, or nearly is, the one given; for a suggestion only."""
        names = self._index()
        inner, inside = split_village(name)
        wanted = fold(inner)
        exact = [
            each for level in (RegionLevel.VILLAGE, RegionLevel.DISTRICT) for each in names.get((level, wanted), [])
        ]
        if inside:
            exact = [each for each in exact if self._district_of(each) == fold(inside)] or exact
        if exact:
            return exact[:limit]
        villages = [key for level, key in names if level is RegionLevel.VILLAGE]
        near = get_close_matches(wanted, villages, n=1, cutoff=0.75)
        return names[RegionLevel.VILLAGE, near[0]][:limit] if near else []

    def inside(self, area: str) -> list[Region]:
        """The regions directly inside an area, if it lies in the home kabupaten."""
        self._index()
        return [region for region in self._by_code.values() if region.parent == area]

    def label(self, region: Region) -> str:
        """`32.14.05.2010 (Cibodas, kecamatan Sukatani)`."""
        if region.level is RegionLevel.VILLAGE:
            parent = self._regions.get(parent_of(region.code) or "")
            if parent is not None:
                return _("{code} ({village}, kecamatan {district})").format(
                    code=region.code, village=region.name, district=parent.name
                )
        if region.level is RegionLevel.DISTRICT:
            return _("{code} (kecamatan {district})").format(code=region.code, district=region.name)
        return f"{region.code} ({region.name})"

    def labels(self, regions: Sequence[Region]) -> str:
        return "; ".join(self.label(region) for region in regions[:_MOST_NAMED])

    def _in_district(self, text: str, villages: Sequence[Region], district: str) -> Region:
        here = [village for village in villages if self._district_of(village) == fold(district)]
        if len(here) == 1:
            return here[0]
        known = self._of(RegionLevel.DISTRICT, district)
        if here:
            raise CellError(
                _("'{value}' names several villages.").format(value=shown(text)),
                _("Write the code: {codes}.").format(codes=self.labels(here)),
            )
        if not known:
            raise self._unknown_district(district)
        near = self.labels(villages) or self.labels(self.alike(split_village(text)[0]))
        raise CellError(
            _("kecamatan {district} has no village '{name}'.").format(
                district=known[0].name, name=shown(split_village(text)[0])
            ),
            _("Did you mean {codes}?").format(codes=near) if near else "",
        )

    def _without_district(self, text: str, villages: Sequence[Region]) -> CellError:
        if len(villages) > 1:
            return CellError(
                _("there are {count} villages named {name}: {codes}.").format(
                    count=len(villages), name=villages[0].name, codes=self.labels(villages)
                ),
                _("Write the code, or the name with its kecamatan: {example}.").format(
                    example=self._with_district(villages[0])
                ),
            )
        if villages:
            return CellError(
                _("'{value}' names a village without its kecamatan.").format(value=shown(text)),
                _("Write {code} or {example}.").format(code=villages[0].code, example=self._with_district(villages[0])),
            )
        near = self.labels(self.alike(text))
        return CellError(
            _("'{value}' is not a region code, nor a village of this kabupaten.").format(value=shown(text)),
            _("Did you mean {codes}?").format(codes=near)
            if near
            else _("Write a code like {code}.").format(code=f"{self._home}.01.2001"),
        )

    def _unknown_district(self, name: str) -> CellError:
        names = [key for level, key in self._index() if level is RegionLevel.DISTRICT]
        near = get_close_matches(fold(name), names, n=1, cutoff=0.6)
        meant = self._index()[RegionLevel.DISTRICT, near[0]][0].name if near else ""
        return CellError(
            _("'{value}' is not a kecamatan of this kabupaten.").format(value=shown(name)),
            _("Did you mean '{name}'?").format(name=meant) if meant else "",
        )

    def _only(self, name: str, found: Sequence[Region]) -> Region:
        if len(found) == 1:
            return found[0]
        if not found:
            raise self._unknown_district(name)
        raise CellError(
            _("'{value}' names several regions.").format(value=shown(name)),
            _("Write the code: {codes}.").format(codes=self.labels(found)),
        )

    def _with_district(self, village: Region) -> str:
        parent = self._regions.get(parent_of(village.code) or "")
        return f"{village.name}, {parent.name}" if parent else village.name

    def _district_of(self, region: Region) -> str:
        parent = self._by_code.get(region.parent or "")
        return fold(parent.name) if parent else ""

    def _of(self, level: RegionLevel, name: str) -> list[Region]:
        return self._index().get((level, fold(name)), [])

    def _index(self) -> dict[tuple[RegionLevel, str], list[Region]]:
        if self._named is None:
            self._named = defaultdict(list)
            for region in self._regions.within(self._home) if self._home else ():
                self._named[region.level, fold(region.name)].append(region)
                self._by_code[region.code] = region
            self._named = dict(self._named)
        return self._named


def split_village(text: str) -> tuple[str, str]:
    """A village's name and its kecamatan's, from 'Cibodas, Bungursari' or 'Desa Cibodas Kec. Bungursari'."""
    parts = [part.strip(" .,()\t") for part in _DISTRICT_BEHIND.split(text)]
    if parts and not parts[0]:
        return text.strip(), ""
    return parts[0], next((part for part in parts[1:] if part), "")


def fold(name: str) -> str:
    """How names of regions are compared: without the word for the kind, spaces and signs: Babakan Cikao is one."""
    return re.sub(r"[\W_]+", "", _KIND.sub("", name, count=1).casefold())
