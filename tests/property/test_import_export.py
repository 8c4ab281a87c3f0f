"""Any inventory comes back from its export unchanged; no bytes break the import; 100,000 rows are taken in seconds."""

import re
import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.coverage.stages import LADDER, PLACES
from domain.network import (
    KINDS,
    Check,
    Contract,
    Device,
    DeviceStatus,
    Funding,
    Indicator,
    Internet,
    Inventory,
    Link,
    LinkPurpose,
    Medium,
    Meter,
    Operator,
    Person,
    PersonRole,
    PollClassName,
    PowerSource,
    Prefix,
    Region,
    RegionCode,
    Role,
    Segment,
    SegmentKind,
    Service,
    ServiceClass,
    Site,
    SiteKind,
    Stage,
    StageEntry,
    Target,
    TargetKind,
    Village,
    key_of,
    lies_in,
)
from inventory.exporting import export_tables, export_workbook
from inventory.importing import ImportResult, read_import, rejected_csv
from inventory.importing.cells import quote, unquote

CODES = ("32.14", "32.14.01", "32.14.05", "32.14.05.2010", "32.14.13", "32.14.13.2009", "12.10", "32")
VILLAGES = tuple(code for code in CODES if len(code) == 13)


class Regions:
    """A handful of regions in memory."""

    def home(self) -> RegionCode:
        return RegionCode("32.14")

    def get(self, code: str) -> Region | None:
        return Region(RegionCode(code), f"Region {code}") if code in CODES else None

    def within(self, area: str) -> tuple[Region, ...]:
        return tuple(Region(RegionCode(code), f"Region {code}") for code in sorted(CODES) if lies_in(code, area))


UNPRINTABLE = "".join(map(chr, (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xFFFE, 0xFFFF)))
tricky = st.text(alphabet="'=+-@ \t\r\n\";,|E1290.#N/Aa–é\u00a0\ufeff", max_size=8)
printable = st.characters(codec="utf-8", exclude_characters=UNPRINTABLE)
texts = st.one_of(tricky, st.text(printable, max_size=20))
words = texts.map(lambda text: text or "x")


def names(forbidden: str = "|,;") -> st.SearchStrategy[str]:
    return texts.map(lambda text: re.sub(rf"[\n\r\t{re.escape(forbidden)}]", "", text).strip() or "x")


slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)
dates = st.dates(date(1900, 1, 1), date(2199, 12, 31))
wholes = st.integers(0, 2**31 - 1)
rates = st.floats(0, 1e12, allow_nan=False)
latitudes, longitudes = st.floats(-11, 6), st.floats(95, 141)
addresses = st.ip_addresses().filter(
    lambda ip: not (ip.is_multicast or ip.is_unspecified or str(ip) == "255.255.255.255")
)
macs = st.lists(st.integers(0, 255), min_size=6, max_size=6).map(lambda six: ":".join(f"{each:02X}" for each in six))
phones = st.one_of(st.just(""), st.from_regex(r"\+62[1-9][0-9]{7,11}", fullmatch=True), st.just("147"))
flags = st.booleans()


