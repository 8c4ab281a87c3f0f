"""Sites applied in waves on simulated RouterOS, and the same lines brought onto the same devices by Ansible.

Each site has a router of its own and its part of a PoP's; five sites share a PoP, in an order in which the sites of a
batch have different ones. Ours is `kentongan site apply --wave` as a process, all of it: addresses, plans, a
device-side revert, push, a login anew, backup in git, checks, inventory, acceptance sheet as PDF. Ansible's playbook
(`benchmarks.peers.playbook`) does no more than tell the devices: it arms, imports, reads again, disarms. As many forks
as ours has sites side by side. The devices are new for each of the two, and share the machine with both.
"""

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.peers import playbook
from benchmarks.simulated_routers import PASSWORD, USER, SimulatedRouters, running_routers
from domain.addressing import Kind, Pool, read_span
from domain.network import Device, DeviceStatus, RegionCode, Role, Site, SiteKind, Stage
from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpUser, SshLogin
from kentongan.addresses import address_plan
from kentongan.changing.changes import SiteChanges
from kentongan.installation import Installation
from kentongan.planning.sources import credentials_of, find_secret
from kentongan.settings import load_settings
from provisioning.difference import compare
from provisioning.platforms.pushing import Send
from provisioning.profiles import Layer, ProvisioningFolder
from provisioning.rendering import fill

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PER_POP = 5
LATER = ("noc", "bench-later")
PROFILE = """\
profile: bench-office
title: An office for the bench
kinds: [opd]
medium: fibre
poll_class: fibre
elsewhere:
  - {key: upstream, device: upstream, role: router, platforms: [mikrotik-routeros], parts: [downlink]}
devices:
  - key: router
    name: "rtr-{site}"
    role: router
    platforms: [mikrotik-routeros]
    parts: [baseline, uplink, lan]
    uplink: [upstream]
    address: loopback
vlans:
  - {key: uplink, purpose: uplink, about: carries the link from the PoP to the office}
  - {key: management, purpose: management, about: access points}
subnets:
  - {key: loopback, purpose: loopback, length: 32, hosts: [router]}
  - {key: link, purpose: link, length: 30, hosts: [upstream, router]}
  - {key: management, purpose: management, length: 28, vlan: management, hosts: [router]}
  - {key: lan, purpose: lan, length: 24, hosts: [router], dhcp: 20}
links:
  - {name: "up-{site}", a: router, z: upstream, medium: fibre}
checks: [reachable, no-default-credentials]
"""
POOLS = (
    ("lo", Kind.IPV4, "10.32.0.0/22", 32, "loopback"),
    ("link", Kind.IPV4, "10.33.0.0/16", 30, "link"),
    ("mgmt", Kind.IPV4, "10.34.0.0/16", 28, "management"),
    ("lan", Kind.IPV4, "10.64.0.0/12", 24, "lan"),
    ("vlan-up", Kind.VLAN, "100-999", 0, "uplink"),
    ("vlan-mgmt", Kind.VLAN, "1000-1999", 0, "management"),
)
KABUPATEN = {
    "management_networks": ["127.0.0.0/8", "192.168.88.0/24"],
    "admin_user": "noc",
    "admin_password": "bench-ssh/password",
    "snmp_user": "kentongan",
    "snmp_auth": "bench-snmp/auth",
    "snmp_priv": "bench-snmp/priv",
    "ntp_servers": ["10.9.0.1"],
    "dns_servers": ["10.9.0.3"],
    "domain": "bench.internal",
    "syslog_server": "10.9.0.5",
    "timezone": "Asia/Jakarta",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=100)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--peer", type=int, default=1, help="0: without Ansible")
    options = parser.parse_args()
    print(json.dumps(measure(options.sites, options.batch, peer=bool(options.peer))))


