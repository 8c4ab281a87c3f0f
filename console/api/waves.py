"""Waves under /api/v1: how far each has come, what of it is to be agreed to, and agreeing to all of it in one act."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from console.api.answers import LONGEST, TAGGED, USUAL, After, Limit, of_content, page
from console.api.cursor import sort_by
from console.api.document import Document
from console.api.problems import ConflictError as Conflict
from console.api.problems import described
from console.api.visit import TheBearer, TheLook, having
from console.api.wave_documents import Number, WaveDocument, seen_of, wave_document, wave_of, whole_wave
from console.api.wave_orders import wave_orders_api
from console.ports.sites import ConflictError, OrderKind, RefusedError, Sites, Task
from console.tokens import Bearer
from console.views.sorting import Columns
from console.views.waves import MOST_SITES, trouble_of
from domain.accounts import Account, Right, may
from domain.changes import Wave
from domain.language import _

Short = Annotated[str, Field(max_length=LONGEST)]
READING: Final = (Right.CONFIGURE, Right.APPROVE)


def reader_of(bearer: TheBearer) -> Bearer:
    """Raises HTTPException 403. A token that may only read is enough."""
    if not any(may(bearer.account.role, right) for right in READING):
        raise HTTPException(403, _("This account or token may look, not act. Ask an administrator."))
    return bearer


TheReader = Annotated[Bearer, Depends(reader_of)]
TheApprover = Annotated[Bearer, Depends(having(Right.APPROVE))]


class LastWaveOrder(Document):
    """trouble: why it came to nothing; null where it did not, or where it is not for this account."""

    kind: str
    under_way: bool
    given_at: datetime
    ended_at: datetime | None
    trouble: str | None


class WavePage(Document):
    """last_order: what was ordered last from here, to begin one or to go on with one."""

    items: list[WaveDocument]
    next: str | None
    last_order: LastWaveOrder | None


class WaveAgreement(Document):
    """plans: site → the fingerprint that was seen, of every site that is not done. agree: false takes one's own yes
    back."""

    plans: Annotated[dict[Short, Short], Field(min_length=1, max_length=MOST_SITES)]
    agree: bool = True


COLUMNS: Final[Columns[Wave]] = {
    "wave": lambda each: each.id,
    "state": lambda each: each.state.value,
    "actor": lambda each: each.actor,
    "madeAt": lambda each: each.made_at.timestamp(),
}


def waves_api(sites: Sites) -> APIRouter:
    router = APIRouter(tags=["changes"])
    router.include_router(wave_orders_api(sites))

    @router.get("/waves", response_model=WavePage, responses={**TAGGED, **described(401, 403, 404, 422, 429)})
    def waves(
        request: Request,
        bearer: TheReader,
        look: TheLook,
        limit: Limit = USUAL,
        after: After = "",
        sort: Annotated[str, sort_by(COLUMNS)] = "",
    ) -> Response:
        """Newest first."""
        newest = sites.book.newest()
        found = [each for each in sites.book.waves() if seen_of(each, look)]
        shown, more = page(found, _key, limit, after, down=True, columns=COLUMNS, sort=sort)
        last = _last(sites.book.tasks().get("wave"), bearer.account)
        items = [wave_document(each, newest, look) for each in shown]
        return of_content(request, WavePage(items=items, next=more, last_order=last))

    @router.get(
        "/waves/{wave}", response_model=WaveDocument, responses={**TAGGED, **described(401, 403, 404, 422, 429)}
    )
    def wave(request: Request, _bearer: TheReader, look: TheLook, number: Number) -> Response:
        """One wave, site by site."""
        return of_content(request, wave_document(wave_of(sites.book.waves(), look, number), sites.book.newest(), look))

    @router.post(
        "/waves/{wave}/agreement",
        response_model=WaveDocument,
        responses=described(400, 401, 403, 404, 409, 422, 429),
    )
    def agree(bearer: TheApprover, look: TheLook, number: Number, said: WaveAgreement) -> Response:
        """To the plans of all its sites in one act, or not at all. Never to one's own."""
        whole_wave(sites.book.waves(), look, number)
        who, token = bearer.account.name, bearer.token.id
        try:
            sites.orders.agree_wave(number, said.plans, who, token=token, revoke=not said.agree)
        except ConflictError as error:
            raise Conflict(str(error)) from error
        except RefusedError as error:
            raise HTTPException(403, str(error)) from error
        document = wave_document(wave_of(sites.book.waves(), look, number), sites.book.newest(), look)
        return JSONResponse(document.model_dump(mode="json", by_alias=True))

    return router


def _key(wave: Wave) -> str:
    return f"{wave.made_at.isoformat()} {wave.id}"


def _last(task: Task | None, account: Account) -> LastWaveOrder | None:
    if task is None:
        return None
    return LastWaveOrder(
        kind="resume" if task.kind == OrderKind.RESUME_WAVE else "begin",
        under_way=task.is_under_way,
        given_at=task.at,
        ended_at=task.ended_at,
        trouble=trouble_of(task, account) or None,
    )
