"""Cut to village: 183 villages in a ring and trees, every single segment, 300 pairs; networkx is the oracle.

The engine sees who answers, and in some cases what ports say; never what was cut.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from random import Random

import networkx as nx
import pytest

from alerts.rootcause import Explanation, Light, LostRedundancy, NetworkGraph, Port, RootCause
from domain.incidents import Cause, CauseKind
from domain.network import (
    Check,
    Device,
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

VILLAGES, POPS = 183, 17


class Kabupaten:
    """A ring of 17 PoPs over two cores, each with a tree of villages on shared cables; a third of them behind an ONU
    that nobody watches. `ways` is the oracle's picture of it, drawn from the links and not from the engine."""

    def __init__(self, seed: int) -> None:
        rng = Random(seed)
        self.sites = [Site("pusat", "Pusat", SiteKind.DATACENTER, power=(PowerSource.PLN, PowerSource.UPS))]
        self.devices = [Device("inti-1", "pusat", Role.ROUTER), Device("inti-2", "pusat", Role.ROUTER)]
        self.links: list[Link] = []
        pops = [f"pop-{number:02d}" for number in range(POPS)]
        for pop in pops:
            self.add(pop, pop, (pops[0],) if pop != pops[0] else ("inti-1",), power=(PowerSource.PLN, PowerSource.UPS))
        self.join("inti", "inti-1", "inti-2", ())
        for number, (near, far) in enumerate(pairwise(["inti-1", *pops, "inti-2"])):
            self.join(f"ring-{number:02d}", near, far, (f"ring-{number:02d}-a", f"ring-{number:02d}-b"))
        above: dict[str, list[str]] = {pop: [pop] for pop in pops}
        for number in range(VILLAGES):
            pop = pops[number % POPS]
            name = f"desa-{number:03d}"
            up = rng.choice(above[pop][:3])
            shared = f"ring-{pops.index(pop) + 1:02d}-a" if up == pop and rng.random() < 0.4 else f"k-{up}-{number % 2}"
            cables = (shared, f"k-{name}")
            if rng.random() < 0.33:
                self.add(f"onu-{name}", name, (up,), check=Check.NONE)
                self.join(f"fo-{name}", f"onu-{name}", up, cables)
                up, cables = f"onu-{name}", ()
            self.add(name, name, (up,), power=(PowerSource.PLN,), feeder=f"penyulang-{pop}-{number % 3}")
            self.join(f"fo-{name}" if cables else f"utp-{name}", name, up, cables)
            above[pop].append(name)
        kinds = {segment for link in self.links for segment in link.segments}
        self.segments = sorted(kinds)
        self.inventory = Inventory(
            sites=tuple(self.sites),
            devices=tuple(self.devices),
            links=tuple(self.links),
            segments=tuple(Segment(name, SegmentKind.CABLE) for name in self.segments),
        )
        self.graph = NetworkGraph.of(self.inventory)
        self.watched = {device.name for device in self.devices if device.check is not Check.NONE}

    def add(
        self,
        name: str,
        site: str,
        up: tuple[str, ...],
        *,
        check: Check = Check.ICMP,
        power: tuple[PowerSource, ...] = (PowerSource.PLN,),
        feeder: str = "",
    ) -> None:
        if not any(each.slug == site for each in self.sites):
            self.sites.append(Site(site, site, SiteKind.DESA, power=power, power_feeder=feeder))
        role = Role.ONU if check is Check.NONE else Role.ROUTER
        # the ring is made by links; an uplink that a link represents adds nothing
        self.devices.append(Device(name, site, role, check=check, uplink=up if not name.startswith("pop") else ()))

    def join(self, name: str, a: str, z: str, segments: tuple[str, ...]) -> None:
        medium = Medium.FIBRE if segments else Medium.COPPER
        self.links.append(Link(name, a, z_device=z, medium=medium, segments=segments))

    def lit(self, cut: Iterable[str] = (), off: Iterable[str] = ()) -> set[str]:
        """The oracle: watched devices with a way to a core that is left. cut: segments and links; off: devices."""
        gone = set(cut)
        ways = nx.Graph()
        ways.add_nodes_from(device.name for device in self.devices)
        ways.add_edges_from(
            (link.a_device, link.z_device)
            for link in self.links
            if link.name not in gone and gone.isdisjoint(link.segments)
        )
        ways.remove_nodes_from(list(off))
        ways.add_edges_from(("poller", core) for core in ("inti-1", "inti-2") if core in ways)
        if "poller" not in ways:
            return set()
        return nx.node_connected_component(ways, "poller") & self.watched

    def seen(self, lit: set[str], ports: dict[str, Port] | None = None) -> RootCause:
        cause = RootCause(self.graph)
        index = self.graph.index
        cause.change([index[name] for name in lit], Light.LIT)
        cause.change([index[name] for name in self.watched - lit], Light.DARK)
        cause.observe_ports(ports or {})
        return cause

    def ports(self, cut: Iterable[str], lit: set[str]) -> dict[str, Port]:
        """What ifOperStatus says at ends that answer."""
        gone = set(cut)
        return {
            link.name: Port.UP if gone.isdisjoint((*link.segments, link.name)) else Port.DOWN
            for link in self.links
            if {link.a_device, link.z_device} & lit
        }


