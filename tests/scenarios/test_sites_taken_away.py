"""What a site had on its PoP and OLT is taken away again on every platform, suspended and resumed, and brought back."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from domain.intent import Configuration
from domain.network import Stage
from kentongan.changing.ending import emptied
from lab.cli import SimulatedDevice
from provisioning.platforms.pushing import PUSHING
from provisioning.profiles import Layer
from tests.site_office import NOW, SLUG, make_office
from tests.told_device import ToldDevice

POP, OLT = "rtr-sukatani", "olt-sukatani"
MANAGED = {"address": "10.9.0.77/24", "manager": "10.9.0.10"}


def planned(folder: Path, device: str, platform: str, stage: Stage = Stage.ACTIVE) -> Configuration:
    """With the profiles that the simulated OLTs have."""
    olt = platform if platform.endswith("-olt") else "zte-olt"
    router = "" if platform.endswith("-olt") else platform
    office = make_office(folder, router=router, pop=router or "mikrotik-routeros", olt=olt)
    there: dict[str, object] = {
        "tcont_profile": "10M",
        "traffic_profile": None,
        "line_profile": 1,
        "service_profile": 1,
    }
    office.folder.write(Layer.DEVICE, OLT, {**there, "olt_uplink": "gei_1/3/1" if olt == "zte-olt" else "0/19/0"})
    sites = tuple(replace(each, stage=stage) if each.slug == SLUG else each for each in office.inventory.sites)
    office.inventory = replace(office.inventory, sites=sites)
    plan = office.planner().plan(SLUG, NOW, profile="desa-fibre")
    return next(each for each in plan.configurations if each.device == device)


def device_of(platform: str) -> SimulatedDevice:
    match platform:
        case "cisco-ios":
            return SimulatedDevice.ios(**MANAGED)  # type: ignore[arg-type]
        case "huawei-vrp":
            return SimulatedDevice.vrp(**MANAGED)  # type: ignore[arg-type]
        case "zte-olt":
            return SimulatedDevice.zte_olt()
        case _:
            return SimulatedDevice.huawei_olt()


def job(device: SimulatedDevice, wanted: Configuration) -> ToldDevice:
    return ToldDevice(device, PUSHING[wanted.platform], wanted, shared=True)


def carry_out(told: ToldDevice) -> str:
    """The device's configuration once it is confirmed and kept."""
    told.arm()
    told.push()
    found = told.difference()
    assert found.matches, found.shown()
    told.keep()
    return told.read()


@pytest.mark.parametrize(
    ("platform", "name"), [("cisco-ios", POP), ("huawei-vrp", POP), ("zte-olt", OLT), ("huawei-olt", OLT)]
)
def test_nothing_of_the_site_is_left_and_it_comes_back(tmp_path: Path, platform: str, name: str) -> None:
    device, wanted = device_of(platform), planned(tmp_path, name, platform)
    building = job(device, wanted)
    built = carry_out(building)
    assert built != building.at.before
    away = job(device, emptied(wanted))
    assert carry_out(away) == building.at.before
    away.revert()
    assert away.read() == built


@pytest.mark.parametrize("platform", ["cisco-ios", "huawei-vrp"])
def test_the_pops_port_is_shut_for_a_suspended_site(tmp_path: Path, platform: str) -> None:
    device, active = device_of(platform), planned(tmp_path, POP, platform)
    suspended = planned(tmp_path, POP, platform, Stage.SUSPENDED)
    assert active.fingerprint != suspended.fingerprint
    built = carry_out(job(device, active))
    shut = carry_out(job(device, replace(suspended, gone=active.sections)))
    more = Counter(shut.splitlines())
    more.subtract(built.splitlines())
    assert +more == Counter({" shutdown": 1})
    assert carry_out(job(device, replace(active, gone=suspended.sections))) == built


@pytest.mark.parametrize(
    ("platform", "line"),
    [
        ("zte-olt", r"\s*service-port 1 vport 1 user-vlan \d+ vlan \d+"),
        ("huawei-olt", r" service-port \d+ vlan \d+ gpon 0/1/3 ont 5 .*"),
    ],
)
def test_the_olt_carries_nothing_for_a_suspended_site_and_knows_its_onu(
    tmp_path: Path, platform: str, line: str
) -> None:
    device, active = device_of(platform), planned(tmp_path, OLT, platform)
    suspended = planned(tmp_path, OLT, platform, Stage.SUSPENDED)
    built = carry_out(job(device, active))
    away = job(device, replace(suspended, gone=active.sections))
    off = carry_out(away)
    less = Counter(built.splitlines())
    less.subtract(off.splitlines())
    assert not -less
    (gone,) = (each for each in +less if not re.match(r"#|\[| +<", each))
    assert re.fullmatch(line, gone)
    assert carry_out(job(device, replace(active, gone=suspended.sections))) == built
    carry_out(away)
    away.revert()
    assert away.read() == built
