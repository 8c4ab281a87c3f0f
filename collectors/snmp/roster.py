"""Where each device's poll stands: arrays indexed by the Fleet's device, so that thousands advance at once."""

import numpy as np
from numpy.typing import NDArray

from domain.polling.strips import with_room

ATTEMPTS = 6
GROWTH = 1.6
WAITS = np.array([0.9 * GROWTH**attempt * (GROWTH - 1) / (GROWTH**ATTEMPTS - 1) for attempt in range(ATTEMPTS)])
"""How long each attempt waits, as a part of the interval; together nine tenths of it."""

SLOT_BITS = 20
MOST_DEVICES = 1 << SLOT_BITS
FIRST_GENERATION, LAST_GENERATION = 8, 2047
"""Eleven bits in front of the device's slot. From 8 on a request-id always takes four octets (X.690 8.3.2)."""

_SLOT = np.array(SLOT_BITS)
_SPENT = np.array((LAST_GENERATION - ATTEMPTS + 1) << SLOT_BITS)

IDLE, QUEUED, ASKING = 0, 1, 2


class Roster:
    """One entry a device; times are steady seconds.

    address: sockaddr_in; source: its first eight octets as a word.
    first, stop: template rows of its poll, made for generation `bound` of its layout; generation: that of this poll.
    row: the template asked now. uneven: some rows are asked rarely. odd: the next row may not be the one behind it.
    identity: request-id of the first attempt at it. credited: request-id of the last answer that was taken.
    tries: attempts made, 0 when no answer is awaited. sent: when, by attempt. due: when to act next (inf: never).
    until: when the poll must end. answered, round_trip: of the first answer of the poll, NaN before it.
    patience: three smoothed round trips, the least that an attempt waits.
    refused: ICMP refusals in this poll. garbled: unreadable answers to this request. lost: requests without an answer
    in a row. doubted: it tells its SNMPv3 engine in this poll and is silent to its user. mark: scratch.
    """

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self.size = 0
        self.address: NDArray[np.uint8] = np.zeros((0, 16), np.uint8)
        self.source: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self.state: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self.bound: NDArray[np.int64] = np.zeros(0, np.int64)
        self.first: NDArray[np.int64] = np.zeros(0, np.int64)
        self.stop: NDArray[np.int64] = np.zeros(0, np.int64)
        self.pause: NDArray[np.float64] = np.zeros(0, np.float64)
        self.uneven: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.odd: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.generation: NDArray[np.int64] = np.zeros(0, np.int64)
        self.row: NDArray[np.int64] = np.zeros(0, np.int64)
        self.identity: NDArray[np.int64] = np.zeros(0, np.int64)
        self.credited: NDArray[np.int64] = np.zeros(0, np.int64)
        self.tries: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self.most_tries: NDArray[np.uint64] = np.zeros(0, np.uint64)
        self.sent: NDArray[np.float64] = np.zeros((0, ATTEMPTS), np.float64)
        self.due: NDArray[np.float64] = np.zeros(0, np.float64)
        self.interval: NDArray[np.float64] = np.zeros(0, np.float64)
        self.started: NDArray[np.float64] = np.zeros(0, np.float64)
        self.until: NDArray[np.float64] = np.zeros(0, np.float64)
        self.answered: NDArray[np.float64] = np.zeros(0, np.float64)
        self.round_trip: NDArray[np.float64] = np.zeros(0, np.float64)
        self.patience: NDArray[np.float64] = np.zeros(0, np.float64)
        self.octets: NDArray[np.int64] = np.zeros(0, np.int64)
        self.refused: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self.garbled: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self.lost: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self.doubted: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.mark: NDArray[np.int64] = np.zeros(0, np.int64)
        self.fit(64)

    def fit(self, size: int) -> None:
        """Make room for devices below `size`. Addresses move: take them anew after each call."""
        old = self.size
        if size <= old:
            return
        self.size = max(size, old + old // 8)
        for name, held in vars(self).items():
            if isinstance(held, np.ndarray):
                setattr(self, name, with_room(held, self.size))
        self.due[old:] = np.inf
        self.bound[old:] = -1
        self.credited[old:] = -1
        generations = self._random.integers(FIRST_GENERATION, LAST_GENERATION - ATTEMPTS, self.size - old)
        self.identity[old:] = generations << SLOT_BITS | np.arange(old, self.size)

    def renew(self, devices: NDArray[np.int64], used: NDArray[np.uint64]) -> None:
        """Give each its next request-id, `used` generations on, and expect no answer until it is sent."""
        identity = self.identity[devices]
        identity += used.view(np.int64) << _SLOT
        spent = (identity >= _SPENT).nonzero()[0]
        if len(spent):
            identity[spent] = (FIRST_GENERATION << SLOT_BITS) + devices[spent]
        self.identity[devices] = identity
        self.tries[devices] = 0
