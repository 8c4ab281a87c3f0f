"""Loads: never backwards, and their integrals are the integrals."""

import numpy as np
import pytest

from lab.world import traffic


def test_the_integral_is_that_of_the_waves() -> None:
    load = traffic.load(1_000_000.0, 20.0, 0.37)
    start = 1_790_000_000.0
    for length in (10.0, 3_600.0, 86_400.0):
        steps = np.linspace(start, start + length, 20_001)
        rates = [float(load @ traffic.waves(at)) for at in steps]
        by_hand = float(np.trapezoid(rates, steps))
        exact = float(load @ (traffic.integral(start + length) - traffic.integral(start)))
        assert exact == pytest.approx(by_hand, rel=1e-6)


def test_a_load_follows_the_hour_and_never_runs_backwards() -> None:
    load = traffic.load(100.0, 20.0, 0.1)
    midnight = 1_789_948_800.0  # a multiple of a day
    by_hour = [
        np.mean([load @ traffic.waves(midnight + hour * 3600 + s) for s in range(0, 3600, 60)]) for hour in range(24)
    ]
    assert int(np.argmax(by_hour)) in (18, 19, 20, 21)
    assert max(by_hour) > 3 * min(by_hour)
    assert min(load @ traffic.waves(midnight + second) for second in range(0, 86_400, 30)) > 0


def test_a_day_carries_its_mean() -> None:
    load = traffic.load(250.0, 9.0, 0.9)
    day = load @ (traffic.integral(86_400.0 * 20_001) - traffic.integral(86_400.0 * 20_000))
    assert day == pytest.approx(250.0 * 86_400, rel=1e-3)
