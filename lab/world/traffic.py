"""How much flows when: a load follows the hour of the day, and its integral is known in closed form.

A load is a vector of coefficients on a few waves: bytes per second = load · waves(t). Loads add up, so the load of a
trunk is the sum of what lies behind it, and the bytes between two instants are load · (integral(t2) - integral(t1)):
a counter is an exact function of time, and both ends of a link count the same bytes.
"""

import math

import numpy as np
from numpy.typing import NDArray

Load = NDArray[np.float64]

_DAY = 86_400.0
_PERIODS = (_DAY, _DAY / 2, 1020.0, 246.0)
_OMEGA = np.array([2 * math.pi / period for period in _PERIODS])
SIZE = 1 + 2 * len(_PERIODS)
# The sum of all amplitudes stays below 1, so that no load ever runs backwards.
_AMPLITUDES = (0.58, 0.16, 0.10, 0.08)
PEAK_FACTOR = 1 + sum(_AMPLITUDES)


def nothing() -> Load:
    return np.zeros(SIZE)


def load(mean_bytes_per_second: float, peak_hour: float, wobble: float) -> Load:
    """A load with its peak at `peak_hour` (local time); `wobble` in [0, 1) sets the phase of the short waves."""
    phases = (
        2 * math.pi * peak_hour / 24,
        4 * math.pi * (peak_hour + 1.5) / 24,
        2 * math.pi * wobble,
        2 * math.pi * (wobble * 7 % 1),
    )
    out = nothing()
    out[0] = mean_bytes_per_second
    for at, (amplitude, phase) in enumerate(zip(_AMPLITUDES, phases, strict=True)):
        out[1 + 2 * at] = mean_bytes_per_second * amplitude * math.cos(phase)
        out[2 + 2 * at] = mean_bytes_per_second * amplitude * math.sin(phase)
    return out


def waves(local_seconds: float) -> Load:
    """What a load is multiplied with to give bytes per second at an instant (seconds since 1970, local time)."""
    out = np.empty(SIZE)
    angle = _OMEGA * local_seconds
    out[0] = 1.0
    out[1::2] = np.cos(angle)
    out[2::2] = np.sin(angle)
    return out


def integral(local_seconds: float) -> Load:
    """An antiderivative of `waves`; the constant wave's is `local_seconds` itself."""
    out = np.empty(SIZE)
    angle = _OMEGA * local_seconds
    out[0] = local_seconds
    out[1::2] = np.sin(angle) / _OMEGA
    out[2::2] = -np.cos(angle) / _OMEGA
    return out
