"""The standing shape of a graph: which strand is the only way to what, found once by one depth-first walk.

Nodes are laid out so that what hangs on a strand, on a node, or on a node by strands without a second way, is each one
interval of positions: whether anything lit hangs there is one look at a slice of an array.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

NOTHING = -1

Numbers: TypeAlias = "array[int]"
"""Four octets each, where a list of a country's nodes takes forty; as quick to look into."""


def numbers(values: Iterable[int]) -> Numbers:
    return array("i", values)


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """By node: `position` in the layout, `size` of what was found through it (with itself), `parent`, `parent_edge`.

    `hang`: itself and what hangs on it by strands without a second way; `cut`: itself and all that has no way but
    through it. Both are lengths of intervals that begin at its position. `mesh`: nodes with a second way between them
    share one. `bridge`: by edge, whether it is the only way to what was found through it; `below`: its farther end.
    """

    position: Numbers
    order: NDArray[np.int64]
    size: Numbers
    hang: Numbers
    cut: Numbers
    parent: Numbers
    parent_edge: Numbers
    distance: Numbers
    mesh: Numbers
    mesh_size: Numbers
    mesh_top: Numbers
    bridge: list[bool]
    below: Numbers


def find_ways(root: int, start: Numbers, neighbour: Numbers, edge: Numbers, edges: int) -> Ways:
    """Every node must have a way to `root`. Adjacency by rows; parallel edges are different edges. Linear time."""
    nodes = len(start) - 1
    found, parent, parent_edge, low = _walk(root, start, neighbour, edge, nodes)
    seen_at = [0] * nodes
    for at, node in enumerate(found):
        seen_at[node] = at
    size, hang, cut = [1] * nodes, [1] * nodes, [1] * nodes
    bridge, below = [False] * edges, [NOTHING] * edges
    ranks: list[list[list[int]]] = [[] for _ in range(nodes)]
    for node in reversed(found):
        up = parent[node]
        if up == NOTHING:
            continue
        size[up] += size[node]
        alone = low[node] > seen_at[up]
        if alone:
            bridge[parent_edge[node]] = True
            hang[up] += size[node]
        if low[node] >= seen_at[up]:
            cut[up] += size[node]
        below[parent_edge[node]] = node
        if not ranks[up]:
            ranks[up] = [[], [], []]
        ranks[up][0 if alone else 1 if low[node] >= seen_at[up] else 2].append(node)
    position, order = _lay_out(root, ranks, nodes)
    mesh, top = [0] * nodes, [root]
    count = [1]
    for node in found[1:]:
        if bridge[parent_edge[node]]:
            mesh[node] = len(top)
            top.append(node)
            count.append(1)
        else:
            mesh[node] = mesh[parent[node]]
            count[mesh[node]] += 1
    distance = _distances(root, start, neighbour, nodes)
    return Ways(
        position=numbers(position),
        order=np.array(order, np.int64),
        size=numbers(size),
        hang=numbers(hang),
        cut=numbers(cut),
        parent=numbers(parent),
        parent_edge=numbers(parent_edge),
        distance=numbers(distance),
        mesh=numbers(mesh),
        mesh_size=numbers(count),
        mesh_top=numbers(top),
        bridge=bridge,
        below=numbers(below),
    )


def _walk(
    root: int, start: Numbers, neighbour: Numbers, edge: Numbers, nodes: int
) -> tuple[list[int], list[int], list[int], list[int]]:
    """Nodes as found, each one's parent and edge to it, and the earliest node that what hangs on it leads back to."""
    seen_at = [NOTHING] * nodes
    low, parent, parent_edge = [0] * nodes, [NOTHING] * nodes, [NOTHING] * nodes
    cursor = list(start[:-1])
    found = [root]
    seen_at[root] = 0
    stack = [root]
    while stack:
        node = stack[-1]
        at = cursor[node]
        if at < start[node + 1]:
            cursor[node] = at + 1
            other = neighbour[at]
            if seen_at[other] == NOTHING:
                parent[other], parent_edge[other] = node, edge[at]
                seen_at[other] = low[other] = len(found)
                found.append(other)
                stack.append(other)
            elif edge[at] != parent_edge[node] and seen_at[other] < low[node]:
                low[node] = seen_at[other]
            continue
        stack.pop()
        if stack and low[node] < low[stack[-1]]:
            low[stack[-1]] = low[node]
    return found, parent, parent_edge, low


def _lay_out(root: int, ranks: list[list[list[int]]], nodes: int) -> tuple[list[int], list[int]]:
    """Parents before children; of a node's children those on single strands first, then those it alone leads to."""
    position, order = [0] * nodes, list[int]()
    stack = [root]
    while stack:
        node = stack.pop()
        position[node] = len(order)
        order.append(node)
        for rank in reversed(ranks[node]):
            stack.extend(rank)
    return position, order


def _distances(root: int, start: Numbers, neighbour: Numbers, nodes: int) -> list[int]:
    """Strands to the root on the shortest way."""
    distance = [NOTHING] * nodes
    distance[root] = 0
    queue = [root]
    for node in queue:
        for at in range(start[node], start[node + 1]):
            other = neighbour[at]
            if distance[other] == NOTHING:
                distance[other] = distance[node] + 1
                queue.append(other)
    return distance


def rows(pairs_a: NDArray[np.int64], pairs_b: NDArray[np.int64], nodes: int) -> tuple[Numbers, Numbers, Numbers]:
    """Adjacency by rows of undirected edges: where each node's row starts, its neighbours, and the edges to them."""
    edges = np.arange(len(pairs_a))
    ends = np.concatenate([pairs_a, pairs_b])
    others = np.concatenate([pairs_b, pairs_a])
    edge = np.concatenate([edges, edges])
    order = np.lexsort((edge, others, ends))
    start = np.zeros(nodes + 1, np.int64)
    np.cumsum(np.bincount(ends, minlength=nodes), out=start[1:])
    return numbers(start.tolist()), numbers(others[order].tolist()), numbers(edge[order].tolist())


def nearest_first(start: Numbers, neighbour: Numbers, edge: Numbers, distance: Numbers) -> tuple[Numbers, Numbers]:
    """The same rows, in each of them the neighbours nearest to the root first."""
    others, edges = np.array(neighbour, np.int64), np.array(edge, np.int64)
    row = np.repeat(np.arange(len(start) - 1), np.diff(start))
    order = np.lexsort((edges, others, np.array(distance, np.int64)[others], row))
    return numbers(others[order].tolist()), numbers(edges[order].tolist())


def islands(nodes: int, pairs_a: NDArray[np.int64], pairs_b: NDArray[np.int64]) -> list[int]:
    """By node, the smallest node it is joined with."""
    leader = list(range(nodes))
    for a, b in zip(pairs_a.tolist(), pairs_b.tolist(), strict=True):
        first, second = _leader(leader, a), _leader(leader, b)
        if first != second:
            leader[max(first, second)] = min(first, second)
    return [_leader(leader, node) for node in range(nodes)]


def _leader(leader: list[int], node: int) -> int:
    while leader[node] != node:
        leader[node] = leader[leader[node]]
        node = leader[node]
    return node
