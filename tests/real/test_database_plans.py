"""What discovery found, over restarts and for a whole country, on both engines."""

import time

import pytest
from sqlalchemy import text

from collectors.store import DeviceFacts, SqlPlanStore
from domain.polling import Budget, Column, Fleet, Kind, PlanBook
from domain.polling.facts import Discovery, NeighbourFacts, SystemFacts, TableError
from kentongan.database import Database

DEVICES = 83_762
SHAPES = 24


def columns(shape: int, count: int = 122) -> list[Column]:
    """Like those of a router: many alike, a few of the shape's own."""
    return [
        Column(f"1.3.6.1.2.1.31.1.1.1.6.{i}", Kind.COUNTER64, "interfaces", "ifHCInOctets", f"ether{i}", port_bps=1e9)
        for i in range(count - 1)
    ] + [Column(f"1.3.6.1.4.1.{shape}", Kind.GAUGE32, "health", "sensor.temperature", f"cpu{shape}")]


def test_plans_come_back_interned(database: Database) -> None:
    book = PlanBook()
    one, two = book.intern(columns(1), Budget()), book.intern(columns(2), Budget(varbinds=10))
    facts = DeviceFacts(
        1.5, "1.3.6.1.4.1.14988.1", "mikrotik-routeros", "7.1", "RB750", "S1", 5, 4294967295, {"a": [1]}
    )
    store = SqlPlanStore(database.engine)
    store.write_all([("a", two, facts), ("b", one, facts), ("a", one, facts)])
    store.write("c", two, DeviceFacts(2.0))
    fresh = PlanBook()
    found = SqlPlanStore(database.engine).read(fresh)
    assert {name: plan.columns for name, plan in found.items()} == {
        "a": one.columns,
        "b": one.columns,
        "c": two.columns,
    }
    assert found["a"] is found["b"]
    assert found["c"].budget == two.budget
    assert found["a"] is fresh.intern(columns(1), Budget())
    assert store.facts() == {"a": facts, "b": facts, "c": DeviceFacts(2.0)}


def test_facts_are_made_of_a_discovery() -> None:
    found = Discovery(
        "10.0.0.1",
        SystemFacts("1.3.6.1.4.1.14988.1", "RouterOS RB750", "cibodas", 100, 5, 42),
        vendor="MikroTik",
        platform="mikrotik-routeros",
        model="RB750",
        version="7.1",
        serial="S1",
        neighbours=(NeighbourFacts("lldp", "ether1", "aa", "bb", "core"),),
        errors=(TableError("optics", "silent"),),
    )
    facts = DeviceFacts.of(found, 3.0)
    assert (facts.discovered_at, facts.if_number, facts.if_table_last_change) == (3.0, 5, 42)
    assert (facts.sys_object_id, facts.platform, facts.model, facts.version, facts.serial) == (
        "1.3.6.1.4.1.14988.1",
        "mikrotik-routeros",
        "RB750",
        "7.1",
        "S1",
    )
    assert facts.more["sysName"] == "cibodas"
    assert facts.more["errors"] == {"optics": "silent"}


def test_a_device_may_say_what_a_database_refuses(database: Database) -> None:
    store = SqlPlanStore(database.engine)
    plan = PlanBook().intern(columns(1, 3), Budget())
    store.write("a", plan, DeviceFacts(1.0, serial="A\0B\ud800", more={"sysName": "x\0\udcffy" * 1000}))
    facts = store.facts()["a"]
    assert facts.serial == "AB?"
    assert facts.more == {"sysName": "x\0\udcffy" * 1000}


def test_forgetting_takes_plans_nobody_has(database: Database) -> None:
    store = SqlPlanStore(database.engine)
    book = PlanBook()
    store.write_all([("a", book.intern(columns(1, 3), Budget()), DeviceFacts(1.0))])
    store.write_all([("b", book.intern(columns(2, 3), Budget()), DeviceFacts(1.0))])
    store.forget(["a", "nobody"])
    assert set(store.read(PlanBook())) == {"b"}
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM plans")).scalar() == 1


def test_an_unreadable_plan_costs_its_devices_alone(database: Database) -> None:
    store = SqlPlanStore(database.engine)
    book = PlanBook()
    store.write_all([(str(i), book.intern(columns(i, 3), Budget()), DeviceFacts(1.0)) for i in (1, 2)])
    with database.transaction() as connection:
        connection.execute(
            text("UPDATE plans SET document = :junk WHERE hash = (SELECT plan FROM device_plans WHERE device = '1')"),
            {"junk": b"junk"},
        )
    assert set(store.read(PlanBook())) == {"2"}
    assert set(store.facts()) == {"1", "2"}


@pytest.mark.timeout(120)
def test_a_country_is_ready_to_poll_in_seconds(database: Database) -> None:
    store = SqlPlanStore(database.engine)
    book = PlanBook()
    plans = [book.intern(columns(shape), Budget()) for shape in range(SHAPES)]
    store.write_all((f"router-{i:06d}", plans[i % SHAPES], DeviceFacts(1.0)) for i in range(DEVICES))
    began = time.perf_counter()
    fleet, fresh = Fleet(), PlanBook()
    for name, plan in store.read(fresh).items():
        fleet.put(name, plan)
    assert time.perf_counter() - began < 10
    assert len(fleet) == DEVICES
    assert len(fresh) == SHAPES
    assert fleet.count[: fleet.size].sum() == DEVICES * 122
