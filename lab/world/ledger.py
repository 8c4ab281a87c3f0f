"""The bytes counted so far, per strand and direction and per interface of each device."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lab.world import traffic
from lab.world.wiring import A_SIDE, Interface, Node

Counts = NDArray[np.int64]


class Ledger:
    """Totals that run on with the present flow. Both ends of a strand read the same total, each less its own start."""

    def __init__(self, nodes: Sequence[Node], strands: int, now: float, utc_offset_seconds: float) -> None:
        self._offset = utc_offset_seconds
        self._total = np.zeros(2 * strands)
        self._flow = np.zeros((2 * strands, traffic.SIZE))
        self._integral = traffic.integral(now + utc_offset_seconds)
        self._columns = [_columns(node.interfaces) for node in nodes]
        self._start = [(np.zeros(len(node.interfaces), np.int64),) * 2 for node in nodes]

    def turn(self, now: float, flow: NDArray[np.float64]) -> None:
        """From `now` on the bytes flow like this."""
        integral = traffic.integral(now + self._offset)
        self._total += self._flow @ (integral - self._integral)
        self._integral = integral
        self._flow = flow

    def assume_past(self, node: int, uptime_seconds: float) -> None:
        """Let the device's counters look as if its present mean load had run ever since it booted."""
        rates = [np.bincount(where, self._flow[rows, 0], count) for rows, where, count in self._columns[node]]
        now_in, now_out = self._counts(node, self._integral)
        self._start[node] = (
            now_in - (rates[0] * uptime_seconds).astype(np.int64),
            now_out - (rates[1] * uptime_seconds).astype(np.int64),
        )

    def clear(self, node: int) -> None:
        """The device's counters start at nought now."""
        self._start[node] = self._counts(node, self._integral)

    def octets(self, node: int, now: float) -> tuple[list[int], list[int]]:
        """Bytes in and out per interface since the device's counters were cleared."""
        counts = self._counts(node, traffic.integral(now + self._offset))
        start = self._start[node]
        return (counts[0] - start[0]).tolist(), (counts[1] - start[1]).tolist()

    def strand(self, at: int, now: float) -> tuple[float, float]:
        """Bytes carried a → z and z → a since the world began."""
        delta = traffic.integral(now + self._offset) - self._integral
        first, second = self._total[2 * at : 2 * at + 2] + self._flow[2 * at : 2 * at + 2] @ delta
        return float(first), float(second)

    def _counts(self, node: int, integral: traffic.Load) -> tuple[Counts, Counts]:
        delta = integral - self._integral
        into, out = (
            np.bincount(where, self._total[rows] + self._flow[rows] @ delta, count).astype(np.int64)
            for rows, where, count in self._columns[node]
        )
        return into, out


_Columns = tuple[NDArray[np.int64], NDArray[np.int64], int]


def _columns(interfaces: Sequence[Interface]) -> tuple[_Columns, _Columns]:
    """For bytes in and bytes out: which rows of the totals make up which interface."""
    into: list[tuple[int, int]] = []
    out: list[tuple[int, int]] = []
    for place, interface in enumerate(interfaces):
        for strand, side in interface.ends:
            leaving = 2 * strand + (0 if side == A_SIDE else 1)
            arriving = 2 * strand + (1 if side == A_SIDE else 0)
            out.append((leaving, place))
            into.append((arriving, place))
    return _pair(into, len(interfaces)), _pair(out, len(interfaces))


def _pair(cells: Sequence[tuple[int, int]], count: int) -> _Columns:
    both = np.array(cells, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1], count
