"""Who is lit, who can be reached, and which way the bytes run, for one state of cuts and power. Pure."""

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.network import Medium
from lab.world import traffic
from lab.world.wiring import PROVIDER, Wiring

_TUNNEL_BYTES_PER_SECOND = 2_500.0


@dataclass(frozen=True, slots=True)
class Routes:
    """`strand_up` per strand; `reached` per device: whether the collector's packets come to it and back.

    `flow` has two rows per strand (a → z, then z → a), each a load.
    """

    strand_up: NDArray[np.bool_]
    reached: NDArray[np.bool_]
    flow: NDArray[np.float64]


def find_routes(
    wiring: Wiring, powered: Sequence[bool] | NDArray[np.bool_], cut: Collection[int], monitors: Sequence[int]
) -> Routes:
    """The shortest ways that are left. `monitors` are the devices beside the collector."""
    up = _strands_up(wiring, powered, cut)
    neighbours = _neighbours(wiring, up)
    reached = _reach(wiring, powered, neighbours, monitors)
    return Routes(up, reached, _flow(wiring, powered, up, neighbours))


def _strands_up(wiring: Wiring, powered: Sequence[bool] | NDArray[np.bool_], cut: Collection[int]) -> NDArray[np.bool_]:
    up = np.ones(len(wiring.strands), np.bool_)
    for at, strand in enumerate(wiring.strands):
        up[at] = at not in cut and powered[strand.a] and (strand.z < 0 or powered[strand.z])
    for at, strand in enumerate(wiring.strands):
        if strand.carrier is not None:
            up[at] &= up[strand.carrier]
    return up


def _neighbours(wiring: Wiring, up: NDArray[np.bool_]) -> list[list[tuple[int, int]]]:
    """Per device its (strand, other device) pairs over strands that are up."""
    neighbours: list[list[tuple[int, int]]] = [[] for _ in wiring.nodes]
    for at, strand in enumerate(wiring.strands):
        if up[at] and strand.z >= 0:
            neighbours[strand.a].append((at, strand.z))
            neighbours[strand.z].append((at, strand.a))
    return neighbours


def _reach(
    wiring: Wiring,
    powered: Sequence[bool] | NDArray[np.bool_],
    neighbours: list[list[tuple[int, int]]],
    monitors: Sequence[int],
) -> NDArray[np.bool_]:
    reached = np.zeros(len(wiring.nodes), np.bool_)
    waiting = deque(node for node in monitors if powered[node])
    reached[list(waiting)] = True
    while waiting:
        for _strand, other in neighbours[waiting.popleft()]:
            if not reached[other]:
                reached[other] = True
                waiting.append(other)
    return reached


def _flow(
    wiring: Wiring,
    powered: Sequence[bool] | NDArray[np.bool_],
    up: NDArray[np.bool_],
    neighbours: list[list[tuple[int, int]]],
) -> NDArray[np.float64]:
    """Every device's load on its way to the nearest line of a provider; what has no way sends nothing."""
    order, parent = _ways_out(wiring, powered, up, neighbours)
    down = np.array([node.down for node in wiring.nodes])
    upward = np.array([node.up for node in wiring.nodes])
    flow = np.zeros((2 * len(wiring.strands), traffic.SIZE))
    for at, (node, share) in wiring.users.items():
        if node in parent:
            flow[2 * at] = wiring.nodes[node].down * share
            flow[2 * at + 1] = wiring.nodes[node].up * share
    for node in reversed(order):
        at = parent[node]
        strand = wiring.strands[at]
        into = 1 if strand.a == node else 0  # the direction that leads to this device
        flow[2 * at + into] += down[node]
        flow[2 * at + 1 - into] += upward[node]
        if strand.z >= 0:
            other = strand.z if strand.a == node else strand.a
            down[other] += down[node]
            upward[other] += upward[node]
    for at, strand in enumerate(wiring.strands):
        if strand.medium is Medium.VPN and up[at]:
            flow[2 * at : 2 * at + 2, 0] += _TUNNEL_BYTES_PER_SECOND
    return flow


def _ways_out(
    wiring: Wiring,
    powered: Sequence[bool] | NDArray[np.bool_],
    up: NDArray[np.bool_],
    neighbours: list[list[tuple[int, int]]],
) -> tuple[list[int], dict[int, int]]:
    """Devices in the order they are found from the providers' lines, and each one's strand towards them."""
    parent: dict[int, int] = {}
    for at, strand in enumerate(wiring.strands):
        if strand.z == PROVIDER and up[at] and powered[strand.a]:
            parent.setdefault(strand.a, at)
    order = list(parent)
    for node in order:  # grows while it is walked
        for at, other in neighbours[node]:
            if other not in parent and not wiring.strands[at].management:
                parent[other] = at
                order.append(other)
    return order, parent
