"""The villages there are, as the government numbers them from year to year, with what statistics say of each.

A village that was renamed, or split off another, is counted under its old code before the year of the new one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.network import Internet, RegionLevel, Village, VillageKind, level_of, village_kind

Places = NDArray[np.int32]
Mask = NDArray[np.bool_]

NOBODY: Final = -1
INTERNETS: Final = tuple(Internet)
_LATEST: Final = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class VillageBook:
    """n villages, sorted by code. begins, ends: the years [begins, ends) in which the code is in force.

    before: the place of the village that this one was part of before; after: the one it became; NOBODY without.
    desa: whether it is one; a kelurahan, or a code of neither kind, is not. district: place in `districts`.
    statistics: of rows, sorted by village and year: village, year, internet, population (-1: not said), latitude and
    longitude (NaN: not said).
    """

    codes: tuple[str, ...]
    districts: tuple[str, ...]
    district: Places
    desa: Mask
    kelurahan: Mask
    begins: Places
    ends: Places
    before: Places
    after: Places
    statistics: "Statistics"

    @classmethod
    def of(cls, regions: Iterable[str], villages: Sequence[Village]) -> "VillageBook":
        """regions: all codes that are in force, of any level. villages: the rows of statistics."""
        living = {code for code in regions if level_of(code) is RegionLevel.VILLAGE}
        former = {row.former_code for row in villages if row.former_code}
        codes = tuple(sorted(living | former | {row.region_code for row in villages}))
        place = {code: number for number, code in enumerate(codes)}
        parents = [code.rpartition(".")[0] for code in codes]
        districts = tuple(sorted(set(parents)))
        number = {code: at for at, code in enumerate(districts)}
        kinds = [village_kind(code) for code in codes]
        size = len(codes)
        begins, ends = np.zeros(size, np.int32), np.full(size, _LATEST, np.int32)
        before, after = np.full(size, NOBODY, np.int32), np.full(size, NOBODY, np.int32)
        heirs: dict[str, list[int]] = {}
        for row in villages:
            if row.former_code and row.year:
                new, old = place[row.region_code], place[row.former_code]
                begins[new], before[new] = row.year, old
                heirs.setdefault(row.former_code, []).append(new)
                if row.former_code not in living:
                    ends[old] = row.year
        for code, new_ones in heirs.items():
            if code not in living and len(set(new_ones)) == 1:
                after[place[code]] = new_ones[0]
        for code, last in _last_years(villages).items():
            if code not in living and code not in former:
                ends[place[code]] = last + 1
        return cls(
            codes,
            districts,
            np.array([number[parent] for parent in parents], np.int32),
            np.array([kind is VillageKind.DESA for kind in kinds], np.bool_),
            np.array([kind is VillageKind.KELURAHAN for kind in kinds], np.bool_),
            begins,
            ends,
            before,
            after,
            Statistics.of(villages, place),
        )

    def __len__(self) -> int:
        return len(self.codes)

    def in_force(self, year: int) -> Mask:
        return (self.begins <= year) & (year < self.ends)

    def as_of(self, places: Places, year: int) -> Places:
        """The villages that places belong to in a year: an earlier one's, or a later one's, where the code changed."""
        found = places.copy()
        for _generation in range(8):  # a code changes seldom; a circle in the rows must not hold us
            here = np.flatnonzero(found >= 0)
            at = found[here]
            early = (year < self.begins[at]) & (self.before[at] >= 0)
            late = (year >= self.ends[at]) & (self.after[at] >= 0)
            if not (early | late).any():
                break
            found[here] = np.where(early, self.before[at], np.where(late, self.after[at], at))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Statistics:
    """Rows in columns, sorted by village and year; a row without a year stands before all others."""

    villages: int
    village: Places
    year: Places
    internet: NDArray[np.uint8]
    population: NDArray[np.int64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]

    @classmethod
    def of(cls, rows: Sequence[Village], place: dict[str, int]) -> "Statistics":
        ordered = sorted(rows, key=lambda row: (place[row.region_code], row.year or 0))
        nan = float("nan")
        return cls(
            len(place),
            np.array([place[row.region_code] for row in ordered], np.int32),
            np.array([row.year or 0 for row in ordered], np.int32),
            np.array([INTERNETS.index(row.internet) for row in ordered], np.uint8),
            np.array([NOBODY if row.population is None else row.population for row in ordered], np.int64),
            np.array([nan if row.latitude is None else row.latitude for row in ordered], np.float64),
            np.array([nan if row.longitude is None else row.longitude for row in ordered], np.float64),
        )

    def rows_at(self, year: int) -> Places:
        """Of each village the row that holds in a year: the newest that is not later, else the oldest; -1: none."""
        found = np.full(self.villages, -1, np.int32)
        rows = np.arange(len(self.village), dtype=np.int32)[::-1]
        found[self.village[rows]] = rows  # the oldest: the last one written stays
        known = np.flatnonzero(self.year <= year).astype(np.int32)
        if len(known):
            village = self.village[known]
            last = np.append(village[1:] != village[:-1], True)
            found[village[last]] = known[last]
        return found

    def internet_at(self, year: int) -> NDArray[np.uint8]:
        """Place in INTERNETS; `unknown` where nothing is said."""
        rows = self.rows_at(year)
        found = np.full(self.villages, INTERNETS.index(Internet.UNKNOWN), np.uint8)
        said = np.flatnonzero(rows >= 0)
        found[said] = self.internet[rows[said]]
        return found


def _last_years(villages: Iterable[Village]) -> dict[str, int]:
    last: dict[str, int] = {}
    for row in villages:
        last[row.region_code] = max(last.get(row.region_code, 0), row.year or _LATEST)
    return last
