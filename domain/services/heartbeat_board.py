"""Whose heartbeat came and whose is missing. Pure: intervals come from the steady clock of the moments handed in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from domain.services.heartbeat import Heartbeat
from domain.time import Moment

MISSED_INTERVALS: Final = 3.0


class Pulse(StrEnum):
    """What is held of a site's heartbeat."""

    AWAITED = "awaited"  # none yet since we began to listen: says nothing
    BEATING = "beating"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class PulseChange:
    """A site's heartbeat came, came back, or has been missing for too long. last: the last one that came."""

    site: str
    at: Moment
    before: Pulse
    after: Pulse
    last: Heartbeat | None


@dataclass(slots=True)
class _Heart:
    interval_seconds: float
    counted_from: float
    pulse: Pulse = Pulse.AWAITED
    last: Heartbeat | None = None


class HeartbeatBoard:
    """Site → its last heartbeat. Missing after `missed_intervals` without one; never before we ourselves have listened
    for so long, and never of a site that has not yet sent any.
    """

    def __init__(self, missed_intervals: float = MISSED_INTERVALS) -> None:
        self._missed = missed_intervals
        self._hearts: dict[str, _Heart] = {}

    def expect(self, intervals: Mapping[str, float], now: Moment) -> None:
        """The sites that send, with their intervals in seconds. Others are forgotten; who stays keeps what is known."""
        for site in self._hearts.keys() - intervals.keys():
            del self._hearts[site]
        for site, seconds in intervals.items():
            heart = self._hearts.get(site)
            if heart is None:
                self._hearts[site] = _Heart(seconds, now.steady_seconds)
            else:
                heart.interval_seconds = seconds

    def assume(self, sites: Iterable[str], now: Moment) -> None:
        """These sent before we began, as a kept state says: their next one is awaited from now on, like any other."""
        for site in sites:
            heart = self._hearts.get(site)
            if heart is not None and heart.pulse is Pulse.AWAITED:
                heart.pulse, heart.counted_from = Pulse.BEATING, now.steady_seconds

    def hear(self, heartbeat: Heartbeat) -> PulseChange | None:
        """Takes one in; a change when the site was awaited or missing. Unexpected sites are ignored."""
        heart = self._hearts.get(heartbeat.site)
        if heart is None:
            return None
        before, heart.pulse = heart.pulse, Pulse.BEATING
        heart.last = heartbeat
        heart.counted_from = heartbeat.received.steady_seconds
        if before is Pulse.BEATING:
            return None
        return PulseChange(heartbeat.site, heartbeat.received, before, Pulse.BEATING, heartbeat)

    def deaf_until(self, now: Moment) -> None:
        """We could not hear (blind, or our receiver was down): no silence before `now` counts against anybody."""
        for heart in self._hearts.values():
            heart.counted_from = max(heart.counted_from, now.steady_seconds)

    def missing(self, now: Moment) -> tuple[PulseChange, ...]:
        """Those that have become missing since the last call, by site."""
        changes = []
        for site, heart in sorted(self._hearts.items()):
            late = now.steady_seconds - heart.counted_from > heart.interval_seconds * self._missed
            if heart.pulse is Pulse.BEATING and late:
                heart.pulse = Pulse.MISSING
                changes.append(PulseChange(site, now, Pulse.BEATING, Pulse.MISSING, heart.last))
        return tuple(changes)

    def pulse(self, site: str) -> Pulse | None:
        heart = self._hearts.get(site)
        return heart.pulse if heart else None

    def last(self, site: str) -> Heartbeat | None:
        heart = self._hearts.get(site)
        return heart.last if heart else None