def measure(count: int, batch: int, *, peer: bool = True) -> dict[str, object]:
    sites = [f"opd-{number:03}" for number in range(count)]
    pops = [f"pop-{number:02}" for number in range(max(1, -(-count // PER_POP)))]
    upstream = {site: pops[number % len(pops)] for number, site in enumerate(sites)}
    names = [*pops, *(f"rtr-{site}" for site in sites)]
    places = {name: f"127.20.{number // 200}.{1 + number % 200}" for number, name in enumerate(names)}
    figures: dict[str, object] = {"sites": count, "pops": len(pops), "sideBySide": batch}
    with _office(places, upstream) as (office, routers), _stopwatch() as took:
        began = took()
        words = ["--canary", "1", "--batch", str(batch), "--json"]
        done = _kentongan(office, "site", "apply", "--wave", "wave.csv", *words)
        ours = _since(began, took())
        scripts = _scripts(office, sites) if peer else {}
    found = json.loads(done)["sites"]
    states = [each["state"] for each in found]
    for each in found:
        if each["why"]:
            print(f"{each['site']}: {each['why']}", file=sys.stderr)
    figures["kentongan"] = ours | {"done": states.count("done"), "gearCpuSeconds": routers.cpu_seconds}
    if peer:
        with tempfile.TemporaryDirectory(prefix="kentongan-bench-") as folder, running_routers(places) as routers:
            hosts = {name: (places[name], routers.ports[name]) for name in names}
            groups = (pops, names[len(pops) :])
            with _stopwatch() as took:
                began = took()
                changed = playbook.run(Path(folder), hosts, ((USER, PASSWORD), LATER), groups, scripts, batch)
                theirs = _since(began, took())
        figures["ansible"] = theirs | {"done": changed, "gearCpuSeconds": routers.cpu_seconds, **playbook.versions()}
        figures["times"] = round(theirs["seconds"] / ours["seconds"], 1)
    return figures


@contextlib.contextmanager
def _office(places: Mapping[str, str], upstream: Mapping[str, str]) -> Iterator[tuple[Path, SimulatedRouters]]:
    """Its folder, and its devices as they come from their boxes."""
    with tempfile.TemporaryDirectory(prefix="kentongan-bench-") as place, running_routers(places) as routers:
        folder = Path(place)
        (folder / "kentongan.toml").write_text("[changes]\nrevert_seconds = 900\n", encoding="utf-8")
        with Installation(load_settings(folder / "kentongan.toml"), "bench").prepare() as made:
            _fill(made, places, routers.ports, upstream)
        (folder / "wave.csv").write_text("slug\n" + "".join(f"{site}\n" for site in upstream), encoding="utf-8")
        yield folder, routers


def _fill(made: Installation, places: Mapping[str, str], ports: Mapping[str, int], upstream: Mapping[str, str]) -> None:
    plan = address_plan(made)
    for name, kind, span, length, purpose in POOLS:
        plan.add_pool(Pool(name, kind, read_span(span)[1], length, purpose), NOW)
    made.vault.put(SshLogin("bench-first", USER, Secret(PASSWORD)))
    made.vault.put(SshLogin("bench-ssh", LATER[0], Secret(LATER[1])))
    auth, priv = Secret("bench-auth"), Secret("bench-priv")
    made.vault.put(SnmpUser("bench-snmp", "kentongan", AuthProtocol.SHA1, auth, PrivProtocol.AES128, priv))
    code = RegionCode("32.14.06")
    folder = ProvisioningFolder(made.loaded.folder / "provisioning")
    folder.profiles.mkdir(parents=True)
    (folder.profiles / "bench-office.yaml").write_text(PROFILE, encoding="utf-8")
    folder.write(Layer.KABUPATEN, "", KABUPATEN)
    records: list[Site | Device] = []
    for name, address in places.items():
        site = name.removeprefix("rtr-")
        own = name != site
        kind, stage, status = SiteKind.POP, Stage.ACTIVE, DeviceStatus.IN_USE
        if own:
            kind, stage, status = SiteKind.OPD, Stage.PLANNED, DeviceStatus.PLANNED
            folder.write(Layer.SITE, site, {"profile": "bench-office", "upstream": upstream[site]})
        else:
            folder.write(Layer.DEVICE, name, {"downlink_interface": "ether3"})
        records.append(Site(site, site, kind, code, stage=stage))
        records.append(
            Device(
                name,
                site,
                Role.ROUTER,
                platform="mikrotik-routeros",
                address=address,
                ssh_port=ports[name],
                credential="bench-first",
                status=status,
            )
        )
    made.inventory.write(records)


def _scripts(office: Path, sites: list[str]) -> dict[str, str]:
    """Device → the lines that ours imports, secrets filled in; those of all its sites for a PoP."""
    found: dict[str, str] = {}
    with Installation(load_settings(office / "kentongan.toml"), "bench").open() as made:
        changes, credentials = SiteChanges(made, "https://bench.invalid"), credentials_of(made)
        for site in sites:
            _plan, parties = changes.planned(site)
            for party in parties.values():
                difference = compare(party.configuration, "")
                for act in party.pushing.push(changes.situation(party), difference):
                    if isinstance(act, Send) and act.path.endswith(".rsc"):
                        text = fill(act.text, lambda hole: find_secret(credentials, hole)).reveal()
                        found[party.device] = found.get(party.device, "") + text
    return found


def _kentongan(office: Path, *words: str) -> str:
    environment = {**os.environ, "LANGUAGE": "en"}
    command = [sys.executable, "-m", "kentongan", "--config", str(office / "kentongan.toml"), *words]
    here = {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, cwd=office, env=environment | here, capture_output=True, text=True, check=False)
    if not done.stdout.startswith("{"):
        raise SystemExit(f"kentongan ended with status {done.returncode}: {done.stderr[-1500:]}")
    return done.stdout


@contextlib.contextmanager
def _stopwatch() -> Iterator[Callable[[], tuple[float, float]]]:
    """Seconds now, and seconds of the processor of all children that have ended."""

    def now() -> tuple[float, float]:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.perf_counter(), used.ru_utime + used.ru_stime

    yield now


def _since(began: tuple[float, float], ended: tuple[float, float]) -> dict[str, float]:
    return {"seconds": round(ended[0] - began[0], 1), "cpuSeconds": round(ended[1] - began[1], 1)}


if __name__ == "__main__":
    main()
