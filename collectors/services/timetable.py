"""When each check is due: spread evenly over its interval, by name, so that a restart does not bunch them. Pure."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

SHORTEST_SECONDS = 1.0


@dataclass(slots=True)
class _Turn:
    interval: float
    due: float


class Timetable:
    """Steady seconds throughout. A code is given out once per turn and comes back with `done`."""

    def __init__(self) -> None:
        self._turns: dict[str, _Turn] = {}
        self._heap: list[tuple[float, str]] = []

    def replace(self, intervals: Mapping[str, float], now: float) -> None:
        """The codes there are, with their intervals. Who stays keeps its turn unless its interval has changed."""
        for code in self._turns.keys() - intervals.keys():
            del self._turns[code]
        for code, wanted in intervals.items():
            interval = max(wanted, SHORTEST_SECONDS)
            turn = self._turns.get(code)
            if turn is None or turn.interval != interval:
                self._put(code, interval, now + interval * (crc32(code.encode()) % 10_000) / 10_000)

    def due(self, now: float) -> list[tuple[str, float]]:
        """(code, seconds late) of all whose turn it is; the next turn is counted from the one that was due.

        After a long sleep of the machine each is given out once, not once for every turn that was missed.
        """
        given = []
        while self._heap and self._heap[0][0] <= now:
            at, code = heapq.heappop(self._heap)
            turn = self._turns.get(code)
            if turn is None or turn.due != at:  # gone, or moved meanwhile
                continue
            given.append((code, now - at))
            missed = int((now - at) // turn.interval)
            self._put(code, turn.interval, at + turn.interval * (missed + 1))
        return given

    def soon(self, code: str, at: float) -> None:
        """Ask once more at `at`, if that is before its turn; its turns go on from there."""
        turn = self._turns.get(code)
        if turn is not None and at < turn.due:
            self._put(code, turn.interval, at)

    @property
    def next_at(self) -> float | None:
        """The steady second of the next turn; it may be one that has moved."""
        return self._heap[0][0] if self._heap else None

    def __len__(self) -> int:
        return len(self._turns)

    def _put(self, code: str, interval: float, due: float) -> None:
        self._turns[code] = _Turn(interval, due)
        heapq.heappush(self._heap, (due, code))
