"""The address plan on both engines: sixteen processes at once, a kill at every statement, and what the database itself
refuses."""

import itertools
import json
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, insert
from sqlalchemy.exc import DBAPIError, IntegrityError

from benchmarks import page
from domain.addressing import Allocation, AllocationState, Kind, Pool, Range, Request, Space, read_span
from domain.audit import AuditEntry
from domain.network import Device, DeviceStatus, Prefix, Role, Site, SiteKind
from domain.time import Moment
from inventory.store import SqlInventoryStore
from kentongan.addresses import InventoryUse, conflicts, in_use
from kentongan.database import Database
from kentongan.store import SqlJournal
from kentongan.store.backup import backup, restore
from provisioning.addresses.errors import (
    DifferentAllocationError,
    NothingAllocatedError,
    OverlapError,
    PoolEmptyError,
    PoolExistsError,
    PoolInUseError,
)
from provisioning.store.address_rows import allocation_row
from provisioning.store.addresses import SqlAddressPlan
from provisioning.store.tables import address_allocation
from tests.project.tracked_files import ROOT

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
FORK = multiprocessing.get_context("fork")
LAN = Pool("lan", Kind.IPV4, read_span("10.14.0.0/16")[1], 27, "lan", quarantine_days=30)
LAN6 = Pool("lan6", Kind.IPV6, read_span("fd00:14::/48")[1], 64, "lan")
LOOPBACK = Pool("lo", Kind.IPV4, read_span("10.255.0.0/20")[1], 32, "loopback")
VLAN = Pool("vlan", Kind.VLAN, Range(100, 2999), 0, "lan")
NAMES = Pool("names", Kind.NAME, Range(1, 9999), 0, "router", pattern="rtr-{number:04}")


def plan_of(database: Database) -> SqlAddressPlan:
    journal = SqlJournal(database.engine)

    def write(connection: Connection, action: str, subject: str, detail: object) -> None:
        journal.record_in(connection, AuditEntry(Moment(0, NOW.timestamp()), "siti", action, subject, dict(detail)))  # type: ignore[call-overload]

    return SqlAddressPlan(database.engine, InventoryUse(), write)


@pytest.fixture
def plan(database: Database) -> SqlAddressPlan:
    plan = plan_of(database)
    for pool in (LAN, LAN6, LOOPBACK, VLAN, NAMES):
        plan.add_pool(pool, NOW)
    return plan


def a_site(slug: str) -> list[Request]:
    return [
        Request(slug, "lan", purpose="lan"),
        Request(slug, "lan", kind=Kind.IPV6, purpose="lan"),
        Request(slug, "lan", kind=Kind.VLAN, purpose="lan"),
        Request(slug, "loopback", purpose="loopback"),
        Request(slug, "router", kind=Kind.NAME, purpose="router"),
    ]


def texts(given: Sequence[Allocation]) -> list[str]:
    return [each.text for each in given]


def test_a_site_is_given_its_set_and_the_same_set_again(plan: SqlAddressPlan, database: Database) -> None:
    first = plan.allocate(a_site("ds-a"), NOW)
    assert texts(first) == ["10.14.0.0/27", "fd00:14::/64", "100", "10.255.0.1/32", "rtr-0001"]
    assert all(each.is_new for each in first)
    again = plan.allocate(a_site("ds-a"), NOW + timedelta(days=1))
    assert texts(again) == texts(first)
    assert not any(each.is_new for each in again)
    assert texts(plan.allocate(a_site("ds-b"), NOW))[0] == "10.14.0.32/27"
    assert plan.allocations("ds-a") == tuple(sorted((each for each in again), key=lambda each: (each.kind, each.block)))
    actions = [(entry.action, entry.subject) for entry in SqlJournal(database.engine).read(0, 100)][5:]
    assert actions == [("addresses allocated", "ds-a"), ("addresses allocated", "ds-b")]
    with pytest.raises(DifferentAllocationError, match=r"ds-a has 10\.14\.0\.0/27 of the pool lan"):
        plan.allocate([Request("ds-a", "lan", purpose="lan", length=26)], NOW)


