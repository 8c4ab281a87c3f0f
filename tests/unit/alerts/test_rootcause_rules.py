"""One network of a handful of devices per rule: who is blamed, what clears whom, what is only unreachable."""

from collections.abc import Collection

from alerts.rootcause import Explanation, Light, NetworkGraph, Port, RootCause
from domain.incidents import Cause, CauseKind
from domain.network import (
    Check,
    Device,
    DeviceStatus,
    Inventory,
    Link,
    Medium,
    PowerSource,
    Role,
    Segment,
    SegmentKind,
    Site,
    SiteKind,
)


def device(name: str, *uplink: str, site: str = "", check: Check = Check.ICMP, role: Role = Role.ROUTER) -> Device:
    return Device(name, site or name, role, check=check, uplink=uplink)


def site(slug: str, feeder: str = "", *power: PowerSource) -> Site:
    return Site(slug, slug, SiteKind.DESA, power=power or (PowerSource.PLN,), power_feeder=feeder)


def link(name: str, a: str, z: str, *segments: str, medium: Medium = Medium.FIBRE) -> Link:
    return Link(name, a, z_device=z, medium=medium, segments=segments)


def cable(name: str) -> Segment:
    return Segment(name, SegmentKind.CABLE)


def seen(
    devices: Collection[Device],
    dark: Collection[str],
    *,
    links: Collection[Link] = (),
    sites: Collection[Site] = (),
    segments: Collection[Segment] = (),
    unseen: Collection[str] = (),
    ports: dict[str, Port] | None = None,
) -> RootCause:
    core = Site("core", "Core", SiteKind.DATACENTER, power=(PowerSource.PLN, PowerSource.UPS))
    inventory = Inventory(
        sites=(core, *sites), devices=(device("core"), *devices), links=tuple(links), segments=tuple(segments)
    )
    cause = RootCause(NetworkGraph.of(inventory))
    index = cause.graph.index
    for name, node in index.items():
        if node < cause.graph.size and name not in unseen:
            cause.change([node], Light.DARK if name in dark else Light.LIT)
    cause.observe_ports(ports or {})
    return cause


def only(cause: RootCause) -> Explanation:
    (explanation,) = cause.explanations()
    return explanation


def shown(explanation: Explanation) -> str:
    return str(explanation.cause)


def refuted(explanation: Explanation) -> dict[str, str]:
    return {str(each.cause): each.refuted_by[0] for each in explanation.suspects if each.refuted_by}


CHAIN = (device("a", "core"), device("b", "a"), device("c", "b"), device("d", "c"))


def test_uplinks_alone_make_the_topology_and_the_first_dark_device_is_the_cause() -> None:
    found = only(seen(CHAIN, "bcd"))
    assert found.cause.kind in (CauseKind.DEVICE, CauseKind.SITE)
    assert found.cause.name == "b"
    assert (found.members, found.roots, found.down) == (("b", "c", "d"), ("b",), ("b",))
    assert found.unreachable == ("c", "d")
    assert Cause(CauseKind.LINK, "b–a") in (found.cause, *found.indistinct)


def test_of_a_link_with_segments_all_are_named_and_its_members_are_only_unreachable() -> None:
    links = [link("fo-b", "b", "a", "near", "far")]
    found = only(seen(CHAIN, "bcd", links=links, segments=[cable("near"), cable("far")]))
    assert shown(found) == "link fo-b"
    assert {"segment near", "segment far", "device b", "site b"} == {str(each) for each in found.indistinct}
    assert (found.down, found.unreachable, found.links) == ((), ("b", "c", "d"), ("fo-b",))


def test_a_segment_is_cleared_by_whoever_is_lit_over_it() -> None:
    devices = [device("x", "core"), device("y", "core")]
    links = [link("fo-x", "x", "core", "shared", "own-x"), link("fo-y", "y", "core", "shared", "own-y")]
    segments = [cable(name) for name in ("shared", "own-x", "own-y")]
    found = only(seen(devices, "x", links=links, segments=segments))
    assert "segment own-x" in {str(each) for each in found.indistinct}
    assert refuted(found)["segment shared"] == "y"
    both = only(seen(devices, "xy", links=links, segments=segments))
    assert shown(both) == "segment shared"
    assert both.members == ("x", "y")
    assert {str(each.cause): each.explains for each in both.suspects}["segment own-x"] == 1


