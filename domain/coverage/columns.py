"""The stages of all sites in columns: what each site was on any day, by what was known on any other.

Two times are kept of each entry: since when it holds, and since when it is known. A country's four years are a third of
a million rows; asking for a day takes a few milliseconds. The rules are those of `stages`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from domain.coverage.stages import CONNECTS, PLACES
from domain.network import Stage

Days = NDArray[np.int32]
"""Days since 1970-01-01."""

NO_STAGE: Final = 255
CONNECTING: Final = tuple(PLACES[stage] for stage in sorted(CONNECTS, key=PLACES.__getitem__))
_NEVER: Final = np.int32(2**31 - 1)
_EPOCH: Final = date(1970, 1, 1).toordinal()


def day_of(number: int) -> date:
    return date.fromordinal(number + _EPOCH)


def day_number(day: date) -> int:
    return day.toordinal() - _EPOCH


@dataclass(frozen=True, slots=True)
class StageRows:
    """Entries as a store or a file gives them, one list a column. on, recorded_on: ISO days; None: not said."""

    slug: Sequence[str]
    stage: Sequence[str]
    on: Sequence[str]
    document_no: Sequence[str]
    recorded_on: Sequence[str | None]


@dataclass(frozen=True, slots=True, eq=False)
class StageColumns:
    """k entries, sorted by site, day, day of recording and stage.

    site: place of the site; stage: place in `Stage`. on, recorded: days. corrected: the day from which the entry does
    not count any more, because its document was recorded again. sites: how many there are.
    """

    sites: int
    site: NDArray[np.int32]
    stage: NDArray[np.uint8]
    on: Days
    recorded: Days
    corrected: Days

    @classmethod
    def of(cls, rows: StageRows, places: Mapping[str, int]) -> "StageColumns":
        """places: of the sites, by slug. Entries of sites that are not there are left out."""
        site = np.fromiter((places.get(slug, -1) for slug in rows.slug), np.int32, len(rows.slug))
        stage = np.fromiter(map(_PLACE_OF_WORD.__getitem__, rows.stage), np.uint8, len(rows.stage))
        on = _days(rows.on)
        said = rows.recorded_on
        recorded = _days([text or day for text, day in zip(said, rows.on, strict=True)])
        document = _document_numbers(rows.document_no)
        keep = np.flatnonzero(site >= 0)
        order = keep[np.lexsort((stage[keep], recorded[keep], on[keep], site[keep]))]
        site, on, recorded, document = site[order], on[order], recorded[order], document[order]
        stage = stage[order]
        return cls(len(places), site, stage, on, recorded, _corrected(site, stage, on, recorded, document))

    def __len__(self) -> int:
        return len(self.site)

    def first_use(self) -> int | None:
        """The first day on which any site was in use."""
        use = self.on[np.isin(self.stage, CONNECTING)]
        return int(use.min()) if len(use) else None

    def at(self, on: int, known_on: int) -> NDArray[np.uint8]:
        """The stage of each site on a day, by what was known on another; NO_STAGE before the first entry."""
        held = np.flatnonzero((self.on <= on) & (self.recorded <= known_on) & (self.corrected > known_on))
        found = np.full(self.sites, NO_STAGE, np.uint8)
        site = self.site[held]
        last = np.append(site[1:] != site[:-1], True) if len(site) else np.zeros(0, np.bool_)
        found[site[last]] = self.stage[held[last]]
        return found


_PLACE_OF_WORD: Final = {stage.value: place for stage, place in PLACES.items()}


def stage_of(place: int) -> Stage | None:
    return None if place == NO_STAGE else tuple(Stage)[place]


def _days(texts: Sequence[str]) -> Days:
    return np.array(texts, "datetime64[D]").astype(np.int64).astype(np.int32)


def _document_numbers(texts: Sequence[str]) -> NDArray[np.int32]:
    """Each text that is there as a number; 0: no document."""
    numbers: dict[str, int] = {"": 0}
    return np.fromiter((numbers.setdefault(text, len(numbers)) for text in texts), np.int32, len(texts))


def _corrected(
    site: NDArray[np.int32], stage: NDArray[np.uint8], on: Days, recorded: Days, document: NDArray[np.int32]
) -> Days:
    """When the next entry of the same site, stage and document was recorded."""
    corrected = np.full(len(site), _NEVER, np.int32)
    papers = np.flatnonzero(document)
    order = papers[np.lexsort((on[papers], recorded[papers], document[papers], stage[papers], site[papers]))]
    one, other = order[:-1], order[1:]
    same = (site[one] == site[other]) & (stage[one] == stage[other]) & (document[one] == document[other])
    corrected[one[same]] = recorded[other[same]]
    return corrected
