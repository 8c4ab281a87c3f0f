"""When announced work is, what it covers, whom it is charged to; and lists of villages that are never guessed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts.maintenance import (
    InventoryReach,
    RecurrenceError,
    Scope,
    ScopeKind,
    VillageName,
    Window,
    WorkKind,
    active,
    charged_to,
    evidence_of,
    match_villages,
    next_change,
    occurrences,
    read_recurrence,
    silencing,
    window_id,
)
from domain.incidents import EvidenceKind, Liable, Member, Party
from domain.network import Device, Inventory, Link, RegionCode, Role, Service, Site, SiteKind
from tests.unit.alerts.telling_office import fault

WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")


def local(day: int, hour: int, minute: int = 0, zone: ZoneInfo = WIB, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=zone)


def window(kind: WorkKind = WorkKind.OWN, *scopes: Scope, **fields: object) -> Window:
    given = {"starts_at": local(23, 8), "ends_at": local(23, 12), **fields}
    return Window("m-aaaaa", kind, scopes or (Scope(ScopeKind.DEVICE, "a"),), **given)  # type: ignore[arg-type]


def test_once_is_from_its_beginning_to_before_its_end() -> None:
    work = window()
    assert [active(work, at) for at in (local(23, 7, 59), local(23, 8), local(23, 11, 59), local(23, 12))] == [
        False,
        True,
        True,
        False,
    ]
    assert next_change([work], local(23, 7)) == local(23, 8)
    assert next_change([work], local(23, 9)) == local(23, 12)
    assert next_change([work], local(23, 12)) is None


def test_open_ended_lasts_until_somebody_ends_it() -> None:
    work = window(ends_at=None)
    assert active(work, local(23, 8) + timedelta(days=800))
    ended = replace(work, ended_at=local(24, 9))
    assert not active(ended, local(24, 9))
    assert next_change([work], local(25, 0)) is None


def test_each_week_in_the_zone_of_the_office() -> None:
    work = window(every="Sen,Kam 22.00-24.00", zone="Asia/Jayapura", starts_at=local(1, 0), ends_at=None)
    assert occurrences(work, local(22, 0), local(28, 0)) == (
        (local(23, 22, zone=WIT), local(24, 0, zone=WIT)),
        (local(26, 22, zone=WIT), local(27, 0, zone=WIT)),
    )


def test_past_midnight_belongs_to_the_evening_before() -> None:
    work = window(every="Sab 22.00-02.00", starts_at=local(1, 0), ends_at=None)
    assert active(work, local(29, 1))  # Sunday
    assert not active(work, local(28, 1))


@pytest.mark.parametrize(
    ("rhythm", "begins"),
    [
        ("bulanan tgl 15 22.00-02.00", [(11, 15), (12, 15)]),
        ("bulanan tgl 31 22.00-23.00", [(11, 30), (12, 31)]),
        ("bulanan minggu ke-2 01.00-03.00", [(11, 8), (12, 13)]),
        ("monthly 2nd sunday 01:00-03:00", [(11, 8), (12, 13)]),
        ("monthly last sunday 01:00-03:00", [(11, 29), (12, 27)]),
        ("bulanan Jumat terakhir 13.00-15.00", [(11, 27), (12, 25)]),
    ],
)
def test_each_month(rhythm: str, begins: list[tuple[int, int]]) -> None:
    work = window(every=rhythm, starts_at=local(1, 0), ends_at=None)
    found = occurrences(work, local(1, 0), local(31, 23, 59, month=12))
    assert [(at.astimezone(WIB).month, at.astimezone(WIB).day) for at, _end in found] == begins
    assert all(end > begin for begin, end in found)


@pytest.mark.parametrize("rhythm", ["bulanan", "bulanan tgl 40 01.00-02.00", "kadang-kadang", "bulanan kamis 1-2"])
def test_a_rhythm_that_cannot_be_read_is_refused(rhythm: str) -> None:
    with pytest.raises(RecurrenceError):
        read_recurrence(rhythm)


def test_only_our_own_work_is_planned() -> None:
    assert charged_to(window(WorkKind.OWN)) == Liable(Party.PLANNED)
    assert charged_to(window(WorkKind.PROVIDER, party="Nusantara")) == Liable(Party.PROVIDER, "Nusantara")
    assert charged_to(window(WorkKind.PLN)) == Liable(Party.PLN)
    notice = evidence_of(window(WorkKind.PLN), "Wanayasa-3", local(23, 9))
    assert notice is not None
    assert (notice.kind, notice.values["until"]) == (EvidenceKind.PLN_NOTICE, "12.00")
    assert evidence_of(window(WorkKind.PLN), "Wanayasa-3", local(23, 13)) is None
    assert evidence_of(window(WorkKind.OWN), "a", local(23, 9)) is None


INVENTORY = Inventory(
    sites=(
        Site("s1", "Citeko", SiteKind.DESA, RegionCode("32.14.05.2001"), power_feeder="Plered-1"),
        Site("s2", "Cadassari", SiteKind.DESA, RegionCode("32.14.10.2001"), power_feeder="Plered-1"),
        Site("s3", "Sukahaji", SiteKind.DESA, RegionCode("32.14.10.2002")),
        Site("dc", "DC", SiteKind.DATACENTER, RegionCode("32.14")),
    ),
    devices=(
        Device("a", "s1", Role.ROUTER),
        Device("b", "s2", Role.ROUTER, uplink=("a",)),
        Device("c", "s3", Role.ROUTER, uplink=("b",)),
        Device("srv", "dc", Role.SERVER),
    ),
    links=(Link("a–b", "a", z_device="b", segments=("kabel",)),),
    services=(Service("simpeg", "SIMPEG", host="srv"),),
)


def behind(devices: frozenset[str], links: frozenset[str]) -> frozenset[str]:
    """A chain a - b - c: a link a–b that is cut, or a device off, takes what follows."""
    chain = ["a", "b", "c"]
    first = min([chain.index(name) for name in devices if name in chain] + [1 if "a–b" in links else 9])
    return frozenset(chain[first:]) - devices


REACH = InventoryReach(INVENTORY, behind)


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        (Scope(ScopeKind.DEVICE, "b"), {"b", "c"}),
        (Scope(ScopeKind.SITE, "s2"), {"b", "c"}),
        (Scope(ScopeKind.LINK, "a–b"), {"b", "c"}),
        (Scope(ScopeKind.SEGMENT, "kabel"), {"b", "c"}),
        (Scope(ScopeKind.FEEDER, "Plered-1"), {"a", "b", "c"}),
        (Scope(ScopeKind.AREA, "32.14.10"), {"b", "c"}),
        (Scope(ScopeKind.AREA, "32.14.10.2002"), {"c"}),
        (Scope(ScopeKind.DEVICE, "srv"), {"srv", "simpeg"}),
        (Scope(ScopeKind.SEGMENT, "nobody"), set()),
    ],
)
def test_work_covers_what_lies_behind_it(scope: Scope, names: set[str]) -> None:
    assert REACH.names(scope) == names


def test_an_incident_is_silenced_only_if_all_its_dark_is_covered() -> None:
    during = local(23, 9)
    work = window(WorkKind.OWN, Scope(ScopeKind.LINK, "a–b"))
    cut = fault("a–b", during, members=("b", "c"))
    assert silencing(cut, [work], during, REACH) == "m-aaaaa"
    assert silencing(cut, [work], local(23, 13), REACH) == ""
    wider = fault("x", during, members=("a", "b", "c"))
    assert silencing(wider, [work], during, REACH) == "", "a wider fault is news"
    other = replace(window(WorkKind.PLN, Scope(ScopeKind.DEVICE, "a")), id="m-bbbbb")
    assert silencing(wider, [work, other], during, REACH) == "m-bbbbb", "together they cover it"
    back = replace(wider, members=(Member("a", during, during), Member("b", during)))
    assert silencing(back, [work], during, REACH) == "m-aaaaa", "what is back needs no cover"


def test_names_of_windows_are_short_and_their_own() -> None:
    scopes = (Scope(ScopeKind.SITE, "s1"),)
    names = {window_id(WorkKind.OWN, scopes, datetime(2026, 11, 1, second=n, tzinfo=UTC)) for n in range(50)}
    assert len(names) == 50
    assert all(len(name) == 7 for name in names)


VILLAGES = (
    VillageName("32.14.04.2001", "Cibodas", "Sukatani"),
    VillageName("32.14.12.2003", "Cibodas", "Bungursari"),
    VillageName("32.14.04.2002", "Cilalawi", "Sukatani"),
    VillageName("32.14.10.2001", "Cadassari", "Tegalwaru"),
    VillageName("32.14.10.2002", "Suka Haji", "Tegalwaru"),
    VillageName("32.14.05.2001", "Cilangkap", "Babakancikao"),
    VillageName("32.14.05.2002", "Cilandak", "Cibatu"),
)


def found(text: str) -> list[tuple[str, str]]:
    match = match_villages(text, VILLAGES)
    assert match.is_complete, match
    return [(village.name, village.kecamatan) for village in match.found]


@pytest.mark.parametrize(
    "text",
    [
        "Cibodas (Kec. Sukatani), Cilalawi",
        "Cibodas, Sukatani\nCilalawi",
        "1. Ds. Cibodas Kec. Sukatani\n2. Desa CILALAWI",
        "Kec. Sukatani: Cibodas, Cilalawi",
        "Kecamatan Sukatani\n- Desa Cibodas\n- Cilalawi dan Cibodas",
        "desa cibodas kecamatan sukatani; cilalawi",
        "Kec Sukatani : Ds Cibodas & Ds Cilalawi",
    ],
)
def test_a_pasted_list_of_villages(text: str) -> None:
    assert found(text) == [("Cibodas", "Sukatani"), ("Cilalawi", "Sukatani")]


def test_two_of_one_name_are_never_guessed() -> None:
    match = match_villages("Cibodas, Cilalawi", VILLAGES)
    assert [village.name for village in match.found] == ["Cilalawi"]
    (asked,) = match.ambiguous
    assert asked.text == "Cibodas"
    assert {village.kecamatan for village in asked.candidates} == {"Sukatani", "Bungursari"}


def test_a_misspelling_is_taken_only_where_one_is_near_and_is_said() -> None:
    match = match_villages("Cadasari\nSukahaji\nCilang", VILLAGES)
    assert [village.name for village in match.found] == ["Cadassari", "Suka Haji"]
    assert [(said, village.name) for said, village in match.corrected] == [("Cadasari", "Cadassari")]
    (asked,) = match.unknown
    assert asked.text == "Cilang"
    assert asked.candidates[0].name == "Cilangkap"


def test_a_misspelt_name_of_two_stays_open() -> None:
    match = match_villages("Cibodass", VILLAGES)
    assert match.found == ()
    assert len(match.ambiguous[0].candidates) == 2
    assert match_villages("", VILLAGES).is_complete
