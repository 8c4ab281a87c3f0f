"""Links that flap, light that fades, and what both kinds of OLT say of a fibre, of electricity and of themselves."""

import json

import pytest

from domain.network import Device, Inventory, Medium, PowerSource, Role
from lab.hardware import HUAWEI_OLT, OLT
from lab.world import ber
from lab.world.agents import Agents
from lab.world.model import World
from lab.world.orders import Orders
from lab.world.view import Loss, OnuState
from tests.unit.lab.test_world_agents import message, parse

NOON = 1_790_000_000.0
STATE, CAUSE, RX, OLT_RX, AWAY = "46.1.15", "46.1.24", "51.1.4", "51.1.6", 2_147_483_647


def an_onu(inventory: Inventory, model: str = OLT.name) -> Device:
    olts = {device.name for device in inventory.devices if device.model == model}
    return next(device for device in inventory.devices if device.olt in olts)


def known_by_olt(world: World, onu: Device, now: float) -> OnuState:
    strand = next(at for at, one in enumerate(world.wiring.strands) if one.name == f"gpon-{onu.site}")
    return world.view(world.wiring.by_name[onu.olt], now).onus[strand]


def order(world: World, **words: object) -> dict[str, object]:
    return Orders(world).obey(json.dumps(words).encode(), NOON + 1)


def test_a_flapping_link_goes_and_comes_until_it_is_restored(world: World) -> None:
    link = next(name for name in world.links if name.startswith("fo-olt-"))
    assert world.flap(link, 10.0, NOON).darkened
    assert (world.flapping, world.cut_links, world.next_event) == ((link,), (link,), NOON + 10)
    seen = []
    for second in range(1, 45):
        world.advance(NOON + second)
        seen.append(bool(world.dark))
    assert seen == [True] * 9 + [False] * 10 + [True] * 10 + [False] * 10 + [True] * 5
    assert world.restore(link, NOON + 45).lit
    assert (world.flapping, world.next_event, world.dark) == ((), None, frozenset())


def test_several_turns_that_are_due_at_once_all_happen(world: World) -> None:
    link = next(name for name in world.links if name.startswith("fo-olt-"))
    world.flap(link, 1.0, NOON)
    world.advance(NOON + 7.5)  # cut at 0, 2, 4, 6, mended at 1, 3, 5, 7
    assert (world.cut_links, world.next_event) == ((), NOON + 8)


def test_dimmed_light_falls_little_by_little_and_comes_back(world: World, small: Inventory) -> None:
    link = next(one for one in small.links if one.name.startswith("fo-olt-"))
    agents = Agents(world)
    node = world.wiring.nodes[world.wiring.by_name[link.z_device]]
    port = next(interface for interface in node.interfaces if interface.name == link.z_interface)

    def rx(now: float) -> float:
        oid = f"1.3.6.1.4.1.14988.1.1.19.1.1.10.{port.if_index}"
        [(_name, _tag, contents)] = parse(agents.answer(node.device.address, message(ber.GET, [oid]), now))[2]
        return int.from_bytes(contents, "big", signed=True) / 1000

    clear = rx(NOON + 1)
    assert not world.dim(link.name, 6.0, NOON + 1, over_seconds=600).darkened
    assert clear - rx(NOON + 301) == pytest.approx(3.0, abs=0.2)
    assert clear - rx(NOON + 601) == pytest.approx(6.0, abs=0.2)
    assert clear - rx(NOON + 9_001) == pytest.approx(6.0, abs=0.4)
    assert world.dimmed == (link.name,)
    world.restore(link.name, NOON + 9_002)
    assert rx(NOON + 9_003) == pytest.approx(clear, abs=0.4)


def test_rain_takes_the_signal_of_a_radio_at_both_ends(world: World, small: Inventory) -> None:
    link = next(one for one in small.links if one.medium is Medium.RADIO)
    agents = Agents(world)
    mac = next(d.mac for d in small.devices if d.name == link.a_device)
    station = ".".join(str(octet) for octet in bytes.fromhex(mac.replace(":", "")))

    def signals(now: float) -> list[int]:
        found = []
        for name, oid in ((link.a_device, "5.1.5.1"), (link.z_device, f"7.1.3.1.{station}")):
            where = next(d.address for d in small.devices if d.name == name)
            [(_n, _t, contents)] = parse(agents.answer(where, message(ber.GET, [f"1.3.6.1.4.1.41112.1.4.{oid}"]), now))[
                2
            ]
            found.append(int.from_bytes(contents, "big", signed=True))
        return found

    before = signals(NOON + 1)
    world.dim(link.name, 15, NOON + 2)
    assert signals(NOON + 2) == pytest.approx([dbm - 15 for dbm in before], abs=2)
    world.dim(link.name, 40, NOON + 3)
    assert min(signals(NOON + 3)) == -96  # nothing but noise


