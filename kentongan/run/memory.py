"""Memory of a process that holds millions of cells: what is large lies apart, what was needed for a moment goes back.

All of it does nothing where the C library is not glibc.
"""

import ctypes
import gc

LARGE_BYTES = 1 << 20
KEPT_BYTES = 16 << 20

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3


def keep_large_apart() -> None:
    """Large arrays get pages of their own: zero until they are written, and given back when they go.

    Left to itself glibc puts ever larger ones among the small ones (mallopt(3)), where they are written with zeros and
    leave holes.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
        mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES)


def give_back_memory() -> None:
    """Reading a country takes more than keeping it. Costs tens of milliseconds."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
