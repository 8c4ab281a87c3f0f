"""The ring of the lab of real daemons, as a plan: two ways to every router of it, and an inventory that imports."""

import pytest

from domain.network import Role, SiteKind, Topology
from lab.real.inventory import inventory_of
from lab.real.layout import COLLECTOR, Layout
from lab.real.ring import CORE, ring_layout


def reached(layout: Layout, without: set[str]) -> set[str]:
    """Hosts with a way from the collector over links that are not cut."""
    seen, waiting = {COLLECTOR}, [COLLECTOR]
    while waiting:
        here = waiting.pop()
        for link in layout.links_of(here):
            other = link.z_host if link.a_host == here else link.a_host
            if link.name not in without and other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen - {COLLECTOR}


@pytest.mark.parametrize("routers", [3, 4, 5, 9])
def test_one_cut_of_the_ring_darkens_nobody_and_two_darken_what_lies_between(routers: int) -> None:
    layout = ring_layout(routers)
    ring = [name for name in layout.routed if "p1" not in name]
    assert len(ring) == routers + 1
    for link in ring:
        assert reached(layout, {link}) == set(layout.hosts)
    assert {"r1", "d1"}.isdisjoint(reached(layout, {ring[0], ring[1]}))
    assert reached(layout, {"nms-core"}) == set()


def test_the_inventory_has_links_uplinks_both_ways_and_a_desa_behind_every_router() -> None:
    inventory = inventory_of(ring_layout())
    devices = {device.name: device for device in inventory.devices}
    topology = Topology.of(inventory.devices)
    assert devices["r3"].uplink == ("r4", "r2")
    assert topology.behind(CORE) == set(devices) - {CORE}
    assert topology.behind("r2") == {"p1", "d2", "d5"}
    assert {link.name for link in inventory.links} == set(ring_layout().links) - {"nms-core"}
    desa = [site for site in inventory.sites if site.kind is SiteKind.DESA]
    assert len({site.region_code for site in desa}) == len(desa) == 5
    assert {device.role for device in inventory.devices if device.name.startswith("r")} == {Role.ROUTER}


def test_every_interface_is_used_once() -> None:
    ends = [end for link in ring_layout(9).links.values() for end in link.ends]
    assert len(set(ends)) == len(ends)


@pytest.mark.parametrize("routers", [2, 10])
def test_a_ring_has_a_size(routers: int) -> None:
    with pytest.raises(ValueError, match="ring"):
        ring_layout(routers)