def test_all_or_nothing_and_a_dry_run_is_nothing(plan: SqlAddressPlan) -> None:
    plan.add_pool(Pool("cctv", Kind.VLAN, Range(3000, 3000), 0, "cctv"), NOW)
    plan.allocate([Request("pole-1", "cctv", kind=Kind.VLAN, purpose="cctv")], NOW)
    with pytest.raises(PoolEmptyError, match=r"No VLAN is free for ds-a in cctv \(3000\)"):
        plan.allocate([*a_site("ds-a"), Request("ds-a", "cctv", kind=Kind.VLAN, purpose="cctv")], NOW)
    assert plan.allocations("ds-a") == ()
    shown = plan.allocate(a_site("ds-a"), NOW, dry_run=True)
    assert plan.allocations("ds-a") == ()
    assert plan.add_pool(Pool("dry", Kind.VLAN, Range(3001, 3009), 0, "cctv"), NOW, dry_run=True).name == "dry"
    assert plan.remove_pool("names", NOW, dry_run=True).name == "names"
    assert [pool.name for pool in plan.pools()] == ["cctv", "lan", "lan6", "lo", "names", "vlan"]
    assert plan.allocate(a_site("ds-a"), NOW) == shown
    assert plan.release("ds-a", NOW, dry_run=True)[0].until == NOW + timedelta(days=30)
    assert [each.until for each in plan.allocations("ds-a")] == [None] * 5
    assert plan.verify() == ()


def test_a_dry_run_reads_a_changed_inventory_once(plan: SqlAddressPlan, database: Database) -> None:
    class Counted(InventoryUse):
        reads = 0

        def read(self, connection: Connection, pools: Sequence[Pool]) -> Mapping[Space, Iterable[Range]]:
            self.reads += 1
            return super().read(connection, pools)

    used = Counted()
    counted = SqlAddressPlan(database.engine, used, lambda connection, action, subject, detail: None)
    SqlInventoryStore(database.engine).write([Prefix("10.14.0.0/27")])
    for _turn in range(3):
        assert texts(counted.allocate([Request("ds-a", "lan", purpose="lan")], NOW, dry_run=True)) == ["10.14.0.32/27"]
    assert used.reads == 1


def test_what_is_released_waits_for_its_old_owner_alone(plan: SqlAddressPlan) -> None:
    given = plan.allocate([Request("ds-a", "lan", pool="lan", exactly="10.14.7.0/24")], NOW)
    done = plan.release("ds-a", NOW)
    assert [each.until for each in done] == [NOW + timedelta(days=30)]
    assert plan.release("ds-a", NOW)[0].until == NOW + timedelta(days=30)
    with pytest.raises(OverlapError, match="in quarantine until 2026-12-22, after ds-a"):
        plan.allocate([Request("ds-b", "lan", pool="lan", exactly="10.14.7.0/27")], NOW + timedelta(days=29))
    (back,) = plan.allocate([Request("ds-a", "lan", pool="lan", exactly="10.14.7.0/24")], NOW + timedelta(days=1))
    assert (back.block, back.state, back.until) == (given[0].block, AllocationState.GIVEN, None)
    plan.release("ds-a", NOW, quarantine_days=0)
    assert plan.allocations("ds-a") == ()
    plan.allocate([Request("ds-b", "lan", pool="lan", exactly="10.14.7.0/27")], NOW)
    with pytest.raises(NothingAllocatedError):
        plan.release("ds-a", NOW)
    assert plan.verify() == ()


