"""The world: what goes dark behind what, statuses at both ends, bytes that are the same at both ends, resets."""

import pytest

from domain.network import Inventory, Medium, Role
from lab.errors import UnknownNameError
from lab.hardware import PortKind
from lab.world import traffic
from lab.world.model import World
from lab.world.view import Loss
from lab.world.wiring import A_SIDE, Interface

NOON = 1_790_000_000.0


def interface(world: World, device: str, port: str) -> tuple[int, int, Interface]:
    node = world.wiring.nodes[world.wiring.by_name[device]]
    place = next(at for at, one in enumerate(node.interfaces) if one.name == port)
    return node.index, place, node.interfaces[place]


def oper(world: World, device: str, port: str, now: float) -> bool:
    node, place, _interface = interface(world, device, port)
    return world.view(node, now).oper[place]


def ring(inventory: Inventory) -> list[str]:
    """The ring's links in its order, from one core router to the other."""
    routers = {
        device.name
        for device in inventory.devices
        if device.role is Role.ROUTER and device.name.startswith(("rtr-pop-", "rtr-inti-"))
    }
    ways = {
        link.a_device: link
        for link in inventory.links
        if {link.a_device, link.z_device} <= routers and link.name != "fo-inti-1-inti-2"
    }
    names, at = [], "rtr-inti-1"
    while at in ways:
        names.append(ways[at].name)
        at = ways[at].z_device
    return names


def test_nothing_is_dark_at_the_beginning(world: World) -> None:
    assert world.dark == frozenset()
    assert world.next_event is None


def test_a_cut_spur_darkens_all_that_lies_behind_and_nothing_else(world: World, small: Inventory) -> None:
    olt = next(device for device in small.devices if device.role is Role.OLT)
    effect = world.cut(f"fo-{olt.name}", NOON + 10)
    behind = {d.name for d in small.devices if d.olt == olt.name} | {olt.name}
    sites = {d.site for d in small.devices if d.olt == olt.name}
    assert set(effect.darkened) == behind | {d.name for d in small.devices if d.site in sites}
    assert effect.lit == ()
    assert world.restore(f"fo-{olt.name}", NOON + 20).lit == effect.darkened


def test_the_ring_holds_one_cut_and_breaks_at_two(world: World, small: Inventory) -> None:
    links = ring(small)
    assert len(links) == 6
    first = world.cut(links[1], NOON + 1)
    assert first.changed
    assert first.darkened == ()
    second = world.cut(links[3], NOON + 2)
    assert sum(name.startswith("rtr-pop-") for name in second.darkened) == 2


def test_a_segment_takes_every_link_over_it(world: World, small: Inventory) -> None:
    segment, links = max(world.wiring.links_of_segment.items(), key=lambda item: len(item[1]))
    world.cut(segment, NOON + 1)
    assert set(world.cut_links) == {world.wiring.strands[at].name for at in links}
    world.restore(segment, NOON + 2)
    assert world.cut_links == ()


def test_a_cut_link_is_down_at_both_ends_and_dark_to_the_optics(world: World, small: Inventory) -> None:
    for link in small.links:
        if link.medium is not Medium.FIBRE or not link.z_device or link.name.startswith("gpon"):
            continue
        ends = ((link.a_device, link.a_interface), (link.z_device, link.z_interface))
        assert all(oper(world, *end, NOON + 1) for end in ends), link.name
        world.cut(link.name, NOON + 1)
        assert not any(oper(world, *end, NOON + 1) for end in ends), link.name
        world.restore(link.name, NOON + 2)


def test_both_ends_count_the_same_bytes_whatever_happens(world: World, small: Inventory) -> None:
    links = [
        link for link in small.links if link.z_device and link.medium is not Medium.VPN and "onu" not in link.a_device
    ]

    def counts(now: float) -> dict[str, tuple[int, int, int, int]]:
        found = {}
        for link in links:
            a, a_place, a_port = interface(world, link.a_device, link.a_interface)
            z, z_place, z_port = interface(world, link.z_device, link.z_interface)
            if len(a_port.ends) == len(z_port.ends) == 1:
                a_octets, z_octets = world.view(a, now).octets, world.view(z, now).octets
                found[link.name] = (
                    a_octets[1][a_place],
                    z_octets[0][z_place],
                    z_octets[1][z_place],
                    a_octets[0][a_place],
                )
        return found

    before = counts(NOON + 5)
    world.cut(ring(small)[2], NOON + 60)
    world.cut(next(link.name for link in links if link.name.startswith("fo-olt-")), NOON + 90)
    world.restore("all", NOON + 200)
    after = counts(NOON + 300)
    assert len(before) > 60
    for name, (a_out, z_in, z_out, a_in) in after.items():
        was = before[name]
        assert abs((a_out - was[0]) - (z_in - was[1])) <= 1, name
        assert abs((z_out - was[2]) - (a_in - was[3])) <= 1, name


def test_nothing_runs_over_a_cut_link_and_counters_never_fall(world: World, small: Inventory) -> None:
    link = next(link for link in small.links if link.name.startswith("fo-olt-"))
    assert world.strand_octets(link.name, NOON + 10)[1] > world.strand_octets(link.name, NOON + 5)[1] > 0
    world.cut(link.name, NOON + 20)
    assert world.strand_octets(link.name, NOON + 20) == world.strand_octets(link.name, NOON + 500)
    world.restore(link.name, NOON + 600)
    node, place, _port = interface(world, link.z_device, link.z_interface)
    seen = [world.view(node, NOON + 600 + step / 100).octets[1][place] for step in range(200)]
    assert seen == sorted(seen)
    assert seen[0] < seen[-1]


