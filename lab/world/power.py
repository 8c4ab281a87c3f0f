"""What a site lives on when its mains are gone: a battery while it lasts, a generator once it has started. Pure.

Times are seconds since 1970 UTC. How long a site holds is its own, from its name.
"""

import random
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf

from domain.network import PowerSource, Site, SiteKind

_HOUR = 3600.0
_RECHARGE_SECONDS = 4 * _HOUR


class Supply(StrEnum):
    """What feeds a site just now."""

    MAINS = "mains"
    GENERATOR = "generator"
    BATTERY = "battery"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class SitePower:
    """One site. `charge` (0 to 1) is the battery's at `since`, when the mains came or went last.

    hold_seconds: how long a full battery carries the site, 0 without one. start_seconds and fuel_seconds: of the
    generator, `inf` and 0 without one.
    """

    hold_seconds: float
    start_seconds: float
    fuel_seconds: float
    since: float
    mains: bool = True
    charge: float = 1.0
    blackouts: int = 0

    @classmethod
    def of(cls, site: Site, now: float) -> "SitePower":
        rng = random.Random(f"power:{site.slug}")
        hold = 0.0
        if PowerSource.SOLAR in site.power:
            hold = rng.uniform(6, 14) * _HOUR
        elif PowerSource.UPS in site.power:
            hold = rng.uniform(60, 120) * 60 if site.kind is SiteKind.DATACENTER else rng.uniform(18, 70) * 60
        if PowerSource.GENERATOR not in site.power:
            return cls(hold, inf, 0.0, now)
        return cls(hold, rng.uniform(12, 45), rng.uniform(8, 20) * _HOUR, now)

    def switched(self, mains: bool, now: float) -> "SitePower":
        """The mains come or go at `now`."""
        if mains == self.mains:
            return self
        return replace(self, charge=self.charge_at(now), since=now, mains=mains, blackouts=self.blackouts + (not mains))

    def supply(self, now: float) -> Supply:
        if self.mains:
            return Supply.MAINS
        if self._starts_at <= now < self._dry_at:
            return Supply.GENERATOR
        return Supply.BATTERY if self.charge_at(now) > 0 else Supply.NOTHING

    def charge_at(self, now: float) -> float:
        """Of the battery, 0 to 1; 0 without one."""
        if not self.hold_seconds:
            return 0.0
        passed = now - self.since
        if self.mains:
            return min(1.0, self.charge + passed / _RECHARGE_SECONDS)
        charge = _emptied(self.charge - min(passed, self.start_seconds) / self.hold_seconds)
        on_generator = min(passed - self.start_seconds, self.fuel_seconds)
        if on_generator > 0:
            charge = min(1.0, charge + on_generator / _RECHARGE_SECONDS)
        after = passed - self.start_seconds - self.fuel_seconds
        return charge if after <= 0 else _emptied(charge - after / self.hold_seconds)

    def seconds_on_battery(self, now: float) -> float:
        if self.supply(now) is not Supply.BATTERY:
            return 0.0
        return now - (self.since if now < self._starts_at else self._dry_at)

    def next_change(self, after: float) -> float | None:
        """When the supply changes by itself, later than `after`; None if it never does."""
        if self.mains:
            return None
        moments = [self._starts_at, self._dry_at, self.since + self.charge * self.hold_seconds]
        if self._dry_at < inf:
            moments.append(self._dry_at + self.charge_at(self._dry_at) * self.hold_seconds)
        return min((at for at in moments if after < at < inf), default=None)

    @property
    def _starts_at(self) -> float:
        """When the generator feeds the site."""
        return self.since + self.start_seconds

    @property
    def _dry_at(self) -> float:
        return self._starts_at + self.fuel_seconds


def _emptied(charge: float) -> float:
    """Nought at the moment of exhaustion, whatever rounding left."""
    return charge if charge > 1e-6 else 0.0
