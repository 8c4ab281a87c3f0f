"""The other end of the dead man's switch: on another machine, hears that each Kentongan lives and cries out when not.

It keeps nothing: who starts it anew has each place wait its patience again.
"""

import hmac
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from alerts.dispatch.messages import Channel, Delivered, Later, Message, Refused, message_id
from alerts.texts import Wording
from domain.secrets import Secret
from domain.time import Moment

log = structlog.get_logger(__name__)

SILENT, HEARD_AGAIN = "silent", "heard-again"
AGAIN_SECONDS = 30.0
"""Between two tries of what could not be delivered."""


@dataclass(slots=True)
class Watchdog:
    """What a watchdog knows of one Kentongan. place: as people call it. Steady seconds decide."""

    place: str
    patience_seconds: float
    heard: Moment
    alarmed: bool = False
    count: int = 0

    def hear(self, now: Moment) -> None:
        """It lives."""
        self.alarmed, self.heard = False, now

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
    return _messages(SILENT, text, watchdog, channels, now)


def all_clear(
    watchdog: Watchdog, wording: Wording, channels: Iterable[str], since: datetime, now: datetime
) -> tuple[Message, ...]:
    return _messages(HEARD_AGAIN, wording.heard_again(since, watchdog.place, now), watchdog, channels, now)


def _messages(event: str, text: str, watchdog: Watchdog, channels: Iterable[str], now: datetime) -> tuple[Message, ...]:
    name = f"{event}-{watchdog.place}-{watchdog.heard.unix_seconds:.0f}"
    payload = {"text": text, "subject": text}
    return tuple(
        Message(message_id(name, channel), "watchdog", channel, event, "dead-man", now, payload) for channel in channels
    )


@dataclass(slots=True)
class Lookout:
    """Watches over places: `hear` their signs of life, `turn` every few seconds.

    channels: by scheme. tell: addresses as in people.csv (`telegram:-1001`), told at once. Whoever was not reached is
    tried again until the place is heard; only who was told of a silence is told of its end.
    """

    dogs: Mapping[str, Watchdog]
    tell: Collection[str]
    channels: Mapping[str, Channel]
    wording: Wording
    _unsent: list[tuple[str, Message]] = field(default_factory=list)
    _since: dict[str, datetime] = field(default_factory=dict)  # last heard before it was given up
    _told: dict[str, set[str]] = field(default_factory=dict)  # addresses that know that a place is silent
    _again_at: float = 0.0

    def hear(self, place: str, now: Moment) -> bool:
        """False for a place that nobody watches over."""
        dog = self.dogs.get(place)
        if dog is not None:
            dog.hear(now)
        return dog is not None

    async def turn(self, now: Moment) -> None:
        before = len(self._unsent)
        for place, dog in self.dogs.items():
            if dog.look(now):
                self._since[place] = dog.heard.utc
                self._unsent += [(place, each) for each in alarm(dog, self.wording, self.tell, now.utc)]
            elif not dog.alarmed and place in self._told:
                told, since = sorted(self._told.pop(place)), self._since[place]
                self._unsent += [(place, each) for each in all_clear(dog, self.wording, told, since, now.utc)]
        if len(self._unsent) > before or now.steady_seconds >= self._again_at:
            self._again_at = now.steady_seconds + AGAIN_SECONDS
            waiting, self._unsent = self._unsent, []
            for place, message in waiting:
                if message.event != SILENT or self.dogs[place].alarmed:
                    await self._deliver(place, message)

    async def _deliver(self, place: str, message: Message) -> None:
        result = await self.channels[message.scheme].deliver(message)
        log.info("watchdog_message", event_=message.event, channel=message.scheme, result=type(result).__name__)
        match result:
            case Delivered():
                if message.event == SILENT:
                    self._told.setdefault(place, set()).add(message.channel)
            case Later():
                self._unsent.append((place, message))
            case Refused():
                log.error("watchdog_message_refused", channel=message.scheme, reason=result.reason)
            case _:
                assert_never(result)


def watchdog_routes(hear: Callable[[str], bool], secret: Secret) -> list[Route]:
    """`/alive/{secret}/{place}` for the watchdog's side. hear: told of a sign; False for a place nobody watches."""

    async def alive(request: Request) -> Response:
        if not hmac.compare_digest(str(request.path_params["secret"]).encode(), secret.reveal().encode()):
            return JSONResponse({"heard": False}, 404)
        heard = hear(str(request.path_params["place"]))
        return JSONResponse({"heard": heard}, 200 if heard else 404)

    return [Route("/alive/{secret}/{place}", alive, methods=["POST"])]