def test_a_port_that_is_up_clears_its_link_and_what_it_runs_over() -> None:
    devices = [device("x", "core")]
    links = [link("fo-x", "x", "core", "own-x")]
    found = only(seen(devices, "x", links=links, segments=[cable("own-x")], ports={"fo-x": Port.UP}))
    assert shown(found) == "device x"
    assert refuted(found) == {"link fo-x": "fo-x", "segment own-x": "fo-x"}
    down = only(seen(devices, "x", links=links, segments=[cable("own-x")], ports={"fo-x": Port.DOWN}))
    assert shown(down) == "link fo-x"
    assert Cause(CauseKind.SITE, "x") in down.indistinct
    assert down.suspects[0].score > only(seen(devices, "x", links=links)).suspects[0].score


def test_evidence_tells_apart_what_the_pattern_cannot() -> None:
    devices = [device("x", "core")]
    cause = seen(devices, "x", links=[link("fo-x", "x", "core")])
    assert shown(only(cause)) == "link fo-x"
    cause.believe({Cause(CauseKind.SITE, "x"): 6.0})
    assert shown(only(cause)) == "site x"
    assert only(cause).indistinct == ()
    assert (only(cause).down, only(cause).unreachable) == (("x",), ())
    cause.believe({})
    assert shown(only(cause)) == "link fo-x"


RING = (device("a"), device("b"), device("c"), device("d"))
RING_LINKS = tuple(
    link(f"r{number}", near, far, f"s{number}")
    for number, (near, far) in enumerate([("core", "a"), ("a", "b"), ("b", "c"), ("c", "d"), ("d", "core")])
)
RING_SEGMENTS = tuple(cable(f"s{number}") for number in range(5))


def test_one_cut_of_a_ring_is_lost_redundancy_and_names_who_stands_alone() -> None:
    cause = seen(RING, "", links=RING_LINKS, segments=RING_SEGMENTS, ports={"r1": Port.DOWN})
    assert cause.explanations() == ()
    (lost,) = cause.lost_redundancy()
    assert (str(lost.cause), lost.links, lost.observed) == ("link r1", ("r1",), True)
    assert Cause(CauseKind.SEGMENT, "s1") in lost.indistinct
    assert lost.stands_alone == ("a", "b", "c", "d")


def test_a_second_cut_whose_port_speaks_before_anybody_is_dark_leaves_nobody_alone_on_one_way() -> None:
    ports = {"r1": Port.DOWN, "r4": Port.DOWN}
    cause = seen(RING, "", links=RING_LINKS, segments=RING_SEGMENTS, ports=ports)
    assert cause.explanations() == ()
    assert {lost.stands_alone for lost in cause.lost_redundancy()} == {()}, "b, c and d are about to go dark"


def test_a_second_cut_darkens_exactly_the_arc_between_and_is_one_incident() -> None:
    ports = {"r1": Port.DOWN, "r4": Port.DOWN}
    cause = seen(RING, "bcd", links=RING_LINKS, segments=RING_SEGMENTS, ports=ports)
    found = only(cause)
    assert {str(found.cause), *map(str, found.together)} == {"link r1", "link r4"}
    assert (found.members, found.roots, found.unreachable) == (("b", "c", "d"), ("b", "d"), ("b", "c", "d"))
    assert [str(lost.cause) for lost in cause.lost_redundancy()] == [str(found.together[0])]
    for first, second in (("r1", "r4"), ("r4", "r1")):
        cause.believe({}, standing=[Cause(CauseKind.LINK, first)])
        assert shown(only(cause)) == f"link {second}"
        assert [str(lost.cause) for lost in cause.lost_redundancy()] == [f"link {first}"]


def test_only_what_the_lost_way_served_stands_alone() -> None:
    """A second ring on one device of the first: what it loses leaves the first one whole."""
    devices = [*RING, device("e"), device("f")]
    links = [*RING_LINKS, link("t0", "a", "e"), link("t1", "e", "f"), link("t2", "f", "a")]
    (lost,) = seen(devices, "", links=links, ports={"t1": Port.DOWN}).lost_redundancy()
    assert lost.stands_alone == ("e", "f")


def test_an_arc_goes_to_the_fault_that_darkens_something_by_itself() -> None:
    links = [*RING_LINKS[:1], link("r1", "a", "b", "road"), *RING_LINKS[2:], link("fo-x", "x", "a", "road")]
    found = only(seen([*RING, device("x")], "bcdx", links=links, segments=[*RING_SEGMENTS, cable("road")]))
    assert (shown(found), [str(each) for each in found.together]) == ("segment road", ["link r4"])
    assert (found.members, found.roots) == (("b", "c", "d", "x"), ("b", "d", "x"))


