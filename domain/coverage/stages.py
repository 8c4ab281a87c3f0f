"""The ladder of stages: which step may follow which, and which entry of a site's history holds on a day.

An entry holds from its day on until a later one. Of two of the same day the one recorded later holds, and of two
recorded together the further stage. The same document with another day corrects what was recorded before.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from domain.network import Site, SiteKind, Stage, StageEntry

LADDER: Final = (Stage.PLANNED, Stage.FUNDED, Stage.BUILT, Stage.ACTIVE, Stage.HANDED_OVER)
PLACES: Final = {stage: place for place, stage in enumerate(Stage)}
CONNECTS: Final = frozenset({Stage.ACTIVE, Stage.HANDED_OVER})
NETWORK: Final = frozenset({SiteKind.DATACENTER, SiteKind.POP, SiteKind.TOWER, SiteKind.POLE, SiteKind.CCTV})
"""Places that carry the network or watch a street: people of the village use none of them."""


class Step(StrEnum):
    """What one entry is after another."""

    FIRST = "first"
    NEXT = "next"
    SAME = "same"
    SKIPPED = "skipped"  # forward over a stage that nobody wrote down
    BACK = "back"  # not allowed


def step(before: Stage | None, after: Stage) -> Step:
    """Forward step by step; suspended and back to use; whatever is retired stays so."""
    if before is None:
        return Step.FIRST
    if before is after:
        return Step.SAME
    if before is Stage.RETIRED:
        return Step.BACK
    if after in (Stage.SUSPENDED, Stage.RETIRED):
        return Step.NEXT
    if before is Stage.SUSPENDED:
        return Step.NEXT if after in CONNECTS else Step.BACK
    rise = PLACES[after] - PLACES[before]
    return Step.BACK if rise < 0 else Step.NEXT if rise == 1 else Step.SKIPPED


def recorded(entry: StageEntry) -> date:
    """Since when it is known; without a word about that: since it holds."""
    return entry.recorded_on or entry.on


def in_order(entries: Iterable[StageEntry], known_on: date = date.max) -> list[StageEntry]:
    """Of one site: the entries known on a day, without those that were corrected by then, in the order they hold."""
    known = [entry for entry in entries if recorded(entry) <= known_on]
    last: dict[tuple[Stage, str], StageEntry] = {}
    for entry in sorted(known, key=lambda each: (recorded(each), each.on)):
        if entry.document_no:
            last[entry.stage, entry.document_no] = entry
    held = [each for each in known if last.get((each.stage, each.document_no), each) is each]
    return sorted(held, key=lambda each: (each.on, recorded(each), PLACES[each.stage]))


def standing(entries: Sequence[StageEntry], on: date, known_on: date = date.max) -> StageEntry | None:
    """The entry that holds on a day, by what was known on another."""
    return next((each for each in reversed(in_order(entries, known_on)) if each.on <= on), None)


def may_connect(site: Site) -> bool:
    """Whether the site connects its village once it is in use. A CCTV pole does not, whatever its row says."""
    return site.counts_for_coverage and site.kind not in NETWORK
