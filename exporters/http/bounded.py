"""Connections of clients that are slow, stuck or too many: every wait for a client has an end, and ends are counted.

uvicorn has no such bounds: its keep-alive timer is put off by every octet that comes, a connection that sends nothing
is kept for ever, and one that is closed while its client reads nothing stays open until the client goes. A web server
before us would do all this; there is none in a small office.

What is not bounded here: how long an answer takes to be made, and streams that are read as fast as they are written.
"""

import asyncio
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from operator import itemgetter
from typing import Any

import h11
import structlog
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from domain.language import _

log = structlog.get_logger(__name__)

RETRY_SECONDS = 30


class Ended(StrEnum):
    """Why a connection was ended, or not served."""

    SLOW_HEAD = "slow_head"
    SLOW_BODY = "slow_body"
    SLOW_READER = "slow_reader"
    MADE_ROOM = "made_room"  # it waited for its client, and somebody new came
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Bounds:
    """connections: at once; one more takes the place of the one that has kept us waiting longest, or gets 503.

    head_seconds: from the first moment of a connection, or the first octet of a later request, to the end of its head;
    so long too nobody may send nothing. body_seconds: from there to the end of its body. stall_seconds: in each such
    span a client that is behind takes at least `least_octets_per_second`. lost_seconds: after which silence the kernel
    gives up a client that acknowledges nothing (its cable was pulled).

    A form of 256 kB takes 33 s at 64 kbit/s, and a client there takes 8,000 octets a second.
    """

    connections: int = 64
    head_seconds: float = 20.0
    body_seconds: float = 120.0
    stall_seconds: float = 30.0
    least_octets_per_second: float = 256.0
    lost_seconds: float = 60.0


@dataclass(slots=True)
class Tally:
    """How many were ended since the start, by why. The first of a kind is logged, then the second, fourth, eighth…"""

    counts: Counter[Ended] = field(default_factory=Counter)

    def ended(self, why: Ended, address: str) -> None:
        self.counts[why] += 1
        count = self.counts[why]
        if count & (count - 1) == 0:
            log.warning("client_ended", why=why.value, address=address, since_start=count)


async def full(scope: Scope, receive: Receive, send: Send) -> None:
    """What one too many is told."""
    said = _("Too many are connected at once. Try again in half a minute.")
    headers = {"Retry-After": str(RETRY_SECONDS), "Connection": "close"}
    await PlainTextResponse(said, 503, headers)(scope, receive, send)


def bounded_protocol(bounds: Bounds, tally: Tally, when_full: ASGIApp = full) -> Callable[..., H11Protocol]:
    """For `uvicorn.Config(http=…)`."""

    def made(**given: Any) -> H11Protocol:
        return BoundedProtocol(bounds, tally, when_full, **given)

    return made


class Waiting(IntEnum):
    """What a client keeps us waiting with; the first gives its place to somebody new first."""

    HEAD = 0
    BODY = 1
    READING = 2