def test_one_segment_under_both_ends_of_an_arc_is_one_fault() -> None:
    links = [*RING_LINKS[:1], link("r1", "a", "b", "road"), *RING_LINKS[2:4], link("r4", "d", "core", "road")]
    found = only(seen(RING, "bcd", links=links, segments=[*RING_SEGMENTS, cable("road")]))
    assert (shown(found), found.together) == ("segment road", ())


def test_a_dead_device_in_a_ring_is_one_fault_not_two_cuts() -> None:
    found = only(seen(RING, "b", links=RING_LINKS, segments=RING_SEGMENTS))
    assert found.cause.name == "b"
    assert (found.down, found.unreachable) == (("b",), ())


def test_a_bundle_is_dark_only_when_all_of_it_is() -> None:
    devices = [device("x", "core"), device("y", "x")]
    links = [link("one", "x", "core", "duct"), link("two", "x", "core", "duct")]
    assert only(seen(devices, "xy", links=links, segments=[cable("duct")])).links == ("one", "two")
    assert shown(only(seen(devices, "xy", links=links, segments=[cable("duct")]))) == "segment duct"
    cause = seen(devices, "", links=links, segments=[cable("duct")], ports={"one": Port.DOWN, "two": Port.UP})
    (lost,) = cause.lost_redundancy()
    assert (str(lost.cause), lost.stands_alone) == ("link one", ("x",))
    assert {str(each.cause): each.refuted_by for each in lost.suspects}["segment duct"] == ("two",)


def test_a_site_is_blamed_where_two_of_its_entries_fell_and_cleared_by_what_is_lit_in_it() -> None:
    devices = [device("x1", "core", site="x"), device("x2", "core", site="x")]
    found = only(seen(devices, ["x1", "x2"], sites=[site("x")]))
    assert (shown(found), found.down) == ("site x", ("x1", "x2"))
    assert refuted(only(seen(devices, ["x1"], sites=[site("x")])))["site x"] == "x2"


def test_a_feeder_joins_its_sites_and_is_cleared_by_one_without_backup() -> None:
    devices = [device(name, "core") for name in "abcd"]
    sites = [site("a", "p"), site("b", "p"), site("c", "p"), site("d", "p", PowerSource.PLN, PowerSource.SOLAR)]
    found = only(seen(devices, "abc", sites=sites))
    assert (shown(found), found.members) == ("feeder p", ("a", "b", "c"))  # d is lit by its own sun and clears nothing
    apart = seen(devices, "ab", sites=sites).explanations()
    assert [each.members for each in apart] == [("a",), ("b",)]
    assert refuted(apart[0])["feeder p"] == "c"


def test_a_site_that_ran_out_of_token_stays_apart_when_the_feeder_is_back() -> None:
    devices = [device(name, "core") for name in "abc"]
    cause = seen(devices, "abc", sites=[site(name, "p") for name in "abc"])
    assert shown(only(cause)) == "feeder p"
    cause.change([cause.graph.index["a"], cause.graph.index["b"]], Light.LIT)
    assert shown(only(cause)) == "site c"


def test_a_provider_joins_its_lines() -> None:
    devices = [device("a", "core"), device("b", "core"), device("c", "core")]
    links = [Link(f"wan-{name}", name, provider="P", medium=Medium.LTE) for name in "ab"]
    found = only(seen(devices, "ab", links=[*links, Link("wan-c", "c", provider="Q", medium=Medium.VSAT)]))
    assert (shown(found), found.members) == ("provider P", ("a", "b"))
    one = only(seen(devices, "a", links=links))
    assert shown(one) == "link wan-a"
    assert refuted(one)["provider P"] == "b"


def test_what_nobody_watches_in_the_middle_is_a_suspect() -> None:
    """A converter on the way: its own cable, itself and the strand behind it cannot be told apart."""
    devices = [device("conv", "core", check=Check.NONE, site="pole"), device("x", "conv")]
    links = [link("fo", "conv", "core", "k"), link("utp", "conv", "x", medium=Medium.COPPER)]
    found = only(seen(devices, "x", links=links, segments=[cable("k")], unseen=["conv"]))
    assert shown(found) == "link fo"
    assert {"segment k", "device conv", "site pole", "link utp", "device x", "site x"} == {
        str(each) for each in found.indistinct
    }


def test_what_nobody_watches_is_alive_if_something_lit_depends_on_it() -> None:
    devices = [device("hub", "core", check=Check.NONE), *(device(name, "hub") for name in "xyz")]
    cause = seen(devices, "xyz", unseen=["hub"], links=[link("fo", "hub", "core")])
    assert shown(only(cause)) == "link fo"
    cause.change([cause.graph.index["z"]], Light.LIT)
    assert [each.members for each in cause.explanations()] == [("x",), ("y",)]
    suspects = {str(each.cause) for fault in cause.explanations() for each in fault.suspects}
    assert suspects.isdisjoint({"device hub", "site hub", "link fo"})


