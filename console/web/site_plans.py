"""A plan of a site as a dry run, and what its profile asks for before it can be planned."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from console.entrance import Visitor
from console.ports import Look
from console.ports.sites import Planned, Question, RefusedError, Sites
from console.views.places import place_name
from console.views.plan import plan_view
from console.views.sheet import address
from console.web.visit import Anybody, Desk, TheDesk, TheLook, TheVisitor, having, own_form, text_of
from domain.accounts import Right, may
from domain.language import _
from domain.network import Stage

LONGEST = 100
MOST_VALUE = 2000
MOST_FIELDS = 200
SEEING = (Right.PLAN, Right.APPROVE, Right.CONFIGURE)
BEFORE = (Stage.PLANNED, Stage.FUNDED)
Name = Annotated[str, Query(max_length=LONGEST)]
ThePlanner = Annotated[Visitor, Depends(having(Right.PLAN))]


def planner_or_approver(visitor: TheVisitor) -> Visitor:
    if not any(may(visitor.account.role, right) for right in SEEING):
        raise HTTPException(403, _("Your role may look, not act. Ask an administrator."))
    return visitor


async def wide_form(request: Request, visitor: Anybody) -> FormData:
    """As `own_form`, with a field for everything that a profile may ask for."""
    await request.form(max_files=0, max_fields=MOST_FIELDS)
    return await own_form(request, visitor)


WideForm = Annotated[FormData, Depends(wide_form)]
TheReader = Annotated[Visitor, Depends(planner_or_approver)]


def mark_of(questions: Sequence[Question]) -> str:
    """Of the values that somebody sees: another one as soon as one of them differs."""
    return hashlib.sha256(repr([(each.name, each.value) for each in questions]).encode()).hexdigest()[:16]


def plan_routes(sites: Sites) -> APIRouter:
    router = APIRouter()

    @router.get("/sites/{slug}/plan")
    def plan(
        request: Request,
        desk: TheDesk,
        visitor: TheReader,
        look: TheLook,
        slug: str,
        profile: Name = "",
        like: Name = "",
    ) -> Response:
        """What would be taken, told, watched and paid. An open change is shown as it was planned."""
        site = look.inventory.site_by_slug.get(slug)
        if site is None or (like and like not in look.inventory.site_by_slug):
            raise HTTPException(404, _("There is no such site."))
        newest = next(iter(sites.book.jobs(slug)), None)
        open_ = newest if newest is not None and not newest.is_over else None
        if open_ is not None:
            profile, like = open_.profile, open_.like
        planned: Planned | None = None
        error = ""
        try:
            planned = sites.plans.plan(slug, profile, like)
        except RefusedError as refused:
            error = str(refused)
        view = None
        if planned is not None:
            view = plan_view(planned, reads_configs=may(visitor.account.role, Right.CONFIGURE))
        more = {
            "slug": slug,
            "spot": place_name(site, look.names),
            "plan": view,
            "error": error,
            "open": open_,
            "differs": open_ is not None and planned is not None and open_.fingerprint != planned.mark,
            "profile": profile,
            "like": like,
            "is_new": site.stage in BEFORE,
            "questions": address("/sites/new", {"site": slug, "profile": profile, "like": like}),
        }
        return desk.pages.page(request, "site_plan.html", visitor, look, 409 if error else 200, **more)

    def asked(
        request: Request,
        desk: Desk,
        visitor: Visitor,
        look: Look,
        chosen: tuple[str, str, str],
        given: dict[str, str],
        error: str = "",
        status: int = 422,
    ) -> Response:
        site, profile, like = chosen
        all_ = look.inventory.site_by_slug
        questions: tuple[Question, ...] = ()
        if site:
            if site not in all_ or (like and like not in all_):
                raise HTTPException(404, _("There is no such site."))
            try:
                questions = tuple(sites.plans.questions(site, profile, like))
            except RefusedError as refused:
                error = error or str(refused)
        planned = [each for each in look.inventory.sites if each.stage in BEFORE]
        standing = [each for each in look.inventory.sites if each.stage not in (*BEFORE, Stage.RETIRED)]
        more: dict[str, Any] = {
            "planned": [(each.slug, place_name(each, look.names)) for each in planned],
            "others": [(each.slug, place_name(each, look.names)) for each in standing],
            "kinds": sites.plans.kinds(),
            "site": site,
            "spot": place_name(all_[site], look.names) if site else "",
            "profile": profile,
            "like": like,
            "questions": questions,
            "given": given,
            "mark": mark_of(questions),
            "error": error,
        }
        return desk.pages.page(request, "site_new.html", visitor, look, status if given else 200, **more)

    @router.get("/sites/new")
    def new(
        request: Request,
        desk: TheDesk,
        visitor: ThePlanner,
        look: TheLook,
        site: Name = "",
        profile: Name = "",
        like: Name = "",
    ) -> Response:
        return asked(request, desk, visitor, look, (site, profile, like), {})

    @router.post("/sites/new")
    def answer(request: Request, desk: TheDesk, visitor: ThePlanner, look: TheLook, form: WideForm) -> Response:
        """Keeps the answers, then shows the plan. Nothing is kept where one of them is wrong."""
        site, profile, like = (text_of(form, name, LONGEST) for name in ("site", "profile", "like"))
        if site not in look.inventory.site_by_slug:
            raise HTTPException(404, _("There is no such site."))
        try:
            asked_now = sites.plans.questions(site, profile, like)
        except RefusedError as error:
            return asked(request, desk, visitor, look, (site, profile, like), {"": ""}, str(error))
        before = {each.name: each.value for each in asked_now}
        given = {name: text_of(form, f"v-{name}", MOST_VALUE) for name in before if f"v-{name}" in form}
        if text_of(form, "mark", LONGEST) != mark_of(asked_now):
            why = _("Somebody changed these values after you opened the page. Compare, then keep yours once more.")
            return asked(request, desk, visitor, look, (site, profile, like), given or {"": ""}, why, 409)
        changed = {name: text for name, text in given.items() if text != before[name]}
        if profile:
            changed["profile"] = profile
        try:
            if changed:
                sites.plans.answer(site, changed, visitor.account.name)
        except RefusedError as error:
            return asked(request, desk, visitor, look, (site, profile, like), given or {"": ""}, str(error))
        return RedirectResponse(address(f"/sites/{site}/plan", {"profile": profile, "like": like}), 303)

    return router
