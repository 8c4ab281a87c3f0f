"""What explains a dark set is a function of the set, whatever the order of events and what was asked between.

Networks are random on purpose: rings, bundles, loops of uplinks, nodes nobody watches, tunnels, islands.
"""

from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts.rootcause import Beat, Light, NetworkGraph, Port, RootCause
from domain.network import (
    Check,
    Device,
    Inventory,
    Link,
    LinkPurpose,
    Medium,
    PowerSource,
    Role,
    Segment,
    SegmentKind,
    Site,
    SiteKind,
)

SEEDS = st.integers(0, 2**32 - 1)


def random_network(rng: Random, devices: int) -> Inventory:
    """Nothing in it need make sense."""
    names = [f"d{number:02d}" for number in range(devices)]
    sites = [
        Site(
            f"s{number:02d}",
            f"S {number}",
            SiteKind.DATACENTER if number == 0 else SiteKind.DESA,
            power=rng.choice([(PowerSource.PLN,), (PowerSource.PLN, PowerSource.UPS)]),
            power_feeder=rng.choice(["", "p1", "p2"]),
        )
        for number in range(max(2, devices // 2))
    ]
    records = []
    for number, name in enumerate(names):
        ups = rng.sample(names, rng.choice([1, 1, 1, 2]))
        if number and rng.random() < 0.85:
            ups = [names[rng.randrange(max(0, number - 4), number)]]
        records.append(
            Device(
                name,
                "s00" if number < 2 else rng.choice(sites).slug,
                rng.choice([Role.ROUTER, Role.AP, Role.CONVERTER]),
                check=rng.choice([Check.ICMP, Check.ICMP, Check.NONE, Check.PUSH]),
                uplink=() if number == 0 or rng.random() < 0.1 else tuple(ups),
                mgmt_via=rng.choice(["", "", "", "", names[1]]),
            )
        )
    links = []
    for _ in range(devices):
        a, z = rng.choice(names), rng.choice([*names, "", "nobody"])
        links.append(
            Link(
                f"l{rng.randrange(devices):02d}",
                a,
                z_device=z,
                purpose=rng.choice([LinkPurpose.SERVICE, LinkPurpose.SERVICE, LinkPurpose.MANAGEMENT]),
                medium=rng.choice(list(Medium)),
                provider=rng.choice(["", "", "P"]),
                segments=tuple(rng.sample(["x", "y", "z", "w"], rng.randrange(3))),
            )
        )
    segments = [Segment("x", SegmentKind.CABLE), Segment("y", SegmentKind.TOWER), Segment("z", SegmentKind.FEEDER)]
    return Inventory(sites=tuple(sites), devices=tuple(records), links=tuple(links), segments=tuple(segments))


def anew(cause: RootCause, lights: dict[int, Light], ports: dict[str, Port], beats: dict[str, Beat]) -> RootCause:
    fresh = RootCause(cause.graph)
    for light in Light:
        fresh.change([node for node, each in lights.items() if each is light], light)
    fresh.observe_ports(ports)
    fresh.observe_beats(beats)
    return fresh


def said(cause: RootCause) -> tuple[object, object]:
    return cause.explanations(), cause.lost_redundancy()


@settings(max_examples=150, deadline=None)
@given(SEEDS, st.integers(2, 24))
def test_event_by_event_says_what_thinking_anew_says(seed: int, devices: int) -> None:
    rng = Random(seed)
    graph = NetworkGraph.of(random_network(rng, devices))
    cause = RootCause(graph)
    lights = {node: Light.LIT if rng.random() < 0.7 else Light.UNSEEN for node in range(graph.size)}
    for light in (Light.LIT, Light.UNSEEN):
        cause.change([node for node, each in lights.items() if each is light], light)
    ports: dict[str, Port] = {}
    beats: dict[str, Beat] = {}
    said(cause)
    for _ in range(12):
        for _ in range(rng.choice([1, 1, 3])):
            match rng.randrange(8):
                case 0 if graph.links:
                    ports[rng.choice(graph.links)] = port = rng.choice(list(Port))
                    cause.observe_ports({name: each for name, each in ports.items() if each is port})
                case 1:
                    beats[graph.names[rng.randrange(graph.size)]] = beat = rng.choice(list(Beat))
                    cause.observe_beats({name: each for name, each in beats.items() if each is beat})
                case _:
                    node = rng.randrange(graph.size)
                    lights[node] = rng.choice([Light.DARK, Light.DARK, Light.LIT, Light.LIT, Light.UNSEEN])
                    cause.change([node], lights[node])
        assert said(cause) == said(anew(cause, lights, ports, beats))


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.integers(2, 30))
@example(1034, 30)  # a node of a mesh that something lit in the same mesh hangs on
def test_the_order_and_delay_of_events_do_not_matter(seed: int, devices: int) -> None:
    rng = Random(seed)
    graph = NetworkGraph.of(random_network(rng, devices))
    dark = [node for node in range(graph.size) if rng.random() < 0.4]
    answers = []
    for _ in range(3):
        cause = RootCause(graph)
        cause.change(range(graph.size), Light.LIT)
        rng.shuffle(dark)
        for node in dark:
            if rng.random() < 0.3:  # seen again for a moment: a late answer
                cause.change([rng.choice(dark)], Light.LIT)
                cause.explanations()
            cause.change([node], Light.DARK)
            if rng.random() < 0.5:
                cause.explanations()
        cause.change(dark, Light.DARK)
        answers.append(said(cause))
    assert answers[0] == answers[1] == answers[2]


@settings(max_examples=100, deadline=None)
@given(SEEDS, st.integers(2, 30))
def test_every_dark_device_is_explained_once_and_nothing_lit_is(seed: int, devices: int) -> None:
    rng = Random(seed)
    graph = NetworkGraph.of(random_network(rng, devices))
    cause = RootCause(graph)
    dark = {node for node in range(graph.size) if rng.random() < 0.4}
    lit = {node for node in range(graph.size) if node not in dark and rng.random() < 0.8}
    cause.change(lit, Light.LIT)
    cause.change(dark, Light.DARK)
    members = [name for each in cause.explanations() for name in each.members]
    assert sorted(members) == sorted(graph.names[node] for node in dark)
    for each in cause.explanations():
        assert set(each.roots) <= set(each.members)
        assert {*each.down, *each.unknown} <= set(each.members)
        named = [suspect for suspect in each.suspects if not suspect.refuted_by]
        assert sum(suspect.score for suspect in named) <= 1.001
        assert all(suspect.cause not in each.indistinct for suspect in each.suspects if suspect.refuted_by)


@settings(deadline=None)
@given(SEEDS)
def test_what_is_believed_is_no_event(seed: int) -> None:
    """Evidence given before, after or in between: the same."""
    rng = Random(seed)
    graph = NetworkGraph.of(random_network(rng, 16))
    dark = [node for node in range(graph.size) if rng.random() < 0.4]
    causes = graph.causes
    prior = {causes.cause(rng.randrange(len(causes))): rng.uniform(-4, 9) for _ in range(4)}
    standing = [causes.cause(rng.randrange(len(causes)))]
    before, after = RootCause(graph), RootCause(graph)
    before.believe(prior, standing)
    for cause in (before, after):
        cause.change(range(graph.size), Light.LIT)
        cause.change(dark, Light.DARK)
    after.explanations()
    after.believe(prior, standing)
    assert said(before) == said(after)
