"""What the collectors read of the simulated kabupaten while something is broken, as an outage's evidence.

Profiles and lab know the vendors' MIBs each on their own, so that a wrong OID or scale on one side shows here.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from collectors.onu_states import OnuLook, look_at_onus
from collectors.probe import probe, probe_json
from collectors.profiles import Profiles, shipped_profiles
from collectors.snmp.client import SnmpClient
from domain.network import Device, Inventory, Region, RegionCode
from domain.polling import DownCause, Endpoint, find_onu
from domain.secrets import Secret, SnmpCommunity, SnmpUser, SnmpVersion
from lab.hardware import HUAWEI_OLT, HUAWEI_ONT, OLT, ONU
from lab.kabupaten import generate
from lab.world.agents import Agents
from lab.world.model import World
from lab.world.users import COMMUNITY, SHA_AES

NOON = 1_790_000_000.0
ADDRESS = "127.48.0.1"
V2C = SnmpCommunity("", SnmpVersion.V2C, Secret(COMMUNITY))
KINDS = {OLT.name: "zte-olt", HUAWEI_OLT.name: "huawei-olt"}


def regions() -> list[Region]:
    found = [Region(RegionCode("32.14"), "Kabupaten Alun")]
    for number, name in enumerate(("Alun", "Batu", "Cai", "Darat", "Embun"), 1):
        found.append(Region(RegionCode(f"32.14.{number:02d}"), name))
        found += [Region(RegionCode(f"32.14.{number:02d}.2{at:03d}"), f"Desa {name} {at}") for at in range(1, 16)]
    return found


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    return generate("32.14", regions())


@pytest.fixture
def world(inventory: Inventory) -> World:
    return World(inventory, NOON, seed=1)


@pytest.fixture(scope="module")
def profiles() -> Profiles:
    return shipped_profiles()


class Door(asyncio.DatagramProtocol):
    """One device of the world on a port of its own, at an hour that stands still."""

    def __init__(self, agents: Agents, address: str, now: float) -> None:
        self._agents, self._address, self._now = agents, address, now

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        answer = self._agents.answer(self._address, data, self._now)
        if answer is not None:
            self._transport.sendto(answer, address)  # type: ignore[attr-defined]


@asynccontextmanager
async def device_of(
    world: World, name: str, now: float, access: SnmpCommunity | SnmpUser = V2C
) -> AsyncIterator[Endpoint]:
    node = world.wiring.nodes[world.wiring.by_name[name]]
    loop = asyncio.get_running_loop()
    transport, _door = await loop.create_datagram_endpoint(
        lambda: Door(Agents(world), node.device.address, now), local_addr=(ADDRESS, 0)
    )
    try:
        yield Endpoint(ADDRESS, transport.get_extra_info("sockname")[1], access)
    finally:
        transport.close()


def look(
    world: World,
    profiles: Profiles,
    olt: str,
    now: float,
    access: SnmpCommunity | SnmpUser = V2C,
    **asked: Any,
) -> OnuLook:
    kind = KINDS[world.wiring.nodes[world.wiring.by_name[olt]].model.name]

    async def run() -> OnuLook:
        async with (
            device_of(world, olt, now, access) as endpoint,
            SnmpClient(endpoint, attempts=2, attempt_seconds=1.0) as client,
        ):
            return await look_at_onus(client, profiles.get(kind), **asked)

    return asyncio.run(run())


def probed(world: World, profiles: Profiles, name: str, now: float) -> dict[str, Any]:
    """`kentongan probe --json`, its sensors as class/name → value."""

    async def run() -> dict[str, Any]:
        async with device_of(world, name, now) as endpoint:
            return probe_json(await probe(endpoint, 3.0, profiles))

    found: dict[str, Any] = asyncio.run(run())
    assert found["errors"] == []
    return {**found, "sensors": {f"{one['class']}/{one['name']}": one["value"] for one in found["sensors"]}}


def onus_of(inventory: Inventory, model: str) -> list[Device]:
    olts = {device.name for device in inventory.devices if device.model == model}
    return [device for device in inventory.devices if device.olt in olts]


@pytest.mark.parametrize("model", KINDS)
@pytest.mark.parametrize("access", [V2C, SHA_AES], ids=["v2c", "v3"])
def test_an_olt_tells_what_became_of_each_onu(
    world: World, inventory: Inventory, profiles: Profiles, model: str, access: SnmpCommunity | SnmpUser
) -> None:
    dark, cut, well = onus_of(inventory, model)[:3]
    asked = [(onu.olt_port, onu.onu_id) for onu in (dark, cut, well)]
    world.power_off(dark.site, NOON + 10)
    world.cut(f"gpon-{cut.site}", NOON + 10)
    found = look(world, profiles, dark.olt, NOON + 15, access, onus=asked)
    causes = [one.down_cause for place in asked if (one := find_onu(found.readings, *place))]
    assert causes == [DownCause.POWER, DownCause.FIBRE, None]
    light = find_onu(found.readings, well.olt_port, well.onu_id)
    assert light is not None
    assert light.rx_dbm is not None
    assert -29 < light.rx_dbm < -15
    assert found.complete
    assert found.requests <= 5


@pytest.mark.parametrize("model", KINDS)
def test_a_feeder_cable_takes_its_port_and_no_other(
    world: World, inventory: Inventory, profiles: Profiles, model: str
) -> None:
    onus = onus_of(inventory, model)
    link = next(one for one in inventory.links if one.name == f"gpon-{onus[0].site}")
    world.cut(link.segments[0], NOON + 10)
    found = look(world, profiles, onus[0].olt, NOON + 15)
    dark = {(one.olt_port, one.onu_id) for one in found.readings if one.down_cause is DownCause.FIBRE}
    assert {port for port, _number in dark} == {link.z_interface}
    behind = [onu for onu in onus if onu.olt == onus[0].olt]
    assert len(found.readings) == len(behind)
    assert len(dark) == sum(onu.olt_port == onus[0].olt_port for onu in behind)


def test_fading_light_is_read_as_it_fades(world: World, inventory: Inventory, profiles: Profiles) -> None:
    for model in KINDS:
        onu = onus_of(inventory, model)[1]

        def rx(now: float, onu: Device = onu) -> float:
            [one] = look(world, profiles, onu.olt, now, onus=[(onu.olt_port, onu.onu_id)]).readings
            assert one.rx_dbm is not None
            return one.rx_dbm

        before = rx(NOON + 1)
        world.dim(f"gpon-{onu.site}", 4.0, NOON + 2)
        assert before - rx(NOON + 3) == pytest.approx(4.0, abs=0.1)


def test_probe_shows_the_onus_in_the_words_of_their_vendor(
    world: World, inventory: Inventory, profiles: Profiles
) -> None:
    for model, words in (
        (OLT.name, ("dyingGasp", "powerOff", "working")),
        (HUAWEI_OLT.name, ("down", "dyingGasp", "up")),
    ):
        dark, well = onus_of(inventory, model)[:2]
        world.power_off(dark.site, NOON + 10)
        found = probed(world, profiles, dark.olt, NOON + 15)
        assert found["platform"] == KINDS[model]
        onus = {(one["oltPort"].rpartition("_")[2].rpartition(" ")[2], one["onuId"]): one for one in found["onus"]}
        gone, there = onus[dark.olt_port, dark.onu_id], onus[well.olt_port, well.onu_id]
        assert (gone["state"], gone["lastDownCause"], there["state"]) == words
        assert gone["rxDbm"] is None
        assert there["rxDbm"] < -14
        assert there["distanceM"] > 300
        at_olt = [value for name, value in found["sensors"].items() if name.endswith("at OLT")]
        assert at_olt
        assert all(-32 < value < -15 for value in at_olt)


@pytest.mark.parametrize("model", ["Smart-UPS 1500", "Multimatic 2000"])
def test_a_ups_on_its_battery(world: World, inventory: Inventory, profiles: Profiles, model: str) -> None:
    ups = next(device for device in inventory.devices if device.model == model and device.site.startswith("pop-"))
    feeder = next(site.power_feeder for site in inventory.sites if site.slug == ups.site)
    calm = probed(world, profiles, ups.name, NOON + 1)["sensors"]
    world.feeder_off(feeder, NOON + 10)
    hold = world.view(world.wiring.by_name[ups.name], NOON + 10).power.hold_seconds
    late = probed(world, profiles, ups.name, NOON + 10 + 0.9 * hold)["sensors"]
    volts = next(name for name in calm if name.startswith("voltage/Input"))
    assert 205 < calm[volts] < 240
    assert late[volts] == 0
    assert (calm["runtime/On battery"], late["runtime/On battery"]) == (0, pytest.approx(0.9 * hold, abs=1))
    assert (calm["charge/Battery"], late["charge/Battery"]) == (100, pytest.approx(10, abs=0.6))
    assert calm["runtime/Battery left"] == pytest.approx(hold, rel=0.03, abs=31)
    assert late["runtime/Battery left"] == pytest.approx(0.1 * hold, rel=0.03, abs=31)
    assert (calm["state/Battery"], late["state/Battery"]) == (2, 3)  # normal, low
    output = "state/Output" if "state/Output" in calm else "state/Output source"
    assert calm[output] != late[output]


def test_a_router_at_the_pop_and_a_radio(world: World, inventory: Inventory, profiles: Profiles) -> None:
    pop = next(device for device in inventory.devices if device.name == "rtr-pop-batu")
    feeder = next(site.power_feeder for site in inventory.sites if site.slug == pop.site)
    world.feeder_off(feeder, NOON + 10)
    sensors = probed(world, profiles, pop.name, NOON + 15)["sensors"]
    assert (sensors["state/psu1-state"], sensors["state/psu2-state"]) == (0, 1)
    assert any(name.startswith("dbm/") and name.endswith(" Rx") for name in sensors)
    assert 11 < sensors["voltage/voltage"] < 13
    world.restore("all", NOON + 16)
    radio = next(d for d in inventory.devices if d.name.startswith("rad-") and "sektor" not in d.name)
    sensors = probed(world, profiles, radio.name, NOON + 17)["sensors"]
    ssid = next(name.removeprefix("signal/").removesuffix(" signal") for name in sensors if name.endswith(" signal"))
    assert -76 < sensors[f"signal/{ssid} signal"] < -50
    assert -98 < sensors[f"signal/{ssid} noise floor"] < -90
    assert 70 < sensors[f"quality/{ssid} CCQ"] <= 100
    assert sensors[f"clients/{ssid} stations"] == 1


def crowded(inventory: Inventory, model: str, ports: int, per_port: int) -> tuple[Inventory, str]:
    """An OLT of the kind with so many ONUs more, all at one site."""
    first = onus_of(inventory, model)[0]
    link = next(one for one in inventory.links if one.name == f"gpon-{first.site}")
    zte = model == OLT.name
    devices, links = list(inventory.devices), list(inventory.links)
    for port in range(ports):
        card, at = divmod(port, 8)
        place = f"1/{card + 1}/{at + 1}" if zte else f"0/{card}/{at}"
        for number in range(per_port):
            name = f"onu-crowd-{port}-{number}"
            devices.append(
                replace(
                    first,
                    name=name,
                    model=(ONU if zte else HUAWEI_ONT).name,
                    address=f"127.90.{port}.{number + 1}",
                    olt_port=place,
                    onu_id=str(number + 40),
                )
            )
            end = f"gpon_{place}" if zte else f"GPON {place}"
            links.append(replace(link, name=f"gpon-crowd-{port}-{number}", a_device=name, z_interface=end, segments=()))
    more = replace(inventory, devices=tuple(devices), links=tuple(links))
    return more, first.olt


@pytest.mark.parametrize("model", KINDS)
def test_an_olt_with_a_thousand_onus_is_read_within_its_budget(
    inventory: Inventory, profiles: Profiles, model: str
) -> None:
    many, olt = crowded(inventory, model, 16, 64)
    world = World(many, NOON, seed=1)
    budget = profiles.get(KINDS[model]).budget
    for asked, most, onus in _ways(many, olt):
        found = look(world, profiles, olt, NOON + 1, **asked)
        assert found.complete
        assert len(found.readings) >= onus
        assert found.requests <= min(most, budget.onu_requests)
        print(f"{model} {list(asked) or 'all'}: {len(found.readings)} ONUs, {found.requests} requests, "
              f"{found.octets} bytes, {found.seconds:.2f} s")  # fmt: skip


def _ways(inventory: Inventory, olt: str) -> Iterable[tuple[dict[str, Any], int, int]]:
    """What is asked, the most requests for it, the fewest ONUs that come."""
    port = [device for device in inventory.devices if device.olt == olt and device.name.startswith("onu-crowd-3-")]
    return (
        ({}, 75, 1024),
        ({"with_light": False}, 60, 1024),
        ({"ports": [port[0].olt_port]}, 10, 64),
        ({"onus": [(device.olt_port, device.onu_id) for device in port[:16]]}, 4, 16),
        ({"onus": [(device.olt_port, device.onu_id) for device in port]}, 8, 64),
    )
