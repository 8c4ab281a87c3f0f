"""The network as it hangs together: from the data centre outward, folded by kecamatan, drawn a level a line. Pure.

A tree of devices by their first uplink that is known; other uplinks are said beside it, and links without a place in
the tree are not drawn. A site with one device is one line.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from console.ports import Look
from console.views.devices import WORST_FIRST
from console.views.places import kecamatan_of, place_name
from console.views.speech import number, state_word
from domain.language import _, n_
from domain.network import Device, SiteKind, Topology
from domain.states import State

STEP: Final = 22.0
"""Of a line, and of a level; units of the drawing."""

INDENT: Final = 26.0
DEEPEST: Final = 12
CORE: Final = frozenset({SiteKind.DATACENTER, SiteKind.POP})


@dataclass(frozen=True, slots=True)
class Node:
    """x, y: of its mark. px, py: of what it hangs on, None at a root. also: other uplinks that it has."""

    name: str
    place: str
    role: str
    state: State | None
    word: str
    x: float
    y: float
    px: float | None
    py: float | None
    also: str
    behind: int


@dataclass(frozen=True, slots=True)
class Branch:
    """One kecamatan: what of it hangs on the core. root: of the device on which it hangs. open: something is wrong."""

    kecamatan: str
    counts: tuple[tuple[State, str, str], ...]
    said: str
    open: bool
    nodes: tuple[Node, ...]
    width: float
    height: float
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopologyPage:
    core: Branch
    branches: tuple[Branch, ...]
    devices: int


@dataclass(slots=True)
class _Tree:
    look: Look
    known: Mapping[str, Device]
    children: Mapping[str, Sequence[str]]
    parent: Mapping[str, str]
    topology: Topology
    sizes: dict[str, int] = field(default_factory=dict)


def page_of(look: Look, kecamatan: str = "", wrong: bool = False) -> TopologyPage:
    """kecamatan: this one alone, and open. wrong: of each branch only what is not up, with its way to the core."""
    tree = _tree(look)
    home = {name: _kecamatan(device, look) for name, device in tree.known.items()}
    core = [name for name in tree.known if not home[name]]
    by_kecamatan: dict[str, list[str]] = defaultdict(list)
    for name, where in home.items():
        if where:
            by_kecamatan[where].append(name)
    names = sorted(by_kecamatan)
    return TopologyPage(
        _branch("", core, tree, open_=True, wrong=wrong),
        tuple(
            _branch(name, by_kecamatan[name], tree, open_=name == kecamatan, wrong=wrong)
            for name in names
            if kecamatan in ("", name)
        ),
        len(tree.known),
    )


def _tree(look: Look) -> _Tree:
    known = look.inventory.used_by_name
    topology = Topology.without_circles(known.values())
    parent = {name: ups[0] for name, ups in topology.uplinks.items() if ups}
    children: dict[str, list[str]] = defaultdict(list)
    for name, up in parent.items():
        children[up].append(name)
    return _Tree(look, known, children, parent, topology)


def _branch(kecamatan: str, names: Iterable[str], tree: _Tree, *, open_: bool, wrong: bool) -> Branch:
    inside = set(names)
    counted = Counter(tree.look.states[name].state for name in inside if name in tree.look.states)
    shown = _with_ways(inside, tree) if wrong else inside
    roots = sorted(name for name in shown if tree.parent.get(name) not in shown)
    nodes: list[Node] = []
    for root in roots:
        _lay(root, shown, tree, nodes)
    bad = len([name for name in inside if name in tree.look.states and _is_bad(name, tree)])
    return Branch(
        kecamatan,
        tuple((state, state_word(state), number(counted[state])) for state in WORST_FIRST if counted[state]),
        n_("{count} device", "{count} devices", len(inside)).format(count=number(len(inside))),
        open_ or (wrong and bad > 0),
        tuple(nodes),
        max((node.x for node in nodes), default=0.0) + 420,
        STEP * max(len(nodes), 1) + 6,
        tuple(sorted({up for root in roots if (up := tree.parent.get(root))})),
    )


def _with_ways(inside: set[str], tree: _Tree) -> set[str]:
    """What is not up, and everything between it and the branch's root."""
    shown: set[str] = set()
    for name in inside:
        if _is_bad(name, tree):
            at: str | None = name
            while at is not None and at in inside and at not in shown:
                shown.add(at)
                at = tree.parent.get(at)
    return shown


def _is_bad(name: str, tree: _Tree) -> bool:
    held = tree.look.states.get(name)
    return held is not None and held.state is not State.UP


def _lay(root: str, shown: set[str], tree: _Tree, nodes: list[Node]) -> None:
    """Depth first, children in the order of their names. Iterative: chains may be long."""
    waiting: list[tuple[str, int, tuple[float, float] | None]] = [(root, 0, None)]
    while waiting:
        name, depth, above = waiting.pop()
        x, y = 10 + INDENT * min(depth, DEEPEST), STEP * len(nodes) + 14
        device, held = tree.known[name], tree.look.states.get(name)
        site = tree.look.inventory.site_by_slug.get(device.site)
        others = [up for up in tree.topology.uplinks[name] if up != tree.parent.get(name)]
        nodes.append(
            Node(
                name,
                place_name(site, tree.look.names) if site else "",
                device.role.value,
                held.state if held else None,
                state_word(held.state) if held else _("not polled"),
                x,
                y,
                above[0] if above else None,
                above[1] if above else None,
                _("also on {names}").format(names=", ".join(others)) if others else "",
                len(tree.children.get(name, ())),
            )
        )
        below = sorted((each for each in tree.children.get(name, ()) if each in shown), reverse=True)
        waiting.extend((each, depth + 1, (x, y)) for each in below)


def _kecamatan(device: Device, look: Look) -> str:
    """Empty for the core: what stands in the data centre and in the PoPs."""
    site = look.inventory.site_by_slug.get(device.site)
    return kecamatan_of(site.region_code, look.names) if site and site.kind not in CORE else ""
