"""An incident as the templates see it: what is counted and grouped, without a word of any language. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby

from alerts.texts.surroundings import Spot, Surroundings
from domain.incidents import (
    CauseKind,
    Condition,
    Evidence,
    EvidenceKind,
    Incident,
    Liable,
    Member,
    Party,
    Place,
    VerdictKind,
)
from domain.network import SiteKind

# Kinds of sites that stand in a line of their own beside villages and agencies, the most felt first.
COUNTED = (
    SiteKind.PUSKESMAS,
    SiteKind.SCHOOL,
    SiteKind.MPP,
    SiteKind.KELURAHAN,
    SiteKind.KECAMATAN,
    SiteKind.PUBLIC,
    SiteKind.CCTV,
    SiteKind.POP,
    SiteKind.DATACENTER,
    SiteKind.TOWER,
)
_PARTY = {
    VerdictKind.FIBRE: Party.OURS,
    VerdictKind.DEVICE: Party.OURS,
    VerdictKind.RADIO: Party.OURS,
    VerdictKind.MANAGEMENT: Party.OURS,
    VerdictKind.POLLER: Party.OURS,
    VerdictKind.POWER: Party.PLN,
    VerdictKind.PROVIDER: Party.PROVIDER,
    VerdictKind.SERVICE: Party.OWNER,
    VerdictKind.UNDETERMINED: Party.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class Group:
    """Names in one kecamatan."""

    kecamatan: str
    names: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.names)


@dataclass(frozen=True)  # no slots: what has been counted once is kept, for one fault is told to many
class Picture:
    """of, back: sites (members where sites are not known) in all and returned."""

    incident: Incident
    around: Surroundings
    now: datetime

    @cached_property
    def liable(self) -> Liable:
        """Who it is charged to; where nobody has judged yet, whoever such a fault usually belongs to."""
        return self.incident.liable or Liable(usual_party(self.incident))

    @cached_property
    def spot(self) -> Spot | None:
        """Where the cause stands."""
        return self.around.spots.get(self.incident.cause.name)

    @cached_property
    def of(self) -> int:
        return len(_places(self.around, self.incident.members))

    @cached_property
    def back(self) -> int:
        return self.of - len(_places(self.around, self.incident.dark))

    @cached_property
    def still_dark(self) -> tuple[Spot, ...]:
        """The sites of members that are not back, each once, villages first."""
        spots = {
            _site_key(self.around, member.name): self.around.spots.get(member.name) for member in self.incident.dark
        }
        found = [spot for _key, spot in sorted(spots.items()) if spot is not None]
        return tuple(sorted(found, key=lambda spot: (not spot.is_village, spot.kecamatan, spot.name)))

    @cached_property
    def dark_villages(self) -> tuple[Group, ...]:
        """Of those still dark, by kecamatan."""
        return grouped(Place(spot.site, spot.name, spot.kecamatan) for spot in self.still_dark if spot.is_village)

    @cached_property
    def dark_names(self) -> tuple[str, ...]:
        """Of those still dark, villages or not."""
        return tuple(spot.name for spot in self.still_dark) or tuple(member.name for member in self.incident.dark)

    @cached_property
    def villages(self) -> tuple[Group, ...]:
        return grouped(self.incident.impact.villages)

    @cached_property
    def kinds(self) -> tuple[tuple[SiteKind, int], ...]:
        """How many of the sites that are neither desa nor agency."""
        found = [self.around.spots.get(place.key) for place in self.incident.impact.sites]
        counts = {kind: sum(1 for spot in found if spot is not None and spot.kind is kind) for kind in COUNTED}
        return tuple((kind, count) for kind, count in counts.items() if count)

    @cached_property
    def lone_village(self) -> bool:
        """The one village that is dark is named already, as the place of the cause."""
        named = self.spot is not None and self.spot.is_village
        impact = self.incident.impact
        return named and len(impact.villages) <= 1 and not impact.opd and not impact.services

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The stretches that cannot be told apart; none if the cause says it all."""
        causes = (self.incident.cause, *self.incident.indistinct)
        names = tuple(dict.fromkeys(cause.name for cause in causes if cause.kind is CauseKind.SEGMENT))
        return names if len(names) > 1 or self.incident.cause.kind is not CauseKind.SEGMENT else ()

    @cached_property
    def doubles(self) -> tuple[str, ...]:
        """Other causes that the evidence cannot tell from this one, segments apart."""
        return tuple(cause.name for cause in self.incident.indistinct if cause.kind is not CauseKind.SEGMENT)

    @cached_property
    def seconds(self) -> float:
        """How long it has lasted, or lasted."""
        return ((self.incident.resolved_at or self.now) - self.incident.started_at).total_seconds()


def usual_party(incident: Incident) -> Party:
    if incident.condition is Condition.SERVICE:
        return Party.OWNER
    if incident.condition in (Condition.MANAGEMENT, Condition.BLIND, Condition.DEGRADED):
        return _PARTY[incident.verdict.kind] if incident.verdict.kind is VerdictKind.PROVIDER else Party.OURS
    return _PARTY[incident.verdict.kind]


def grouped(places: Iterable[Place]) -> tuple[Group, ...]:
    ordered = sorted(places, key=lambda place: (place.kecamatan, place.name))
    return tuple(
        Group(kecamatan, tuple(place.name for place in found))
        for kecamatan, found in groupby(ordered, key=lambda place: place.kecamatan)
    )


# The strongest witnesses are heard first: a message has room for three or four.
_ORDER: Mapping[EvidenceKind, int] = {kind: at for at, kind in enumerate(EvidenceKind)}
_FIRST = (
    EvidenceKind.FEEDER_DARK,
    EvidenceKind.UPS_ON_BATTERY,
    EvidenceKind.ONU_DYING_GASP,
    EvidenceKind.RX_LOST,
    EvidenceKind.ONU_LOSS_OF_SIGNAL,
    EvidenceKind.ALL_BEHIND_DARK,
    EvidenceKind.LIT_BY_OTHER_WAY,
    EvidenceKind.MANAGEMENT_LOST,
    EvidenceKind.HEARTBEAT_GOES_ON,
    EvidenceKind.ANSWERS_ECHO,
    EvidenceKind.WAN_UP,
    EvidenceKind.INTERNET_FAILS,
)


def strongest(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """In the order in which people weigh it; of one kind and subject the last word."""
    last = {(each.kind, each.subject): each for each in evidence}
    rank = {kind: at for at, kind in enumerate(_FIRST)}
    return tuple(sorted(last.values(), key=lambda each: rank.get(each.kind, len(_FIRST) + _ORDER[each.kind])))


def _site_key(around: Surroundings, name: str) -> str:
    spot = around.spots.get(name)
    return spot.site if spot else name


def _places(around: Surroundings, members: Iterable[Member]) -> frozenset[str]:
    return frozenset(_site_key(around, member.name) for member in members)
