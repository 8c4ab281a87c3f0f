"""When a place must work, and what its power lets one expect: service hours, grace, nights of solar sites.

The hours are the site's own, else its contract's, else its class's. Pure; holidays are an argument.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from domain.network import Contract, PowerSource, Site, SiteKind
from domain.time import WeeklyHours

CLASS_HOURS: Final[Mapping[SiteKind, str]] = MappingProxyType(dict.fromkeys(SiteKind, "24/7"))
"""What a class of sites promises where neither site nor contract says anything. An office that writes its hours once in
sites.csv is measured by them; one that does not is measured by the whole day, so that no outage is hidden."""

NIGHT: Final = WeeklyHours.parse("18-06")


class PowerClass(StrEnum):
    """How an outage of power at a site is to be taken."""

    USUAL = "usual"
    CHANGE_OVER = "change-over"  # the generator takes its time
    EXPECTED_NIGHT = "expected-night"  # sun alone, no battery that lasts: dark by night


@dataclass(frozen=True, slots=True)
class PowerProfile:
    """grace: how long a silence may last before it is told, beside the settle window."""

    class_: PowerClass
    grace: timedelta

    @classmethod
    def of(cls, site: Site) -> "PowerProfile":
        sources = frozenset(site.power)
        if sources == {PowerSource.SOLAR}:
            return cls(PowerClass.EXPECTED_NIGHT, timedelta(minutes=5))
        if PowerSource.GENERATOR in sources and PowerSource.UPS not in sources:
            return cls(PowerClass.CHANGE_OVER, timedelta(minutes=3))
        return cls(PowerClass.USUAL, timedelta())

    @property
    def expected_dark(self) -> WeeklyHours | None:
        """Hours in which darkness is counted apart."""
        return NIGHT if self.class_ is PowerClass.EXPECTED_NIGHT else None


def hours_text(site: Site, contract: Contract | None = None) -> str:
    """The service hours that hold for a site, as somebody wrote them; empty: always."""
    own = (site.service_hours, contract.service_hours if contract else "", CLASS_HOURS.get(site.kind, ""))
    return next((text for text in own if text.strip()), "")


def service_hours(site: Site, contract: Contract | None = None) -> WeeklyHours:
    """Raises HoursError that names the text."""
    return WeeklyHours.parse(hours_text(site, contract))
