"""Where the time of one thread goes: exclusive CPU seconds by stage, taken at the seams of the code.

A stage that calls another one stops its own clock meanwhile. One reading of the clock costs about 0.3 µs, and it is
read a few times for each batch, never for each device.
"""

from collections.abc import Callable
from time import thread_time
from typing import Any

REST = "rest"


class Stopwatch:
    """`seconds` by stage since `reset`. Only for one thread."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}
        self._stack: list[str] = [REST]
        self._since = thread_time()

    def reset(self) -> None:
        self.seconds.clear()
        self.calls.clear()
        self._since = thread_time()

    def stop(self) -> dict[str, float]:
        """The seconds of each stage, the one that is running included."""
        self._turn()
        return dict(self.seconds)

    def watch(self, owner: object, method: str, stage: str) -> None:
        """Book what `owner.method` takes, from its next call on, under `stage`."""
        setattr(owner, method, self.watched(getattr(owner, method), stage))

    def watched(self, call: Callable[..., Any], stage: str) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            self._turn()
            self._stack.append(stage)
            self.calls[stage] = self.calls.get(stage, 0) + 1
            try:
                return call(*arguments, **named)
            finally:
                self._turn()
                self._stack.pop()

        return timed

    def _turn(self) -> None:
        now = thread_time()
        stage = self._stack[-1]
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._since
        self._since = now
