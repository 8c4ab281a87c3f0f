"""When we looked: stretches that break where the clock was set or nobody called, and the gaps they leave."""

from domain.time import Moment
from kentongan.availability import blind_spans
from kentongan.run.watching import Watching

DAY = 86_400 * 1_000_000


class Kept:
    def __init__(self) -> None:
        self.rows: list[list[float]] = []
        self.writes = 0

    def begin(self, unix_seconds: float) -> int:
        self.rows.append([unix_seconds, unix_seconds])
        return len(self.rows) - 1

    def seen(self, number: int, unix_seconds: float) -> None:
        self.rows[number][1] = unix_seconds
        self.writes += 1


def test_an_hour_of_ticks_is_one_stretch_written_once_a_minute() -> None:
    kept = Kept()
    watching = Watching(kept)
    for tick in range(3600 * 4):
        watching.beat(Moment(tick / 4, 1e9 + tick / 4))
    watching.stop(Moment(3600, 1e9 + 3600))
    assert kept.rows == [[1e9, 1e9 + 3600]]
    assert kept.writes == 60


def test_a_clock_that_jumps_and_a_silence_begin_anew() -> None:
    kept = Kept()
    watching = Watching(kept)
    watching.beat(Moment(0, 1e9))
    watching.beat(Moment(60, 1e9 + 60))
    watching.beat(Moment(120, 1e9 + 9000))  # set by NTP
    watching.beat(Moment(180, 1e9 + 9060))
    watching.beat(Moment(900, 1e9 + 9780))  # suspended
    assert kept.rows == [[1e9, 1e9 + 60], [1e9 + 9000, 1e9 + 9060], [1e9 + 9780, 1e9 + 9780]]


def test_gaps_are_blind_short_breaks_are_not_and_before_the_first_stretch_nothing_is_said() -> None:
    span = (0, DAY)
    assert blind_spans(span, []) == ()
    looked = [(3600.0, 7200.0), (7300.0, 20_000.0), (30_000.0, 80_000.0)]
    million = 1_000_000
    assert blind_spans(span, looked) == ((20_000 * million, 30_000 * million), (80_000 * million, DAY))
    assert blind_spans(span, [(-500.0, -100.0), (50.0, 86_399.0)]) == ()
    assert blind_spans(span, [(-5000.0, -1000.0), (50.0, 86_399.0)]) == ((0, 50 * million),)
    assert blind_spans(span, [(0.0, 90_000.0), (10.0, 20.0)]) == ()
