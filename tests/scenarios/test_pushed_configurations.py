"""What is planned is told to simulated devices, looked at again, taken back: the same configuration as before."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from domain.intent import Configuration, Platform
from lab.cli import Onu, SimulatedDevice
from lab.cli.lines.model import LineModel
from provisioning.platforms.pushing import PUSHING, registered_anew, registrations
from provisioning.profiles import Layer
from tests.site_office import NOW, SLUG, make_office
from tests.told_device import RefusedError, ToldDevice

ROUTER, POP, OLT = f"rtr-{SLUG}", "rtr-sukatani", "olt-sukatani"
MANAGED = {"address": "10.9.0.77/24", "manager": "10.9.0.10"}


def planned(folder: Path, device: str, platform: str) -> Configuration:
    """With the profiles that the simulated OLTs have."""
    olt = platform if platform.endswith("-olt") else "zte-olt"
    router = platform if platform in ("cisco-ios", "huawei-vrp") else ""
    office = make_office(folder, router=router, pop=router or "mikrotik-routeros", olt=olt)
    there: dict[str, object] = {
        "tcont_profile": "10M",
        "traffic_profile": None,
        "line_profile": 1,
        "service_profile": 1,
    }
    up = {"olt_uplink": "gei_1/3/1" if olt == "zte-olt" else "0/19/0"}
    office.folder.write(Layer.DEVICE, OLT, there | up)
    plan = office.planner().plan(SLUG, NOW, profile="desa-fibre")
    return next(each for each in plan.configurations if each.device == device)


def told(device: SimulatedDevice, wanted: Configuration, *, shared: bool = False) -> ToldDevice:
    return ToldDevice(device, PUSHING[wanted.platform], wanted, shared=shared)


def lines_of(device: SimulatedDevice) -> LineModel:
    assert isinstance(device.model, LineModel)
    return device.model


def ios() -> SimulatedDevice:
    return SimulatedDevice.ios(**MANAGED)  # type: ignore[arg-type]


def archiving() -> SimulatedDevice:
    device = ios()
    lines_of(device).replay("archive\n path flash:arsip\n")
    lines_of(device).save()
    return device


def vrp5() -> SimulatedDevice:
    return SimulatedDevice.vrp(**MANAGED)  # type: ignore[arg-type]


def vrp8() -> SimulatedDevice:
    return SimulatedDevice.vrp("V800R012C10", **MANAGED)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("platform", "make", "restarts"),
    [("cisco-ios", ios, 0), ("cisco-ios", archiving, 0), ("huawei-vrp", vrp5, 1), ("huawei-vrp", vrp8, 0)],
)
@pytest.mark.parametrize("device", [ROUTER, POP])
def test_a_router_is_told_and_taken_back(
    tmp_path: Path, platform: str, make: Callable[[], SimulatedDevice], restarts: int, device: str
) -> None:
    shared = device == POP
    job = told(make(), planned(tmp_path, device, platform), shared=shared)
    job.arm()
    job.push()
    found = job.difference()
    assert found.matches, found.shown()
    assert found.same >= (8 if shared else 60)
    job.keep()
    # Kept over a power cut, and nothing is left that would bring the old back.
    job.device.advance(1200)
    assert job.device.reboots == 0
    job.device.reboot()
    job.device.advance(job.device.boot_seconds + 1)
    job.log_in()
    assert job.difference().matches
    rebooted = job.device.reboots
    job.revert()
    assert job.read() == job.at.before
    assert job.device.reboots - rebooted == (0 if shared else restarts)
    job.device.reboot()
    job.device.advance(job.device.boot_seconds + 1)
    job.log_in()
    assert job.read() == job.at.before


@pytest.mark.parametrize(
    ("platform", "make"),
    [("cisco-ios", ios), ("cisco-ios", archiving), ("huawei-vrp", vrp5), ("huawei-vrp", vrp8)],
)
def test_an_armed_router_comes_back_by_itself(
    tmp_path: Path, platform: str, make: Callable[[], SimulatedDevice]
) -> None:
    job = told(make(), planned(tmp_path, ROUTER, platform))
    job.arm()
    job.push()
    assert job.difference().matches
    job.device.advance(595)
    assert job.difference().matches
    job.device.advance(10)
    job.log_in()
    assert job.read() == job.at.before
    # Taken up again: armed and told anew, though a part was told before.
    job.arm()
    job.push()
    job.keep()
    job.device.advance(1200)
    assert job.difference().matches


@pytest.mark.parametrize(("platform", "make"), [("cisco-ios", ios), ("huawei-vrp", vrp5)])
def test_what_nobody_saved_is_not_put_at_risk(
    tmp_path: Path, platform: str, make: Callable[[], SimulatedDevice]
) -> None:
    """A restart would bring back what is saved, which is not what runs."""
    device = make()
    job = told(device, planned(tmp_path, ROUTER, platform))
    lines_of(device).replay(
        "interface GigabitEthernet0/0/1\n description sementara\n" if platform == "huawei-vrp" else "lldp run\n"
    )
    with pytest.raises(RefusedError):
        job.arm()
    device.advance(3600)
    assert device.reboots == 0


@pytest.mark.parametrize("platform", ["zte-olt", "huawei-olt"])
def test_an_onu_is_registered_and_taken_back(tmp_path: Path, platform: str) -> None:
    """Whether it is there on the fibre or not: it may be screwed on tomorrow."""
    device = SimulatedDevice.zte_olt() if platform == "zte-olt" else SimulatedDevice.huawei_olt()
    job = told(device, planned(tmp_path, OLT, platform), shared=True)
    assert job.pushing.arm(job.at) == job.pushing.disarm(job.at) == ()
    job.push()
    assert job.difference().changes == ()
    job.keep()
    job.revert()
    assert job.read() == job.at.before
    assert not lines_of(device).modified


@pytest.mark.parametrize("platform", ["zte-olt", "huawei-olt"])
def test_a_neighbour_that_came_meanwhile_stays(tmp_path: Path, platform: str) -> None:
    device = SimulatedDevice.zte_olt() if platform == "zte-olt" else SimulatedDevice.huawei_olt()
    job = told(device, planned(tmp_path, OLT, platform), shared=True)
    job.push()
    neighbour = (
        "interface gpon-olt_1/1/3\n onu 6 type ALL sn ZTEGC0FFEE06\n"
        if platform == "zte-olt"
        else "vlan 105 smart\ninterface gpon 0/1\n ont add 3 6 sn-auth 5A544547C0FFEE06 omci ont-lineprofile-id 1 "
        "ont-srvprofile-id 1\nservice-port vlan 105 gpon 0/1/3 ont 6 gemport 1 multi-service user-vlan 100\n"
    )
    assert lines_of(device).replay(neighbour) == []
    job.revert()
    (left,) = registrations(Platform(platform), job.read())
    assert (left.onu, left.serial) == (6, "ZTEGC0FFEE06")
    # Nothing of what was sent is left: what others did is not held against the device.
    assert job.pushing.revert(job.looked_at()) == job.pushing.disarm(job.at)


@pytest.mark.parametrize("platform", ["zte-olt", "huawei-olt"])
def test_a_replaced_onu_gets_its_serial_and_keeps_its_place(tmp_path: Path, platform: str) -> None:
    port = "1/1/3" if platform == "zte-olt" else "0/1/3"
    new = Onu(port, "ZTEGC0FFEE99")
    make = SimulatedDevice.zte_olt if platform == "zte-olt" else SimulatedDevice.huawei_olt
    device = make(onus=(new,))
    first = told(device, planned(tmp_path, OLT, platform), shared=True)
    first.push()
    before = first.read()
    (held,) = registrations(Platform(platform), before)
    assert (held.port, held.onu, held.serial) == (port, 5, "ZTEGC0FFEE01")
    job = told(device, registered_anew(OLT, Platform(platform), held, "ztegc0ffee99"), shared=True)
    difference = job.difference()
    assert [(each.kind.value, each.before) for each in difference.changes] == [("set", held.line)]
    job.push()
    assert job.difference().changes == ()
    (now,) = registrations(Platform(platform), job.read())
    assert now.serial == "ZTEGC0FFEE99"
    assert job.read().replace("EE99", "EE01") == before
    job.revert()
    assert job.read() == before


def test_a_replaced_onu_of_another_type_comes_with_all_that_hung_on_the_old_one(tmp_path: Path) -> None:
    device = SimulatedDevice.zte_olt()
    first = told(device, planned(tmp_path, OLT, "zte-olt"), shared=True)
    first.push()
    lines_of(device).replay("pon-onu-mng gpon-onu_1/1/3:5\n wan-ip 1 mode dhcp vlan-profile dari-noc\n")
    before = first.read()
    (held,) = registrations(Platform.ZTE_OLT, before)
    wanted = registered_anew(
        OLT, Platform.ZTE_OLT, replace(held, line=held.line.replace("ZTE-F660", "ALL")), "ZTEGC0FFEE99"
    )
    job = told(device, wanted, shared=True)
    job.push()
    assert job.read().replace("type ALL sn ZTEGC0FFEE99", "type ZTE-F660 sn ZTEGC0FFEE01") == before
    job.revert()
    assert job.read() == before


@pytest.mark.parametrize("platform", ["zte-olt", "huawei-olt"])
def test_what_a_site_had_on_an_olt_goes_and_comes_back(tmp_path: Path, platform: str) -> None:
    device = SimulatedDevice.zte_olt() if platform == "zte-olt" else SimulatedDevice.huawei_olt()
    wanted = planned(tmp_path, OLT, platform)
    first = told(device, wanted, shared=True)
    first.push()
    job = told(device, replace(wanted, sections=(), gone=wanted.sections), shared=True)
    job.push()
    assert job.read() == first.at.before
    job.revert()
    assert job.read() == job.at.before


@pytest.mark.parametrize("platform", ["zte-olt", "huawei-olt"])
def test_an_olt_that_says_yes_and_does_nothing_is_seen(tmp_path: Path, platform: str) -> None:
    device = SimulatedDevice.zte_olt() if platform == "zte-olt" else SimulatedDevice.huawei_olt()
    job = told(device, planned(tmp_path, OLT, platform), shared=True)
    device.order(ignores=r"^\s*(onu \d+ type|ont add)")
    with suppress(RefusedError):  # the next line has nothing to stand on
        job.push()
    assert not job.difference().matches
    device.order(ignores="")
    job.revert()
    assert job.read() == job.at.before


@pytest.mark.parametrize("platform", ["zte-olt", "huawei-olt"])
def test_a_serial_that_hangs_elsewhere_is_refused_in_the_olts_words(tmp_path: Path, platform: str) -> None:
    device = SimulatedDevice.zte_olt() if platform == "zte-olt" else SimulatedDevice.huawei_olt()
    elsewhere = (
        "interface gpon-olt_1/1/2\n onu 1 type ALL sn ZTEGC0FFEE01\n"
        if platform == "zte-olt"
        else "interface gpon 0/1\n ont add 2 1 sn-auth 5A544547C0FFEE01 omci ont-lineprofile-id 1 ont-srvprofile-id 1\n"
    )
    assert lines_of(device).replay(elsewhere) == []
    job = told(device, planned(tmp_path, OLT, platform), shared=True)
    with pytest.raises(RefusedError, match=r"has been used by gpon-onu_1/1/2:1|SN already exists"):
        job.push()
    job.revert()
    assert job.read() == job.at.before
