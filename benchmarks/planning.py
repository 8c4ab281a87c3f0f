"""Planning sites: 500 desa on fibre, each with allocation, rendering and the difference against a stored read.

Everything is as the command has it: SQLite on this machine's disk, backups in git, variables in files of which each
site has one. Of half of the devices a backup is kept; what was stored before is not timed.
"""

import argparse
import json
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from domain.addressing import Kind, Pool, read_span
from domain.network import Device, RegionCode, Role, Site, SiteKind, Stage
from kentongan.addresses import address_plan
from kentongan.installation import Installation
from kentongan.planning.sources import CONFIGURATIONS, provisioning_folder, site_planner
from kentongan.settings import load_settings
from provisioning.backup import BackupState, ConfigRepository, Why
from provisioning.profiles import Layer, ProvisioningFolder
from provisioning.store.backups import SqlBackupStates

NOW = datetime(2026, 11, 22, tzinfo=UTC)
POOLS = (
    ("lo", "10.32.0.0/20", 32, "loopback"),
    ("link", "10.40.0.0/16", 30, "link"),
    ("mgmt", "10.41.0.0/16", 28, "management"),
    ("lan", "10.64.0.0/12", 24, "lan"),
)
VLANS = (("vlan-management", "20-29", "management"), ("vlan-uplink", "100-3900", "uplink"))
KABUPATEN = {
    "management_networks": ["10.9.0.0/24"],
    "admin_user": "diskominfo",
    "admin_password": "bench/password",
    "snmp_user": "kentongan",
    "snmp_auth": "bench-snmp/auth",
    "snmp_priv": "bench-snmp/priv",
    "ntp_servers": ["10.9.0.1"],
    "dns_servers": ["10.9.0.2"],
    "syslog_server": "10.9.0.3",
    "timezone": "Asia/Jakarta",
    "wifi_ssid": "Desa",
    "olt": "olt",
    "upstream": "pop",
}


def prepare(installation: Installation, folder: ProvisioningFolder, count: int) -> None:
    """Sites with their variables and pools."""
    plan = address_plan(installation)
    for name, span, length, purpose in POOLS:
        plan.add_pool(Pool(name, Kind.IPV4, read_span(span)[1], length, purpose), NOW)
    for name, span, purpose in VLANS:
        plan.add_pool(Pool(name, Kind.VLAN, read_span(span)[1], 0, purpose), NOW)
    folder.write(Layer.KABUPATEN, "", KABUPATEN)
    folder.write(Layer.DEVICE, "pop", {"downlink_interface": "sfp1"})
    code = RegionCode("32.14.06.2007")
    records: list[Site | Device] = [Site("pop", "PoP", SiteKind.POP, RegionCode("32.14.06"))]
    records += [
        Device("olt", "pop", Role.OLT, platform="zte-olt"),
        Device("pop", "pop", Role.ROUTER, platform="mikrotik-routeros"),
    ]
    for number in range(count):
        slug = f"desa-{number:04}"
        records.append(Site(slug, f"Desa {number}", SiteKind.DESA, code, stage=Stage.PLANNED))
        records.append(Device(f"rtr-{slug}", slug, Role.ROUTER, platform="mikrotik-routeros"))
        records.append(Device(f"ap-{slug}", slug, Role.AP, platform="mikrotik-routeros"))
        place = {"olt_port": f"1/1/{1 + number // 128}", "onu_id": 1 + number % 127, "onu_serial": f"ZTEG{number:08}"}
        folder.write(Layer.SITE, slug, {"profile": "desa-fibre", **place})
    installation.inventory.write(records)


def plan_all(installation: Installation, count: int) -> tuple[float, float, int, int]:
    """Seconds, seconds of the processor, configurations and differences."""
    began, cpu = time.perf_counter(), time.process_time()
    planner = site_planner(installation, "https://bench.invalid")
    plans = [planner.plan(f"desa-{number:04}", NOW) for number in range(count)]
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return seconds, cpu, sum(len(each.configurations) for each in plans), sum(len(each.differences) for each in plans)


def keep_backups(installation: Installation, count: int, share: int = 2) -> None:
    """Of the devices elsewhere and of each second site's own."""
    repository = ConfigRepository(installation.loaded.folder / CONFIGURATIONS)
    planner = site_planner(installation, "https://bench.invalid")
    states = SqlBackupStates(installation.database.engine)
    kept: set[str] = set()
    for number in range(0, count, share):
        for each in planner.plan(f"desa-{number:04}", NOW).configurations:
            if each.device not in kept:
                kept.add(each.device)
                text = each.shown().partition("\n==> ")[0] + "\n"
                site = each.device.partition("-")[2] or "pop"
                repository.put(each.device, site, text, Why("bench"), (1, 0), NOW)
                states.put(BackupState(each.device, good_at=NOW.timestamp()))


def measure(count: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="kentongan-bench-") as place:
        (Path(place) / "kentongan.toml").touch()
        loaded = load_settings(Path(place) / "kentongan.toml")
        with Installation(loaded, "bench").prepare() as installation:
            prepare(installation, provisioning_folder(loaded.folder), count)
            keep_backups(installation, count)
            seconds, cpu, configurations, differences = plan_all(installation, count)
    return {
        "sites": count,
        "seconds": round(seconds, 2),
        "cpuSeconds": round(cpu, 2),
        "configurations": configurations,
        "differences": differences,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=500)
    print(json.dumps(measure(parser.parse_args().sites)))


if __name__ == "__main__":
    main()
