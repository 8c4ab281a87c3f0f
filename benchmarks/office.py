"""An installation as an office has it after its first day: SQLite, inventory, credential, and what discovery found.

Nothing is asked of anybody here: the plans are written as a discovery would have written them.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import workload
from collectors.store import DeviceFacts
from domain.network import Check, Device, Role, Site, SiteKind
from domain.polling import PlanBook
from domain.secrets import Credential
from kentongan.installation import Installation
from kentongan.logging import configure_logging
from kentongan.settings import load_settings

ZONES = 17


@contextlib.contextmanager
def installation(
    devices: int, port: int, access: Credential, *, interval_seconds: float = 60.0, check: Check = Check.SNMP
) -> Iterator[Installation]:
    """Opened; its folder is removed at the end. Made by a process of its own, so that what the making took is not
    found in the figures."""
    with tempfile.TemporaryDirectory(prefix="kentongan-bench-") as folder:
        file = Path(folder) / "kentongan.toml"
        file.write_text(_settings(interval_seconds), encoding="utf-8")
        words = [str(file), str(devices), str(port), access.name, check.value]
        subprocess.run([sys.executable, "-m", "benchmarks.office", *words], check=True)
        loaded = load_settings(file, environment={})
        configure_logging(loaded.settings.log.level, loaded.settings.log.format)
        with Installation(loaded, "bench").open() as opened:
            yield opened


def fill(made: Installation, addresses: Sequence[str], port: int, credential: str, check: Check) -> None:
    """A site and a router for each address, in ZONES zones, all of one shape."""
    plan = workload.plan(PlanBook())
    facts = DeviceFacts(time.time(), "1.3.6.1.4.1.14988.1", "mikrotik-routeros", "7.20", "RB5009", "HEX0")
    sites: list[Site] = []
    routers: list[Device] = []
    for number, address in enumerate(addresses):
        slug = f"desa-{number:05d}"
        sites.append(Site(slug, f"Desa {number}", SiteKind.DESA))
        routers.append(
            Device(
                name=workload.name_of(address),
                site=slug,
                role=Role.ROUTER,
                platform="mikrotik-routeros",
                address=address,
                zone=f"zone-{number % ZONES:02d}",
                check=check,
                snmp_port=port,
                credential=credential,
            )
        )
    made.inventory.write([*sites, *routers])
    made.plans.write_all([(router.name, plan, facts) for router in routers])


def _settings(interval_seconds: float) -> str:
    return "\n".join(
        (
            "[exporter]",
            "port = 0",
            "[log]",
            f"level = {json.dumps('warning')}",
            "[polling.fibre]",
            "icmp_seconds = 20",
            "icmp_misses = 4",
            f"snmp_seconds = {interval_seconds}",
            "snmp_misses = 3",
            "discovery_seconds = 21600",
            "month_megabytes = 0",
            "",
        )
    )


def main() -> None:
    """FILE DEVICES PORT CREDENTIAL CHECK"""
    file, devices, port, credential, check = sys.argv[1:]
    with Installation(load_settings(Path(file), environment={}), "bench").prepare() as made:
        made.vault.put(next(each for each in (workload.COMMUNITY, workload.USER) if each.name == credential))
        fill(made, list(workload.addresses(int(devices))), int(port), credential, Check(check))


if __name__ == "__main__":
    main()
