"""How fast a receiver may be fed, and how long to leave one alone that does not answer. Pure; steady seconds."""

import random
from collections import deque
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` in any `seconds`."""

    count: int
    seconds: float


@dataclass(slots=True)
class Pace:
    """Remembers what went, for one limit."""

    limit: Limit
    went: deque[float] = field(default_factory=deque)

    def free_at(self, now: float) -> float:
        """When the next may go; in the past: at once."""
        while self.went and now - self.went[0] >= self.limit.seconds:
            self.went.popleft()
        return self.went[0] + self.limit.seconds if len(self.went) >= self.limit.count else now

    def go(self, now: float) -> None:
        self.went.append(now)


@dataclass(frozen=True, slots=True)
class Backoff:
    """Twice as long each time, up to a cap, with a jitter of a fifth so that many do not come back at once."""

    first_seconds: float = 2.0
    most_seconds: float = 300.0
    jitter: float = 0.2

    def seconds(self, failures: int, dice: random.Random) -> float:
        """failures: in a row, 1 or more."""
        wait = min(self.most_seconds, self.first_seconds * 2.0 ** min(failures - 1, 30))
        return wait * (1 + dice.uniform(-self.jitter, self.jitter))


@dataclass(slots=True)
class Circuit:
    """One receiver. While it fails, one message at a time tries it; the others wait and cost nothing."""

    failures: int = 0
    closed_until: float = 0.0
    down_since: float | None = None
    last_error: str = ""

    def answered(self) -> None:
        self.failures, self.closed_until, self.down_since, self.last_error = 0, 0.0, None, ""

    def failed(self, wait_seconds: float, error: str, now: float) -> None:
        self.failures += 1
        self.closed_until = now + wait_seconds
        self.down_since = now if self.down_since is None else self.down_since
        self.last_error = error