def test_a_quarantine_that_is_over_is_given_to_others(plan: SqlAddressPlan) -> None:
    plan.add_pool(Pool("two", Kind.VLAN, Range(3000, 3000), 0, "cctv", quarantine_days=3), NOW)
    plan.allocate([Request("a", "cctv", pool="two")], NOW)
    plan.release("a", NOW)
    with pytest.raises(PoolEmptyError, match="1 in quarantine, the first until 2026-11-25"):
        plan.allocate([Request("b", "cctv", pool="two")], NOW + timedelta(days=2))
    assert texts(plan.allocate([Request("b", "cctv", pool="two")], NOW + timedelta(days=3))) == ["3000"]


def test_a_reservation_becomes_given_or_goes_without_quarantine(plan: SqlAddressPlan) -> None:
    (kept,) = plan.allocate([Request("ds-a", "lan", purpose="lan", reserve=True)], NOW)
    assert kept.state is AllocationState.RESERVED
    (given,) = plan.allocate([Request("ds-a", "lan", purpose="lan")], NOW)
    assert (given.state, given.block, given.is_new) == (AllocationState.GIVEN, kept.block, True)
    plan.allocate([Request("ds-b", "lan", purpose="lan", reserve=True)], NOW)
    assert plan.release("ds-b", NOW)[0].until is None
    assert plan.allocations("ds-b") == ()


def test_pools_lie_in_pools_and_never_across(plan: SqlAddressPlan) -> None:
    plan.allocate([Request("ds-a", "lan", pool="lan")], NOW)
    inner = plan.add_pool(Pool("wanayasa", Kind.IPV4, LAN.span, 27, "lan", "32.14.07", parent="lan"), NOW, carve=20)
    assert str(inner) == "10.14.16.0/20"
    order = Pool("wanayasa", Kind.IPV4, LAN.span, 27, "lan", "32.14.07", parent="lan")
    assert plan.add_pool(order, NOW, carve=20) == inner
    assert texts(plan.allocate([Request("ds-w", "lan", purpose="lan", region="32.14.07.2003")], NOW)) == [
        "10.14.16.0/27"
    ]
    with pytest.raises(OverlapError, match="the pool wanayasa lies there"):
        plan.allocate([Request("ds-x", "lan", pool="lan", exactly="10.14.16.32/27")], NOW)
    with pytest.raises(OverlapError, match=r"10\.14\.0\.0/27 ds-a"):
        plan.add_pool(Pool("over", Kind.IPV4, read_span("10.14.0.0/24")[1], 27), NOW)
    with pytest.raises(PoolExistsError):
        plan.add_pool(Pool("lan", Kind.IPV4, read_span("10.20.0.0/16")[1], 27), NOW)
    with pytest.raises(OverlapError, match="lies across the pool vlan"):
        plan.add_pool(Pool("across", Kind.VLAN, Range(50, 150)), NOW)
    # One around all of them, afterwards; and the same range in a zone of its own.
    outer = plan.add_pool(Pool("ten", Kind.IPV4, read_span("10.0.0.0/8")[1], 24), NOW)
    assert {pool.name: pool.parent for pool in plan.pools()}["lan"] == outer.name
    plan.add_pool(Pool("other", Kind.IPV4, LAN.span, 27, zone="cctv"), NOW)
    assert texts(plan.allocate([Request("ds-a", "cam", pool="other")], NOW)) == ["10.14.0.0/27"]
    with pytest.raises(PoolInUseError, match="1 allocation is in it"):
        plan.remove_pool("wanayasa", NOW)
    plan.release("ds-w", NOW, quarantine_days=0)
    plan.remove_pool("wanayasa", NOW)
    plan.allocate([Request("ds-x", "lan", pool="lan", exactly="10.14.16.32/27")], NOW)
    assert plan.verify() == ()