@pytest.mark.parametrize("model", [OLT.name, HUAWEI_OLT.name])
def test_an_olt_tells_a_cut_from_a_power_failure_and_forgets_when_it_boots(
    world: World, small: Inventory, model: str
) -> None:
    onu = an_onu(small, model)
    link = next(one for one in small.links if one.name == f"gpon-{onu.site}")
    for segment in link.segments:  # feeder cable, splitter, drop
        world.cut(segment, NOON + 10)
        assert known_by_olt(world, onu, NOON + 11).last_down_cause is Loss.NO_LIGHT, segment
        world.restore(segment, NOON + 12)
    world.power_off(onu.site, NOON + 20)
    world.cut(link.name, NOON + 30)  # what it said last was its gasp
    assert known_by_olt(world, onu, NOON + 31) == OnuState(False, Loss.DYING_GASP, NOON + 12, NOON + 20)
    world.restore("all", NOON + 40)
    world.reboot(onu.name, NOON + 50)
    assert known_by_olt(world, onu, NOON + 51).last_down_cause is Loss.REBOOT
    world.advance(NOON + 100)
    olt_site = next(device.site for device in small.devices if device.name == onu.olt)
    world.power_off(olt_site, NOON + 110)
    world.power_on(olt_site, NOON + 120)
    assert known_by_olt(world, onu, NOON + 121) == OnuState(True, Loss.FORGOTTEN, NOON + 120, NOON + 110)


def test_a_feeder_off_is_a_dying_gasp_at_the_olt(world: World, small: Inventory) -> None:
    site = next(
        site
        for onu in small.devices
        for site in small.sites
        if onu.role is Role.ONU and site.slug == onu.site and site.power == (PowerSource.PLN,)
    )
    onu = next(device for device in small.devices if device.site == site.slug and device.role is Role.ONU)
    world.feeder_off(site.power_feeder, NOON + 10)
    state = known_by_olt(world, onu, NOON + 11)
    assert (state.working, state.last_down_cause) == (False, Loss.DYING_GASP)


def test_a_huawei_answers_in_its_own_numbers(world: World, small: Inventory) -> None:
    onu, agents = an_onu(small, HUAWEI_OLT.name), Agents(world)
    where = next(device.address for device in small.devices if device.name == onu.olt)
    _frame, slot, port = (int(part) for part in onu.olt_port.split("/"))
    index = f"{0xFA000000 + slot * 8192 + port * 256}.{onu.onu_id}"
    oids = [f"1.3.6.1.4.1.2011.6.128.1.1.2.{column}.{index}" for column in (STATE, CAUSE, RX, OLT_RX)]

    def ask(now: float) -> list[int]:
        bindings = parse(agents.answer(where, message(ber.GET, oids), now))[2]
        return [int.from_bytes(contents, "big", signed=True) for _name, _tag, contents in bindings]

    state, cause, rx, olt_rx = ask(NOON + 1)
    assert (state, cause in (1, 13)) == (1, True)
    assert -2_900 < rx < -1_500
    assert -30 < (olt_rx - 10_000) / 100 < -17
    world.power_off(onu.site, NOON + 10)
    assert ask(NOON + 11) == [2, 13, AWAY, AWAY]
    world.power_on(onu.site, NOON + 20)
    world.cut(f"gpon-{onu.site}", NOON + 30)
    assert ask(NOON + 31) == [2, 1, AWAY, AWAY]


def test_orders_by_their_measure(world: World, small: Inventory) -> None:
    link = next(name for name in world.links if name.startswith("fo-olt-"))
    feeder = next(iter(world.feeders))
    assert order(world, order="flap", name=link, every=30)["ok"] is True
    assert order(world, order="dim", name=link, db=4.5, over=3600)["ok"] is True
    assert order(world, order="power-feeder-off", name=feeder)["ok"] is True
    status = order(world, order="status")
    assert (status["flapping"], status["dimmed"], status["feedersOff"]) == ([link], [link], [feeder])
    assert set(status["onReserve"]) == set(world.feeders[feeder])  # type: ignore[call-overload]
    assert feeder in status["feeders"]  # type: ignore[operator]
    assert order(world, order="restore", name="all")["dark"] == {"devices": 0, "sites": 0, "villages": 0}
    status = order(world, order="status")
    assert (status["flapping"], status["dimmed"], status["feedersOff"], status["onReserve"]) == ([], [], [], {})


@pytest.mark.parametrize(
    "words",
    [
        {"order": "flap", "name": "fo-olt-alun"},
        {"order": "flap", "name": "fo-olt-alun", "every": 0.1},
        {"order": "flap", "name": "fo-olt-alun", "every": "often"},
        {"order": "dim", "name": "fo-olt-alun"},
        {"order": "dim", "name": "fo-olt-alun", "db": -3},
        {"order": "dim", "name": "fo-olt-alun", "db": 10**400},
        {"order": "dim", "name": "fo-olt-alun", "db": 3, "over": -1},
        {"order": "power-feeder-off", "name": "Penyulang Nowhere"},
    ],
)
def test_measures_that_make_no_sense_are_refused(world: World, words: dict[str, object]) -> None:
    answer = order(world, **words)
    assert answer["ok"] is False
    assert answer["error"]
    assert world.dark == frozenset()


def test_every_onu_and_every_ups_is_of_a_kind_that_is_told_apart(small: Inventory) -> None:
    models = {device.model for device in small.devices if device.role in (Role.OLT, Role.UPS)}
    assert models == {"ZXA10 C320", "MA5608T", "Smart-UPS 1500", "Multimatic 2000"}
