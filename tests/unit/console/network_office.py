"""The small kabupaten of console_office with a link, a contract, stages, and everything that was kept of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from console.ports import Look
from console.ports.charts import Chart, ChartKind, ChartsAwayError, Line, Reading, Span
from console.ports.network import (
    CalendarDay,
    CalendarMonth,
    ClosedFigure,
    CorrectedFigure,
    Facts,
    Light,
    Neighbour,
    Users,
)
from console.web.network import network_part
from domain.availability import Kind
from domain.incidents import Incident
from domain.network import Contract, Inventory, Link, Segment, SegmentKind, Stage, StageEntry
from domain.states import State, StateChange
from tests.unit.console.console_office import EVIL, IN_PLERED, IN_TEGALWARU, INVENTORY, NAMES, NOW, Office, office

CITEKO, CADASSARI = "32.14.05.2001", "32.14.10.2001"
WHOLE = replace(
    INVENTORY,
    sites=tuple(
        replace(site, contact="Ibu Sari 0812", access_note="kunci di balai", contract="K-1")
        if site.slug == "desa-citeko"
        else site
        for site in INVENTORY.sites
    ),
    devices=tuple(
        replace(device, uplink=("srv-1",)) if device.name.startswith("rtr") else device for device in INVENTORY.devices
    ),
    links=(
        Link(
            "fo-citeko",
            "rtr-citeko",
            "sfp1",
            "srv-1",
            "eth1",
            capacity_mbps=1000,
            contract="K-1",
            segments=("kabel-1",),
        ),
        Link(f"=fo-cadassari{EVIL}", "rtr-cadassari", "sfp1", "srv-1", "eth2", segments=("kabel-1",)),
    ),
    segments=(Segment("kabel-1", SegmentKind.CABLE),),
    contracts=(Contract("K-1", "Telkom", sla_percent=98.5, noc_phone="+62 21"),),
    stages=(StageEntry("desa-citeko", Stage.ACTIVE, date(2020, 8, 14), f"BAST {EVIL}", date(2020, 9, 1)),),
)
NAMED = {**NAMES, CITEKO: "Citeko", CADASSARI: f"Cadassari{EVIL}"}


@dataclass
class MemoryNetwork:
    """Implements console.ports.network.Network."""

    found: list[Incident] = field(default_factory=lambda: [IN_PLERED, IN_TEGALWARU])

    def facts(self, device: str) -> Facts | None:
        if device != "rtr-citeko":
            return None
        neighbour = Neighbour("lldp", "sfp1", EVIL, "ge-0/0/1")
        return Facts(
            NOW, "routeros", EVIL, "S1", "7.16", EVIL, ("sfp1", "ether1"), (), (neighbour,), ((EVIL, "silent"),)
        )

    def changes(self, devices: Sequence[str], since: datetime) -> Sequence[StateChange]:
        at = NOW - timedelta(hours=1)
        return [StateChange(at, name, State.UP, State.DOWN, "icmp-silent") for name in devices]

    def light(self, devices: Sequence[str], since: date) -> Sequence[Light]:
        days = tuple((date(2026, 11, 1) + timedelta(days=n), -20.0 - 0.1 * n) for n in range(20))
        return [Light(name, "sfp1 Rx", "sfp1", days, -24.0) for name in devices]

    def incidents(self, names: Iterable[str], since: datetime) -> Sequence[Incident]:
        wanted = set(names)
        return [each for each in self.found if wanted & {member.name for member in each.members}]

    def calendar(
        self, months: int, *, devices: Sequence[str] = (), sites: Sequence[str] = ()
    ) -> Sequence[CalendarMonth]:
        day = CalendarDay(date(2026, 11, 3), {Kind.UP: 0.75, Kind.DOWN: 0.25})
        return [CalendarMonth("2026-10", None, None, ()), CalendarMonth("2026-11", 99.5, 80.0, (day,))]

    def reason(self, reason: str) -> str:
        return f"in words {reason}"


class MemoryVillages:
    """Implements console.ports.network.Villages."""

    def coverage(self, code: str) -> Mapping[str, Any] | None:
        return {"connected": True, "measured": "served", "reason": "served", "availabilityPercent": 99.1}

    def closed(self, code: str, months: Sequence[str]) -> Mapping[str, ClosedFigure]:
        corrected = CorrectedFigure(NOW, f"Surat PLN {EVIL}", 97.25, 81.0)
        return {"2026-11": ClosedFigure(NOW, 96.5, 81.0, corrected)} if code == CITEKO else {}

    def users(self, code: str, months: int) -> Sequence[Users]:
        return [Users("2026-11", 77, 56.2)]

    def outlines(self) -> Mapping[str, Any]:
        features = [{"type": "Feature", "properties": {"code": code, "name": EVIL}, "geometry": None} for code in NAMES]
        return {"type": "FeatureCollection", "features": features}


@dataclass
class MemoryCharts:
    """Implements console.ports.charts.Charts. away: since when it is."""

    away: datetime | None = None
    asked: list[tuple[ChartKind, str, Span]] = field(default_factory=list)

    def chart(self, kind: ChartKind, of: str, span: Span) -> Chart:
        self.asked.append((kind, of, span))
        self._check()
        values = (None, 1e6, 2e6, 10e6)
        return Chart(kind, span, "bit/s", (0, 60, 120, 180), (Line(EVIL, values), Line("contract", (5e6,) * 4, True)))

    def readings(self, device: str) -> Sequence[Reading]:
        self._check()
        return [Reading("kentongan_interface_oper_status", "sfp1", 1.0, "sfp1")]

    def _check(self) -> None:
        if self.away:
            raise ChartsAwayError("Prometheus does not answer.", self.away)


@dataclass
class NetworkOffice:
    office: Office
    network: MemoryNetwork
    charts: MemoryCharts
    keys: dict[str, dict[str, str]] = field(default_factory=dict)

    def enter(self, name: str) -> None:
        """Through the door once; it lets nobody knock more than twenty times a minute."""
        if name not in self.keys:
            assert self.office.enter(name) == 303
            self.keys[name] = dict(self.office.client.cookies)
        self.office.client.cookies.clear()
        self.office.client.cookies.update(self.keys[name])


@contextmanager
def network_office(inventory: Inventory = WHOLE) -> Iterator[NetworkOffice]:
    network, charts = MemoryNetwork(), MemoryCharts()
    with office(parts=[network_part(network, MemoryVillages(), charts)]) as here:
        seen = here.sources.look

        def look() -> Look:
            return replace(seen(), inventory=inventory, names=NAMED)

        here.sources.look = look  # type: ignore[method-assign]
        here.look_again()
        yield NetworkOffice(here, network, charts)
