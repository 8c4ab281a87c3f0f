"""Whether what is shown can be believed, and the stream that tells when something differs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response, StreamingResponse

from console.api.answers import TAGGED, of_content
from console.api.document import Document
from console.api.problems import described
from console.api.visit import Given, TheBearer, TheDoor, TheLook
from console.tokens import TokenDoor
from console.web.visit import Desk, TheDesk
from domain.language import _

router = APIRouter(tags=["health"])


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
        silent=look.silent,
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
async def events(desk: TheDesk, door: TheDoor, _bearer: TheBearer, given: Given) -> Response:
    """Tells when to fetch again."""
    if desk.pulse.is_full:
        raise HTTPException(503, _("Too many watch at once. Try again in half a minute."), {"Retry-After": "30"})
    beats = while_good(desk, door, given.credentials if given else "")
    return StreamingResponse(beats, media_type="text/event-stream")


async def while_good(desk: Desk, door: TokenDoor, key: str) -> AsyncIterator[str]:
    """The pulse, until the token is good no more."""
    async with aclosing(desk.pulse.beats()) as beats:
        async for beat in beats:
            if await asyncio.to_thread(door.who, key, desk.utc()) is None:
                return
            yield beat
