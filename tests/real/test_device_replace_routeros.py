"""`device replace` against simulated RouterOS over real SSH: killed at its end, said again; name and history go on."""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.network import Device, DeviceStatus, Stage
from domain.polling import DEFAULT_CLASSES
from domain.secrets import Secret, SshLogin
from domain.states import DeviceState, State, StateChange
from inventory.store.units import SqlUnits
from kentongan.addresses import address_plan
from kentongan.changing.changes import SiteChanges
from kentongan.changing.replacing import Replacement, prepare
from kentongan.changing.swapping import first_kept
from kentongan.installation import Installation
from kentongan.planning.sources import provisioning_folder
from kentongan.run.roster import Roster
from lab.cli import Address, SimulatedDevice, running_cli
from lab.cli.conversation import Login
from provisioning.profiles import site_profiles
from provisioning.profiles.assembling import requests_of
from tests.real.planned_office import FIRST_PASSWORD, LATER_PASSWORD, POP, ROUTER, SITE, Office, Place, set_up

pytestmark = [pytest.mark.real, pytest.mark.timeout(90)]

OLD, NEW = "HE108PZ0OLD", "HGQ09NEW123"
URL = "https://nms.example.go.id"
SINCE = datetime(2026, 11, 1, tzinfo=UTC)


class Killed(BaseException):
    """As by kill -9."""


def told(device: SimulatedDevice) -> str:
    """Without the hour at its head."""
    return re.sub(r"^# .* by RouterOS", "# by RouterOS", device.configuration(), flags=re.MULTILINE)


def serve(device: SimulatedDevice, host: str, port: int = 0) -> AbstractContextManager[Address]:
    return running_cli(device, user="admin", password=FIRST_PASSWORD, host=host, port=port)


class World:
    """An office in use. The PoP has its lines; where its router was, a unit of another model answers, as it came."""

    def __init__(self, office: Office, stack: ExitStack) -> None:
        self.office = office
        self.pop = SimulatedDevice.routeros("7.16", hostname="pop", serial="POP0001", boot_seconds=0.3)
        self.new = SimulatedDevice.routeros("7.18", hostname="MikroTik", serial=NEW, board="L009UiGS", boot_seconds=0.3)
        for device in (self.pop, self.new):
            device.advance(10)  # what is scheduled for its start has run
        self.bare_pop, self.bare_new = told(self.pop), told(self.new)
        first = SshLogin("first", "admin", Secret(FIRST_PASSWORD))
        at_pop = stack.enter_context(serve(self.pop, "127.0.0.2"))
        at = stack.enter_context(serve(self.new, "127.0.0.3"))
        set_up(
            office,
            "mikrotik-routeros",
            Place(at_pop.host, at_pop.port, first),
            Place(at.host, at.port, first, OLD),
        )
        with office.open() as installation:
            self._begin(installation)

    def _begin(self, installation: Installation) -> None:
        inventory = installation.inventory.read()
        site = replace(inventory.site_by_slug[SITE], stage=Stage.ACTIVE)
        rows = [replace(each, status=DeviceStatus.IN_USE, model="RB760iGS") for each in inventory.devices]
        installation.inventory.write([site, *(each for each in rows if each.name == ROUTER)])
        down = StateChange(SINCE, ROUTER, State.UP, State.DOWN, "icmp-silent")
        installation.states.apply([down])
        profile = site_profiles(provisioning_folder(installation.loaded.folder).profiles).get("bench-office")
        now = installation.clock.now().utc
        address_plan(installation).allocate(requests_of(profile, SITE, site.region_code or ""), now)
        plan, _parties = SiteChanges(installation, URL).planned(SITE)
        console = self.pop.open(Login("admin", "127.0.0.1", "ct511w4098h"))
        for configuration in plan.configurations:
            for line in configuration.lines() if configuration.device == POP else ():
                assert self.pop.take(console, "admin", line).text.strip() == "", line

    def device(self, name: str = ROUTER) -> Device:
        with self.office.open() as installation:
            return next(each for each in installation.inventory.read().devices if each.name == name)

    def names(self) -> set[str]:
        with self.office.open() as installation:
            return {each.name for each in installation.inventory.read().devices}


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[World]:
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:
        yield World(Office(tmp_path, capsys), stack)


def test_another_model_takes_the_place_also_after_a_power_cut(world: World) -> None:
    office, before = world.office, world.device()
    roster = Roster(DEFAULT_CLASSES)
    with office.open() as installation:
        roster.update(installation.inventory.read().devices, {})
        changes = SiteChanges(installation, URL, reached=lambda moment: _die(moment, "swap: acted"))
        prepared = prepare(changes, Replacement(ROUTER, NEW, "L009UiGS", fate=DeviceStatus.RMA, login="first"))
        kept = first_kept(changes, prepared)
        with pytest.raises(Killed):
            changes.begin(SITE, prepared.kind, prepared.told, prepared.order, kept, prepared.profile)
    status, out, err = office.call("device", "replace", ROUTER, "--serial", NEW, "--yes")
    assert status == 0, out + err
    assert "name=rtr-dinkes" in told(world.new)
    assert "kentongan-revert" not in told(world.new)
    assert told(world.pop) != world.bare_pop  # it knows no serial, and was told nothing

    after, old = world.device(), world.device(f"{ROUTER}-{OLD}")
    assert after == replace(before, serial=NEW, model="L009UiGS")
    assert (old.serial, old.model, old.status, old.address) == (OLD, "RB760iGS", DeviceStatus.RMA, "")
    with office.open() as installation:
        # Its series and its state go on under the same name; the old unit is nobody's.
        change = roster.update(installation.inventory.read().devices, {})
        assert ([each.device.name for each in change.changed], change.added, change.removed) == ([ROUTER], (), ())
        assert installation.states.read() == (DeviceState(ROUTER, State.DOWN, "icmp-silent", SINCE),)
        assert len(installation.states.changes(SINCE, 10)) == 1
        (done,) = SqlUnits(installation.database.engine).replaced(ROUTER)
        assert (done.old_serial, done.new_serial, done.fate) == (OLD, NEW, DeviceStatus.RMA)
        said = " ".join(str(each.detail) for each in installation.journal.read(0, 1000))
    assert not [secret for secret in ("sandi-auth", "sandi-priv", FIRST_PASSWORD, LATER_PASSWORD) if secret in said]


def _die(moment: str, at: str) -> None:
    if moment == at:
        raise Killed