def test_what_the_inventory_uses_is_not_given_and_comes_back(plan: SqlAddressPlan, database: Database) -> None:
    store = SqlInventoryStore(database.engine)
    given = plan.allocate(a_site("ds-b"), NOW)
    theirs = [
        Prefix("10.14.0.32/27", site="ds-a", vlan=101),
        Prefix("10.14.0.0/16", purpose="supernet"),  # the pool itself was made of it
        Prefix("10.14.0.64/26"),
        Device("rtr-0002", "ds-a", Role.ROUTER, address="10.255.0.2"),
        Device("rtr-0003", "ds-a", Role.ROUTER, address="10.255.0.3", status=DeviceStatus.LOST),
    ]
    store.write([Site("ds-a", "A", SiteKind.DESA), *theirs])
    assert texts(plan.allocate(a_site("ds-c"), NOW)) == [
        "10.14.0.128/27", "fd00:14:0:1::/64", "102", "10.255.0.3/32", "rtr-0004",
    ]  # fmt: skip
    use = {each.pool.name: each for each in plan.use(NOW)}
    assert (use["lan"].used, use["vlan"].used, use["lo"].used, use["names"].used) == (96, 1, 1, 2)
    store.remove(theirs[:1])
    assert texts(plan.allocate([Request("ds-d", "lan", purpose="lan")], NOW)) == ["10.14.0.32/27"]
    assert plan.verify() == ()
    # What is imported later on top of another site's is told.
    store.write([Prefix("10.14.0.0/28", site="ds-a"), Prefix("10.14.0.0/27", site="ds-b")])
    with database.engine.connect() as connection:
        found = conflicts(in_use(connection, plan.pools()), plan.allocations(), plan.pools())
    assert [(each.used.site, each.used.said, each.allocation) for each in found] == [
        ("ds-a", "prefix 10.14.0.0/28", plan.allocations("ds-b")[0])
    ]
    assert found[0].allocation.text == given[0].text


def test_the_database_itself_refuses_what_overlaps(plan: SqlAddressPlan, database: Database) -> None:
    (given,) = plan.allocate([Request("ds-a", "lan", pool="lan", exactly="10.14.8.0/24")], NOW)
    rows = [
        {**allocation_row(given, 1), "owner": "thief", "first": first, "last": last}
        for first, last in (
            (given.block.first, given.block.first),
            (given.block.first + 7, given.block.first + 7),
            (given.block.first - 256, given.block.first),
            (given.block.last, given.block.last + 9),
            (given.block.first - 1, given.block.last + 1),
        )
    ]
    with database.engine.connect() as connection:
        row = {**rows[0], "space": connection.exec_driver_sql("SELECT space FROM address_allocation").scalar()}
    for each in rows:
        with pytest.raises(IntegrityError), database.transaction() as connection:
            connection.execute(insert(address_allocation).values({**each, "space": row["space"]}))
    beside = {**row, "first": given.block.last + 1, "last": given.block.last + 1}
    elsewhere = {**row, "space": 999, "owner": "thief in another zone"}
    with database.transaction() as connection:
        connection.execute(insert(address_allocation), [beside, elsewhere])
    with pytest.raises(DBAPIError), database.transaction() as connection:
        connection.execute(address_allocation.update().values(first=given.block.first, last=given.block.last))
    # Written past us: the plan's free blocks say otherwise, which the doctor sees.
    assert plan.verify() == ("lan",)


def grab(url: str, number: int, answers: "multiprocessing.Queue[list[tuple[str, str]]]") -> None:
    with Database(url) as database:
        plan = plan_of(database)
        mine: list[tuple[str, str]] = []
        for turn in range(6):
            owner = f"ds-{number}-{turn}"
            mine += ((each.owner, f"{each.kind.value} {each.text}") for each in plan.allocate(a_site(owner), NOW))
            # All of them want this one as well; and half of what they have is given up again.
            mine += ((each.owner, f"common {each.text}") for each in plan.allocate(a_site(f"common-{turn}"), NOW))
            if turn % 2:
                plan.release(owner, NOW)
        answers.put(mine)


