"""A planned configuration typed into a simulated device: it takes every line, and what it shows then is the intent."""

from pathlib import Path

import pytest

from domain.intent import Configuration, SecretHole
from domain.secrets import Secret
from lab.cli.conversation import Console, Login
from lab.cli.device import SimulatedDevice
from provisioning.difference import compare
from provisioning.profiles import Layer
from provisioning.rendering import fill
from tests.site_office import NOW, SLUG, make_office

KEY_FILE = "/user ssh-keys import"  # needs the uploaded file


def configuration(folder: Path, profile: str, device: str, olt: str = "zte-olt") -> Configuration:
    """With the profiles that the simulated OLTs have."""
    office = make_office(folder, olt=olt)
    there = {"tcont_profile": "10M", "traffic_profile": None, "line_profile": 1, "service_profile": 1}
    office.folder.write(Layer.DEVICE, "olt-sukatani", there if olt == "huawei-olt" else {**there, "olt_uplink": None})
    plan = office.planner().plan(SLUG, NOW, profile=profile)
    return next(each for each in plan.configurations if each.device == device)


def secret(hole: SecretHole) -> Secret:
    return Secret("a2" * 16 if hole.credential.startswith("heartbeat-") else 'Kata "sandi" $1')


def said(device: SimulatedDevice, console: Console, user: str, line: str) -> str:
    return device.take(console, user, fill(line, secret).reveal()).text.strip()


@pytest.mark.parametrize("profile", ["desa-fibre", "desa-tunnel", "cctv-pole"])
def test_routeros_takes_it_and_shows_it(tmp_path: Path, profile: str) -> None:
    wanted = configuration(tmp_path, profile, f"rtr-{SLUG}")
    device = SimulatedDevice.routeros("7.16", address="10.9.0.77/24", manager="10.9.0.10")
    console = device.open(Login("admin", "10.9.0.10", "ct511w4098h"))
    for _ in range(4):  # RouterOS 7 asks a new admin for a password, twice
        if "password" in console.prompt():
            device.take(console, "admin", "Baru-sekali9")
    refused = {line: answer for line in wanted.lines() if (answer := said(device, console, "admin", line))}
    assert not [line for line in refused if not line.startswith(KEY_FILE)], refused
    found = compare(wanted, device.take(console, "admin", "/export terse").text)
    assert found.matches, found.shown()
    assert found.same > 35
    # And what is wanted no more is seen as gone too far.
    said(device, console, "admin", '/ip address add address=10.99.0.1/24 interface=ether5 comment="kentongan old"')
    said(device, console, "admin", "/ip service set telnet disabled=no")
    again = compare(wanted, device.take(console, "admin", "/export").text)
    assert [(each.kind.value, each.place) for each in again.changes if each.kind.value != "untold"] == [
        ("add", "/ip service"),
        ("remove", "/ip address"),
    ]


def test_zte_registers_the_onu(tmp_path: Path) -> None:
    wanted = configuration(tmp_path, "desa-fibre", "olt-sukatani")
    device = SimulatedDevice.zte_olt()
    device.model.add_login("noc", "x", "")
    console = device.open(Login("noc", "192.168.88.10"))
    for line in ("enable", "configure terminal"):
        said(device, console, "noc", line)
    for line in wanted.lines():
        if not line.startswith(" ") and "(config-" in console.prompt():
            said(device, console, "noc", "exit")
        assert said(device, console, "noc", line.strip()) == "", line
    found = compare(wanted, device.configuration())
    assert found.changes == (), found.shown()


def test_huawei_registers_the_ont(tmp_path: Path) -> None:
    wanted = configuration(tmp_path, "desa-fibre", "olt-sukatani", "huawei-olt")
    device = SimulatedDevice.huawei_olt()
    device.model.add_login("noc", "x", "")
    console = device.open(Login("noc", "192.168.88.10"))
    for line in ("enable", "config"):
        said(device, console, "noc", line)
    for line in wanted.lines():
        if not line.startswith(" ") and "(config-" in console.prompt():
            said(device, console, "noc", "quit")
        answer = said(device, console, "noc", line.strip())
        assert not answer or "success: 1" in answer, f"{line}: {answer}"
        if console.prompt().startswith("{"):  # it asks for what might follow
            said(device, console, "noc", "")
    found = compare(wanted, device.configuration())
    assert found.changes == (), found.shown()
