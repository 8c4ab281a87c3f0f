"""Single points of failure against networkx: take each thing out and count who has no way left."""

from collections.abc import Collection
from random import Random

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.risk import Risk, rank_risks
from alerts.rootcause import NetworkGraph
from domain.incidents import CauseKind
from domain.network import Check, Device, Inventory, Link, Medium, PowerSource, Role, Service, Site, SiteKind


def network(rng: Random, devices: int) -> Inventory:
    """Trees, rings and bundles; sites of several devices, some in different places of the network."""
    names = [f"d{number:02d}" for number in range(devices)]
    kinds = [SiteKind.DESA, SiteKind.DESA, SiteKind.OPD, SiteKind.POP]
    sites = [
        Site(
            f"s{number:02d}",
            "",
            SiteKind.DATACENTER if not number else rng.choice(kinds),
            power=rng.choice([(PowerSource.PLN,), (PowerSource.PLN, PowerSource.UPS)]),
            power_feeder=rng.choice(["", "p1", "p2"]),
        )
        for number in range(max(2, devices * 2 // 3))
    ]
    places = ["s00", *(rng.choice(sites).slug for _ in names[1:])]
    roles = [Role.ROUTER, Role.ROUTER, Role.UPS, Role.SWITCH]
    checks = [Check.ICMP, Check.ICMP, Check.NONE]
    records = [
        Device(name, place, rng.choice(roles), check=rng.choice(checks))
        for name, place in zip(names, places, strict=True)
    ]
    links = []
    for number, name in enumerate(names[1:], 1):
        for _ in range(rng.choice([1, 1, 1, 2])):
            segments = tuple(rng.sample(["x", "y", "z", f"own-{name}"], rng.randrange(3)))
            up = names[rng.randrange(max(0, number - 5), number)]
            links.append(
                Link(f"l{len(links):02d}", name, z_device=up, segments=segments, provider=rng.choice(["", "P"]))
            )
    for _ in range(devices // 4):
        one, other = rng.sample(names, 2)
        links.append(Link(f"l{len(links):02d}", one, z_device=other, medium=Medium.RADIO))
    services = [
        Service(f"app-{number}", "", host=rng.choice([*names, ""]), site=rng.choice(sites).slug) for number in range(4)
    ]
    return Inventory(sites=tuple(sites), devices=tuple(records), links=tuple(links), services=tuple(services))


def dark_without(inventory: Inventory, cut: Collection[str], off: Collection[str]) -> set[str]:
    ways = nx.Graph()
    ways.add_nodes_from(device.name for device in inventory.devices)
    ways.add_edges_from((link.a_device, link.z_device) for link in inventory.links if link.name not in cut)
    ways.remove_nodes_from(off)
    lit = nx.node_connected_component(ways, "d00") if "d00" in ways else set()
    return {device.name for device in inventory.devices} - lit


def struck(kind: CauseKind, name: str, inventory: Inventory) -> tuple[set[str], set[str]]:
    """Links cut and devices off."""
    devices = inventory.devices
    match kind:
        case CauseKind.DEVICE:
            return set(), {name}
        case CauseKind.SITE:
            return set(), {device.name for device in devices if device.site == name}
        case CauseKind.FEEDER:
            fed = {site.slug for site in inventory.sites if site.power_feeder == name and len(site.power) == 1}
            return set(), {device.name for device in devices if device.site in fed}
        case CauseKind.SEGMENT:
            return {link.name for link in inventory.links if name in link.segments}, set()
        case CauseKind.PROVIDER:
            return {link.name for link in inventory.links if link.provider == name}, set()
        case _:
            return {name}, set()


def counted(kind: CauseKind, name: str, inventory: Inventory) -> tuple[int, int, int, int, int]:
    dark = dark_without(inventory, *struck(kind, name, inventory))
    carriers: dict[str, set[str]] = {}
    for device in inventory.devices:
        if device.role is not Role.UPS and device.check is not Check.NONE:
            carriers.setdefault(device.site, set()).add(device.name)
    sites = [site for site in inventory.sites if site.slug in carriers and carriers[site.slug] <= dark]
    hosts = {device.name for device in inventory.devices}
    slugs = {site.slug for site in sites}
    services = [s for s in inventory.services if s.host in dark or (s.host not in hosts and s.site in slugs)]
    villages = sum(site.kind is SiteKind.DESA for site in sites)
    return villages, sum(site.kind is SiteKind.OPD for site in sites), len(services), len(sites), len(dark)


def figures(risk: Risk) -> tuple[int, int, int, int, int]:
    return risk.villages, risk.opd, risk.services, risk.sites, risk.devices


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 26))
def test_what_goes_dark_is_what_networkx_finds_dark(seed: int, devices: int) -> None:
    inventory = network(Random(seed), devices)
    graph = NetworkGraph.of(inventory, roots=["d00"])
    ranked = {risk.cause: risk for risk in rank_risks(graph, inventory)}
    assert len(ranked) >= devices
    for number in range(len(graph.causes)):
        cause = graph.causes.cause(number)
        expected = counted(cause.kind, cause.name, inventory)
        found = figures(ranked[cause]) if cause in ranked else (0, 0, 0, 0, 0)
        assert found == expected, cause


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_worst_first_and_only_what_was_asked_for(seed: int) -> None:
    inventory = network(Random(seed), 20)
    graph = NetworkGraph.of(inventory, roots=["d00"])
    every = rank_risks(graph, inventory)
    order = [(-(r.villages + r.opd + r.services), -r.sites, -r.devices) for r in every]
    assert order == sorted(order)
    assert rank_risks(graph, inventory, top=3) == every[:3]
    kinds = (CauseKind.SITE, CauseKind.LINK)
    assert rank_risks(graph, inventory, kinds=kinds) == tuple(r for r in every if r.cause.kind in kinds)
