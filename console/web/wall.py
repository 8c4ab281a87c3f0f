"""The wallboard, and the stream that tells open pages when to look again."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing

import structlog
from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from console.web.boards import Board, Boards
from console.web.visit import COOKIE, Desk, TheDesk, TheLook, TheVisitor, anybody, desk_of, seen_whole, visitor_of
from domain.language import _

log = structlog.get_logger(__name__)

HTML = "text/html; charset=utf-8"
AGAIN_SECONDS = 14.0
MOST_STREAMS = 20
"""Of one session: tabs of one browser. The places are shared by all who watch."""


def wall_routes(boards: Boards) -> APIRouter:
    router = APIRouter()

    def board_of(request: Request, desk: Desk, visitor: TheVisitor) -> Board:
        return boards.board(request, visitor.account, seen_whole(desk), desk.speak)

    @router.get("/")
    def start(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook) -> Response:
        board = board_of(request, desk, visitor).text
        return desk.pages.page(request, "wall.html", visitor, look, board=board, alone=False)

    @router.get("/wall")
    def wall(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
        """The board alone, for a screen on the wall."""
        board = board_of(request, desk, visitor).text
        return desk.pages.page(request, "wall.html", visitor, None, board=board, alone=True)

    async def part(request: Request) -> Response:
        """The part of the wallboard that changes. All who watch fetch it at once: it takes the short way, with one turn
        in a thread instead of one for each dependency."""
        desk = desk_of(request)
        visitor = visitor_of(await run_in_threadpool(anybody, request, desk))
        board = boards.kept(visitor.account, seen_whole(desk))
        if board is None:
            board = await run_in_threadpool(board_of, request, desk, visitor)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            return Response(board.packed, media_type=HTML, headers=headers)
        return Response(board.text, media_type=HTML, headers={"Vary": "Accept-Encoding"})

    router.add_route("/wall/board", part)

    streams = Counter[str]()

    def is_good(desk: Desk, key: str) -> bool:
        """Also while nobody can say: the stream tells nothing but that something differs."""
        try:
            return desk.entrance.still(key, desk.utc()) is not None
        except Exception as error:
            log.info("session_not_asked", error=str(error))
            return True

    async def while_good(desk: Desk, key: str, session: str) -> AsyncGenerator[str, None]:
        """The pulse, until the session ends."""
        streams[session] += 1
        clock = asyncio.get_running_loop().time
        asked_at = clock()
        try:
            async with aclosing(desk.pulse.beats()) as beats:
                async for beat in beats:
                    if clock() - asked_at >= AGAIN_SECONDS:  # what is shown is asked for by itself, with the session
                        asked_at = clock()
                        if not await run_in_threadpool(is_good, desk, key):
                            return
                    yield beat
        finally:
            streams[session] -= 1
            if not streams[session]:
                del streams[session]

    @router.get("/live")
    async def live(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
        session = visitor.session.key_hash
        if streams[session] >= MOST_STREAMS or desk.pulse.is_full:
            raise HTTPException(
                503, _("Too many watch at once. The page looks again by itself."), {"Retry-After": "30"}
            )
        beats = while_good(desk, request.cookies.get(COOKIE, ""), session)
        return StreamingResponse(beats, media_type="text/event-stream")

    return router
