"""The inventory's store: what goes in comes out, on both engines."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

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
)
from inventory.store import SqlInventoryStore
from inventory.store.tables import RECORD_TABLES
from kentongan.database import Database

DESA = RegionCode("32.14.01.2010")
FULL = Inventory(
    villages=(
        Village(RegionCode("32.14.01.2009")),
        Village(DESA, None, 4000),
        Village(DESA, 2020, 4212, 1300, -6.5512345678901, 107.4, Internet.BAKTI),
    ),
    sites=(
        Site("bale-madukara", "Mal Pelayanan Publik 'Bale' \"Madukara\"; 100 %", SiteKind.MPP),
        Site(
            "desa-cibodas-sukatani",
            "Cibodas",
            SiteKind.DESA,
            DESA,
            "Pemdes Cibodas",
            "Jl. Raya 1\nRT 02",
            "kunci di Pak Ujang",
            -6.61,
            107.41,
            (PowerSource.PLN, PowerSource.UPS),
            "PWK-3",
            "537110",
            Meter.PREPAID,
            "Mon-Fri 08:00-16:00",
            Operator.DISKOMINFO,
            False,
            1,
            Stage.HANDED_OVER,
            date(2019, 11, 5),
            "BAST/12/2019",
            Funding.DANA_DESA,
            "k-1",
            "Ujang",
        ),
    ),
    devices=(
        Device("onu-1", "desa-cibodas-sukatani", Role.ONU, olt="olt-1", olt_port="0/1/3", onu_id="12"),
        Device(
            "router-cibodas",
            "desa-cibodas-sukatani",
            Role.ROUTER,
            "mikrotik-routeros",
            "RB750Gr3",
            "8A7B0912ABCD",
            "48:8f:5a:00:00:01",
            "10.14.1.1",
            "32.14.01",
            Check.SNMP,
            1161,
            2222,
            "desa-v3",
            ("onu-1", "router|pipe"),
            "vpn-1",
            "",
            "",
            "",
            "desa",
            DeviceStatus.SPARE,
            PollClassName.METERED,
            "10.14.1.254",
            "INV-1",
            2019,
            date(2024, 2, 29),
        ),
    ),
    links=(
        Link("a", "router-cibodas"),
        Link(
            "b",
            "router-cibodas",
            "ether1",
            "onu-1",
            "eth0",
            LinkPurpose.MANAGEMENT,
            Medium.LEO,
            "Starlink",
            "c-1",
            "k-1",
            "desa",
            100.5,
            50.25,
            10.0,
            1000.0,
            0.1,
            ("kabel-1", "tiang-7"),
        ),
    ),
    segments=(Segment("kabel-1", SegmentKind.CABLE, "PLN", "STO Purwakarta", "Tiang 7", 3.25),),
    contracts=(
        Contract(
            "k-1",
            "Telkom",
            date(2025, 1, 1),
            date(2025, 12, 31),
            99.5,
            "24x7",
            Decimal("1500000.10"),
            "2 % per jam",
            "+62811000111",
            "noc@example.id",
            "5.1.02",
            True,
        ),
    ),
    services=(
        Service(
            "simpeg",
            "Kepegawaian",
            ServiceClass.KHUSUS,
            "tata kelola",
            "BKPSDM",
            "Dewi",
            "https://simpeg.example.id/",
            True,
            "vm-1",
            "data-centre",
            200,
            "Masuk",
            "error",
            60,
        ),
    ),
    prefixes=(Prefix("10.14.0.0/16", 14, "desa", "data-centre", "10.14.0.1", "10.14.0.10", "10.14.0.99", True),),
    people=(
        Person(
            "Siti Aminah — Ñandú 喫",
            PersonRole.NOC,
            "Diskominfo",
            (RegionCode("32.14"), RegionCode("32.14.01")),
            "+62811000222",
            "telegram:1",
            "Mon-Fri 08:00-16:00",
            date(2027, 1, 1),
        ),
    ),
    targets=(
        Target(
            RegionCode("32.14"), date(2020, 12, 31), Indicator.DESA, 102, TargetKind.REVISION, "SK", date(2020, 6, 1)
        ),
        Target(RegionCode("32.14"), date(2020, 12, 31), Indicator.DESA, 112),
        Target(RegionCode("32.14"), date(2020, 12, 31), Indicator.DESA, 110, decided_on=date(2020, 2, 1)),
    ),
    stages=(
        StageEntry("bale-madukara", Stage.PLANNED, date(2019, 1, 2)),
        StageEntry("bale-madukara", Stage.ACTIVE, date(2020, 5, 12), "BAST/1", date(2020, 7, 20)),
    ),
)


def all_records(inventory: Inventory) -> list[object]:
    return [record for field in fields(inventory) for record in getattr(inventory, field.name)]


@pytest.fixture
def store(database: Database) -> SqlInventoryStore:
    return SqlInventoryStore(database.engine)


def test_a_table_has_the_fields_of_its_record_in_order() -> None:
    for kind in KINDS.values():
        assert [column.name for column in RECORD_TABLES[kind].columns] == [field.name for field in fields(kind)]


def test_every_kind_comes_back_as_it_went_in(store: SqlInventoryStore) -> None:
    store.write(reversed(all_records(FULL)))
    assert store.read() == FULL
    price = store.read().contracts[0].price_month
    assert isinstance(price, Decimal)
    assert str(price) == "1500000.10"


def test_every_write_is_one_revision(store: SqlInventoryStore) -> None:
    assert store.revision() == 0
    store.write(all_records(FULL))
    assert store.revision() == 1
    store.write([])
    store.remove(FULL.devices)
    assert store.revision() == 3


def test_writing_replaces_by_key_and_touches_nothing_else(store: SqlInventoryStore) -> None:
    store.write(all_records(FULL))
    moved = Device("router-cibodas", "bale-madukara", Role.SWITCH)
    store.write([Device("router-cibodas", "x", Role.AP), moved])
    found = store.read()
    assert found.devices == (FULL.devices[0], moved)
    assert found.sites == FULL.sites


def test_a_village_without_a_year_is_replaced_too(store: SqlInventoryStore) -> None:
    store.write([Village(DESA, None, 1), Village(DESA, 2020, 2)])
    store.write([Village(DESA, None, 3)])
    assert store.read().villages == (Village(DESA, None, 3), Village(DESA, 2020, 2))


def test_removing_goes_by_key(store: SqlInventoryStore) -> None:
    store.write(all_records(FULL))
    store.remove([Village(DESA), Device("onu-1", "", Role.AP), FULL.targets[1], Device("nobody", "", Role.AP)])
    found = store.read()
    assert found.villages == (FULL.villages[0], FULL.villages[2])
    assert found.devices == FULL.devices[1:]
    assert found.targets == (FULL.targets[0], FULL.targets[2])


def test_records_are_sorted_by_key_whatever_the_servers_language(store: SqlInventoryStore) -> None:
    names = ["b", "A", "a", "Z", "é", "_", "a-1", "a b"]
    store.write(Segment(name, SegmentKind.POLE) for name in names)
    assert [segment.name for segment in store.read().segments] == sorted(names)


def test_a_transaction_that_fails_leaves_no_record_and_no_revision(
    database: Database, store: SqlInventoryStore
) -> None:
    with pytest.raises(RuntimeError), database.transaction() as connection:  # noqa: PT012
        store.write_in(connection, FULL.devices)
        raise RuntimeError
    assert store.read() == Inventory()
    assert store.revision() == 0


def test_a_reader_sees_one_moment(database: Database, store: SqlInventoryStore) -> None:
    store.write(FULL.sites)
    reader = database.engine.execution_options(reading=True)
    with reader.connect() as connection:
        count = text("SELECT count(*) FROM sites")
        assert connection.execute(count).scalar() == 2
        store.remove(FULL.sites)  # does not wait for the reader either
        assert connection.execute(count).scalar() == 2
    assert store.read().sites == ()
