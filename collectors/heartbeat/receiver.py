"""The HTTP side of heartbeats: routes for the server that the wiring already runs. It stores nothing and logs nothing.

Whoever has no token learns nothing: an unknown token is answered like any address that does not exist, before a body
is read. Proxies write addresses into their logs, so a token is replaced when a site is handed over.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from collectors.rate import Rate
from domain.services import Heartbeat, HeartbeatRefusedError, SiteTokens, read_heartbeat
from domain.time import Clock

_MOST_FIELDS: Final = 64
_BURST: Final = 6
_REFILL_SECONDS: Final = 5.0
_HEADERS: Final = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class HeartbeatLimits:
    """octets: of a body or a query. read_seconds: for a body to come in."""

    octets: int = 4_096
    read_seconds: float = 10.0


@dataclass(slots=True)
class HeartbeatCounts:
    """What came, for our own metrics."""

    taken: int = 0
    refused: int = 0  # from a known site, but not a heartbeat
    limited: int = 0
    unknown: int = 0


def heartbeat_routes(
    tokens: Callable[[], SiteTokens],
    take: Callable[[Heartbeat], None],
    clock: Clock,
    *,
    rate: Rate | None = None,
    limits: HeartbeatLimits | None = None,
    counts: HeartbeatCounts | None = None,
) -> list[Route]:
    """`POST /heartbeat/{token}` with JSON or a form, `GET` with a query. take: called once for each, must not block.

    tokens: asked at every request, so that a new token works at once. Answers: 200 taken; 400 with the field that is
    wrong; 404 unknown; 408 too slow; 413 too long; 429 too often.
    """
    rate = rate or Rate(_BURST, _REFILL_SECONDS)
    receiver = _Receiver(tokens, take, clock, rate, limits or HeartbeatLimits(), counts or HeartbeatCounts())
    return [Route("/heartbeat/{token}", receiver.receive, methods=["GET", "POST"])]


class _Receiver:
    def __init__(
        self,
        tokens: Callable[[], SiteTokens],
        take: Callable[[Heartbeat], None],
        clock: Clock,
        rate: Rate,
        limits: HeartbeatLimits,
        counts: HeartbeatCounts,
    ) -> None:
        self._tokens = tokens
        self._take = take
        self._clock = clock
        self._rate = rate
        self._limits = limits
        self._counts = counts

    async def receive(self, request: Request) -> Response:
        site = self._tokens().site_of(request.path_params["token"])
        if site is None or request.method not in ("GET", "POST"):  # HEAD comes with GET and is no heartbeat
            self._counts.unknown += 1
            raise HTTPException(404)
        now = self._clock.now()
        if not self._rate.admit(site, now.steady_seconds):
            self._counts.limited += 1
            return _answer(429, "too often", {"Retry-After": str(self._rate.retry_seconds)})
        try:
            fields = await self._fields(request)
            heartbeat = read_heartbeat(site, fields, now, request.client.host if request.client else "")
        except HeartbeatRefusedError as error:
            self._counts.refused += 1
            return _answer(400, str(error))
        except HTTPException:
            self._counts.refused += 1
            raise
        self._counts.taken += 1
        self._take(heartbeat)
        return _answer(200, "ok")

    async def _fields(self, request: Request) -> Mapping[str, object] | list[tuple[str, str]]:
        query: bytes = request.scope.get("query_string", b"")
        if len(query) > self._limits.octets:
            raise HTTPException(413)
        body = await self._body(request) if request.method == "POST" else b""
        if not body:
            return _pairs(query)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
            return _object(body)
        return _pairs(body)

    async def _body(self, request: Request) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(self._limits.read_seconds):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > self._limits.octets:
                        raise HTTPException(413, headers={"Connection": "close"})
        except TimeoutError:
            raise HTTPException(408, headers={"Connection": "close"}) from None
        except ClientDisconnect:
            raise HTTPException(400) from None
        return bytes(body)


def _answer(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(text + "\n", status, headers={**_HEADERS, **(headers or {})})


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise HeartbeatRefusedError("the form cannot be read: write name=value, joined by &") from None


def _object(raw: bytes) -> Mapping[str, object]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        raise HeartbeatRefusedError("the body is not JSON") from None
    if not isinstance(value, dict) or len(value) > _MOST_FIELDS:
        raise HeartbeatRefusedError("the body is not one JSON object")
    return value
