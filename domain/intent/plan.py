"""A dry run of a site: what would be taken, told, watched and paid. Nothing of it is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.addressing import Allocation
from domain.intent.configuration import Configuration
from domain.intent.difference import Difference
from domain.intent.site import SiteIntent
from domain.network import Check, PollClassName


@dataclass(frozen=True, slots=True)
class KeptText:
    """A device's configuration as it was last read, secrets masked. text: of the running configuration."""

    text: str
    read_at: datetime | None = None


class KeptConfigurations(Protocol):
    """The last configuration that was read of a device; None if it was never read."""

    def latest(self, device: str) -> KeptText | None: ...


@dataclass(frozen=True, slots=True)
class Watched:
    """A device that will be monitored, and what polling it costs in a month of 30 days."""

    device: str
    address: str
    check: Check
    poll_class: PollClassName
    month_megabytes: float


@dataclass(frozen=True, slots=True)
class Traffic:
    """The month's traffic of watching a site, in megabytes. quota_gb: of its metered link, None if it has none."""

    polling: float
    heartbeat: float
    metered: bool
    quota_gb: float | None = None

    @property
    def total(self) -> float:
        return self.polling + self.heartbeat


@dataclass(frozen=True, slots=True)
class SitePlan:
    """differences: by device, for those of which a configuration is known. warnings: sentences for people."""

    intent: SiteIntent
    allocations: tuple[Allocation, ...] = ()
    configurations: tuple[Configuration, ...] = ()
    differences: Mapping[str, Difference] = field(default_factory=dict)
    watched: tuple[Watched, ...] = ()
    traffic: Traffic = Traffic(0.0, 0.0, False)
    warnings: tuple[str, ...] = ()
