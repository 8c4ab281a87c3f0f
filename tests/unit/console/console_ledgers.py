"""Contracts, assets and reports in memory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from console.entrance import hash_of
from console.ports.contracts import MonthSoFar, Owed, QuotaMonth
from console.ports.reports import Asked, KeptFile, KeptReport, NoReportError, Offer, ReportFile, ReportRefusedError
from console.web.visit import COOKIE
from domain.accounts import Session
from domain.network import Contract, Device, DeviceStatus, Inventory, Link, Medium, Role, Site, SiteKind
from tests.unit.console.console_office import EVIL, NOW, PLERED, TEGALWARU, Office

TODAY = date(2026, 11, 23)
BOUND = Inventory(
    sites=(
        Site("desa-citeko", "Desa Citeko", SiteKind.DESA, PLERED, contract="K/01"),
        Site("desa-cadassari", "Desa Cadassari", SiteKind.DESA, TEGALWARU),
    ),
    devices=(Device("rtr-cadassari", "desa-cadassari", Role.ROUTER), Device("rtr-citeko", "desa-citeko", Role.ROUTER)),
    links=(
        Link("leo-1", "rtr-cadassari", medium=Medium.LEO, contract="K/02", capacity_mbps=100, quota_gb=50),
        Link("leo-2", "rtr-cadassari", contract="K/02", capacity_mbps=20),
    ),
    contracts=(
        Contract(
            "K/01", "Telkom", ends_on=TODAY + timedelta(days=60), sla_percent=98.5, price_month=Decimal(1_500_000)
        ),
        Contract("K/02", f"=Star{EVIL}", ends_on=TODAY - timedelta(days=1)),
        Contract("K/03", "Tanpa batas"),
        Contract("K/04", "Lama", ends_on=TODAY + timedelta(days=61), starts_on=TODAY + timedelta(days=1)),
    ),
)
USED = (
    QuotaMonth("leo-1", "2026-11", 42_500_000_000),
    QuotaMonth("leo-1", "2026-10", 61_000_000_000),
    QuotaMonth("leo-1", "2026-08", 5_250_000_000),
)
MONTH = MonthSoFar(
    "2026-11", {"K/01": Owed(97.25, Decimal(45_000), Decimal(30_000)), "K/02": Owed(None, None, None, "no rule")}, NOW
)


def come_in(here: Office, name: str) -> str:
    """As somebody who has logged in, without the door, which counts tries; the key of their forms."""
    session = Session(hash_of(name), name, f"form-of-{name}", NOW, NOW)
    here.sessions.kept = {session.key_hash: session}
    here.client.cookies.clear()
    here.client.cookies.set(COOKIE, name)
    return session.form_key


@dataclass
class MemoryContracts:
    now: MonthSoFar = MONTH

    def inventory(self) -> Inventory:
        return BOUND

    def used(self, links: Collection[str], since: str) -> Sequence[QuotaMonth]:
        return [each for each in USED if each.link in links and each.month >= since]

    def month(self) -> MonthSoFar:
        return self.now


def stock() -> tuple[Device, ...]:
    return (
        Device("rtr-citeko", "desa-citeko", Role.ROUTER, serial="HG7-001", model="hEX", purchase_year=2024,
               warranty_until=TODAY + timedelta(days=90)),
        Device("rtr-cadassari", "desa-cadassari", Role.ROUTER, serial=f"=S{EVIL}", warranty_until=TODAY - timedelta(1)),
        Device("srv-1", "dc", Role.SERVER),
        Device("onu-lost", "dc", Role.ONU, serial="ZTEG-77", status=DeviceStatus.LOST),
        Device("onu-spare", "desa-citeko", Role.ONU, serial="ZTEG-78", status=DeviceStatus.SPARE),
    )  # fmt: skip


KEPT = KeptReport(
    "availability-opd-2026-10-r1", "availability", "Ketersediaan", EVIL, "opd", "2026-10", 1, NOW, "=siti", "",
    (KeptFile("pdf", "a.pdf", "ab" * 32, 12_345),),
)  # fmt: skip


@dataclass
class MemoryReports:
    made: list[tuple[str, ...]] = field(default_factory=list)
    differs: bool = True

    def offers(self) -> Sequence[Offer]:
        return [
            Offer("availability", "Availability", ("desa", "opd"), "2026-10"),
            Offer("coverage", "Coverage", (), "2026-06-30"),
            Offer("evaluation", "Evaluation", (), "2026-1"),
        ]

    def kept(self) -> Sequence[KeptReport]:
        return [KEPT]

    def make(self, who: str, asked: Asked, format: str) -> ReportFile:
        if asked.period == "never":
            raise ReportRefusedError("'never' is no period.")
        self.made.append((who, "make", asked.kind, asked.period, asked.by, format))
        return ReportFile('ok"\r\nX: y.pdf', b"%PDF-1", "cd" * 32, "application/pdf")

    def get(self, id_: str, format: str) -> ReportFile:
        if id_ != KEPT.id or format != "pdf":
            raise NoReportError("There is none.")
        return ReportFile("a.pdf", b"%PDF-kept", "ab" * 32, "application/pdf", KEPT.id)

    def close(self, who: str, asked: Asked) -> str:
        self.made.append((who, "close", asked.kind, asked.period, asked.by))
        return "new-r1"

    def revise(self, who: str, asked: Asked, why: str) -> str:
        self.made.append((who, "revise", asked.kind, asked.period, why))
        return "new-r2" if self.differs else ""
