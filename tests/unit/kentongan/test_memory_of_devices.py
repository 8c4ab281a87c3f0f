"""A country is 83,762 devices in 600 MB: what a service keeps of each as Python objects may not grow unseen.

Arrays are not counted here: the kernel gives them memory as they are written (`benchmarks.country` tells the sum).
"""

import gc
import tracemalloc
from pathlib import Path

from collectors.store import DeviceFacts
from domain.network import Check, Device, Role, Site, SiteKind
from domain.polling import Budget, Column, Kind, PlanBook
from domain.secrets import Secret, SnmpCommunity, SnmpVersion
from kentongan.installation import Installation
from kentongan.run.service import Service
from kentongan.settings import load_settings

DEVICES = 700
MOST_BYTES = 2150
"""1,970 when this was written, 2,110 with what has come since, with the device itself, its site and their texts (850).
A set or a dict for each device costs 216 more, and eighteen megabytes of a country: share what the inventory makes
once, or compute when asked."""

COMMUNITY = SnmpCommunity("public", SnmpVersion.V2C, Secret("public"))


def fill(installation: Installation, count: int) -> None:
    columns = [Column("1.3.6.1.2.1.1.3.0", Kind.TIMETICKS, "system", "sysUpTime")]
    numbers = range(count)
    installation.vault.put(COMMUNITY)
    installation.inventory.write([Site(f"desa-{number:05d}", f"Desa {number}", SiteKind.DESA) for number in numbers])
    devices = [
        Device(
            name=f"rtr-{number:05d}",
            site=f"desa-{number:05d}",
            role=Role.ROUTER,
            platform="mikrotik-routeros",
            address=f"127.9.{number // 250}.{1 + number % 250}",
            check=Check.SNMP,
            credential=COMMUNITY.name,
        )
        for number in numbers
    ]
    installation.inventory.write(devices)
    plan = PlanBook().intern(columns, Budget())
    facts = DeviceFacts(0.0, "1.3.6.1.4.1.14988.1", "mikrotik-routeros", "7.20", "RB5009", "HEX0")
    installation.plans.write_all([(device.name, plan, facts) for device in devices])


def objects(service: Service) -> int:
    """Bytes of Python objects that taking over the inventory leaves."""
    service.takeover.read()  # what reading leaves behind whatever it reads: compiled statements
    tracemalloc.start()
    try:
        service.takeover.apply(service.takeover.read())
        gc.collect()
        taken = tracemalloc.take_snapshot().filter_traces([tracemalloc.DomainFilter(True, 0)])
    finally:
        tracemalloc.stop()
    return sum(trace.size for trace in taken.traces)


def taken_over(folder: Path, count: int) -> int:
    """Bytes that the inventory of so many devices leaves."""
    folder.mkdir()
    (folder / "kentongan.toml").write_text("")
    with Installation(load_settings(folder / "kentongan.toml", {}), "test").prepare() as installation:
        fill(installation, count)
        service = Service(installation)
        service.sweeper.start()
        try:
            return objects(service)
        finally:
            service.sweeper.stop()


def test_a_device_more_costs_no_more_objects_than_before(tmp_path: Path) -> None:
    taken_over(tmp_path / "first", 10)  # what the first one leaves however few there are, and tests before this one
    assert 500 < taken_over(tmp_path / "many", DEVICES) / DEVICES < MOST_BYTES
