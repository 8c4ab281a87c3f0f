"""One way of asking the whole fleet (echo requests, or SNMP polls): who answers, by N of the last M, in columns.

Knows nothing of the other way and draws no conclusion about a device.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

RHYTHM = 0.75
"""A miss counts only if this share of the interval has gone by since the last counted attempt: asking again quickly
may save a device, never condemn it, and patience stays what the site set. Unless it set a recheck: then misses so far
apart count, and it is asked again after each."""

MOST = 63
"""Attempts that can be remembered."""

LOSS_WINDOW = 16
LOSSY_MISSES = 3  # of the last 16 attempts: 19 % lost
CLEAR_MISSES = 1
SHARE_WINDOW = 64
"""All attempts that are remembered tell the share of lost packets: more than what begins a loss, so it is steady."""

_LOSS_MASK = np.uint64((1 << LOSS_WINDOW) - 1)
_LOSSY_HISTORY = np.uint64(0b0100_0100_0100_0100)


class Hearing(IntEnum):
    """What this way of asking says of a device. From SILENT on it fails."""

    UNASKED = 0
    ANSWERS = 1
    SILENT = 2
    REFUSED = 3
    UNAUTHORISED = 4
    GARBLED = 5


@dataclass(frozen=True, slots=True)
class Heard:
    """What one batch of answers changed. asks: to be asked again at once. recovered: failed before, answers now.

    out_since: for the recovered, the steady time of the first miss of what has ended.
    """

    asks: NDArray[np.int64]
    recovered: NDArray[np.int64]
    out_since: NDArray[np.float64]


_NOBODY = np.zeros(0, np.int64)
AS_IT_WAS = Heard(_NOBODY, _NOBODY, np.zeros(0))


class Path:
    """Arrays by device, grown with `make_room`. All times are steady seconds."""

    def __init__(self) -> None:
        self.hearing: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self.history: NDArray[np.uint64] = np.zeros(0, np.uint64)  # newest attempt in bit 0; 1 is a miss
        self.counted_at: NDArray[np.float64] = np.zeros(0)
        self.answered_at: NDArray[np.float64] = np.zeros(0)  # last sign of life
        self.missed_at: NDArray[np.float64] = np.zeros(0)
        self.missing_since: NDArray[np.float64] = np.zeros(0)  # first miss of what is going on; inf: nothing is
        self.failed_at: NDArray[np.float64] = np.zeros(0)
        self.lossy: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.misses: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self.of: NDArray[np.uint8] = np.zeros(0, np.uint8)
        self.rhythm: NDArray[np.float64] = np.zeros(0)
        self.quick: NDArray[np.bool_] = np.zeros(0, np.bool_)

    def make_room(self, size: int) -> None:
        extra = size - len(self.hearing)
        for name in ("hearing", "history", "lossy", "misses", "of", "rhythm", "quick"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros(extra, old.dtype)]))
        for name in ("counted_at", "answered_at", "missed_at", "failed_at"):
            setattr(self, name, np.concatenate([getattr(self, name), np.full(extra, -np.inf)]))
        self.missing_since = np.concatenate([self.missing_since, np.full(extra, np.inf)])

    def reset(self, device: int) -> None:
        """Nothing is known of it any more."""
        for field in (self.counted_at, self.answered_at, self.missed_at, self.failed_at):
            field[device] = -np.inf
        self.missing_since[device] = np.inf
        self.hearing[device], self.history[device], self.lossy[device] = Hearing.UNASKED, 0, False

    def set_patience(
        self, device: int, misses: int, of: int, interval_seconds: float, recheck_seconds: float = 0.0
    ) -> None:
        """Fails when `misses` of the last `of` attempts were missed, 1 ≤ misses ≤ of ≤ MOST.

        recheck_seconds: misses at least so far apart count; 0: those that keep the interval.
        """
        self.misses[device], self.of[device] = min(misses, MOST), min(of, MOST)
        self.quick[device] = recheck_seconds > 0
        self.rhythm[device] = recheck_seconds or RHYTHM * interval_seconds

    def believe(self, device: int, hearing: Hearing, lossy: bool = False, lost_percent: int = 0) -> None:
        """Take over what was known before a restart: it holds until fresh answers say otherwise.

        lost_percent: of one that is lossy, as it was told; 0 where that is not known.
        """
        self.reset(device)
        self.hearing[device] = hearing
        if hearing >= Hearing.SILENT:
            self.history[device] = (1 << int(self.of[device])) - 1
            self.missing_since[device] = 0.0
            self.failed_at[device] = 0.0
        elif lossy:
            self.lossy[device] = True
            self.history[device] = _spread(lost_percent, bool(self.quick[device])) if lost_percent else _LOSSY_HISTORY

    def pardon(self, device: NDArray[np.int64]) -> None:
        """Misses that say nothing about the devices are forgotten; what had failed before stays failed."""
        well = device[self.hearing[device] < Hearing.SILENT]
        self.history[well] = np.where(self.lossy[well], _LOSSY_HISTORY, 0)
        self.missing_since[well] = np.inf

    def hear(
        self,
        device: NDArray[np.int64],
        answered: NDArray[np.bool_],
        at: NDArray[np.float64],
        failure: NDArray[np.uint8],
        alive: NDArray[np.bool_],
    ) -> Heard:
        """One attempt for each device. failure: which `Hearing` its miss is. alive: it gave a sign of life at all."""
        before, history = self.hearing[device], self.history[device]
        if answered.all() and (before == Hearing.ANSWERS).all() and not history.any():
            # nearly always: all is as it was, and nothing below would change but the times
            self.counted_at[device] = self.answered_at[device] = at
            return AS_IT_WAS
        out_since = self.missing_since[device]
        counts = answered | (at - self.counted_at[device] >= self.rhythm[device])
        history = (history << counts.astype(np.uint64)) | (~answered & counts)
        self.counted_at[device[counts]] = at[counts]
        self.answered_at[device[alive]] = at[alive]
        missed = device[~answered]
        self.missed_at[missed] = at[~answered]
        self.missing_since[missed] = np.minimum(self.missing_since[missed], at[~answered])
        window = (np.uint64(1) << self.of[device].astype(np.uint64)) - np.uint64(1)
        enough = np.bitwise_count(history & window) >= self.misses[device]
        fails = counts & ~answered & (enough | (before >= Hearing.SILENT))
        returns = answered & ~enough
        self.missing_since[device[returns]] = np.inf
        after = np.where(fails, failure, np.where(returns, np.uint8(Hearing.ANSWERS), before)).astype(np.uint8)
        recovered = returns & (before >= Hearing.SILENT)
        history[recovered] = 0  # the outage is no packet loss
        fell = fails & (before < Hearing.SILENT)
        self.failed_at[device[fell]] = at[fell]
        lost = np.bitwise_count(history & _LOSS_MASK)
        lossy = np.where(answered, np.where(self.lossy[device], lost > CLEAR_MISSES, lost >= LOSSY_MISSES), False)
        lossy |= ~answered & self.lossy[device]
        self.lossy[device] = lossy & ~recovered
        self.history[device], self.hearing[device] = history, after
        wanted = (counts | self.quick[device]) & (after < Hearing.SILENT)
        again = np.where(answered, after >= Hearing.SILENT, wanted)
        return Heard(device[again], device[recovered], out_since[recovered])

    def lost_percent(self, device: NDArray[np.int64]) -> NDArray[np.float64]:
        """Of the packets sent. Where misses are followed by quick questions that count only if answered, half of what
        follows a miss is such an answer, and is left out of the sum."""
        share = np.bitwise_count(self.history[device]) / SHARE_WINDOW
        percent: NDArray[np.float64] = 100.0 * np.where(self.quick[device], share, share / np.maximum(1 - share, share))
        return percent

    def wavering(self, device: NDArray[np.int64]) -> NDArray[np.bool_]:
        """One miss before failing."""
        window = (np.uint64(1) << self.of[device].astype(np.uint64)) - np.uint64(1)
        close = np.bitwise_count(self.history[device] & window) >= np.maximum(self.misses[device], 2) - 1
        return (self.hearing[device] < Hearing.SILENT) & close & np.isfinite(self.missing_since[device])


def _spread(percent: int, quick: bool) -> int:
    """A history that `lost_percent` reads as this figure, its misses evenly over all attempts."""
    share = percent / 100 if quick else percent / (100 + percent)
    lost = max(round(share * SHARE_WINDOW), SHARE_WINDOW // LOSS_WINDOW * (CLEAR_MISSES + 1))
    return sum(1 << at for at in {at * SHARE_WINDOW // lost for at in range(lost)})
