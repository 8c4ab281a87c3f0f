"""One look for everybody who watches: they are told that something differs, and fetch what they see."""

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator

import structlog

from console.ports import Look, Sources

log = structlog.get_logger(__name__)

LOOK_SECONDS = (0.25, 1.0)
"""Between two looks, at least and at most: where a look takes long there are fewer of them."""

REST = 10
"""So many times as long as a look took it rests."""

PING_SECONDS = 15.0
RETRY_MILLISECONDS = 2000
MOST_WATCHERS = 500


SILENCE = ": the database cannot be read\n\n"


class Pulse:
    """`run` in the loop of the server. look: the newest one, None before the first."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._changed = asyncio.Event()
        self._watchers = 0
        self._fails = self._is_over = False
        self._run = secrets.token_hex(4)  # marks begin anew with each start of the server
        self.look: Look | None = None

    @property
    def is_full(self) -> bool:
        return self._watchers >= MOST_WATCHERS

    async def run(self) -> None:
        """Until cancelled. A database that cannot be read is tried again; meanwhile the last look stands, and nobody is
        told that all is well."""
        while True:
            began = time.monotonic()
            try:
                look = await asyncio.to_thread(self._sources.look)
            except Exception as error:
                if not self._fails:
                    log.warning("look_failed", error=str(error))
                self._fails = True
            else:
                differs = self.look is None or look.mark != self.look.mark or self._fails
                self._fails = False
                self.look = look
                if differs:
                    self._changed.set()
                    self._changed = asyncio.Event()
            least, most = LOOK_SECONDS
            await asyncio.sleep(min(most, max(least, REST * (time.monotonic() - began))))

    async def beats(self) -> AsyncGenerator[str, None]:
        """Server-sent events: `look` at once and whenever it differs, `ping` while nothing does.

        Whoever was away is told at once how it stands, so nothing has to be sent again; `id` tells one start of the
        server from another, `retry` when to come back after one. A page that hears no ping knows that it is cut off,
        and so it is while we are cut off from the database: the line is kept by a word that no page hears.
        """
        self._watchers += 1
        try:
            while not self._is_over:
                changed = self._changed
                yield self._told("look")
                while not changed.is_set():
                    try:
                        async with asyncio.timeout(PING_SECONDS):
                            await changed.wait()
                    except TimeoutError:
                        yield SILENCE if self._fails else self._told("ping")
        finally:
            self._watchers -= 1

    def end(self) -> None:
        """The server stops: every stream ends now, and its page comes back when there is a server again."""
        self._is_over = True
        self._changed.set()

    def _told(self, event: str) -> str:
        mark = self.look.mark if self.look else 0
        return f"event: {event}\nid: {self._run}-{mark}\nretry: {RETRY_MILLISECONDS}\ndata: {mark}\n\n"
