"""Keeps a record of when we looked, for availability: what lies between two stretches is blind time, not uptime."""

from typing import Final, Protocol

from domain.time import Moment

EVERY_SECONDS: Final = 60.0
JUMP_SECONDS: Final = 30.0


class WatchStore(Protocol):
    def begin(self, unix_seconds: float) -> int: ...

    def seen(self, number: int, unix_seconds: float) -> None: ...


class Watching:
    """Call `beat` as often as you like while the clock is trusted and polling goes on; it writes once a minute."""

    def __init__(self, store: WatchStore, silence_seconds: float = 3 * EVERY_SECONDS) -> None:
        """silence_seconds: after a longer one of our own a new stretch begins."""
        self._store = store
        self._silence_seconds = silence_seconds
        self._number: int | None = None
        self._last: Moment | None = None

    def beat(self, now: Moment) -> None:
        """A clock that was set, or a silence of our own, begins a new stretch. Raises what the database refuses."""
        if self._number is None or self._last is None or self._is_broken(self._last, now):
            self._number = self._store.begin(now.unix_seconds)
        elif now.steady_seconds - self._last.steady_seconds < EVERY_SECONDS:
            return
        else:
            self._store.seen(self._number, now.unix_seconds)
        self._last = now

    def stop(self, now: Moment) -> None:
        """The last word of an orderly end."""
        if self._number is not None and self._last is not None and not self._is_broken(self._last, now):
            self._store.seen(self._number, now.unix_seconds)
        self._number = None

    def _is_broken(self, last: Moment, now: Moment) -> bool:
        steady = now.steady_seconds - last.steady_seconds
        jumped = abs(now.unix_seconds - last.unix_seconds - steady) > JUMP_SECONDS
        return jumped or steady > self._silence_seconds
