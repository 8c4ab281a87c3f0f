"""The handover of a shift under /api/v1."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from console.api.answers import TAGGED, of_content
from console.api.document import Document
from console.api.orders import PRINTABLE
from console.api.problems import described
from console.api.visit import TheBearer, TheHandler, TheLook
from console.ports import Look
from console.ports.handover import Shifts, TakenOver
from console.views.handover import Handover
from console.web.visit import Desk, TheDesk
from domain.accounts import Account

SpanKey = Annotated[Literal["now", "before", "8h", "12h", "24h"], Query(description="Which stretch of time.")]
Make = Callable[[Shifts, Desk, Look, Account, str], Handover]


class OpenDocument(Document):
    incident: str
    title: str
    holder: str
    ends_soon: bool
    silenced_by: str
    last_word: str


class WorkDocument(Document):
    id: str
    whose: str
    what: str
    reason: str
    now: bool


class NoteDocument(Document):
    incident: str
    who: str
    text: str


class HandoverDocument(Document):
    """opened, ended: incidents of the span."""

    since: datetime
    until: datetime
    open: list[OpenDocument]
    opened: list[str]
    ended: list[str]
    notes: list[NoteDocument]
    works: list[WorkDocument]


class TakeOver(Document):
    note: Annotated[str, Field(max_length=500, pattern=PRINTABLE)] = ""


class TakenDocument(Document):
    at: datetime
    by: str
    note: str


def handover_api(shifts: Shifts, make: Make) -> APIRouter:
    router = APIRouter(tags=["handover"])

    @router.get("/handover", response_model=HandoverDocument, responses={**TAGGED, **described(401, 422, 429)})
    def handover(request: Request, desk: TheDesk, bearer: TheBearer, look: TheLook, span: SpanKey = "now") -> Response:
        """What one shift hands to the next."""
        page = make(shifts, desk, look, bearer.account, span)
        found = HandoverDocument(
            since=page.span.since,
            until=page.span.until,
            open=[
                OpenDocument(
                    incident=each.row.id, title=each.row.words.title, holder=each.holder, ends_soon=each.soon,
                    silenced_by=each.silenced, last_word=each.last,
                )
                for each in page.open
            ],
            opened=[each.row.id for each in page.came],
            ended=[each.row.id for each in page.went],
            notes=[NoteDocument(incident=each.incident, who=each.who, text=each.text) for each in page.notes],
            works=[
                WorkDocument(id=each.id, whose=each.whose, what=each.what, reason=each.reason, now=each.now)
                for each in page.works
            ],
        )  # fmt: skip
        return of_content(request, found)

    @router.post(
        "/handover", status_code=201, response_model=TakenDocument, responses=described(400, 401, 403, 422, 429)
    )
    def take(desk: TheDesk, bearer: TheHandler, order: TakeOver) -> TakenDocument:
        """I take over: written in the journal in the name of the account."""
        taken = TakenOver(desk.utc(), bearer.account.name, bearer.account.area, order.note)
        shifts.take(taken)
        return TakenDocument(at=taken.at, by=taken.by, note=taken.note)

    return router
