"""Memory that was needed for a moment goes back to the kernel: reading a country takes more than keeping it."""

import ctypes
import gc


def give_back_memory() -> None:
    """Costs tens of milliseconds. Does nothing where the C library is not glibc."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()  # an inventory lives long: to look through it at every collection would stop a tick
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
