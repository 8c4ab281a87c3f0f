"""What the service keeps of each device beside its samples: outcomes, freshness, round trips, cost. In columns.

Indexed by the device's place in the fleet; handed to the exposition as a table of the devices in use.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from domain.polling import Fleet, Outcome, PingRound, Sweep
from domain.polling.strips import with_room
from exporters.exposition import DeviceTable

LOSS_MEMORY = 0.2  # weight of the newest echo in the share of lost ones: about the last ten


class Ledger:
    """Take sweeps and rounds of pings in; `table` hands out what is known now."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._info: dict[int, tuple[str, ...]] = {}
        self._rows: tuple[NDArray[np.int64], tuple[tuple[str, ...], ...]] | None = None
        self.interval_seconds: NDArray[np.float64] = np.zeros(0)
        self._icmp_rtt: NDArray[np.float64] = np.zeros(0)
        self._icmp_loss: NDArray[np.float64] = np.zeros(0)
        self._snmp_rtt: NDArray[np.float64] = np.zeros(0)
        self._outcomes: NDArray[np.uint32] = np.zeros((0, len(Outcome)), np.uint32)
        self._answered_steady: NDArray[np.float64] = np.zeros(0)
        self._answered_unix: NDArray[np.float64] = np.zeros(0)
        self._traffic: NDArray[np.int64] = np.zeros(0, np.int64)

    def put(self, device: int, info: tuple[str, ...], interval_seconds: float) -> None:
        """Take a device up or its new description. interval_seconds: NaN if it is not asked by SNMP."""
        self._grow()
        known = self._info.get(device)
        if known is None or known[0] != info[0]:
            for values, empty in self._columns():
                values[device] = empty
        if known != info:
            self._info[device] = info
            self._rows = None
        self.interval_seconds[device] = interval_seconds

    def remove(self, device: int) -> None:
        if self._info.pop(device, None) is not None:
            self._rows = None

    def note_sweep(self, sweep: Sweep) -> None:
        device = sweep.device
        self._outcomes[device, sweep.outcome] += 1
        self._traffic[device] += sweep.bytes_used
        answered = ~np.isnan(sweep.answered_at)
        heard = device[answered]
        self._snmp_rtt[heard] = sweep.round_trip[answered]
        self._answered_steady[heard] = sweep.answered_steady[answered]
        self._answered_unix[heard] = sweep.answered_at[answered]

    def note_pings(self, pings: PingRound, cost: NDArray[np.int64]) -> None:
        """cost: bytes, one a device of the round."""
        device = pings.device
        lost = np.isnan(pings.rtt_seconds)
        before = self._icmp_loss[device]
        first = np.isnan(before)
        moved = before + LOSS_MEMORY * (lost - before)
        self._icmp_loss[device] = np.where(first, lost, moved)
        self._icmp_rtt[device[~lost]] = pings.rtt_seconds[~lost]
        self._traffic[device] += cost

    def table(self, state: NDArray[np.integer]) -> DeviceTable:
        """`state`: numbers of the exposition, by device of the fleet."""
        if self._rows is None:
            devices = sorted(self._info)
            self._rows = np.array(devices, np.int64), tuple(self._info[device] for device in devices)
        rows, info = self._rows
        return DeviceTable(
            info=info,
            state=state[rows],
            icmp_round_trip_seconds=self._icmp_rtt[rows],
            icmp_loss_ratio=self._icmp_loss[rows],
            snmp_round_trip_seconds=self._snmp_rtt[rows],
            outcomes=self._outcomes[rows],
            answered_steady=self._answered_steady[rows],
            answered_unix=self._answered_unix[rows],
            interval_seconds=self.interval_seconds[rows],
            traffic_bytes=self._traffic[rows],
        )

    def _columns(self) -> Iterable[tuple[NDArray[np.float64] | NDArray[np.integer], float]]:
        nan = float("nan")
        yield from ((self._icmp_rtt, nan), (self._icmp_loss, nan), (self._snmp_rtt, nan), (self._outcomes, 0))
        yield from ((self._answered_steady, nan), (self._answered_unix, nan), (self._traffic, 0))

    def _grow(self) -> None:
        size = self._fleet.size
        for name in ("interval_seconds", "_icmp_rtt", "_icmp_loss", "_snmp_rtt", "_answered_steady", "_answered_unix"):
            setattr(self, name, with_room(getattr(self, name), size, np.nan))
        self._outcomes, self._traffic = with_room(self._outcomes, size), with_room(self._traffic, size)
