"""Before anything is told it is asked who answers: the serial of a device, and the ONU at its place on an OLT."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from domain.changes import Job, JobKind, Step, StepKind
from domain.intent import Configuration, Platform, Section
from domain.language import speaking
from domain.secrets import Secret, SshLogin
from domain.shell import Command, ShellTarget
from lab.cli import SimulatedDevice
from lab.cli.lines.plant import Onu
from provisioning.changing import DeviceSteps, Party, WrongDeviceError
from provisioning.changing.devices import Tools
from provisioning.changing.identity import check_serial
from provisioning.platforms import PLATFORMS, clean
from provisioning.platforms.pushing import PUSHING
from provisioning.profiles import Layer
from tests.simulated_shells import SimulatedShell, SimulatedShells
from tests.site_office import NOW, SLUG, make_office
from tests.told_device import ToldDevice

OURS, OTHER = "ZTEGC0FFEE01", "ZTEGC0FFEE77"
OLT = "olt-sukatani"


def party_of(configuration: Configuration, serial: str = "") -> Party:
    platform = PLATFORMS[configuration.platform.value]
    target = ShellTarget(configuration.device, "10.9.0.77", SshLogin("noc", "noc", Secret("rahasia")), platform.dialect)
    return Party(platform, PUSHING[configuration.platform], configuration, target, target, serial=serial)


class Privileged(SimulatedShells):
    """As the driver of Huawei's OLTs begins each conversation."""

    def open(self, target: ShellTarget) -> SimulatedShell:
        shell = super().open(target)
        for line in ("enable", "undo smart") if target.device == OLT else ():
            shell.run(Command(line))
        return shell


def met(device: SimulatedDevice, party: Party, kind: JobKind = JobKind.BUILD) -> str:
    """What is said of who answers. Raises WrongDeviceError."""
    device.model.add_login("noc", "rahasia", "")
    tools = Tools(
        Privileged({"10.9.0.77": device}),
        cast(Any, None),
        lambda _hole: None,
        lambda told, written: clean(told.platform, written),
        lambda *_said: None,
        lambda: datetime(2026, 11, 22, tzinfo=UTC),
        lambda _seconds: None,
    )
    steps = DeviceSteps({party.device: party}, tools)
    job = Job("ab12cd", SLUG, "siti", NOW, (), kind=kind, order={"device": "onu"})
    before = device.configuration()
    try:
        with speaking("en"), steps._open(job, Step(StepKind.READ), party) as shell:
            return steps._identified(job, shell, party, steps._read(shell, party)[1])
    finally:
        assert device.configuration() == before


@pytest.mark.parametrize(
    ("platform", "make", "serial"),
    [
        (Platform.IOS, SimulatedDevice.ios, "FGL2000LAB1"),
        (Platform.VRP, SimulatedDevice.vrp, "2102359575LAB0000001"),
    ],
)
def test_another_serial_is_told_nothing(platform: Platform, make: Callable[[], SimulatedDevice], serial: str) -> None:
    device, wanted = make(), Configuration("rtr-a", platform, 0, (Section("baseline", ()),))
    assert met(device, party_of(wanted, serial)) == ""
    assert met(device, party_of(wanted)) == ""
    device.order(serial="LAIN0000123")
    with pytest.raises(WrongDeviceError, match=rf"LAIN0000123, and rtr-a is planned with {serial}"):
        met(device, party_of(wanted, serial))


def test_who_tells_no_serial_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provisioning.changing.identity.QUESTIONS", {})
    wanted = Configuration("rtr-a", Platform.VRP, 0, (Section("baseline", ()),))
    assert met(SimulatedDevice.vrp(), party_of(wanted, "21023")) == "rtr-a tells no serial to check."


@pytest.mark.parametrize("platform", [Platform.FRR, Platform.OPENWRT])
def test_a_linux_box_is_known_by_whatever_the_office_wrote_down(platform: Platform) -> None:
    class Written:
        def run(self, _command: Command) -> Any:
            machine = "machine-id " + "0a" * 16
            return SimpleNamespace(text=f"serial Default string\nserial 5CG1\n{machine}\nmac e8:94:f6:aa:bb:cc\n")

    def said(serial: str) -> str:
        wanted = Configuration("rtr-a", platform, 0, (Section("baseline", ()),))
        with speaking("en"):
            return check_serial(cast(Any, Written()), party_of(wanted, serial), "")

    assert [said(serial) for serial in ("5cg1", "E8-94-F6-AA-BB-CC", "0A" * 16, "")] == [""] * 4
    for wrong, found in (("5CG2", "5CG1"), ("e8:94:f6:aa:bb:cd", "e8:94:f6:aa:bb:cc"), ("0b" * 16, "0a" * 16)):
        with pytest.raises(WrongDeviceError, match=rf"the serial {found}, and rtr-a is planned with {wrong}"):
            said(wrong)


def planned(folder: Path, platform: str) -> Configuration:
    office = make_office(folder, olt=platform)
    up = "gei_1/3/1" if platform == "zte-olt" else "0/19/0"
    profiles: dict[str, object] = {"tcont_profile": "10M", "traffic_profile": None, "line_profile": 1}
    office.folder.write(Layer.DEVICE, OLT, {**profiles, "service_profile": 1, "olt_uplink": up})
    plan = office.planner().plan(SLUG, NOW, profile="desa-fibre")
    return next(each for each in plan.configurations if each.device == OLT)


def changed(configuration: Configuration, old: str, new: str) -> Configuration:
    sections = (
        replace(each, lines=tuple(line.replace(old, new) for line in each.lines)) for each in configuration.sections
    )
    return replace(configuration, sections=tuple(sections))


@pytest.mark.parametrize(("platform", "port"), [("zte-olt", "1/1/3"), ("huawei-olt", "0/1/3")])
def test_the_olt_is_asked_for_the_onu_before_it_is_registered(tmp_path: Path, platform: str, port: str) -> None:
    def olt(*onus: Onu) -> SimulatedDevice:
        return SimulatedDevice.zte_olt(onus=onus) if platform == "zte-olt" else SimulatedDevice.huawei_olt(onus=onus)

    wanted = planned(tmp_path, platform)
    party, elsewhere = party_of(wanted), port[:-1] + "1"
    assert met(olt(Onu(port, OURS)), party) == ""
    assert met(olt(), party) == f"{OLT} does not see {OURS} yet."
    said = met(olt(Onu(port, OTHER)), party)
    assert said == f"{OLT} does not see {OURS} at {port} yet; these wait there: {OTHER}."
    with pytest.raises(WrongDeviceError, match=rf"sees the ONU {OURS} at {elsewhere}, and it is planned at {port}"):
        met(olt(Onu(elsewhere, OURS)), party)

    device = olt()
    there = ToldDevice(device, PUSHING[wanted.platform], changed(wanted, OURS, OTHER), shared=True)
    there.push()
    with pytest.raises(WrongDeviceError, match=rf"At {port} number 5 .*{OTHER} is registered, and {OURS} is planned"):
        met(device, party)
    assert met(device, party, JobKind.REPLACE) == f"{OLT} does not see {OURS} yet."
    assert met(device, party_of(changed(wanted, OURS, OTHER))) == ""

    again = olt()
    ToldDevice(again, PUSHING[wanted.platform], wanted, shared=True).push()
    number = (":5", ":6") if platform == "zte-olt" else ("ont add 3 5", "ont add 3 6")
    moved = changed(changed(wanted, *number), "onu 5 ", "onu 6 ")
    with pytest.raises(WrongDeviceError, match=rf"knows the ONU {OURS} already, at {port} as number 5"):
        met(again, party_of(moved))