@pytest.mark.real
def test_sixteen_processes_at_once_are_never_given_the_same(
    plan: SqlAddressPlan, database: Database, database_url: str
) -> None:
    database.engine.dispose()
    answers: multiprocessing.Queue[list[tuple[str, str]]] = FORK.Queue()
    crowd = [FORK.Process(target=grab, args=(database_url, number, answers)) for number in range(16)]
    for each in crowd:
        each.start()
    found = list(itertools.chain.from_iterable(answers.get(timeout=50) for _each in crowd))
    for each in crowd:
        each.join()
    assert [each.exitcode for each in crowd] == [0] * 16
    own = [text for owner, text in found if not owner.startswith("common")]
    assert len(own) == len(set(own)) == 16 * 6 * 5
    common = {(owner, text) for owner, text in found if owner.startswith("common")}
    assert len(common) == 6 * 5
    assert len({text for _owner, text in common} & {f"common {text.partition(' ')[2]}" for text in own}) == 0
    assert plan.verify() == ()


def killed_at(url: str, statement: int, act: Callable[[SqlAddressPlan], object]) -> int:
    """In a process that kills itself before its n-th statement (and before each COMMIT); its exit status."""

    def run() -> None:
        with Database(url) as database:
            numbers = itertools.count(1)

            def strike(*_anything: object) -> None:
                if next(numbers) == statement:
                    os.kill(os.getpid(), signal.SIGKILL)

            event.listen(database.engine, "before_cursor_execute", strike)
            event.listen(database.engine, "commit", strike)
            act(plan_of(database))

    child = FORK.Process(target=run)
    child.start()
    child.join()
    assert child.exitcode is not None
    return child.exitcode


@pytest.mark.real
def test_a_kill_at_any_statement_leaves_all_or_nothing(
    plan: SqlAddressPlan, database: Database, database_url: str
) -> None:
    plan.allocate([Request("old", "lan", pool="lan")], NOW)
    plan.release("old", NOW - timedelta(days=40))
    database.engine.dispose()
    kills = 0
    for statement in itertools.count(1):
        owner = f"ds-{statement}"

        def act(plan: SqlAddressPlan, owner: str = owner) -> None:
            plan.allocate(a_site(owner), NOW + timedelta(days=60))

        status = killed_at(database_url, statement, act)
        has = len(plan.allocations(owner))
        database.engine.dispose()
        if status == 0:
            assert has == 5
            break
        kills += 1
        assert (status, has) == (-signal.SIGKILL, 0)
    assert kills > 12
    assert plan.verify() == ()
    assert len(plan.allocate(a_site("ds-1"), NOW)) == 5


@pytest.mark.real
def test_a_backup_brings_the_plan_back_with_what_guards_it(
    plan: SqlAddressPlan, database: Database, tmp_path: Path
) -> None:
    given = plan.allocate(a_site("ds-a"), NOW)
    done = backup(database, tmp_path / "backups", NOW)
    plan.release("ds-a", NOW, quarantine_days=0)
    database.stop()
    restore(database, done.path, tmp_path / "run.lock")
    database.start()
    assert texts(plan.allocate(a_site("ds-a"), NOW)) == texts(given)
    assert plan.verify() == ()
    with database.engine.connect() as connection:
        space = connection.exec_driver_sql("SELECT space FROM address_allocation WHERE text = '10.14.0.0/27'").scalar()
    assert isinstance(space, int)
    row = {**allocation_row(given[0], space), "owner": "thief", "first": given[0].block.first + 1}
    with pytest.raises(IntegrityError), database.transaction() as connection:
        connection.execute(insert(address_allocation).values(row))


@pytest.mark.real
def test_the_bench_of_the_plan_runs_and_finds_nothing_given_twice() -> None:
    words = ["--allocations", "2000", "--processes", "3", "--sites", "2", "--singles", "3"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.addresses", *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    figures = json.loads(done.stdout)
    assert (figures["allocations"], figures["overlaps"]) == (2000, 0)
    assert (figures["crowd"]["allocations"], figures["crowd"]["givenTwice"]) == (60, 0)
    said = [target.line for target in page.targets({"addresses": figures})]
    assert all(line.startswith("met") for line in said)
    assert "2,000 allocations from a /8" in said[0]
