"""64-bit fingerprints of octet strings, many at once, so that a text is looked at only when it has changed.

Not a cryptographic hash: two texts of one device collide once in 2^63 by chance. Never 0.
"""

import numpy as np
from numpy.typing import NDArray

_ONE = np.array(0x9E3779B97F4A7C15, np.uint64)
_TWO = np.array(0xC2B2AE3D27D4EB4F, np.uint64)
_THREE = np.array(0x165667B19E3779F9, np.uint64)
_KEEP = np.array([(1 << 8 * octets) - 1 for octets in range(9)], np.uint64)
_HALF = np.array(32, np.uint64)
_NEVER_ZERO = np.array(1, np.uint64)
_THREE_BITS, _EIGHT, _ONE_WORD = np.array(3), np.array(8), np.array(1)
_WORDS = np.maximum((np.arange(256) + 7) >> 3, 1)
"""By length: how many words of eight octets a text takes."""


def fingerprints(
    words: NDArray[np.uint64], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Of the texts [starts, starts + lengths). words: a view whose item i is the eight octets from i on."""
    counts = _WORDS[lengths] if lengths[lengths.argmax()] < len(_WORDS) else np.maximum((lengths + 7) >> 3, 1)
    ends = np.add.accumulate(counts)
    begins = ends - counts
    place = np.arange(ends[-1])
    place -= begins.repeat(counts)
    offset = place << _THREE_BITS
    mixed = words[starts.repeat(counts) + offset]
    mixed &= _KEEP[np.minimum(lengths.repeat(counts) - offset, _EIGHT)]
    mixed ^= (place + _ONE_WORD).view(np.uint64) * _THREE
    mixed *= _ONE
    mixed ^= mixed >> _HALF
    mixed *= _TWO
    mixed ^= mixed >> _HALF
    total = np.add.reduceat(mixed, begins)
    total ^= lengths.view(np.uint64) * _THREE
    total ^= total >> _HALF
    total *= _ONE
    return total | _NEVER_ZERO


def fingerprint(octets: bytes) -> int:
    """Of one text."""
    memory = np.frombuffer(octets + bytes(16), np.uint8)
    words: NDArray[np.uint64] = np.ndarray((len(octets) + 8,), "<u8", memory.data, 0, (1,))
    return int(fingerprints(words, np.zeros(1, np.int64), np.array([len(octets)]))[0])
