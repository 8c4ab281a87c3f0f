"""The part of the network that an incident is about: its cause, its members, and their ways to the core. Pure.

A tree by each device's first uplink that is known, a line a device, as the topology draws it. What goes beyond `MOST`
lines is folded where it hangs and counted; the way to the cause and the thickest branches stay.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import Final

from console.ports import Look
from console.views.culprits import Culprits, culprits_of
from console.views.places import place_name
from console.views.speech import number, state_word
from domain.incidents import Incident, Member
from domain.language import _, n_
from domain.network import Topology
from domain.states import State

MOST: Final = 30
"""Devices that are drawn; the others are counted."""

STEP: Final = 22.0
"""Of a line; units of the drawing."""

INDENT: Final = 22.0
DEEPEST: Final = 10
SINGLE: Final = 1


@dataclass(frozen=True, slots=True)
class WayNode:
    """One line. name: empty where it counts what is folded. px, py: of what it hangs on, None at a root.

    why: what of it is the cause, empty for most. is_cause: the device itself. is_cut: its way to what it hangs on.
    is_member: it is dark by it.
    """

    name: str
    said: str
    state: State | None
    x: float
    y: float
    px: float | None
    py: float | None
    why: str = ""
    is_cause: bool = False
    is_cut: bool = False
    is_member: bool = False


@dataclass(frozen=True, slots=True)
class Ways:
    """folded: devices that are counted, not drawn."""

    nodes: tuple[WayNode, ...]
    width: float
    height: float
    folded: int


@dataclass(slots=True)
class _Part:
    look: Look
    members: Mapping[str, Member]
    culprits: Culprits
    parent: Mapping[str, str]
    children: Mapping[str, Sequence[str]]
    weight: Mapping[str, int]
    towards: frozenset[str]
    also: Mapping[str, str]
    shown: set[str] = field(default_factory=set)


def ways_of(incident: Incident, look: Look) -> Ways | None:
    """None where nothing of it stands in the topology that this look shows."""
    known = look.inventory.used_by_name
    members = {member.name: member for member in incident.members if member.name in known}
    culprits = culprits_of(incident.cause, look)
    own = culprits.devices | culprits.lines
    ends = {name for way in culprits.ways for name in way} | (own & members.keys() or own)
    if not members and not ends:
        return None
    part = _part(look, members, culprits, ends)
    roots = [name for name in part.weight if name not in part.parent]
    _choose(roots, part)
    return _laid(roots, part)


def _part(look: Look, members: Mapping[str, Member], culprits: Culprits, ends: set[str]) -> _Part:
    topology = Topology.without_circles(look.inventory.used_by_name.values())
    above = {name: ups[0] for name, ups in topology.uplinks.items() if ups}
    for name, ups in topology.uplinks.items():
        for up in ups:
            if frozenset({name, up}) in culprits.ways:  # of several ways up, the one that is the cause is drawn
                above[name] = up
    weight: Counter[str] = Counter()
    for name in {*members, *ends}:
        for step in _upward(name, above):
            weight[step] += 1
    towards = frozenset(step for name in ends for step in _upward(name, above))
    parent = {name: above[name] for name in weight if name in above}
    children: dict[str, list[str]] = defaultdict(list)
    for name in sorted(parent):
        children[parent[name]].append(name)
    also = {
        name: ", ".join(up for up in topology.uplinks[name] if up != parent.get(name))
        for name in weight
        if len(topology.uplinks[name]) > SINGLE
    }
    return _Part(look, members, culprits, parent, children, weight, towards, also)


def _upward(name: str, above: Mapping[str, str]) -> Iterable[str]:
    at: str | None = name
    while at is not None:
        yield at
        at = above.get(at)


def _choose(roots: Iterable[str], part: _Part) -> None:
    """From the core outward: first where the cause is, then what has most members behind it."""
    waiting: list[tuple[bool, int, str]] = []

    def wait(names: Iterable[str]) -> None:
        for name in names:
            heappush(waiting, (name not in part.towards, -part.weight[name], name))

    wait(roots)
    while waiting and len(part.shown) < MOST:
        name = heappop(waiting)[2]
        part.shown.add(name)
        wait(part.children.get(name, ()))


def _laid(roots: Sequence[str], part: _Part) -> Ways:
    nodes: list[WayNode] = []
    folded = 0
    waiting: list[tuple[Sequence[str], int, tuple[float, float] | None]] = []

    def wait(names: Sequence[str], depth: int, above: tuple[float, float] | None) -> None:
        """The folded ones last."""
        shown = sorted(set(names) & part.shown, key=lambda each: (each not in part.towards, each))
        hidden = [each for each in names if each not in part.shown]
        if len(hidden) == SINGLE and not part.children.get(hidden[0]):
            part.shown.update(hidden)  # a line that counts one is no shorter than the one
            shown, hidden = [*shown, *hidden], []
        if hidden:
            waiting.append((hidden, depth, above))
        waiting.extend(([each], depth, above) for each in reversed(shown))

    wait(roots, 0, None)
    while waiting:
        names, depth, above = waiting.pop()
        x, y = 10 + INDENT * min(depth, DEEPEST), STEP * len(nodes) + 14
        px, py = above or (None, None)
        if names[0] not in part.shown:
            count = _count(names, part)
            folded += count
            said = n_("and {count} more device", "and {count} more devices", count).format(count=number(count))
            nodes.append(WayNode("", said, None, x, y, px, py))
            continue
        node, below = _node(names[0], part, (x, y), (px, py)), part.children.get(names[0], ())
        if part.shown.isdisjoint(below):
            count = _count(below, part)
            folded += count
            node = replace(node, said=" · ".join(word for word in (node.said, _behind(count)) if word))
        else:
            wait(below, depth + 1, (x, y))
        nodes.append(node)
    return Ways(tuple(nodes), max(_end(node) for node in nodes), STEP * len(nodes) + 6, folded)


def _end(node: WayNode) -> float:
    """About where its text ends."""
    return node.x + 30 + 8.4 * len(f"{node.why} {node.name}") + 6.7 * len(node.said)


def _behind(count: int) -> str:
    """Beside a device of whose branch nothing is drawn."""
    if not count:
        return ""
    return n_("{count} device behind it", "{count} devices behind it", count).format(count=number(count))


def _count(names: Iterable[str], part: _Part) -> int:
    """Of these and of everything of the part that hangs on them."""
    waiting, count = list(names), 0
    while waiting:
        count += 1
        waiting.extend(part.children.get(waiting.pop(), ()))
    return count


def _node(name: str, part: _Part, at: tuple[float, float], above: tuple[float | None, float | None]) -> WayNode:
    look, member = part.look, part.members.get(name)
    state = member_state(member, look) if member else held.state if (held := look.states.get(name)) else None
    site = look.inventory.site_by_slug.get(look.inventory.used_by_name[name].site)
    said = (
        state_word(state) if state and state is not State.UP else "",
        place_name(site, look.names) if site else "",
        _("also on {names}").format(names=part.also[name]) if part.also.get(name) else "",
    )
    above_it, found = part.parent.get(name, ""), part.culprits
    cause = name in found.devices and above_it not in found.devices  # of a site that is it, where it begins
    line, way = name in found.lines, frozenset({name, above_it}) in found.ways
    return WayNode(
        name,
        " · ".join(word for word in said if word),
        state,
        *at,
        *above,
        why=_("cause")
        if cause
        else _("its line is the cause")
        if line
        else _("its way up is the cause")
        if way
        else "",
        is_cause=cause,
        is_cut=way or (line and above_it != ""),
        is_member=member is not None,
    )


def member_state(member: Member, look: Look) -> State:
    """As the table of members says it: whoever is back is up."""
    held = look.states.get(member.name)
    return State.UP if member.back_at else held.state if held else State.UNKNOWN
