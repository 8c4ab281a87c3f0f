"""Coverage while the service runs: users are counted, days that are over become evidence, the figures are lent out."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

import numpy as np
import structlog
from numpy.typing import NDArray

from domain.coverage.evidence import UseDay
from domain.coverage.picture import Sort
from domain.coverage.stages import may_connect
from domain.network import Device, DeviceStatus, Inventory, Role
from domain.services import Heartbeat, Pulse
from exporters.catalogue import coverage as catalogue
from exporters.own_health import OwnHealth
from inventory.store.coverage import SqlCoverageStore
from kentongan.coverage import CoverageBook, open_coverage
from kentongan.evidence import close_days
from kentongan.run.usage import UsageMeter, Used

if TYPE_CHECKING:
    from kentongan.run.service import Service

log = structlog.get_logger(__name__)

LOOK_SECONDS: Final = 300.0
PASSES_ON: Final = frozenset({Role.ROUTER, Role.FIREWALL, Role.MODEM})
Numbers = Mapping[tuple[str, ...], float]


@dataclass(slots=True)
class Tally:
    """How many used one village at one time, by who told; None: nobody told."""

    leases: int | None = None
    hotspot: int | None = None
    pppoe: int | None = None
    wifi: int | None = None
    octets: int = 0

    def add(self, name: str, count: int | None) -> None:
        if count is not None and count >= 0:
            setattr(self, name, (getattr(self, name) or 0) + count)

    @property
    def users(self) -> int | None:
        """One person shows as a lease, a hotspot user and a Wi-Fi client; a PPPoE customer as nothing else."""
        some = [count for count in (self.leases, self.hotspot, self.wifi) if count is not None]
        return None if not some and self.pppoe is None else max(some, default=0) + (self.pppoe or 0)


@dataclass(slots=True)
class _Figures:
    """What a scrape shows; made anew at each look."""

    villages: Numbers = field(default_factory=dict)
    targets: Numbers = field(default_factory=dict)


class CoverageDesk:
    """`know` each inventory, `start` when the jobs run. Until the first look no figure is there."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self.meter = UsageMeter(service.fleet)
        self._store = SqlCoverageStore(service.installation.database.engine)
        self._polled: NDArray[np.int64] = np.zeros(0, np.int64)
        self._figures = _Figures()
        self._made_of: tuple[object, ...] = ()
        self._inventory = Inventory()

    def start(self, health: OwnHealth) -> None:
        service = self._service
        service.tick.use = self.meter
        health.read(catalogue.VILLAGES, lambda: self._figures.villages)
        health.read(catalogue.TARGET_VILLAGES, lambda: self._figures.targets)
        service.jobs.add("coverage", self.look, LOOK_SECONDS)

    def know(self, inventory: Inventory) -> None:
        """Whose use is counted is looked up at each look: a country's devices are not to be listed twice."""
        self._inventory = inventory

    async def look(self) -> None:
        """A clock that is not trusted dates nothing."""
        service = self._service
        if not service.jobs.is_clock_trusted(service.clock.now()):
            return
        today = service.installation.today()
        await asyncio.to_thread(self._work, today, self.uses(today))

    def uses(self, today: date) -> list[UseDay]:
        """What was used since the last call."""
        return self._uses(today, self.meter.take(), self._heartbeats())

    def record(self, today: date, uses: Sequence[UseDay]) -> None:
        """Keep the use, and the evidence of days that are over. Writes."""
        self._store.add_use(uses)
        days = close_days(self._service.installation, today)
        if days:
            log.info("evidence_written", days=days)

    def _heartbeats(self) -> list[Heartbeat]:
        """The last ones of sites whose word is fresh."""
        board = self._service.beats.board
        fresh = (site for site in set(self._service.beats.tokens) if board.pulse(site) is Pulse.BEATING)
        return [last for site in fresh if (last := board.last(site)) is not None]

    def _work(self, today: date, uses: Sequence[UseDay]) -> None:
        """In a thread. Figures are made anew when anything has changed that they are made of."""
        installation = self._service.installation
        self.record(today, uses)
        made_of = installation.inventory.revision(), today, self._store.last_day()
        if made_of != self._made_of:
            self._figures, self._made_of = figures_of(open_coverage(installation)), made_of

    def _uses(self, today: date, used: Used, beats: Iterable[Heartbeat]) -> list[UseDay]:
        """Of the villages of which anybody told something."""
        sites = (site for site in self._inventory.sites if site.region_code and may_connect(site))
        village = {site.slug: str(site.region_code) for site in sites}
        found: dict[str, Tally] = defaultdict(Tally)
        polled = self._polling_since()
        for device in self._inventory.devices:
            if device.site in village and device.status is DeviceStatus.IN_USE and device.name in self._service.fleet:
                at = self._service.fleet.index(device.name)
                if at < len(used.octets):
                    _note_device(
                        found[village[device.site]], device, used, at, int(polled[at]) if at < len(polled) else 0
                    )
        for beat in beats:
            if beat.site in village:
                tally = found[village[beat.site]]
                if beat.dhcp_leases is not None:  # the site's own word goes before what we polled of the same
                    tally.leases = beat.dhcp_leases
                if beat.pppoe_users is not None:
                    tally.pppoe = beat.pppoe_users
                tally.add("hotspot", beat.hotspot_users)
        return [
            UseDay(code, today, each.leases, each.hotspot, each.pppoe, each.wifi, each.users, each.octets)
            for code, each in sorted(found.items())
            if each.users is not None or each.octets
        ]

    def _polling_since(self) -> NDArray[np.int64]:
        """Octets that our own polling cost each device since the last look."""
        now = self._service.allowance.used.copy()
        before = np.zeros(len(now), np.int64)
        before[: min(len(now), len(self._polled))] = self._polled[: len(now)]
        self._polled = now
        spent: NDArray[np.int64] = np.maximum(now - before, 0)
        return spent


def figures_of(book: CoverageBook) -> _Figures:
    """As it is today: villages by kecamatan, kind and state; what is promised for desa, by the day it is due."""
    picture = book.picture(book.today)
    villages: dict[tuple[str, ...], float] = {}
    for sort in Sort:
        for code, counts in picture.by_district(sort):
            for state, count in (
                ("all", counts.villages),
                ("connected", counts.connected),
                ("served", counts.served),
                ("not-served", counts.not_served),
                ("unmeasured", counts.unmeasured),
            ):
                villages[code, sort.value, state] = count
    targets: dict[tuple[str, ...], float] = {
        (each.target.due_on.isoformat(),): float(each.target.value)
        for each in book.promises(book.today)
        if each.target.region_code == book.home and each.target.indicator.value == Sort.DESA.value
    }
    return _Figures(villages, targets)


def _note_device(tally: Tally, device: Device, used: Used, at: int, polled: int) -> None:
    tally.add("wifi", int(used.wifi[at]))
    tally.add("pppoe", int(used.pppoe[at]))
    tally.add("leases", int(used.leases[at]))
    if device.role in PASSES_ON:
        tally.octets += max(0, int(used.octets[at]) - polled)
