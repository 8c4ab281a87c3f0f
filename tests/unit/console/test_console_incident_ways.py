"""An incident's members on the map and in the network: cause, ways, folds, and what one account sees of them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from console.ports import Look
from console.views.culprits import culprits_of
from console.views.incident_map import Where, map_of, where_of
from console.views.incident_ways import MOST, Ways, ways_of
from domain.accounts import Account
from domain.incidents import Cause, CauseKind, Incident, Member
from domain.network import Device, Inventory, Link, PersonRole, RegionCode, Role, Service, Site, SiteKind
from domain.states import DeviceState, State
from kentongan.words import speak
from tests.unit.console.console_office import EVIL, IN_PLERED, NAMES, NOW
from tests.unit.console.network_office import NetworkOffice, network_office


def network(villages: int) -> Look:
    """dc, then a PoP, then villages by two routers each: their own hangs on the PoP, an access point on it."""
    places = tuple(
        Site(f"desa-{n}", f"Desa {n}", SiteKind.DESA, RegionCode("32.14.05.2001"), latitude=-6.6 - n / 1000,
             longitude=107.4, power_feeder="plered-3")
        for n in range(villages)
    )  # fmt: skip
    devices = [Device("core", "dc", Role.ROUTER), Device("pop", "pop", Role.ROUTER, uplink=("core",))]
    links = [Link("fo-pop", "pop", "sfp1", "core", "sfp2", segments=("kabel-1",))]
    for n in range(villages):
        devices.append(Device(f"rtr-{n}", f"desa-{n}", Role.ROUTER, uplink=("pop",)))
        devices.append(Device(f"ap-{n}", f"desa-{n}", Role.AP, uplink=(f"rtr-{n}",)))
        links.append(Link(f"fo-{n}", f"rtr-{n}", "sfp1", "pop", f"sfp{n}", segments=("kabel-2",)))
    sites = (
        Site("dc", "Pusat data", SiteKind.DATACENTER, latitude=-6.5, longitude=107.4),
        Site("pop", "PoP Plered", SiteKind.POP, latitude=-6.55, longitude=107.4),
        *places,
    )
    services = (Service("SPBE-1", "Layanan", host="core", site="dc"),)
    inventory = Inventory(sites=sites, devices=tuple(devices), links=tuple(links), services=services)
    states = {each.name: DeviceState(each.name, State.UP, "", NOW) for each in devices}
    return Look(NOW, inventory, NAMES, states)


def cut(look: Look, cause: Cause, *members: str) -> tuple[Incident, Look]:
    incident = replace(IN_PLERED, cause=cause, members=tuple(Member(name, NOW) for name in members))
    states = {**look.states, **{name: DeviceState(name, State.DOWN, "icmp-silent", NOW) for name in members}}
    return incident, replace(look, states=states, open=(incident,))


def drawn(incident: Incident, look: Look) -> Ways:
    found = ways_of(incident, look)
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def english() -> None:
    speak("en")


def test_one_member_stands_on_its_way_to_the_core_and_its_broken_way_is_marked() -> None:
    ways = drawn(*cut(network(3), Cause(CauseKind.LINK, "fo-1"), "rtr-1", "ap-1"))
    assert [node.name for node in ways.nodes] == ["core", "pop", "rtr-1", "ap-1"]
    assert [node.name for node in ways.nodes if node.is_cut] == ["rtr-1"]
    assert [node.name for node in ways.nodes if node.is_member] == ["rtr-1", "ap-1"]
    assert [node.state for node in ways.nodes] == [State.UP, State.UP, State.DOWN, State.DOWN]
    assert (ways.nodes[0].py, ways.nodes[1].py) == (None, ways.nodes[0].y)
    assert ways.folded == 0


def test_six_hundred_members_are_folded_and_counted_and_the_cause_stays() -> None:
    look = network(300)
    members = [name for n in range(300) for name in (f"rtr-{n}", f"ap-{n}")]
    ways = drawn(*cut(look, Cause(CauseKind.DEVICE, "rtr-299"), *members))
    named = [node.name for node in ways.nodes if node.name]
    assert len(ways.nodes) <= MOST + 1
    assert [node.name for node in ways.nodes if node.is_cause] == ["rtr-299"]
    assert ways.folded == 602 - len(named)
    assert ways.nodes[-1].said.startswith("and ")
    assert ways.nodes[-1].said.endswith(" more devices")
    assert next(node.said for node in ways.nodes if node.name == "rtr-299").endswith("1 device behind it")


@pytest.mark.parametrize(
    ("kind", "name", "devices", "ways"),
    [
        (CauseKind.DEVICE, "pop", {"pop"}, 0),
        (CauseKind.LINK, "fo-pop", set(), 1),
        (CauseKind.SEGMENT, "kabel-2", set(), 2),
        (CauseKind.SITE, "desa-1", {"rtr-1", "ap-1"}, 0),
        (CauseKind.FEEDER, "plered-3", set(), 0),
        (CauseKind.SERVICE, "SPBE-1", {"core"}, 0),
        (CauseKind.POLLER, "", set(), 0),
        (CauseKind.DEVICE, "gone", set(), 0),
    ],
)
def test_every_kind_of_cause_is_found_in_the_inventory(
    kind: CauseKind, name: str, devices: set[str], ways: int
) -> None:
    found = culprits_of(Cause(kind, name), network(2))
    assert (set(found.devices), len(found.ways)) == (devices, ways)


def test_a_link_that_ends_at_a_provider_is_marked_where_it_begins() -> None:
    look = network(1)
    line = Link("internet", "core", "sfp9", provider="Telkom")
    look = replace(look, inventory=replace(look.inventory, links=(*look.inventory.links, line)))
    for cause in (Cause(CauseKind.LINK, "internet"), Cause(CauseKind.PROVIDER, "Telkom")):
        ways = drawn(*cut(look, cause, "rtr-0"))
        assert [(node.name, node.why) for node in ways.nodes if node.why] == [("core", "its line is the cause")]


def test_of_a_site_that_is_the_cause_its_first_device_is_marked() -> None:
    ways = drawn(*cut(network(2), Cause(CauseKind.SITE, "desa-1"), "rtr-1", "ap-1"))
    assert [node.name for node in ways.nodes if node.is_cause] == ["rtr-1"]


def test_of_two_ways_up_the_one_that_is_the_cause_is_drawn() -> None:
    look = network(2)
    twice = tuple(
        replace(device, uplink=("rtr-0", "pop")) if device.name == "rtr-1" else device
        for device in look.inventory.devices
    )
    look = replace(look, inventory=replace(look.inventory, devices=twice))
    ways = drawn(*cut(look, Cause(CauseKind.LINK, "fo-1"), "rtr-1"))
    assert [node.name for node in ways.nodes] == ["core", "pop", "rtr-1"]
    assert "also on rtr-0" in ways.nodes[-1].said


def test_what_is_nowhere_is_not_drawn() -> None:
    assert ways_of(*cut(network(1), Cause(CauseKind.SERVICE, "unknown"), "unknown")) is None


def test_it_is_said_where_it_is_and_what_is_not_on_the_map() -> None:
    incident, look = cut(network(2), Cause(CauseKind.DEVICE, "rtr-1"), "rtr-0", "rtr-1")
    assert where_of(incident, look) == Where(True, "Kec. Plered.")
    lost = replace(look.inventory.site_by_slug["desa-1"], latitude=None)
    look = replace(look, inventory=replace(look.inventory, sites=(*look.inventory.sites[:-1], lost)))
    assert where_of(incident, look).said == "Kec. Plered. 1 place has no coordinates and is not on the map."


READER = Account("admin", PersonRole.ADMIN)


def test_the_map_has_the_worst_of_each_place_the_cause_and_the_cut_line() -> None:
    incident, look = cut(network(2), Cause(CauseKind.LINK, "fo-1"), "rtr-1", "ap-1")
    found = map_of(incident, look, READER)
    assert [(each["name"], each["state"], each["cause"]) for each in found["points"]] == [
        ("Desa 1 (Kec. Plered)", "down", False),
        ("PoP Plered", "up", False),
    ]
    assert found["cut"] == [[[-6.601, 107.4], [-6.55, 107.4]]]
    ringed = map_of(*cut(network(2), Cause(CauseKind.DEVICE, "pop"), "rtr-1"), READER)["points"]
    assert [each["name"] for each in ringed if each["cause"]] == ["PoP Plered"]


@pytest.fixture(scope="module")
def there() -> Iterator[NetworkOffice]:
    with network_office() as made:
        yield made


def test_the_page_draws_what_the_account_sees_and_the_map_is_nobody_elses(there: NetworkOffice) -> None:
    client = there.office.client
    there.enter("of-plered")
    text = client.get("/incidents/plrd-0001").text
    assert 'class="culprit"' in text
    assert 'data-map="/incidents/plrd-0001/map.json"' in text
    assert "srv-1" not in text, "the core is outside of Plered"
    assert [each["name"] for each in client.get("/incidents/plrd-0001/map.json").json()["points"]] == [
        "Desa Citeko (Kec. Plered)"
    ]
    assert client.get("/incidents/tgwr-0001/map.json").status_code == 404
    there.enter("viewer")
    whole = client.get("/incidents/tgwr-0001").text
    assert "srv-1" in whole
    assert EVIL not in whole
    client.cookies.clear()
    assert client.get("/incidents/plrd-0001/map.json").status_code in (303, 401)
