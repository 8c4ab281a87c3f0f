"""What to build next under a budget: villages that are not connected, ranked by people, way, cost and equity.

One formula, stated with the answer: people, weighed by what internet they have now and by how far their kecamatan has
fallen behind, for each million rupiah. The same input gives the same ranking. Nobody's line of sight was looked at; a
village without coordinates is listed and not ranked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.coverage.reach import Mast, Reach, Way
from domain.network import Internet, Stage

MILLION: Final = 1_000_000


class Medium(StrEnum):
    """How a village would be joined."""

    FIBRE = "fibre"
    RADIO = "radio"
    SATELLITE = "satellite"


class Gap(StrEnum):
    """Why a village is listed and not ranked."""

    NO_COORDINATES = "no-coordinates"
    NO_POPULATION = "no-population"
    SUSPENDED = "suspended"  # it is built: a contract is wanting, not a cable


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the ranking takes for granted; rupiah. equity: how much more a person counts in a kecamatan where nobody is
    connected than in one where all are. weights: of a person, by the internet the village has now.
    """

    detour: float = 1.3
    fibre_km: float = 6.0
    radio_km: float = 12.0
    fibre_site: int = 35 * MILLION
    fibre_each_km: int = 28 * MILLION
    radio_site: int = 65 * MILLION
    satellite_site: int = 40 * MILLION
    equity: float = 1.0
    weights: Mapping[Internet, float] = field(
        default_factory=lambda: MappingProxyType(
            {Internet.NONE: 1.5, Internet.UNKNOWN: 1.2, Internet.OWN: 1.0, Internet.BAKTI: 0.8}
        )
    )


@dataclass(frozen=True, slots=True)
class Wanting:
    """A village that is not connected. share: of its kecamatan's villages that are connected, 0 to 1."""

    code: str
    name: str
    kecamatan: str
    people: int | None
    point: tuple[float, float] | None
    internet: Internet
    share: float
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place in the ranking. value: weighed people for each million rupiah. cost: rupiah. chosen: it fits into the
    budget, with all chosen before it; spent: rupiah up to and with it. mast: of a radio
    alone; line of sight is not checked.
    """

    rank: int
    wanting: Wanting
    medium: Medium
    cost: int
    value: float
    way: Way | None
    mast: Mast | None
    chosen: bool = False
    spent: int = 0


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """ranked: the best first. unranked: with the reason, by code. people: of those chosen."""

    budget: int
    ranked: tuple[Candidate, ...]
    unranked: tuple[tuple[Wanting, Gap], ...]
    assumptions: Assumptions

    @property
    def chosen(self) -> tuple[Candidate, ...]:
        return tuple(each for each in self.ranked if each.chosen)

    @property
    def spent(self) -> int:
        return sum(each.cost for each in self.chosen)


def plan(wanting: Iterable[Wanting], reach: Reach, budget: int, assumptions: Assumptions) -> BuildPlan:
    """Rank everybody, then take them in that order as long as they fit: one that is too dear is passed over."""
    unranked: list[tuple[Wanting, Gap]] = []
    drafts: list[Candidate] = []
    for each in sorted(wanting, key=lambda one: one.code):
        gap = _gap(each)
        if gap is not None:
            unranked.append((each, gap))
        else:
            drafts.append(_draft(each, reach, assumptions))
    drafts.sort(key=lambda one: (-one.value, one.wanting.code))
    return BuildPlan(budget, tuple(_spend(drafts, budget)), tuple(unranked), assumptions)


def _gap(wanting: Wanting) -> Gap | None:
    if wanting.stage is Stage.SUSPENDED:
        return Gap.SUSPENDED
    if wanting.point is None:
        return Gap.NO_COORDINATES
    return Gap.NO_POPULATION if wanting.people is None else None


def _draft(wanting: Wanting, reach: Reach, assumptions: Assumptions) -> Candidate:
    assert wanting.point is not None
    assert wanting.people is not None
    way, mast = reach.way(wanting.point), reach.mast(wanting.point)
    if way is not None and way.new_km <= assumptions.fibre_km:
        cost, medium = assumptions.fibre_site + round(way.new_km * assumptions.fibre_each_km), Medium.FIBRE
    elif mast is not None and mast.km <= assumptions.radio_km:
        cost, medium = assumptions.radio_site, Medium.RADIO
    else:
        cost, medium = assumptions.satellite_site, Medium.SATELLITE
    weight = assumptions.weights[wanting.internet] * (1 + assumptions.equity * (1 - wanting.share))
    value = round(wanting.people * weight / (cost / MILLION), 4) if cost else float(wanting.people)
    return Candidate(0, wanting, medium, cost, value, way, mast if medium is Medium.RADIO else None)


def _spend(drafts: Sequence[Candidate], budget: int) -> Iterable[Candidate]:
    spent = 0
    for rank, each in enumerate(drafts, 1):
        fits = spent + each.cost <= budget
        spent += each.cost if fits else 0
        yield Candidate(
            rank, each.wanting, each.medium, each.cost, each.value, each.way, each.mast, fits, spent if fits else 0
        )
