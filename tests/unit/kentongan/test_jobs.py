"""When the machine's clock is believed: history depends on it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from domain.time import Moment
from kentongan.clock import WRITTEN
from kentongan.run.jobs import Jobs


@dataclass
class Machine:
    moment: Moment
    not_before = WRITTEN

    @property
    def clock(self) -> "Machine":
        return self

    def now(self) -> Moment:
        return self.moment


def moment(steady: float, year: int, hour: int = 0) -> Moment:
    return Moment(steady, datetime(year, 12, 1, hour, tzinfo=UTC).timestamp() + steady)


def jobs(started: Moment) -> Jobs:
    async def nothing() -> None: ...

    return Jobs(cast(Any, Machine(started)), nothing, lambda: None, nothing, nothing, nothing)


def test_a_steady_clock_is_believed() -> None:
    started = jobs(moment(0, 2026))
    assert started.is_clock_trusted(moment(86400, 2026))


@pytest.mark.parametrize("hour", [1, 23])
def test_a_jump_is_not_forgotten_until_it_is_undone(hour: int) -> None:
    started = jobs(moment(0, 2026))
    assert not started.is_clock_trusted(moment(60, 2026, hour))
    assert started.is_clock_trusted(moment(120, 2026))


def test_a_clock_that_woke_in_the_past_is_believed_once_it_is_mended() -> None:
    started = jobs(moment(0, 2021))
    assert not started.is_clock_trusted(moment(60, 2021))
    assert started.is_clock_trusted(moment(120, 2026))
    assert started.is_clock_trusted(moment(180, 2026))
    assert not started.is_clock_trusted(moment(240, 2026, 3))
