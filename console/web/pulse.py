"""One look a second for everybody who watches: they are told that something differs, and fetch what they see."""

import asyncio
from collections.abc import AsyncGenerator

import structlog

from console.ports import Look, Sources

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
PING_SECONDS = 15.0
MOST_WATCHERS = 500


class Pulse:
    """`run` in the loop of the server. look: the newest one, None before the first."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._changed = asyncio.Event()
        self._watchers = 0
        self._fails = False
        self.look: Look | None = None

    @property
    def is_full(self) -> bool:
        return self._watchers >= MOST_WATCHERS

    async def run(self) -> None:
        """Until cancelled. A database that cannot be read is tried again; meanwhile the last look stands."""
        while True:
            try:
                look = await asyncio.to_thread(self._sources.look)
            except Exception as error:
                if not self._fails:
                    log.warning("look_failed", error=str(error))
                self._fails = True
            else:
                self._fails = False
                differs = self.look is None or look.mark != self.look.mark
                self.look = look
                if differs:
                    self._changed.set()
                    self._changed = asyncio.Event()
            await asyncio.sleep(LOOK_SECONDS)

    async def beats(self) -> AsyncGenerator[str, None]:
        """Server-sent events: one at once, one whenever the look differs, a comment while nothing does."""
        self._watchers += 1
        try:
            while True:
                changed = self._changed
                yield f"event: look\ndata: {self.look.mark if self.look else 0}\n\n"
                while not changed.is_set():
                    try:
                        async with asyncio.timeout(PING_SECONDS):
                            await changed.wait()
                    except TimeoutError:
                        yield ": nothing new\n\n"
        finally:
            self._watchers -= 1
