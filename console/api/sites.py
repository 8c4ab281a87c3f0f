"""Changes of sites under /api/v1: where each stands, plans, agreement, orders and how far they have come."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from console.api.answers import LONGEST, TAGGED, USUAL, After, Limit, of_content, page
from console.api.cursor import sort_by
from console.api.document import Document
from console.api.problems import ConflictError as Conflict
from console.api.problems import described
from console.api.site_documents import Slug, site_of
from console.api.site_orders import site_orders_api
from console.api.site_questions import site_questions_api
from console.api.visit import TheBearer, TheLook, having
from console.api.waves import waves_api
from console.ports.sites import ConflictError, RefusedError, Sites, Task
from console.tokens import Bearer
from console.views.changes import ORDER, Standing, stood
from console.views.sorting import Columns
from domain.accounts import Right, may
from domain.changes import Job
from domain.language import _
from domain.network import Site

Text = Annotated[str, Query(max_length=LONGEST)]
TheApprover = Annotated[Bearer, Depends(having(Right.APPROVE))]
KNOWING: Final = (Right.HANDLE, Right.PLAN, Right.CONFIGURE, Right.APPROVE)
READING: Final = (Right.PLAN, Right.CONFIGURE, Right.APPROVE)


class StepDocument(Document):
    step: str
    device: str
    state: str
    tries: int
    evidence: str | None
    began_at: datetime | None
    ended_at: datetime | None


class JobDocument(Document):
    """fingerprint: of what is agreed to. evidence and why are null for who may only look."""

    job: str
    kind: str
    state: str
    actor: str
    approvers: list[str]
    needed: int
    fingerprint: str
    profile: str
    like: str
    why: str | None
    made_at: datetime
    changed_at: datetime | None
    steps: list[StepDocument]


class ChangingSite(Document):
    """under_way: an order is being carried out now. trouble: why the last one came to nothing."""

    slug: str
    name: str
    stage: str
    standing: Standing
    under_way: bool
    trouble: str | None
    job: str | None


class ChangingPage(Document):
    items: list[ChangingSite]
    next: str | None


class ChangeWhole(Document):
    site: ChangingSite
    job: JobDocument | None
    earlier: list[str]


class Agreement(Document):
    """job, fingerprint: what was seen. agree: false takes one's own yes back."""

    job: str = Field(min_length=1, max_length=LONGEST)
    fingerprint: str = Field(max_length=LONGEST)
    agree: bool = True


class PlanDocument(Document):
    """plan: as `kentongan site plan --json` prints it; without configurations for who may not read them."""

    fingerprint: str
    plan: dict[str, Any]


COLUMNS: Final[Columns[ChangingSite]] = {
    "slug": lambda each: each.slug,
    "name": lambda each: each.name,
    "stage": lambda each: each.stage,
    "standing": lambda each: ORDER[each.standing],
}