def some(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


def listed(strategy: st.SearchStrategy, size: int = 3) -> st.SearchStrategy:
    return st.lists(strategy, max_size=size, unique=True).map(tuple)


def unique(strategy: st.SearchStrategy, size: int = 4) -> st.SearchStrategy:
    return st.lists(strategy, max_size=size, unique_by=key_of).map(lambda them: tuple(sorted(them, key=key_of)))


@st.composite
def places(draw):
    return draw(st.sampled_from([(None, None), (draw(latitudes), draw(longitudes))]))


@st.composite
def sites(draw, contracts):
    latitude, longitude = draw(places())
    return Site(
        draw(slugs), draw(words), draw(st.sampled_from(SiteKind)), draw(some(st.sampled_from(CODES))),
        draw(texts), draw(texts), draw(texts), latitude, longitude, draw(listed(st.sampled_from(PowerSource))),
        draw(texts), draw(texts), draw(some(st.sampled_from(Meter))), draw(texts),
        draw(some(st.sampled_from(Operator))), draw(flags), draw(some(st.integers(1, 9))),
        draw(st.sampled_from(Stage)), draw(some(dates)), draw(texts), draw(some(st.sampled_from(Funding))),
        draw(contracts), draw(texts),
    )  # fmt: skip


@st.composite
def devices(draw, name, site_names, earlier):
    others = st.sampled_from(earlier) if earlier else st.just("")
    return Device(
        name, draw(site_names), draw(st.sampled_from(Role)), draw(texts), draw(texts), draw(texts),
        draw(st.just("") | macs), draw(st.just("") | addresses.map(str)), name, draw(st.sampled_from(Check)),
        draw(st.integers(1, 65535)), draw(st.integers(1, 65535)), draw(names("")),
        draw(listed(others)) if earlier else (), draw(others), draw(others), draw(texts), name, draw(texts),
        draw(st.sampled_from(DeviceStatus)), draw(st.sampled_from(PollClassName)), draw(texts), draw(texts),
        draw(some(st.integers(1980, 2200))), draw(some(dates)),
    )  # fmt: skip


@st.composite
def links(draw, ends, contracts, segments):
    first, second = draw(ends), draw(st.just("") | ends)
    return Link(
        draw(names("|")), first, draw(texts), "" if second == first else second, draw(texts),
        draw(st.sampled_from(LinkPurpose)), draw(st.sampled_from(Medium)), draw(texts), draw(texts), draw(contracts),
        draw(texts), draw(some(rates)), draw(some(rates)), draw(some(rates)), draw(some(rates)),
        draw(some(st.floats(0, 50_000))), draw(segments),
    )  # fmt: skip


@st.composite
def villages(draw):
    latitude, longitude = draw(places())
    year = draw(some(st.integers(1900, 2200)))
    former = draw(st.sampled_from(["", "32.14.05.2099"])) if year else ""
    return Village(
        draw(st.sampled_from(VILLAGES)), year, draw(some(wholes)), draw(some(wholes)),
        latitude, longitude, draw(st.sampled_from(Internet)), former,
    )  # fmt: skip


@st.composite
def ways(draw, slug):
    """Of one site: stages forward, on days forward."""
    reached = sorted(draw(st.lists(st.sampled_from(LADDER), max_size=5, unique=True)), key=PLACES.__getitem__)
    days = sorted(draw(st.lists(dates, min_size=len(reached), max_size=len(reached))))
    documents = draw(st.lists(texts, min_size=len(reached), max_size=len(reached)))
    return [StageEntry(slug, *each) for each in zip(reached, days, documents, strict=True)]


@st.composite
def contracts_of(draw):
    starts, ends = sorted([draw(dates), draw(dates)])
    return Contract(
        draw(names("")), draw(words), draw(some(st.just(starts))), draw(some(st.just(ends))),
        draw(some(st.floats(0, 100))), draw(texts),
        draw(some(st.decimals(0, 10**12, allow_nan=False, allow_infinity=False, places=draw(st.integers(0, 4))))),
        draw(texts), draw(phones), draw(st.just("") | st.emails()), draw(texts), draw(flags),
    )  # fmt: skip


@st.composite
def inventories(draw):
    contracts = draw(unique(contracts_of()))
    segments = draw(
        unique(
            st.builds(
                Segment, names("|"), st.sampled_from(SegmentKind), texts, texts, texts, some(st.floats(0, 50_000))
            )
        )
    )
    contract_names = st.sampled_from(["", *(each.id for each in contracts)])
    all_sites = draw(unique(sites(contract_names)))
    site_names = [each.slug for each in all_sites]
    all_devices: list[Device] = []
    if site_names:
        for name in draw(st.lists(names(), max_size=5, unique=True)):
            earlier = [each.name for each in all_devices]
            all_devices.append(draw(devices(name, st.sampled_from(site_names), earlier)))
    device_names = [each.name for each in all_devices]
    crossing = listed(st.sampled_from([each.name for each in segments])) if segments else st.just(())
    maybe_site = st.sampled_from(["", *site_names])
    services = st.builds(
        Service, names(""), words, st.sampled_from(ServiceClass), texts, texts, texts,
        st.sampled_from(["", "https://a.go.id/x?y=1"]), flags, names(""), maybe_site, some(st.integers(100, 599)),
        texts, texts, some(st.integers(1, 86_400)),
    )  # fmt: skip
    people = st.builds(
        Person, names("|"), st.sampled_from(PersonRole), texts, listed(st.sampled_from(CODES)), phones, texts, texts,
        some(dates),
    )  # fmt: skip
    prefixes = st.builds(
        Prefix, st.sampled_from(["10.0.0.0/8", "10.1.0.0/16", "fd00::/64", "0.0.0.0/0"]), some(st.integers(1, 4094)),
        texts, maybe_site, st.just(""), st.just(""), st.just(""), flags,
    )  # fmt: skip
    targets = st.builds(
        Target, st.sampled_from(CODES), dates, st.sampled_from(Indicator), wholes, st.sampled_from(TargetKind), texts,
        some(dates),
    )  # fmt: skip
    return Inventory(
        villages=draw(unique(villages())),
        sites=all_sites,
        devices=tuple(sorted(all_devices, key=key_of)),
        links=draw(unique(links(st.sampled_from(device_names), contract_names, crossing))) if device_names else (),
        segments=segments,
        contracts=contracts,
        services=draw(unique(services)),
        prefixes=draw(unique(prefixes)),
        people=draw(unique(people)),
        targets=draw(unique(targets)),
        stages=tuple(sorted((entry for slug in site_names for entry in draw(ways(slug))), key=key_of)),
    )


@given(tricky | st.text())
@settings(max_examples=1500)
def test_any_text_survives_its_mark(text):
    assert unquote(quote(text)) == text


@given(inventories())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_inventory_comes_back_byte_for_byte(inventory):
    tables = export_tables(inventory)
    result = read_import(list(tables.items()), Inventory(), Regions())
    assert result.errors == ()
    assert result.inventory == inventory
    assert export_tables(result.inventory) == tables
    again = read_import(list(tables.items()), inventory, Regions())
    assert again.inventory == inventory
    assert sum(each.unchanged for each in again.files) == sum(result.counts.values())


@given(inventories())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_inventory_comes_back_from_a_workbook(inventory):
    result = read_import([("all.xlsx", export_workbook(inventory))], Inventory(), Regions())
    assert result.errors == ()
    as_csv = {name: content.replace(b"\r", b"") for name, content in export_tables(inventory).items()}
    returned = {name: content.replace(b"\r", b"") for name, content in export_tables(result.inventory).items()}
    assert list(returned) == list(as_csv)
    for name in KINDS:
        assert len(getattr(result.inventory, name)) == len(getattr(inventory, name))


def fragments() -> st.SearchStrategy[bytes]:
    known = st.sampled_from(
        ["slug", "name", "kind", "nama", "site", "role", "region_code", "kode wilayah", "desa", "kecamatan", "sep=;",
         ",", ";", "\t", '"', "\n", "\r\n", "32.14", "12.1", "3214010001", "=1+1", "'", "1.234,5", "31/12/2025", "é"]
    )  # fmt: skip
    return (
        st.lists(known | st.text(max_size=4), max_size=40)
        .map("".join)
        .map(lambda text: text.encode("utf-8", "replace"))
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*(f"{name}.csv" for name in KINDS), "x.xlsx", "rejected.csv", "", "../a\\b.csv"]),
            st.one_of(
                st.binary(max_size=200),
                fragments(),
                fragments().map(lambda text: text.decode().encode("utf-16")),
                st.binary(max_size=100).map(lambda tail: b"PK\x03\x04" + tail),
            ),
        ),
        max_size=3,
    )
)
@settings(max_examples=600, deadline=None)
def test_no_bytes_break_the_import(files):
    result = read_import(files, Inventory(), Regions())
    assert isinstance(result, ImportResult)
    assert all(str(each).startswith(each.file) for each in (*result.errors, *result.notes))
    assert rejected_csv(result).startswith("\ufeff".encode())
    tables = export_tables(result.inventory)
    assert read_import(list(tables.items()), Inventory(), Regions()).inventory == result.inventory


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_broken_workbook_breaks_nothing(data):
    content = bytearray(export_workbook(Inventory(sites=(Site("a", "A", SiteKind.POP),))))
    for _time in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, 10**6)) % len(content)] = data.draw(st.integers(0, 255))
    read_import([("all.xlsx", bytes(content))], Inventory(), Regions())