@cache
def kabupaten(seed: int = 7) -> Kabupaten:
    return Kabupaten(seed)


def classes(fault: Explanation | LostRedundancy) -> list[set[Cause]]:
    """Suspects that stand, in classes by how much they explain, best first; the class of the chosen one before all."""
    first = {fault.cause, *fault.indistinct}
    rest: dict[int, set[Cause]] = {}
    for suspect in fault.suspects:
        if not suspect.refuted_by and suspect.cause not in first:
            rest.setdefault(suspect.explains, set()).add(suspect.cause)
    return [first, *(rest[count] for count in sorted(rest, reverse=True))]


def is_named(segment: str, faults: Iterable[Explanation | LostRedundancy], within: int) -> bool:
    cause = Cause(CauseKind.SEGMENT, segment)
    return any(cause in each for fault in faults for each in classes(fault)[:within])


def test_every_single_segment_is_in_the_first_class() -> None:
    here = kabupaten()
    for segment in here.segments:
        lit = here.lit([segment])
        cause = here.seen(lit)
        if lit != here.watched:
            assert is_named(segment, cause.explanations(), 1), segment
            assert len(cause.explanations()) == 1, segment
        told = here.seen(lit, here.ports([segment], lit))
        faults = (*told.explanations(), *told.lost_redundancy())
        assert is_named(segment, faults, 1), segment
        assert len(told.explanations()) == (lit != here.watched), segment


def pairs(count: int) -> Iterator[tuple[str, str]]:
    rng = Random(300)
    for _ in range(count):
        one, other = rng.sample(kabupaten().segments, 2)
        yield one, other


def shows(segment: str, other: str, here: Kabupaten) -> bool:
    """Whether anything dark is dark because of it, the other cut being given."""
    return here.lit([segment, other]) != here.lit([other])


@pytest.mark.parametrize("with_ports", [False, True])
def test_of_300_pairs_both_true_classes_are_first_or_second(with_ports: bool) -> None:
    here = kabupaten()
    tried = 0
    for one, other in pairs(300):
        lit = here.lit([one, other])
        cause = here.seen(lit, here.ports([one, other], lit) if with_ports else None)
        faults = (*cause.explanations(), *cause.lost_redundancy())
        for segment, second in ((one, other), (other, one)):
            if shows(segment, second, here):
                tried += 1
                assert is_named(segment, faults, 2), (one, other, segment)
    assert tried > 300


def test_no_suspect_is_one_that_a_lit_site_refutes() -> None:
    """Whoever is named, what would be dark if it were true is not lit: asked of networkx."""
    here = kabupaten()
    rng = Random(5)
    for _ in range(60):
        cut, off = (
            rng.sample(here.segments, rng.choice([1, 2, 3])),
            rng.sample(sorted(here.watched), rng.choice([0, 1])),
        )
        lit = here.lit(cut, off)
        for fault in here.seen(lit).explanations():
            for suspect in fault.suspects:
                would = would_be_lit(suspect.cause, here)
                assert bool(suspect.refuted_by) == (not lit <= would), (cut, off, suspect)
                if suspect.refuted_by:
                    assert set(suspect.refuted_by) <= lit - would