def sites_api(sites: Sites) -> APIRouter:
    router = APIRouter(tags=["changes"])
    for routes in (waves_api(sites), site_orders_api(sites), site_questions_api(sites)):
        router.include_router(routes)

    @router.get("/changes", response_model=ChangingPage, responses={**TAGGED, **described(401, 404, 422, 429)})
    def changes(
        request: Request,
        bearer: TheBearer,
        look: TheLook,
        standing: Annotated[list[Standing], Query(default_factory=list)],
        limit: Limit = USUAL,
        after: After = "",
        sort: Annotated[str, sort_by(COLUMNS)] = "",
    ) -> Response:
        """Every site with where its change stands, by slug."""
        jobs, tasks = sites.book.newest(), sites.book.tasks()
        rows = [_changing(each, jobs.get(each.slug), tasks.get(each.slug), bearer) for each in look.inventory.sites]
        found = [each for each in rows if not standing or each.standing in standing]
        shown, more = page(found, lambda each: each.slug, limit, after, columns=COLUMNS, sort=sort)
        return of_content(request, ChangingPage(items=shown, next=more))

    @router.get("/changes/{slug}", response_model=ChangeWhole, responses={**TAGGED, **described(401, 404, 422, 429)})
    def change(request: Request, bearer: TheBearer, look: TheLook, slug: Slug) -> Response:
        """One site's last change, step by step."""
        site = site_of(look, slug)
        jobs = sites.book.jobs(slug)
        newest = jobs[0] if jobs else None
        whole = ChangeWhole(
            site=_changing(site, newest, sites.book.tasks().get(slug), bearer),
            job=job_document(newest, knows=_knows(bearer)) if newest else None,
            earlier=[each.id for each in jobs[1:]],
        )
        return of_content(request, whole)

    @router.get(
        "/changes/{slug}/plan",
        response_model=PlanDocument,
        responses={**TAGGED, **described(400, 401, 403, 404, 409, 422, 429)},
    )
    def plan(
        request: Request, bearer: TheBearer, look: TheLook, slug: Slug, profile: Text = "", like: Text = ""
    ) -> Response:
        """A dry run: what would be taken, told, watched and paid."""
        if not any(may(bearer.account.role, right) for right in READING):
            raise HTTPException(403, _("This account or token may look, not act. Ask an administrator."))
        site_of(look, slug)
        if like:
            site_of(look, like)
        try:
            planned = sites.plans.plan(slug, profile, like)
        except RefusedError as error:
            raise Conflict(str(error)) from error
        document = (
            planned.document if may(bearer.account.role, Right.CONFIGURE) else without_configurations(planned.document)
        )
        return of_content(request, PlanDocument(fingerprint=planned.mark, plan=dict(document)))

    @router.post(
        "/changes/{slug}/agreement",
        response_model=JobDocument,
        responses=described(400, 401, 403, 404, 409, 422, 429),
    )
    def agree(bearer: TheApprover, look: TheLook, slug: Slug, said: Agreement) -> Response:
        """Says yes to a change, or takes that back. Never to one's own."""
        site_of(look, slug)
        who, token = bearer.account.name, bearer.token.id
        try:
            job = sites.orders.agree(slug, said.job, said.fingerprint, who, token=token, revoke=not said.agree)
        except ConflictError as error:
            raise Conflict(str(error)) from error
        except RefusedError as error:
            raise HTTPException(403, str(error)) from error
        return JSONResponse(job_document(job, knows=True).model_dump(mode="json", by_alias=True))

    return router


def job_document(job: Job, *, knows: bool) -> JobDocument:
    return JobDocument(
        job=job.id,
        kind=job.kind.value,
        state=job.state.value,
        actor=job.actor,
        approvers=list(job.approvers),
        needed=job.needed,
        fingerprint=job.fingerprint,
        profile=job.profile,
        like=job.like,
        why=job.why if knows else None,
        made_at=job.made_at,
        changed_at=job.changed_at,
        steps=[
            StepDocument(
                step=each.kind.value,
                device=each.device,
                state=each.state.value,
                tries=each.tries,
                evidence=each.evidence if knows else None,
                began_at=each.began_at,
                ended_at=each.ended_at,
            )
            for each in job.steps
        ],
    )


def without_configurations(document: Mapping[str, Any]) -> dict[str, Any]:
    devices = [{**each, "configuration": None, "difference": None} for each in document.get("devices", ())]
    return {**document, "devices": devices}


def _changing(site: Site, job: Job | None, task: Task | None, bearer: Bearer) -> ChangingSite:
    is_moving = task is not None and task.is_under_way
    return ChangingSite(
        slug=site.slug,
        name=site.name,
        stage=site.stage.value,
        standing=stood(site.stage, job, task).standing,
        under_way=is_moving,
        trouble=(task.trouble or None) if task and _knows(bearer) else None,
        job=job.id if job else None,
    )


def _knows(bearer: Bearer) -> bool:
    return any(may(bearer.account.role, right) for right in KNOWING)
