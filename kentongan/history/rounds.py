"""The rounds of service checks on a fast clock: who would find again what he found is not asked."""

from collections.abc import Callable, Iterable
from zlib import crc32

from collectors.services import ServiceRounds
from domain.services import HttpCheck, PlannedCheck, ServiceOutcome
from domain.time import Clock, Moment

AGAIN_SECONDS = 5.0


class PaperRounds(ServiceRounds):
    """Takes the place of the ordinary ones: `touch` whoever may be otherwise, `turn` when `next_at` has come.

    Cameras' streams are not played: they are known by their ping.
    """

    def __init__(
        self,
        visit: Callable[[HttpCheck, Moment], ServiceOutcome],
        take: Callable[[ServiceOutcome], bool],
        clock: Clock,
    ) -> None:
        super().__init__(self._never, take, clock)
        self._visit, self._hand_in, self._now = visit, take, clock
        self._pages: dict[str, tuple[HttpCheck, float]] = {}
        self._due: dict[str, float] = {}

    async def start(self) -> None: ...

    def replace(self, planned: Iterable[PlannedCheck]) -> None:
        """Whoever is new is asked in the first round."""
        before = self._pages
        self._pages = {
            each.check.code: (each.check, each.interval_seconds)
            for each in planned
            if isinstance(each.check, HttpCheck)
        }
        self._due = {code: at for code, at in self._due.items() if code in self._pages}
        self.touch(code for code, known in self._pages.items() if before.get(code) != known)

    def touch(self, codes: Iterable[str]) -> None:
        """Asked when their turn comes: anywhere within their interval."""
        now = self._now.now().steady_seconds
        for code in codes:
            if code in self._pages:
                interval = self._pages[code][1]
                phase = interval * (crc32(code.encode()) % 10_000) / 10_000
                self._soon(code, now + (phase - now) % interval)

    def ask_soon(self, codes: Iterable[str]) -> None:
        now = self._now.now().steady_seconds
        for code in codes:
            if code in self._pages:
                self._soon(code, now)

    @property
    def due_at(self) -> float:
        """Steady seconds; inf for never."""
        return min(self._due.values(), default=float("inf"))

    def turn(self, now: Moment) -> None:
        """Hands in what is due."""
        if self.due_at > now.steady_seconds:
            return
        for code in sorted(code for code, at in self._due.items() if at <= now.steady_seconds):
            del self._due[code]
            self.counts.made += 1
            if self._hand_in(self._visit(self._pages[code][0], now)):
                self._soon(code, now.steady_seconds + AGAIN_SECONDS)

    def _soon(self, code: str, at: float) -> None:
        self._due[code] = min(at, self._due.get(code, float("inf")))

    async def _never(self, check: object, now: Moment) -> ServiceOutcome:
        raise AssertionError("a history opens no socket")
