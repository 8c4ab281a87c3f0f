"""Waiting for a condition, never for a time."""

import time
from collections.abc import Callable

from lab.errors import LabError


class LabTimeoutError(LabError):
    """Something that should have happened did not, in the time allowed for it."""


def wait_until(condition: Callable[[], bool], seconds: float, what: str) -> float:
    """Seconds waited until the condition held. Raises LabTimeoutError that names `what` was waited for."""
    began = time.monotonic()
    while not condition():
        waited = time.monotonic() - began
        if waited > seconds:
            raise LabTimeoutError(f"waited {waited:.1f} s in vain until {what}")
        time.sleep(0.02)
    return time.monotonic() - began
