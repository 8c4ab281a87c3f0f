"""The wallboard, and the stream that tells open pages when to look again."""

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response, StreamingResponse

from console.views.wall import wall_of
from console.web.visit import TheDesk, TheLook, TheVisitor
from domain.language import _

router = APIRouter()


@router.get("/")
def wall(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook) -> Response:
    return desk.pages.page(request, "wall.html", visitor, look, wall=wall_of(look, desk.speak, desk.zone))


@router.get("/wall/board")
def board(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook) -> Response:
    """The part of the wallboard that changes."""
    return desk.pages.page(request, "wall_board.html", visitor, look, wall=wall_of(look, desk.speak, desk.zone))


@router.get("/live")
async def live(desk: TheDesk, _visitor: TheVisitor) -> Response:
    if desk.pulse.is_full:
        raise HTTPException(503, _("Too many watch at once. The page looks again by itself."), {"Retry-After": "30"})
    return StreamingResponse(desk.pulse.beats(), media_type="text/event-stream")
