"""Announced work in the figures: ours with all that lies behind it, a provider's for his own lines, PLN's not."""

from datetime import UTC, datetime, timedelta

from alerts.maintenance import Scope, ScopeKind, Window, WorkKind
from domain.availability import Period, Records, Work
from domain.availability.kinds import Kind
from domain.availability.records import History
from domain.availability.spans import SECOND, whole_second_of
from domain.network import Contract, Device, Inventory, Link, Medium, Role, Site, SiteKind
from domain.states import State
from kentongan.announced import works_of

T0 = datetime(2026, 10, 1, tzinfo=UTC)
PERIOD = Period("2026-10", T0, T0 + timedelta(days=31), T0 + timedelta(days=31))
HOUR = 3600 * SECOND
START = whole_second_of(T0)
INVENTORY = Inventory(
    sites=(Site("pop", "PoP", SiteKind.DATACENTER), Site("x", "X", SiteKind.DESA), Site("y", "Y", SiteKind.DESA)),
    devices=(
        Device("core", "pop", Role.ROUTER),
        Device("rtr-x", "x", Role.ROUTER, uplink=("core",)),
        Device("ap-x", "x", Role.AP, uplink=("rtr-x",)),
        Device("rtr-y", "y", Role.ROUTER, uplink=("core",)),
    ),
    links=(
        Link("fo-x", "rtr-x", z_device="core", medium=Medium.FIBRE, provider="Icon", segments=("k-1",)),
        Link("fo-y", "rtr-y", z_device="core", medium=Medium.FIBRE, provider="Telkom", segments=("k-1",)),
    ),
    contracts=(Contract("K1", "Icon"),),
)


def window(kind: WorkKind, scope: str, hours: tuple[float, float] = (10, 12), **more: object) -> Window:
    kind_, _, name = scope.partition(":")
    begin, end = (T0 + timedelta(hours=hour) for hour in hours)
    return Window("m-abc", kind, (Scope(ScopeKind(kind_), name),), begin, end, **more)  # type: ignore[arg-type]


def span(begin: float, end: float) -> tuple[int, int]:
    return START + round(begin * HOUR), START + round(end * HOUR)


def test_our_own_work_covers_what_lies_behind_it() -> None:
    own, provider = works_of([window(WorkKind.OWN, "device:rtr-x")], INVENTORY, PERIOD)
    assert own == (Work(span(10, 12), frozenset({"rtr-x", "ap-x"})),)
    assert provider == ()


def test_work_on_a_cable_covers_its_lines() -> None:
    (own,), _ = works_of([window(WorkKind.OWN, "segment:k-1")], INVENTORY, PERIOD)
    assert own.names == {"fo-x", "fo-y", "rtr-x", "ap-x", "rtr-y"}


def test_a_providers_work_excuses_his_own_lines_alone() -> None:
    none, (work,) = works_of([window(WorkKind.PROVIDER, "segment:k-1", party="ICON")], INVENTORY, PERIOD)
    assert (none, work.names) == ((), frozenset({"fo-x"}))
    _, (work,) = works_of([window(WorkKind.PROVIDER, "device:rtr-x", party="Icon")], INVENTORY, PERIOD)
    assert work.names == {"fo-x"}
    _, (work,) = works_of([window(WorkKind.PROVIDER, "device:core", party="Telkom")], INVENTORY, PERIOD)
    assert work.names == {"fo-y"}


def test_what_pln_announces_is_charged_to_pln() -> None:
    assert works_of([window(WorkKind.PLN, "site:x")], INVENTORY, PERIOD) == ((), ())


def test_work_counts_inside_the_period_and_as_long_as_it_lasted() -> None:
    before = window(WorkKind.OWN, "site:x", (-5, 2))
    ended = window(WorkKind.OWN, "site:x", (20, 40), ended_at=T0 + timedelta(hours=30))
    over = window(WorkKind.OWN, "site:x", (-9, -5))
    own, _ = works_of([before, ended, over], INVENTORY, PERIOD)
    assert [work.span for work in own] == [span(0, 2), span(20, 30)]


def test_a_device_that_is_dark_in_our_work_is_planned_and_dark_after_it_is_down() -> None:
    own, _ = works_of([window(WorkKind.OWN, "site:x")], INVENTORY, PERIOD)
    changes = {"ap-x": [(span(11, 11)[0], State.DOWN, "icmp-silent"), (span(14, 14)[0], State.UP, "answers")]}
    whole = (START, whole_second_of(PERIOD.until))
    records = Records(whole, INVENTORY, {"ap-x": (State.UP, "answers")}, changes, planned=own)
    stretches = History(records).of_device("ap-x").stretches
    assert [(begin, end, kind) for begin, end, kind in stretches if kind is not Kind.UP] == [
        (*span(11, 12), Kind.PLANNED),
        (*span(12, 14), Kind.DOWN),
    ]
