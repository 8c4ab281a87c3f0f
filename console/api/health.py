"""Whether what is shown can be believed, and the stream that tells when something differs."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response, StreamingResponse

from console.api.answers import TAGGED, of_content
from console.api.document import Document
from console.api.problems import described
from console.api.visit import Given, TheBearer, TheDoor, TheLook
from console.tokens import TokenDoor
from console.views.silence import silence_said
from console.web.visit import Desk, TheDesk
from domain.language import _

router = APIRouter(tags=["health"])
MOST_STREAMS: Final = 10
"""Of one token: the places are shared with people who watch the pages."""


class HealthDocument(Document):
    """silent: why the poller cannot be believed now; empty while it works. devices, open_incidents: that are seen."""

    silent: str
    silent_since: datetime | None
    mark: int
    devices: int
    open_incidents: int


@router.get("/health", response_model=HealthDocument, responses={**TAGGED, **described(401, 422, 429)})
def health(request: Request, look: TheLook) -> Response:
    """Whether the poller works. `mark` differs as soon as anything does."""
    found = HealthDocument(
        silent=silence_said(look.silent),
        silent_since=look.silent_since,
        mark=look.mark,
        devices=len(look.states),
        open_incidents=len(look.open),
    )
    return of_content(request, found)


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events: `look` with the mark, at once and whenever anything differs.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **described(401, 422, 429, 503),
    },
)
async def events(request: Request, desk: TheDesk, door: TheDoor, bearer: TheBearer, given: Given) -> Response:
    """Tells when to fetch again."""
    watching: Counter[str] = request.app.state.watching
    if watching[bearer.token.id] >= MOST_STREAMS:
        raise HTTPException(429, _("This token watches often enough at once."), {"Retry-After": "30"})
    if desk.pulse.is_full:
        raise HTTPException(503, _("Too many watch at once. Try again in half a minute."), {"Retry-After": "30"})
    beats = counted(while_good(desk, door, given.credentials if given else ""), watching, bearer.token.id)
    return StreamingResponse(beats, media_type="text/event-stream")


async def counted(beats: AsyncGenerator[str, None], watching: Counter[str], token: str) -> AsyncGenerator[str, None]:
    watching[token] += 1
    try:
        async with aclosing(beats):
            async for beat in beats:
                yield beat
    finally:
        watching[token] -= 1


async def while_good(desk: Desk, door: TokenDoor, key: str) -> AsyncGenerator[str, None]:
    """The pulse, until the token is good no more."""
    async with aclosing(desk.pulse.beats()) as beats:
        async for beat in beats:
            if not await asyncio.to_thread(is_good, desk, door, key):
                return
            yield beat


def is_good(desk: Desk, door: TokenDoor, key: str) -> bool:
    """Also while nobody can say: the stream tells nothing but that something differs."""
    try:
        return door.who(key, desk.utc()) is not None
    except Exception:  # whoever reads the look says so in the log
        return True
