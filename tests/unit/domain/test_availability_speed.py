"""A month of a kabupaten, 500 devices and 100,000 changes, is worked out in two seconds of one processor."""

from time import process_time
from zoneinfo import ZoneInfo

from domain.availability import By, Records, Reporter
from domain.network import Device, Inventory, RegionCode, Role, Site, SiteKind
from domain.states import State

HOUR = 3_600_000_000
DEVICES, CHANGES = 500, 200


def test_a_month_of_a_kabupaten_takes_two_seconds_at_most() -> None:
    sites = tuple(
        Site(f"s{n}", f"Desa {n}", SiteKind.DESA, RegionCode(f"32.14.{n % 17 + 1:02}.{2001 + n // 17}"))
        for n in range(DEVICES // 2)
    )
    devices = tuple(Device(f"{way}{n}", f"s{n}", Role.ROUTER) for n in range(len(sites)) for way in "ab")
    step = 744 * HOUR // CHANGES
    states = (State.DOWN, State.UP)
    changes = {
        device.name: [(k * step + n * 1_000_000, states[k % 2], "icmp-silent") for k in range(CHANGES)]
        for n, device in enumerate(devices)
    }
    initial = dict.fromkeys(changes, (State.UP, ""))
    reporter = Reporter(
        Records((0, 744 * HOUR), Inventory(sites=sites, devices=devices), initial, changes), {}, ZoneInfo("UTC")
    )
    began = process_time()
    report = reporter.report(By.DESA)
    assert process_time() - began < 2.0
    assert len(report.rows) == len(sites)
    assert sum(row.figure.service for row in report.rows) == len(sites) * 744 * HOUR