def test_silent_itself_but_what_is_behind_it_is_lit() -> None:
    found = only(seen(CHAIN, "b"))
    assert (shown(found), found.silent_alone, found.down) == ("device b", True, ("b",))


def test_without_a_way_in_it_counts_as_down_on_its_own_and_says_so() -> None:
    devices = [device("a", "core"), device("lonely"), device("lost", "nobody")]
    found = {each.members[0]: each for each in seen(devices, ["lonely", "lost"]).explanations()}
    assert set(found) == {"lonely", "lost"}
    for name, each in found.items():
        assert (each.topology_known, each.down) == (False, (name,))
    island = only(seen([device("a", "core"), device("x"), device("y", "x")], "xy"))
    assert (island.members, island.roots, island.topology_known) == (("x", "y"), ("x",), False)


def test_an_inventory_that_makes_no_sense_is_taken_as_it_is() -> None:
    devices = [
        device("self", "self"),
        device("loop-1", "loop-2"),
        device("loop-2", "loop-1"),
        device("a", "core"),
        device("a", "nobody", "core"),
        Device("gone", "a", Role.ROUTER, status=DeviceStatus.RETIRED, uplink=("core",)),
    ]
    links = [
        link("twice", "a", "core"),
        link("twice", "a", "loop-1"),
        link("me", "a", "a"),
        link("ghost", "ghost", "a"),
        link("half", "a", "ghost"),
        link("none", "", ""),
    ]
    cause = seen(devices, ["self", "loop-1", "loop-2", "a"], links=links)
    assert "gone" not in cause.graph.index
    assert sorted(name for each in cause.explanations() for name in each.members) == ["a", "loop-1", "loop-2", "self"]
    assert NetworkGraph.of(Inventory()).size == 0
    assert RootCause(NetworkGraph.of(Inventory())).explanations() == ()


def test_two_links_of_one_name_the_last_one_counts() -> None:
    links = [link("twice", "x", "core"), link("twice", "x", "y")]
    found = only(seen([device("x"), device("y", "core")], "x", links=links))
    assert found.links == ("twice",)
    assert only(seen([device("x"), device("y", "core")], "xy", links=links)).cause.name == "y"


def test_names_that_the_graph_does_not_know_are_passed_over() -> None:
    cause = seen(CHAIN, "d")
    before = cause.explanations()
    cause.observe_ports({"nothing": Port.DOWN})
    cause.believe({Cause(CauseKind.LINK, "nothing"): 3.0}, standing=[Cause(CauseKind.SEGMENT, "nothing")])
    assert cause.explanations() == before


def test_the_dead_gateway_of_our_own_is_a_device_like_any_other() -> None:
    found = only(seen(CHAIN, ["core", "a", "b", "c", "d"]))
    assert found.cause.name == "core"
    assert (found.roots, found.topology_known) == (("core",), True)


def test_a_port_that_is_down_while_all_behind_it_is_lit_is_told_as_it_is() -> None:
    """A way that the inventory does not know carries it."""
    cause = seen(CHAIN, "", links=[link("fo-b", "b", "a")], ports={"fo-b": Port.DOWN})
    assert cause.explanations() == ()
    (lost,) = cause.lost_redundancy()
    assert (str(lost.cause), lost.stands_alone) == ("link fo-b", ())


def test_two_in_series_that_nobody_watches_are_both_suspects() -> None:
    devices = [
        device("near", "core", check=Check.NONE),
        device("far", "near", check=Check.NONE),
        device("x", "far"),
    ]
    found = only(seen(devices, "x", unseen=["near", "far"]))
    named = {str(found.cause), *map(str, found.indistinct)}
    assert {"device near", "device far", "device x", "link far–near", "link near–core", "link x–far"} <= named


def test_two_ways_through_what_nobody_watches_must_both_be_explained() -> None:
    devices = [device("one", "core", check=Check.NONE), device("two", "core", check=Check.NONE), device("x")]
    links = [link("a", "x", "one", "duct"), link("b", "x", "two", "duct"), link("up", "one", "core")]
    found = only(seen(devices, "x", unseen=["one", "two"], links=links, segments=[cable("duct")]))
    assert {str(found.cause), *map(str, found.indistinct)} == {"segment duct", "device x", "site x"}
