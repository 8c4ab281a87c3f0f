"""The address plan: 100,000 allocations from a /8, a site a transaction, and sixteen processes at once.

The database is SQLite on this machine's disk, which is waited for at each commit. A wave is a hundred sites of ten in
one transaction; a site of its own costs what the disk takes to be sure.
"""

import argparse
import json
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from sqlalchemy import Connection

from domain.addressing import Kind, Pool, Request, read_span
from domain.audit import AuditEntry
from domain.time import Moment
from kentongan.addresses import InventoryUse
from kentongan.database import Database
from kentongan.store import SqlJournal
from kentongan.store.schema import upgrade
from provisioning.store.addresses import SqlAddressPlan

NOW = datetime(2026, 11, 22, tzinfo=UTC)
FORK = multiprocessing.get_context("fork")
PER_SITE = 10
PER_WAVE = 100
TEN = Pool("ten", Kind.IPV4, read_span("10.0.0.0/8")[1], 27, "lan")


@contextmanager
def opened(url: str) -> Iterator[SqlAddressPlan]:
    """With the audit journal, as an installation has it."""
    with Database(url) as database:
        journal = SqlJournal(database.engine)

        def write(connection: Connection, action: str, subject: str, detail: Mapping[str, object]) -> None:
            journal.record_in(connection, AuditEntry(Moment(0, NOW.timestamp()), "bench", action, subject, detail))

        yield SqlAddressPlan(database.engine, InventoryUse(), write)


@contextmanager
def fresh() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="kentongan-bench-") as folder:
        url = f"sqlite:///{folder}/kentongan.db"
        with Database(url) as database:
            upgrade(database.engine)
        with opened(url) as plan:
            plan.add_pool(TEN, NOW)
        yield url


def site(name: str) -> list[Request]:
    return [Request(name, f"lan-{number}", pool="ten") for number in range(PER_SITE)]


def in_waves(count: int) -> dict[str, object]:
    with fresh() as url, opened(url) as plan:
        began, cpu = time.perf_counter(), time.process_time()
        for wave in range(count // (PER_SITE * PER_WAVE)):
            plan.allocate([each for at in range(PER_WAVE) for each in site(f"site-{wave}-{at}")], NOW)
        seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
        began = time.perf_counter()
        (use,) = plan.use(NOW)
        assert use.allocations == count
        return {
            "allocations": count,
            "seconds": round(seconds, 2),
            "cpuSeconds": round(cpu, 2),
            "useMilliseconds": round(1000 * (time.perf_counter() - began), 1),
            "overlaps": overlaps(plan),
        }


def one_by_one(times: int) -> dict[str, object]:
    """A site a transaction, and a single allocation a transaction."""
    with fresh() as url, opened(url) as plan:
        began = time.perf_counter()
        for number in range(times):
            plan.allocate(site(f"site-{number}"), NOW)
        per_site = (time.perf_counter() - began) / times
        began = time.perf_counter()
        for number in range(times):
            plan.allocate([Request(f"single-{number}", "lan", pool="ten")], NOW)
        return {
            "siteMilliseconds": round(1000 * per_site, 2),
            "singleMilliseconds": round(1000 * (time.perf_counter() - began) / times, 2),
            "diskSyncMilliseconds": round(1000 * disk_sync(), 2),
        }


def crowd(processes: int, sites: int) -> dict[str, object]:
    """Each of the processes asks for its own sites, one a transaction."""
    with fresh() as url:
        began = time.perf_counter()
        children = [FORK.Process(target=ask, args=(url, number, sites)) for number in range(processes)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        seconds = time.perf_counter() - began
        assert all(child.exitcode == 0 for child in children)
        with opened(url) as plan:
            given = Counter(each.text for each in plan.allocations())
            assert given.total() == processes * sites * PER_SITE
            twice = sum(count - 1 for count in given.values())
            return {
                "processes": processes,
                "allocations": given.total(),
                "seconds": round(seconds, 2),
                "givenTwice": twice + overlaps(plan),
            }


def ask(url: str, number: int, sites: int) -> None:
    with opened(url) as plan:
        for at in range(sites):
            plan.allocate(site(f"site-{number}-{at}"), NOW)


def overlaps(plan: SqlAddressPlan) -> int:
    blocks = sorted(each.block for each in plan.allocations())
    return sum(one.last >= other.first for one, other in pairwise(blocks))


def disk_sync(times: int = 100) -> float:
    """Seconds that the disk takes to be sure of a page."""
    with tempfile.TemporaryDirectory(prefix="kentongan-bench-") as folder:
        descriptor = os.open(Path(folder) / "page", os.O_CREAT | os.O_WRONLY, 0o600)
        began = time.perf_counter()
        for _time in range(times):
            os.write(descriptor, bytes(4096))
            os.fsync(descriptor)
        seconds = time.perf_counter() - began
        os.close(descriptor)
    return seconds / times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--allocations", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--sites", type=int, default=50, help="of each process")
    parser.add_argument("--singles", type=int, default=300, help="transactions that are timed one by one")
    options = parser.parse_args()
    figures = {
        **in_waves(options.allocations),
        **one_by_one(options.singles),
        "crowd": crowd(options.processes, options.sites),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
