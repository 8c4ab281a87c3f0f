"""Service and management are two ways: a dead concentrator takes no village down, and a heartbeat proves it."""

from dataclasses import replace

from alerts.risk import rank_risks
from alerts.rootcause import Beat, Explanation, Light, NetworkGraph, Port, RootCause
from domain.incidents import Cause, CauseKind
from domain.network import Check, Device, Inventory, Link, LinkPurpose, Medium, Role, Site, SiteKind

DESA = ("desa-1", "desa-2", "desa-3")


def office(*more: Device, links: tuple[Link, ...] = ()) -> NetworkGraph:
    return NetworkGraph.of(records(*more, links=links))


def records(*more: Device, links: tuple[Link, ...] = ()) -> Inventory:
    """Three villages behind a provider, seen through tunnels to one concentrator; each with an access point."""
    devices = [
        Device("core", "pusat", Role.ROUTER),
        Device("sw", "pusat", Role.SWITCH, uplink=("core",)),
        Device("vpn", "pusat", Role.VPN, uplink=("sw",)),
        Device("srv", "pusat", Role.SERVER, uplink=("sw",)),
        Device("fibre", "fibre", Role.ROUTER, uplink=("core",)),
    ]
    lines = []
    for name in DESA:
        devices.append(Device(name, name, Role.ROUTER, uplink=("vpn",), mgmt_via="vpn"))
        devices.append(Device(f"ap-{name}", name, Role.AP, uplink=(name,), mgmt_via="vpn"))
        lines.append(Link(f"wan-{name}", name, provider="P", medium=Medium.LTE))
        lines.append(Link(f"vpn-{name}", name, z_device="vpn", medium=Medium.VPN, purpose=LinkPurpose.MANAGEMENT))
    sites = [Site(slug, slug, SiteKind.DESA) for slug in (*DESA, "fibre")]
    sites.append(Site("pusat", "pusat", SiteKind.DATACENTER))
    return Inventory(sites=tuple(sites), devices=(*devices, *more), links=(*lines, *links))


def seen(graph: NetworkGraph, dark: tuple[str, ...], beats: dict[str, Beat] | None = None) -> RootCause:
    cause = RootCause(graph)
    cause.change(range(graph.size), Light.LIT)
    cause.change([graph.index[name] for name in dark], Light.DARK)
    cause.observe_beats(beats or {})
    return cause


def only(cause: RootCause) -> Explanation:
    (explanation,) = cause.explanations()
    return explanation


ALL = (*DESA, *(f"ap-{name}" for name in DESA))


def test_a_dead_concentrator_is_one_management_incident_and_no_village_is_down() -> None:
    found = only(seen(office(), ("vpn", *ALL), {"desa-1": Beat.GOES_ON}))
    assert (str(found.cause), found.management) == ("management vpn", True)
    assert (found.down, found.unreachable, set(found.unknown)) == (("vpn",), (), set(ALL))


def test_the_same_where_nobody_wrote_the_tunnels_down() -> None:
    """The uplink that names the concentrator is the tunnel; the village's service does not hang on it."""
    inventory = records()
    graph = NetworkGraph.of(replace(inventory, links=tuple(link for link in inventory.links if link.provider)))
    found = only(seen(graph, ("vpn", *ALL)))
    assert (str(found.cause), set(found.unknown)) == ("management vpn", set(ALL))
    one = only(seen(graph, ("desa-1", "ap-desa-1"), {"desa-1": Beat.GOES_ON}))
    assert (str(one.cause), one.management) == ("link desa-1–vpn", True)


def test_a_concentrator_whose_tunnels_all_failed_is_blamed_though_it_answers() -> None:
    found = only(seen(office(), ALL, dict.fromkeys(DESA, Beat.GOES_ON)))
    assert str(found.cause) == "management vpn"
    assert (found.management, set(found.unknown)) == (True, set(ALL))


def test_all_villages_of_one_provider_dark_and_no_heartbeat_may_be_either() -> None:
    found = only(seen(office(), ALL))
    assert {str(found.cause), *map(str, found.indistinct)} == {"management vpn", "provider P"}


def test_a_switch_before_the_concentrator_is_a_device_and_only_the_villages_are_unknown() -> None:
    found = only(seen(office(), ("sw", "srv", "vpn", *ALL)))
    assert (str(found.cause), found.management) == ("device sw", False)
    assert (found.down, found.unreachable, set(found.unknown)) == (("sw",), ("srv", "vpn"), set(ALL))


def test_one_village_dark_is_its_line_first() -> None:
    found = only(seen(office(), ("desa-1", "ap-desa-1")))
    assert (str(found.cause), found.management) == ("link wan-desa-1", False)
    assert found.unreachable == ("ap-desa-1", "desa-1")
    assert {"link vpn-desa-1", "device desa-1", "site desa-1"} <= {str(each) for each in found.indistinct}
    refuted = {str(each.cause): each.refuted_by for each in found.suspects if each.refuted_by}
    assert set(refuted) == {"provider P", "management vpn"}