def test_no_port_is_asked_for_more_than_it_can_carry(world: World, small: Inventory) -> None:
    hour = [NOON + step * 600 for step in range(145)]
    capacity = {link.name: (link.capacity_mbps or 0) * 125_000 for link in small.links}
    for name, limit in capacity.items():
        before = world.strand_octets(name, hour[0])
        for at in hour[1:]:
            now = world.strand_octets(name, at)
            assert max(now[0] - before[0], now[1] - before[1]) / 600 < limit, name
            before = now
    assert traffic.PEAK_FACTOR < 2


def test_a_reboot_is_silent_for_a_while_then_starts_at_nought(world: World) -> None:
    node = world.wiring.by_name["srv-aplikasi-1"]
    assert world.view(node, NOON + 1).uptime_seconds > 40_000
    boots = world.boots(node)
    effect = world.reboot("srv-aplikasi-1", NOON + 10, seconds=30)
    assert effect.darkened == ("srv-aplikasi-1",)
    assert world.next_event == NOON + 40
    assert not world.advance(NOON + 39)
    assert not world.answers(node)
    assert world.advance(NOON + 55)
    view = world.view(node, NOON + 55)
    assert view.uptime_seconds == pytest.approx(15)
    assert max(view.octets[0]) < 15 * 125_000_000
    assert world.boots(node) == boots + 1
    assert world.answers(node)


def test_power_that_is_gone_takes_the_site_and_tells_the_olt_so(world: World, small: Inventory) -> None:
    onu = next(device for device in small.devices if device.role is Role.ONU)
    strand = next(
        at
        for at, one in enumerate(world.wiring.strands)
        if one.a == world.wiring.by_name[onu.name] and one.near_port == "pon"
    )
    olt = world.wiring.by_name[onu.olt]
    effect = world.power_off(onu.site, NOON + 10)
    assert set(effect.darkened) == {device.name for device in small.devices if device.site == onu.site}
    state = world.view(olt, NOON + 11).onus[strand]
    assert (state.working, state.last_down_cause, state.offline_at) == (False, Loss.DYING_GASP, NOON + 10)
    world.power_on(onu.site, NOON + 20)
    router = world.wiring.by_name[f"rtr-{onu.site}"]
    assert world.view(router, NOON + 22).uptime_seconds == pytest.approx(2)
    world.cut(f"gpon-{onu.site}", NOON + 30)
    assert world.view(olt, NOON + 31).onus[strand].last_down_cause is Loss.NO_LIGHT


def test_a_site_that_reboots_while_its_power_goes_boots_when_it_is_back(world: World, small: Inventory) -> None:
    site = next(device.site for device in small.devices if device.role is Role.ONU)
    world.reboot(f"rtr-{site}", NOON + 1, seconds=30)
    world.power_off(site, NOON + 5)
    assert world.next_event is None
    assert f"rtr-{site}" in world.power_on(site, NOON + 100).lit


def test_a_providers_line_carries_the_tunnel(world: World, small: Inventory) -> None:
    tunnel = next(link for link in small.links if link.medium is Medium.VPN)
    line = tunnel.name.replace("vpn-", "internet-")
    before = world.strand_octets(line, NOON + 1)
    effect = world.cut(tunnel.name, NOON + 1)
    assert tunnel.a_device in effect.darkened
    assert world.strand_octets(line, NOON + 60)[1] > before[1]  # the internet of the village works on
    assert not oper(world, tunnel.a_device, tunnel.a_interface, NOON + 2)
    world.restore(tunnel.name, NOON + 70)
    assert tunnel.a_device in world.cut(line, NOON + 80).darkened


def test_ports_without_a_cable_are_down(world: World) -> None:
    node = world.wiring.nodes[world.wiring.by_name["rtr-inti-1"]]
    view = world.view(node.index, NOON + 1)
    for port, is_up in zip(node.interfaces, view.oper, strict=True):
        assert is_up == (bool(port.ends) or port.kind in (PortKind.LOOPBACK, PortKind.BRIDGE)), port.name
    assert {side for port in node.interfaces for _strand, side in port.ends} >= {A_SIDE}


def test_orders_twice_change_nothing_twice(world: World, small: Inventory) -> None:
    name = ring(small)[0]
    assert world.cut(name, NOON + 1).changed
    assert not world.cut(name, NOON + 2).changed
    assert world.restore("all", NOON + 3).changed
    assert not world.restore("all", NOON + 4).changed


@pytest.mark.parametrize(
    ("order", "name", "near"),
    [
        ("cut", "fo-olt-alum", "fo-olt-alun"),
        ("power_off", "pop-alum", "pop-alun"),
        ("reboot", "rtr-inti-3", "rtr-inti-1"),
    ],
)
def test_an_unknown_name_brings_the_nearest(world: World, order: str, name: str, near: str) -> None:
    with pytest.raises(UnknownNameError, match=near):
        getattr(world, order)(name, NOON + 1)


def test_the_same_seed_is_the_same_world(small: Inventory) -> None:
    one, other = World(small, NOON, seed=3), World(small, NOON, seed=3)
    assert one.view(5, NOON + 7).octets == other.view(5, NOON + 7).octets
    assert one.view(5, NOON).ticks == other.view(5, NOON).ticks
