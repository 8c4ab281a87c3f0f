"""Coverage at one date: connected, served and unmeasured, three facts about each village side by side.

Connected is what documents say, served is what was measured, unmeasured is what nobody can say. They are never summed
up into one figure. Desa and kelurahan are counted apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.coverage.columns import CONNECTING, NO_STAGE, StageColumns, StageRows, day_number, stage_of
from domain.coverage.evidence import NOT_SERVED, OF_OTHERS, REASONS, UNMEASURED, Demands, Reason, Window, judge
from domain.coverage.villages import NOBODY, Mask, Places, VillageBook
from domain.network import Internet, Stage

_LADDER: Final = np.array(
    # What of several sites tells most about a village; a suspended site more than one that is gone.
    [{Stage.RETIRED: 0, Stage.SUSPENDED: 1}.get(stage, 2 + at) for at, stage in enumerate(Stage)] + [0],
    np.uint8,
)


class Sort(StrEnum):
    """Kinds of villages that are counted apart."""

    DESA = "desa"
    KELURAHAN = "kelurahan"


@dataclass(frozen=True, slots=True)
class Counts:
    """Of some villages. villages = served + not_served + unmeasured, exactly; connected lies across them.

    on_paper: connected and measured, but not served. connected_unmeasured: connected, and nobody can say. others: the
    villages that are not connected and not measured, by whose internet they have.
    """

    villages: int = 0
    connected: int = 0
    served: int = 0
    not_served: int = 0
    unmeasured: int = 0
    on_paper: int = 0
    connected_unmeasured: int = 0
    others: Mapping[Internet, int] | None = None


@dataclass(frozen=True, slots=True)
class VillageFacts:
    """One village at one date. stage: of the site that has come furthest; None without one. percent: availability."""

    code: str
    sort: Sort | None
    connected: bool
    reason: Reason
    stage: Stage | None
    percent: float | None
    use_days: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What sites there are: slug, region code ('' without), and whether they can connect a village, in one order.

    undated: those of which nobody says since when; their stage today: they count today and on no day before.
    """

    slugs: Sequence[str]
    codes: Sequence[str]
    counts: Sequence[bool]
    undated: Mapping[str, Stage]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """n villages at a date. exists: whether the code was in force. reason: place in REASONS. stage: place in Stage."""

    on: date
    known_on: date
    book: VillageBook
    exists: Mask
    connected: Mask
    reason: NDArray[np.uint8]
    stage: NDArray[np.uint8]
    window: Window
    undated: int = 0

    def mask(self, sort: Sort) -> Mask:
        return self.exists & (self.book.desa if sort is Sort.DESA else self.book.kelurahan)

    def counts(self, among: Mask) -> Counts:
        none = np.zeros(len(self.book), np.int32)
        return next(iter(self._counts(among, none, 1)))

    def by_district(self, sort: Sort) -> Iterator[tuple[str, Counts]]:
        """The kecamatan that have such villages, by code."""
        found = self._counts(self.mask(sort), self.book.district, len(self.book.districts))
        for code, counts in zip(self.book.districts, found, strict=True):
            if counts.villages:
                yield code, counts

    def _counts(self, among: Mask, part: Places, parts: int) -> Iterator[Counts]:
        """Of each part of some villages. part: by village, below `parts`."""
        size = parts * len(REASONS)
        cell = part.astype(np.int64) * len(REASONS) + self.reason
        all_ = np.bincount(cell[among], minlength=size).reshape(parts, -1).tolist()
        own = np.bincount(cell[among & self.connected], minlength=size).reshape(parts, -1).tolist()
        for reasons, inside in zip(all_, own, strict=True):
            yield Counts(
                sum(reasons),
                sum(inside),
                reasons[_SERVED],
                _sum(reasons, _BAD),
                _sum(reasons, _BLANK),
                _sum(inside, _BAD),
                _sum(inside, _BLANK),
                {internet: reasons[at] for internet, at in _OTHERS},
            )

    def villages(self, among: Mask) -> Iterator[VillageFacts]:
        """By code."""
        percent = self.window.percent
        for at in np.flatnonzero(among).tolist():
            sort = Sort.DESA if self.book.desa[at] else Sort.KELURAHAN if self.book.kelurahan[at] else None
            yield VillageFacts(
                self.book.codes[at],
                sort,
                bool(self.connected[at]),
                REASONS[int(self.reason[at])],
                stage_of(int(self.stage[at])),
                None if np.isnan(percent[at]) else round(float(percent[at]), 2),
                int(self.window.use_days[at]),
            )


@dataclass(frozen=True, slots=True, eq=False)
class CoverageHistory:
    """Everything that tells of coverage at any date, but for the evidence. Made once for an inventory."""

    book: VillageBook
    stages: StageColumns
    village: Places  # by site
    counts: Mask
    undated: NDArray[np.uint8]
    codes: Mapping[str, int]

    @classmethod
    def of(cls, book: VillageBook, ground: Ground, rows: StageRows) -> "CoverageHistory":
        codes = {code: at for at, code in enumerate(book.codes)}
        sites = {slug: at for at, slug in enumerate(ground.slugs)}
        undated = np.full(len(sites), NO_STAGE, np.uint8)
        places = {stage: at for at, stage in enumerate(Stage)}
        for slug, stage in ground.undated.items():
            undated[sites[slug]] = places[stage]
        return cls(
            book,
            StageColumns.of(rows, sites),
            np.fromiter((codes.get(code, NOBODY) for code in ground.codes), np.int32, len(sites)),
            np.array(ground.counts, np.bool_),
            undated,
            codes,
        )

    def connected_at(self, on: date, known_on: date, today: date) -> tuple[Mask, NDArray[np.uint8]]:
        """Whether each village has a site in use that counts, and the stage of the one that has come furthest."""
        stage = self.stages.at(day_number(on), day_number(known_on))
        if on >= today:
            stage = np.where(stage == NO_STAGE, self.undated, stage)
        village = self.book.as_of(self.village, on.year)
        here = np.flatnonzero((village >= 0) & self.counts & (stage != NO_STAGE))
        connected = np.zeros(len(self.book), np.bool_)
        connected[village[here[np.isin(stage[here], CONNECTING)]]] = True
        best = np.full(len(self.book), NO_STAGE, np.uint8)
        rising = here[np.argsort(_LADDER[stage[here]], kind="stable")]
        best[village[rising]] = stage[rising]  # the last one written stays
        return connected, best

    def picture(self, on: date, today: date, window: Window, demands: Demands, known_on: date | None = None) -> Picture:
        """At a date, as it is known now or was known on another day. window: of the evidence that ends at the date."""
        known_on = known_on or max(on, today)
        connected, stage = self.connected_at(on, known_on, today)
        exists = self.book.in_force(on.year)
        internet = self.book.statistics.internet_at(on.year)
        undated = int((self.counts & (self.village >= 0) & (self.undated != NO_STAGE)).sum())
        return Picture(
            on,
            known_on,
            self.book,
            exists,
            connected & exists,
            judge(window, connected, internet, on, demands),
            stage,
            window,
            undated,
        )


_SERVED: Final = REASONS.index(Reason.SERVED)
_BAD: Final = tuple(at for at, each in enumerate(REASONS) if each in NOT_SERVED)
_BLANK: Final = tuple(at for at, each in enumerate(REASONS) if each in UNMEASURED)
_OTHERS: Final = tuple((Internet(each.value), REASONS.index(each)) for each in OF_OTHERS)


def _sum(counts: Sequence[int], places: Sequence[int]) -> int:
    return sum(counts[at] for at in places)