def would_be_lit(cause: Cause, here: Kabupaten) -> set[str]:
    match cause.kind:
        case CauseKind.DEVICE:
            return here.lit(off=[cause.name])
        case CauseKind.SITE:
            return here.lit(off=[device.name for device in here.devices if device.site == cause.name])
        case CauseKind.FEEDER:
            sites = {site.slug for site in here.sites if site.power_feeder == cause.name}
            return here.lit(off=[device.name for device in here.devices if device.site in sites])
        case _:
            return here.lit([cause.name])


def test_what_is_named_would_darken_exactly_what_is_dark() -> None:
    """All faults together make the picture, and none of them can be left out."""
    here = kabupaten()
    rng = Random(11)
    for _ in range(60):
        cut, off = (
            rng.sample(here.segments, rng.choice([1, 2, 4])),
            rng.sample(sorted(here.watched), rng.choice([0, 2])),
        )
        lit = here.lit(cut, off)
        cause = here.seen(lit)
        named = [fault.cause for fault in (*cause.explanations(), *cause.lost_redundancy())]
        assert dark_by(named, here) == here.watched - lit
        for left_out in named:
            assert dark_by([each for each in named if each != left_out], here) < here.watched - lit
        assert len(named) <= len(cut) + len(off)


def dark_by(causes: Iterable[Cause], here: Kabupaten) -> set[str]:
    cut: list[str] = []
    off: list[str] = []
    for cause in causes:
        if cause.kind in (CauseKind.LINK, CauseKind.SEGMENT):
            cut.append(cause.name)
        else:
            off += here.watched - would_be_lit(cause, here) if cause.kind is CauseKind.FEEDER else [cause.name]
            off += [device.name for device in here.devices if device.site == cause.name]
    return here.watched - here.lit(cut, set(off) & {device.name for device in here.devices})


def test_a_fault_wholly_behind_another_is_found_when_the_outer_one_is_mended() -> None:
    here = kabupaten()
    rng = Random(3)
    found = 0
    for _ in range(600):
        outer, inner = rng.sample(here.segments, 2)
        both, one = here.lit([outer, inner]), here.lit([outer])
        if both != one or here.lit([inner]) == here.watched:
            continue
        cause = here.seen(both)
        assert is_named(outer, cause.explanations(), 2)
        mended = here.lit([inner])
        cause.change([here.graph.index[name] for name in mended], Light.LIT)
        assert is_named(inner, cause.explanations(), 1), (outer, inner)
        found += 1
    assert found >= 5


def test_unreachable_is_what_has_every_way_cut() -> None:
    """Of devices that are off and cuts, the engine being told which by evidence: unreachable iff networkx agrees."""
    here = kabupaten()
    rng = Random(13)
    seen = 0
    for _ in range(40):
        off = rng.sample(sorted(here.watched), 3)
        lit = here.lit(off=off)
        cause = here.seen(lit)
        cause.believe({Cause(CauseKind.DEVICE, name): 6.0 for name in off})
        for fault in cause.explanations():
            for name in fault.members:
                others = [each for each in off if each != name]
                every_way_is_cut = name not in here.lit(off=others)
                assert (name in fault.unreachable) == every_way_is_cut, (off, name)
                seen += every_way_is_cut
    assert seen > 20


def test_any_order_of_thirty_falls_and_any_delay_gives_one_answer() -> None:
    here = kabupaten()
    rng = Random(17)
    lit = here.lit(["ring-03-a", "ring-06-b"])
    fallen = [here.graph.index[name] for name in sorted(here.watched - lit)]
    answers = set()
    for _ in range(12):
        rng.shuffle(fallen)
        cause = here.seen(set(here.watched))
        for at, node in enumerate(fallen):
            cause.change([node], Light.DARK)
            if at % rng.choice([1, 3, 7]) == 0:
                cause.explanations()
        answers.add((str(cause.explanations()), str(cause.lost_redundancy())))
    assert len(fallen) >= 30
    assert len(answers) == 1