class BoundedProtocol(H11Protocol):
    """waits_since: with what, and the moment of the loop's clock; None while nobody waits for the client."""

    def __init__(self, bounds: Bounds, tally: Tally, when_full: ASGIApp, **given: Any) -> None:
        super().__init__(**given)
        self._bounds = bounds
        self._tally = tally
        self._when_full = when_full
        self._receiving: asyncio.TimerHandle | None = None
        self._reading: asyncio.TimerHandle | None = None
        self._left = 0
        self.waits_since: tuple[Waiting, float] | None = None

    # What asyncio and uvicorn tell

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        is_full = len(self.connections) >= self._bounds.connections
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # so that whoever takes nothing is noticed from the first octet
        self._watch_the_line(transport)
        if is_full and not self._make_room():
            self._tally.ended(Ended.TOO_MANY, self._address)
            self.app = self._when_full
            if len(self.connections) > 2 * self._bounds.connections:
                transport.abort()
                return
        self._wait(Waiting.HEAD, self._bounds.head_seconds)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look(begun=True)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look(begun=False)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._judge_later()
        self.waits_since = self.waits_since or (Waiting.READING, self.loop.time())

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_reading()
        if self.waits_since and self.waits_since[0] is Waiting.READING:
            self.waits_since = None

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._stop_receiving()
        self._stop_reading()
        self._unset_keepalive_if_required()  # uvicorn leaves it where a connection was reset, and all that hangs on it
        self.waits_since = None

    # What is done about it

    def _look(self, *, begun: bool) -> None:
        """After something came or an answer was given. begun: octets came, so that a head must follow soon."""
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            self._wait(Waiting.BODY, self._bounds.body_seconds)
        elif state is h11.IDLE:
            if begun or self.conn.trailing_data[0]:
                self._wait(Waiting.HEAD, self._bounds.head_seconds)
            else:  # kept alive: uvicorn ends that
                self._stop_receiving()
                self.waits_since = (Waiting.HEAD, self.loop.time())
        else:
            self._stop_receiving()
            self.waits_since = None

    def _wait(self, kind: Waiting, seconds: float) -> None:
        if self._receiving is not None:
            if self.waits_since is not None and self.waits_since[0] is kind:
                return  # what trickles in puts nothing off
            self._receiving.cancel()
        self.waits_since = kind, self.loop.time()
        late = self._head_late if kind is Waiting.HEAD else self._body_late
        self._receiving = self.loop.call_later(seconds, late)

    def _head_late(self) -> None:
        self._receiving = None
        if self.conn.trailing_data[0]:
            self._end(Ended.SLOW_HEAD)
        else:  # a browser opens connections in store: a word would be taken for the answer to its next question
            self.transport.abort()

    def _body_late(self) -> None:
        self._receiving = None
        if self.flow.read_paused and not self.cycle.response_complete:  # it is we who do not read
            self._wait(Waiting.BODY, self._bounds.body_seconds)
            return
        self._end(Ended.SLOW_BODY)

    def _judge_later(self) -> None:
        self._left = self.transport.get_write_buffer_size()
        self._stop_reading()
        self._reading = self.loop.call_later(self._bounds.stall_seconds, self._judge)

    def _judge(self) -> None:
        self._reading = None
        taken = self._left - self.transport.get_write_buffer_size()
        if taken >= self._bounds.least_octets_per_second * self._bounds.stall_seconds:
            self._judge_later()
        else:
            self._tally.ended(Ended.SLOW_READER, self._address)
            self.transport.abort()

    def _make_room(self) -> bool:
        """End the one that waits for its client longest: for a head, else for a body, else for it to read."""
        waiting = [
            (each.waits_since, each)
            for each in self.connections
            if isinstance(each, BoundedProtocol) and each is not self and each.waits_since is not None
        ]
        if not waiting:
            return False
        _since, longest = min(waiting, key=itemgetter(0))
        self._tally.ended(Ended.MADE_ROOM, longest._address)
        longest.transport.abort()
        self.connections.discard(longest)
        return True

    def _end(self, why: Ended) -> None:
        """With a word, where none has been said."""
        self._tally.ended(why, self._address)
        if self.cycle is not None and not self.cycle.response_complete:
            is_begun = self.cycle.response_started
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if is_begun:
                self.transport.abort()
                return
        said = _("The request came too slowly.").encode()
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(said)))]
        try:
            octets = self.conn.send(
                h11.Response(status_code=408, headers=[*headers, ("Connection", "close")], reason=b"Request Timeout")
            )
            octets = (octets or b"") + (self.conn.send(h11.Data(data=said)) or b"")
            self.transport.write(octets)
        except h11.LocalProtocolError:
            self.transport.abort()
            return
        self.transport.close()

    def _watch_the_line(self, transport: asyncio.Transport) -> None:
        """A client that vanished without a word is given up by the kernel, also in a stream that hardly says anything.
        RFC 5482; tcp(7)."""
        line = transport.get_extra_info("socket")
        if line is None or line.family not in (socket.AF_INET, socket.AF_INET6):
            return
        seconds = max(1, round(self._bounds.lost_seconds))
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, max(1, seconds // 2))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, max(1, seconds // 6))
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, seconds * 1000)

    def _stop_receiving(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            self._receiving = None

    def _stop_reading(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""
