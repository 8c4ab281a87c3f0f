"""Availability of one thing in one period: six kinds of time, outages, who is charged. Sums are exact.

Pure. A figure of several things (a kecamatan of its villages) is the sum of theirs: each weighs alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from domain.availability.charging import Held, Slice, slices_of
from domain.availability.kinds import DARK, KNOWN, Kind
from domain.availability.spans import Micros, Spans, common, lengths_inside
from domain.availability.timeline import Timeline, sums
from domain.incidents import Liable, Party

ChargeKey = tuple[Liable, str, bool]
"""(party, cause, whether a person overrode the machine)."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Times in microseconds. kinds + outside is the period, exactly, times the number of things in it.

    outages: how many stretches of darkness touched the service time; longest: of one; charges add up to the dark time.
    """

    kinds: Mapping[Kind, Micros]
    outside: Micros = 0
    outages: int = 0
    longest: Micros = 0
    charges: Mapping[ChargeKey, Micros] = field(default_factory=dict)
    things: int = 1

    @property
    def dark(self) -> Micros:
        return self.kinds[Kind.DOWN] + self.kinds[Kind.UNREACHABLE]

    @property
    def base(self) -> Micros:
        """Service time of which we know, without our own planned work."""
        return sum(self.kinds[kind] for kind in KNOWN)

    @property
    def service(self) -> Micros:
        return sum(self.kinds.values())

    @property
    def availability_percent(self) -> float | None:
        """For those who use it: whatever kept it dark counts. None if nothing is known."""
        return 100.0 * (self.base - self.dark) / self.base if self.base else None

    @property
    def own_availability_percent(self) -> float | None:
        """Of the thing itself: time behind somebody else's fault does not count at all."""
        base = self.base - self.kinds[Kind.UNREACHABLE]
        return 100.0 * (base - self.kinds[Kind.DOWN]) / base if base else None

    @property
    def completeness_percent(self) -> float | None:
        """How much of the service time was seen. None if there was none."""
        return 100.0 * (self.service - self.kinds[Kind.UNKNOWN]) / self.service if self.service else None

    @property
    def charged(self) -> Micros:
        return sum(self.charges.values())

    @property
    def mean_outage(self) -> Micros:
        """Mean time to restore."""
        return self.charged // self.outages if self.outages else 0

    def charged_to(self, party: Party) -> Micros:
        return sum(time for (liable, _cause, _overridden), time in self.charges.items() if liable.party is party)


NOTHING = Figure(dict.fromkeys(Kind, 0), things=0)


def figure_of(
    timeline: Timeline,
    hours: Spans,
    held: Iterable[Held] = (),
    expected: Spans = (),
    blamed: frozenset[Kind] = DARK,
) -> Figure:
    """hours: service time, inside the period. expected: see `slices_of`. blamed: the kinds that count as an outage."""
    kinds = sums(timeline, hours)
    whole = timeline.end - timeline.start
    dark = timeline.spans(blamed)
    if not dark:
        return Figure(kinds, whole - sum(kinds.values()))
    lengths = [time for time in lengths_inside(dark, hours) if time]
    return Figure(
        kinds,
        whole - sum(kinds.values()),
        len(lengths),
        max(lengths, default=0),
        _charged(slices_of(common(dark, hours), held, expected)),
    )


def together(figures: Iterable[Figure]) -> Figure:
    return reduce(_plus, figures, NOTHING)


def _plus(one: Figure, other: Figure) -> Figure:
    charges = defaultdict(int, one.charges)
    for key, time in other.charges.items():
        charges[key] += time
    return Figure(
        {kind: one.kinds[kind] + other.kinds[kind] for kind in Kind},
        one.outside + other.outside,
        one.outages + other.outages,
        max(one.longest, other.longest),
        dict(charges),
        one.things + other.things,
    )


def _charged(slices: Sequence[Slice]) -> dict[ChargeKey, Micros]:
    charges: dict[ChargeKey, Micros] = defaultdict(int)
    for each in slices:
        start, end = each.span
        charges[each.liable, each.cause, each.blame is not None and each.blame.is_overridden] += end - start
    return dict(charges)
