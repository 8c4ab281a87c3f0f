"""The dead man's switch: Kentongan says regularly that it lives. Who listens, and cries out, is elsewhere."""

import asyncio
import contextlib
from collections.abc import Callable

import httpx
import structlog

from alerts.channels.http import Answer, ask

log = structlog.get_logger(__name__)


class SignOfLife:
    """POSTs to `url` each `seconds`, as long as `lives` says that the engine does. Failures are told once, not counted
    on: whoever watches from elsewhere hears the silence.
    """

    def __init__(self, client: httpx.AsyncClient, url: str, seconds: float, lives: Callable[[], bool]) -> None:
        self._client = client
        self._url = url
        self._seconds = seconds
        self._lives = lives
        self._task: asyncio.Task[None] | None = None
        self.failures = 0

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="sign of life")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            if self._lives():
                await self._say()
            await asyncio.sleep(self._seconds)

    async def _say(self) -> None:
        answer: object = None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                answer = await ask(self._client, "POST", self._url, {}, b"")
        if isinstance(answer, Answer) and answer.status < 400:
            if self.failures:
                log.info("watchdog_reached_again", failures=self.failures)
            self.failures = 0
            return
        if not self.failures:
            log.warning("watchdog_not_reached")
        self.failures += 1
