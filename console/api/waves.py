"""Waves under /api/v1: how far each has come, what of it is to be agreed to, and agreeing to all of it in one act."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from console.api.answers import LONGEST, TAGGED, USUAL, After, Limit, of_content, page
from console.api.document import Document
from console.api.problems import ConflictError as Conflict
from console.api.problems import described
from console.api.visit import TheBearer, TheLook, having
from console.ports import Look
from console.ports.sites import ConflictError, RefusedError, Sites
from console.tokens import Bearer
from domain.accounts import Right, may
from domain.changes import Job, Wave, WaveState, open_plans
from domain.language import _

MOST_SITES: Final = 500
Number = Annotated[str, Path(alias="wave", pattern="^[A-Za-z0-9-]{1,40}$", description="Of a wave.")]
Short = Annotated[str, Field(max_length=LONGEST)]
READING: Final = (Right.CONFIGURE, Right.APPROVE)


def reader_of(bearer: TheBearer) -> Bearer:
    """Raises HTTPException 403. A token that may only read is enough."""
    if not any(may(bearer.account.role, right) for right in READING):
        raise HTTPException(403, _("This account or token may look, not act. Ask an administrator."))
    return bearer


TheReader = Annotated[Bearer, Depends(reader_of)]
TheApprover = Annotated[Bearer, Depends(having(Right.APPROVE))]


class WaveSiteDocument(Document):
    """fingerprint, approvers, needed: of its plan while that can be agreed to."""

    site: str
    state: str
    job: str | None
    fingerprint: str | None
    approvers: list[str]
    needed: int | None
    checks_passed: int
    checks_not_made: int
    why: str | None
    began_at: datetime | None
    ended_at: datetime | None


class WaveDocument(Document):
    """sites: those that the account sees, of all_sites."""

    wave: str
    state: str
    why: str | None
    actor: str
    made_at: datetime
    canary: int
    batch: int
    stop_at_percent: float
    all_sites: int
    sites: list[WaveSiteDocument]


class WavePage(Document):
    items: list[WaveDocument]
    next: str | None


class WaveAgreement(Document):
    """plans: site → the fingerprint that was seen, of every site that is not done. agree: false takes one's own yes
    back."""

    plans: Annotated[dict[Short, Short], Field(min_length=1, max_length=MOST_SITES)]
    agree: bool = True


def waves_api(sites: Sites) -> APIRouter:
    router = APIRouter(tags=["changes"])

    @router.get("/waves", response_model=WavePage, responses={**TAGGED, **described(401, 403, 422, 429)})
    def waves(request: Request, _bearer: TheReader, look: TheLook, limit: Limit = USUAL, after: After = "") -> Response:
        """Newest first."""
        newest = sites.book.newest()
        found = [each for each in sites.book.waves() if _seen(each, look)]
        shown, more = page(found, lambda each: f"{each.made_at.isoformat()} {each.id}", limit, after, down=True)
        return of_content(request, WavePage(items=[_document(each, newest, look) for each in shown], next=more))

    @router.get(
        "/waves/{wave}", response_model=WaveDocument, responses={**TAGGED, **described(401, 403, 404, 422, 429)}
    )
    def wave(request: Request, _bearer: TheReader, look: TheLook, number: Number) -> Response:
        """One wave, site by site."""
        return of_content(request, _document(_wave(look, number), sites.book.newest(), look))

    @router.post(
        "/waves/{wave}/agreement",
        response_model=WaveDocument,
        responses=described(400, 401, 403, 404, 409, 422, 429),
    )
    def agree(bearer: TheApprover, look: TheLook, number: Number, said: WaveAgreement) -> Response:
        """To the plans of all its sites in one act, or not at all. Never to one's own."""
        found = _wave(look, number)
        if len(_seen(found, look)) != len(found.sites):
            raise HTTPException(403, _("This wave reaches beyond your region. Ask somebody of the whole kabupaten."))
        who, token = bearer.account.name, bearer.token.id
        try:
            sites.orders.agree_wave(number, said.plans, who, token=token, revoke=not said.agree)
        except ConflictError as error:
            raise Conflict(str(error)) from error
        except RefusedError as error:
            raise HTTPException(403, str(error)) from error
        document = _document(_wave(look, number), sites.book.newest(), look)
        return JSONResponse(document.model_dump(mode="json", by_alias=True))

    def _wave(look: Look, number: str) -> Wave:
        """Raises HTTPException 404 also for one of which nothing is seen."""
        found = next((each for each in sites.book.waves() if each.id == number), None)
        if found is None or not _seen(found, look):
            raise HTTPException(404, _("There is no such wave."))
        return found

    return router


def _seen(wave: Wave, look: Look) -> set[str]:
    return {each.site for each in wave.sites} & look.inventory.site_by_slug.keys()


def _document(wave: Wave, newest: Mapping[str, Job], look: Look) -> WaveDocument:
    seen = _seen(wave, look)
    plans = {job.site: job for job in open_plans(wave, newest)} if wave.state is not WaveState.DONE else {}
    rows = []
    for each in wave.sites:
        if each.site in seen:
            job = plans.get(each.site)
            rows.append(
                WaveSiteDocument(
                    site=each.site,
                    state=each.state.value,
                    job=each.job or (job.id if job else None),
                    fingerprint=job.fingerprint if job else None,
                    approvers=list(job.approvers) if job else [],
                    needed=job.needed if job else None,
                    checks_passed=each.passed,
                    checks_not_made=each.unchecked,
                    why=each.why or None,
                    began_at=each.began_at,
                    ended_at=each.ended_at,
                )
            )
    return WaveDocument(
        wave=wave.id,
        state=wave.state.value,
        why=wave.why or None,
        actor=wave.actor,
        made_at=wave.made_at,
        canary=wave.canary,
        batch=wave.batch,
        stop_at_percent=wave.stop_percent,
        all_sites=len(wave.sites),
        sites=rows,
    )