def test_its_heartbeat_goes_on_so_only_the_tunnel_is_lost() -> None:
    found = only(seen(office(), ("desa-1", "ap-desa-1"), {"desa-1": Beat.GOES_ON}))
    assert (str(found.cause), found.management, found.unknown) == (
        "link vpn-desa-1",
        True,
        ("ap-desa-1", "desa-1"),
    )
    refuted = {str(each.cause): each.refuted_by for each in found.suspects if each.refuted_by}
    assert refuted["link wan-desa-1"] == refuted["site desa-1"] == ("desa-1",)


def test_a_heartbeat_that_stopped_under_a_dead_concentrator_is_a_fault_of_its_own() -> None:
    cause = seen(office(), ("vpn", *ALL), {"desa-1": Beat.GOES_ON, "desa-2": Beat.GOES_ON, "desa-3": Beat.STOPPED})
    first, second = cause.explanations()
    assert (str(first.cause), set(first.unknown)) == ("management vpn", {*ALL} - {"desa-3", "ap-desa-3"})
    assert (str(second.cause), second.unreachable) == ("link wan-desa-3", ("ap-desa-3", "desa-3"))
    assert refuted_provider(second) == ("desa-1",)


def refuted_provider(found: Explanation) -> tuple[str, ...]:
    return next(each.refuted_by for each in found.suspects if each.cause == Cause(CauseKind.PROVIDER, "P"))


def test_the_concentrator_silent_alone_while_its_tunnels_answer() -> None:
    found = only(seen(office(), ("vpn",)))
    assert (found.cause.name, found.silent_alone, found.down) == ("vpn", True, ("vpn",))


def test_seen_through_a_concentrator_along_its_own_fibre_both_are_needed() -> None:
    """mgmt_via beside an uplink on fibre: the device is dark if either fails."""
    far = Device("far", "far", Role.ROUTER, uplink=("fibre",), mgmt_via="vpn")
    graph = office(far, links=(Link("fo-far", "far", z_device="fibre"),))
    assert only(seen(graph, ("vpn", *ALL, "far"))).unknown == tuple(sorted((*ALL, "far")))
    cut = only(seen(graph, ("far",)))
    assert str(cut.cause) == "link fo-far"
    assert "management vpn" in {str(each.cause) for each in cut.suspects if each.refuted_by}
    both = seen(graph, ("fibre", "far"))
    assert only(both).members == ("far", "fibre")


def test_a_site_that_only_pushes_hangs_on_its_own_line() -> None:
    push = Device("pusher", "pusher", Role.ROUTER, uplink=("vpn",), mgmt_via="vpn", check=Check.PUSH)
    graph = office(push, links=(Link("wan-pusher", "pusher", provider="P", medium=Medium.LEO),))
    found = only(seen(graph, ("pusher",)))
    assert (str(found.cause), found.topology_known) == ("link wan-pusher", True)
    alone = only(seen(graph, ("vpn", *ALL)))
    assert "pusher" not in alone.members
    assert str(alone.cause) == "management vpn"


def test_two_lines_of_a_village_must_both_fail() -> None:
    graph = office(links=(Link("wan-2-desa-1", "desa-1", provider="Q", medium=Medium.VSAT),))
    found = only(seen(graph, ("desa-1", "ap-desa-1")))
    assert found.cause.kind in (CauseKind.SITE, CauseKind.DEVICE)
    cause = seen(graph, ())
    cause.observe_ports({"wan-desa-1": Port.DOWN})
    (lost,) = cause.lost_redundancy()
    assert (str(lost.cause), lost.stands_alone) == ("link wan-desa-1", ("desa-1",))


def test_a_line_of_the_core_to_its_provider_is_told_when_its_port_falls() -> None:
    graph = office(links=(Link("internet", "core", provider="P", medium=Medium.FIBRE),))
    cause = seen(graph, ())
    cause.observe_ports({"internet": Port.DOWN})
    (lost,) = cause.lost_redundancy()
    assert str(lost.cause) == "link internet"


def test_a_dead_concentrator_is_no_risk_to_a_village_but_its_provider_is() -> None:
    inventory = records()
    ranked = {str(risk.cause): risk for risk in rank_risks(NetworkGraph.of(inventory), inventory)}
    assert (ranked["device vpn"].villages, ranked["device vpn"].devices, ranked["device vpn"].unseen) == (0, 1, 6)
    assert (ranked["device sw"].villages, ranked["device sw"].devices, ranked["device sw"].unseen) == (0, 3, 6)
    assert (ranked["provider P"].villages, ranked["provider P"].devices) == (3, 6)
    assert (ranked["link wan-desa-1"].villages, ranked["device desa-1"].villages) == (1, 1)
    assert "link vpn-desa-1" not in ranked