CELLS = st.sampled_from(["", "a", "b", "a|b", "x", "pop", "router", "32.14", "?", "10.1.1.1"])


@given(st.lists(st.tuples(*[CELLS] * 4), max_size=12), st.lists(st.tuples(*[CELLS] * 4), max_size=12))
@settings(max_examples=300, deadline=None)
def test_what_is_accepted_stands_on_its_own(site_rows, device_rows):
    """Whatever was rejected, the rest imports alone without an error: nothing leans on a rejected row."""
    files = [
        ("sites.csv", csv_of(["slug", "name", "kind", "region_code"], site_rows)),
        ("devices.csv", csv_of(["name", "site", "role", "uplink", "address"], [(*row, "") for row in device_rows])),
    ]
    result = read_import(files, Inventory(), Regions())
    alone = read_import(list(export_tables(result.inventory).items()), Inventory(), Regions())
    assert alone.errors == ()
    assert alone.inventory == result.inventory
    assert len(result.rejected) + sum(result.counts.values()) == sum(each.rows for each in result.files)


def csv_of(heading: list[str], rows: list[tuple[str, ...]]) -> bytes:
    return "\n".join(",".join(row) for row in [tuple(heading), *rows]).encode()


ROWS = 100_000


@pytest.fixture(scope="module")
def large() -> list[tuple[str, bytes]]:
    devices = (
        f"rtr-{at:06};site-{at % 500};ruter;HEX{at:08};10.{at >> 16}.{at >> 8 & 255}.{at & 255};"
        f"{f'rtr-{at // 10:06}' if at else ''};dipakai;31/12/2027"
        for at in range(ROWS)
    )
    heading = "nama;lokasi;peran;nomor seri;alamat ip;uplink;status;garansi sampai"
    sites = "\n".join(["slug;nama;jenis", *(f"site-{at};Desa {at};desa" for at in range(500))])
    return [("sites.csv", sites.encode()), ("devices.csv", "\r\n".join([heading, *devices]).encode("utf-16"))]


def test_a_hundred_thousand_rows(large):
    began = time.process_time()
    result = read_import(large, Inventory(), Regions())
    seconds = time.process_time() - began
    assert result.errors == ()
    assert result.counts == {"sites": 500, "devices": ROWS}
    assert seconds < 20  # 3 s measured; the bound is for a slow machine


def test_a_hundred_thousand_wrong_rows(large):
    sites, (name, content) = large
    wrong = content.decode("utf-16").replace(";rtr-", ";rtx-").encode()
    began = time.process_time()
    result = read_import([sites, (name, wrong)], Inventory(), Regions())
    seconds = time.process_time() - began
    assert len(result.errors) == ROWS - 1
    assert len(result.rejected) == ROWS - 1
    assert str(result.errors[0]).startswith("devices.csv row 3, column uplink: 'rtx-000000' is not a device.")
    assert seconds < 30


def test_all_digits_of_a_price_come_back():
    contract = Contract("K", "I", price_month=Decimal("1.234"))
    tables = export_tables(Inventory(contracts=(contract,)))
    assert read_import(list(tables.items()), Inventory(), Regions()).inventory.contracts == (contract,)
