"""What one batch of polls brought, in columns. A failure is an outcome, not an exception."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from math import nan

import numpy as np
from numpy.typing import NDArray

_ROW_COLUMNS = (
    "device",
    "generation",
    "outcome",
    "started",
    "answered_at",
    "answered_steady",
    "round_trip",
    "attempts",
    "bytes_used",
)


class Outcome(IntEnum):
    """How one poll of one device ended."""

    OK = 0  # every column answered
    PARTIAL = 1  # some tables or instances did not answer
    SILENT = 2  # no answer in all attempts
    REFUSED = 3  # the port is closed
    UNAUTHORISED = 4  # wrong community user or password, as far as the device tells (SNMPv3 reports)
    GARBLED = 5  # answers came, none could be read


@dataclass(frozen=True, slots=True)
class Sweep:
    """Polls that ended in one tick. n devices, m cells; row arrays have n entries, cell arrays m.

    device: index in the Fleet. generation: of the device's layout when the poll began.
    started: steady seconds. answered_at: unix seconds of the first answer, the samples' timestamp (NaN if none).
    answered_steady: steady seconds of the same instant. round_trip: seconds of the first answered request.
    row: which of the n devices a cell belongs to. cell: its number in the Fleet. raw: 64 bits as `Kind` says.
    valid: False for noSuchInstance, a failed table, an undecodable value; raw is then 0.
    texts: cell → octets, only for TEXT cells whose octets changed since the last poll.
    failed_tables: row → names of tables that did not answer.
    """

    device: NDArray[np.int64]
    generation: NDArray[np.int64]
    outcome: NDArray[np.uint8]
    started: NDArray[np.float64]
    answered_at: NDArray[np.float64]
    answered_steady: NDArray[np.float64]
    round_trip: NDArray[np.float64]
    attempts: NDArray[np.int64]
    bytes_used: NDArray[np.int64]
    row: NDArray[np.int64]
    cell: NDArray[np.int64]
    raw: NDArray[np.uint64]
    valid: NDArray[np.bool_]
    texts: Mapping[int, bytes] = field(default_factory=dict)
    failed_tables: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.device)

    @property
    def bounds(self) -> NDArray[np.int64]:
        """n + 1 offsets: the cells of device i are [bounds[i], bounds[i+1]); cells come grouped by row, in order."""
        return np.searchsorted(self.row, np.arange(len(self.device) + 1))


@dataclass(frozen=True, slots=True)
class PingRound:
    """One round of echo requests, one a device. rtt_seconds is NaN for a lost one.

    sent_at: unix seconds when the round began. sent_steady: steady seconds of the same instant.
    """

    device: NDArray[np.int64]
    sent_at: float
    rtt_seconds: NDArray[np.float64]
    sent_steady: float = nan


def concatenate(sweeps: Sequence[Sweep]) -> Sweep:
    """One sweep of several, in their order. A device must not appear twice."""
    if len(sweeps) == 1:
        return sweeps[0]
    shifts = np.cumsum([0] + [len(sweep) for sweep in sweeps[:-1]])
    columns = {
        name: np.concatenate([getattr(sweep, name) for sweep in sweeps])
        for name in (*_ROW_COLUMNS, "cell", "raw", "valid")
    }
    return Sweep(
        **columns,
        row=np.concatenate([sweep.row + shift for sweep, shift in zip(sweeps, shifts, strict=True)]),
        texts={cell: octets for sweep in sweeps for cell, octets in sweep.texts.items()},
        failed_tables={
            int(row + shift): tables
            for sweep, shift in zip(sweeps, shifts, strict=True)
            for row, tables in sweep.failed_tables.items()
        },
    )
