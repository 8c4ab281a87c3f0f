"""An office that is set up once and copied for each test, its devices simulated, its commands real processes."""

import json
import os
import re
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.network import Device, DeviceStatus, RegionCode, Role, Site, SiteKind, Stage
from domain.secrets import Secret, SshLogin
from kentongan.installation import Installation
from kentongan.settings import load_settings
from lab.cli import SimulatedDevice, running_cli
from provisioning.profiles import Layer, ProvisioningFolder
from tests.real.forked_cli import Ended, ForkedCli
from tests.real.planned_office import FIRST_PASSWORD, POP, ROUTER, SITE, Office, Place, set_up

SERIALS = {POP: "POP0001", ROUTER: "HE108PZ0LAB"}
REVERT_SECONDS = 900  # longer than any of these tests, on any machine


@dataclass(frozen=True, slots=True)
class World:
    """An office that is set up once, to be copied, and where its devices are to answer."""

    template: Path
    places: dict[str, tuple[str, int]]
    cli: ForkedCli


@dataclass(frozen=True, slots=True)
class Bench:
    """A copy of the office with devices as they come from their boxes."""

    world: World
    folder: Path
    devices: Mapping[str, SimulatedDevice]

    @property
    def pop(self) -> SimulatedDevice:
        return self.devices[POP]

    @property
    def router(self) -> SimulatedDevice:
        return self.devices[ROUTER]

    def call(self, *words: str, **options: Any) -> Ended:
        return self.world.cli.call(self.folder, *words, **options)

    def apply(self, **options: Any) -> Ended:
        return self.call("site", "apply", SITE, **options)

    def begin(self, **options: Any) -> tuple[int, int]:
        return self.world.cli.begin(self.folder, "site", "apply", SITE, **options)

    def end(self, call: tuple[int, int]) -> Ended:
        return self.world.cli.end(call)

    def exports(self) -> tuple[str, str]:
        return told(self.pop), told(self.router)

    def jobs(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.call("site", "jobs", SITE, "--json").out)
        return found

    def set(self, *words: str) -> Ended:
        return self.call("site", "set", *words)

    def given(self, pool: str) -> str:
        return self.call("pool", "show", pool).out


def told(device: SimulatedDevice) -> str:
    """Without the hour at its head."""
    return re.sub(r"^# .* by RouterOS", "# by RouterOS", device.configuration(), flags=re.MULTILINE)


def lines_told(device: SimulatedDevice) -> list[str]:
    """What changes something, not what only reads."""
    return [line for _at, _user, line in device.journal.lines if re.match(r"/import|/system (backup|scheduler)", line)]


@contextmanager
def running_world(folder: Path, *others: str) -> Iterator[World]:
    """others: sites beside the first, each with a router of its own at the same PoP."""
    template = folder / "template"
    template.mkdir()
    names = (POP, ROUTER, *(f"rtr-{site}" for site in others))
    places = {name: (host, free_port(host)) for name, host in zip(names, own_hosts(len(names)), strict=True)}
    first = SshLogin("first", "admin", Secret(FIRST_PASSWORD))
    with ForkedCli(folder, {"LANGUAGE": "en", "SUDO_USER": "siti"}) as cli:

        class Called(Office):
            def __init__(self) -> None:
                self.folder = template

            def call(self, *words: str) -> tuple[int, str, str]:
                ended = cli.call(template, *words)
                return ended.status, ended.out, ended.err

        before = Path.cwd()
        os.chdir(template)
        try:
            set_up(
                Called(),
                "mikrotik-routeros",
                Place(*places[POP], first),
                Place(*places[ROUTER], first, SERIALS[ROUTER]),
                settings=f"revert_seconds = {REVERT_SECONDS}",
            )
            _add(others, places)
        finally:
            os.chdir(before)
        yield World(template, places, cli)


def started(world: World, folder: Path, stack: ExitStack) -> Bench:
    shutil.copytree(world.template, folder)
    devices = {
        name: SimulatedDevice.routeros("7.16", hostname=name, serial=SERIALS.get(name, name), boot_seconds=0.2)
        for name in world.places
    }
    for name, (host, port) in world.places.items():
        devices[name].advance(600)  # what is to be done at startup would be done still
        stack.enter_context(running_cli(devices[name], user="admin", password=FIRST_PASSWORD, host=host, port=port))
    return Bench(world, folder, devices)


def _add(sites: Sequence[str], places: Mapping[str, tuple[str, int]]) -> None:
    code = RegionCode("32.14.06")
    with Installation(load_settings(None), "siti").open() as installation:
        for site in sites:
            host, port = places[f"rtr-{site}"]
            router = Device(
                f"rtr-{site}", site, Role.ROUTER, platform="mikrotik-routeros", address=host, ssh_port=port,
                credential="first", status=DeviceStatus.PLANNED,
            )  # fmt: skip
            office = Site(site, f"Dinas {site}", SiteKind.OPD, code, stage=Stage.PLANNED)
            installation.inventory.write([office, router])
        folder = ProvisioningFolder(installation.loaded.folder / "provisioning")
    for site in sites:
        folder.write(Layer.SITE, site, {"profile": "bench-office", "upstream": POP})


def own_hosts(count: int) -> Sequence[str]:
    """Addresses that no other test process takes."""
    own = f"127.{64 + os.getpid() // 250 % 64}.{1 + os.getpid() % 250}"
    return [f"{own}.{number}" for number in range(1, count + 1)]


def free_port(host: str) -> int:
    with socket.socket() as found:
        found.bind((host, 0))
        return int(found.getsockname()[1])


def until(true: Callable[[], object], seconds: float = 20) -> None:
    give_up_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up_at
        time.sleep(0.02)
