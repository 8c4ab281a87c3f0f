"""The dead man's switch: Kentongan says regularly that it lives; elsewhere a watchdog cries out when it is silent."""

import asyncio
import contextlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import httpx
import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alerts.channels.http import Answer, ask
from alerts.dispatch.messages import Channel, Message, message_id
from alerts.texts import Wording
from domain.secrets import Secret
from domain.time import Moment

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


@dataclass(slots=True)
class Watchdog:
    """What a watchdog knows of one Kentongan. place: as people call it. Steady seconds decide."""

    place: str
    patience_seconds: float
    heard: Moment
    alarmed: bool = False
    count: int = 0

    def hear(self, now: Moment) -> str | None:
        """It lives: 'again' if it had been given up."""
        was, self.alarmed, self.heard = self.alarmed, False, now
        return "again" if was else None

    def look(self, now: Moment) -> bool:
        """Whether the alarm is to be raised now; once for each silence."""
        if self.alarmed or now.steady_seconds - self.heard.steady_seconds < self.patience_seconds:
            return False
        self.alarmed = True
        self.count += 1
        return True


def alarm(watchdog: Watchdog, wording: Wording, channels: Iterable[str], now: datetime) -> tuple[Message, ...]:
    """What is sent when it falls silent."""
    text = wording.silent(watchdog.heard.utc, watchdog.place, now)
    return _messages("silent", text, watchdog, channels, now)


def all_clear(
    watchdog: Watchdog, wording: Wording, channels: Iterable[str], since: datetime, now: datetime
) -> tuple[Message, ...]:
    return _messages("heard-again", wording.heard_again(since, watchdog.place, now), watchdog, channels, now)


def _messages(event: str, text: str, watchdog: Watchdog, channels: Iterable[str], now: datetime) -> tuple[Message, ...]:
    name = f"{event}-{watchdog.place}-{watchdog.heard.unix_seconds:.0f}"
    payload = {"text": text, "subject": text}
    return tuple(
        Message(message_id(name, channel), "watchdog", channel, event, "dead-man", now, payload) for channel in channels
    )


def watchdog_routes(hear: Callable[[str], bool], secret: Secret) -> list[Route]:
    """`/alive/{secret}/{place}` for the watchdog's side. hear: told of a sign; False for a place nobody watches."""

    async def alive(request: Request) -> Response:
        if not hmac.compare_digest(str(request.path_params["secret"]).encode(), secret.reveal().encode()):
            return JSONResponse({"heard": False}, 404)
        heard = hear(str(request.path_params["place"]))
        return JSONResponse({"heard": heard}, 200 if heard else 404)

    return [Route("/alive/{secret}/{place}", alive, methods=["POST"])]


async def cry(channels: dict[str, Channel], messages: Iterable[Message]) -> None:
    """Deliver at once, without an outbox: the watchdog keeps nothing."""
    for message in messages:
        channel = channels.get(message.scheme)
        if channel is not None:
            result = await channel.deliver(message)
            log.warning("alarm_sent", event=message.event, result=type(result).__name__)
