"""64-bit fingerprints of octet strings, many at once, so that a text is looked at only when it has changed.

Not a cryptographic hash: two texts of one device collide once in 2^63 by chance. Never 0.
"""

import numpy as np
from numpy.typing import NDArray

_ONE = np.uint64(0x9E3779B97F4A7C15)
_TWO = np.uint64(0xC2B2AE3D27D4EB4F)
_THREE = np.uint64(0x165667B19E3779F9)
_KEEP = np.array([(1 << 8 * octets) - 1 for octets in range(9)], np.uint64)
_HALF = np.uint64(32)
_NEVER_ZERO = np.uint64(1)


def fingerprints(
    words: NDArray[np.uint64], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Of the texts [starts, starts + lengths). words: a view whose item i is the eight octets from i on."""
    counts = np.maximum((lengths + 7) >> 3, 1)
    begins = np.add.accumulate(counts) - counts
    place = np.arange(int(counts.sum())) - begins.repeat(counts)
    offset = place << 3
    left = np.clip(lengths.repeat(counts) - offset, 0, 8)
    mixed = words[starts.repeat(counts) + offset] & _KEEP[left]
    mixed = (mixed ^ (place.astype(np.uint64) * _THREE + _TWO)) * _ONE
    mixed ^= mixed >> _HALF
    mixed *= _TWO
    mixed ^= mixed >> _HALF
    total = np.add.reduceat(mixed, begins) ^ lengths.astype(np.uint64) * _THREE
    total ^= total >> _HALF
    total *= _ONE
    return total | _NEVER_ZERO


def fingerprint(octets: bytes) -> int:
    """Of one text."""
    memory = np.frombuffer(octets + bytes(16), np.uint8)
    words: NDArray[np.uint64] = np.ndarray((len(octets) + 8,), "<u8", memory.data, 0, (1,))
    return int(fingerprints(words, np.zeros(1, np.int64), np.array([len(octets)]))[0])
