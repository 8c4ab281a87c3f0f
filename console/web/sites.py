"""Changes of sites: the list, one site's, what people order, and how far it has come."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import RedirectResponse, Response

from console.api.sites import sites_api
from console.entrance import Visitor
from console.ports import Look
from console.ports.sites import ConflictError, Order, OrderKind, RefusedError, Sites
from console.views.changes import Standing
from console.views.sheet import sheet_of
from console.views.sites import LONGEST_FILTER, SiteList, Wanted, list_of, page_of, said_rows
from console.web.part import Entry, Part
from console.web.sheet import PageNumber, Sort, as_sheet, file_header
from console.web.site_orders import order_routes
from console.web.site_plans import plan_routes
from console.web.visit import Desk, OwnForm, TheDesk, TheLook, TheVisitor, having, text_of
from console.web.waves import wave_routes
from domain.accounts import Right, may
from domain.language import _
from domain.network import Site

KNOWING = (Right.HANDLE, Right.PLAN, Right.CONFIGURE, Right.APPROVE)
LONGEST = 200
TheEngineer = Annotated[Visitor, Depends(having(Right.CONFIGURE))]
TheApprover = Annotated[Visitor, Depends(having(Right.APPROVE))]


def sites_part(sites: Sites) -> Part:
    router = APIRouter()
    for routes in (plan_routes(sites), site_routes(sites), order_routes(sites), wave_routes(sites)):
        router.include_router(routes)
    entries = (
        Entry(
            "/sites", lambda: _("Changes of sites"), lambda: _("Plan, agree, build, take back; what waits for whom.")
        ),
        Entry(
            "/waves",
            lambda: _("Waves"),
            lambda: _("Many sites, one after the other."),
            Right.CONFIGURE,
            Right.APPROVE,
        ),
    )
    return Part(router, entries, sites_api(sites))


def knows(visitor: Visitor) -> bool:
    """Whether somebody may read what steps found, beyond that they were done."""
    return any(may(visitor.account.role, right) for right in KNOWING)


def site_of(look: Look, slug: str) -> Site:
    """Raises HTTPException 404 also for what lies outside of what is seen."""
    site = look.inventory.site_by_slug.get(slug)
    if site is None:
        raise HTTPException(404, _("There is no such site."))
    return site


def wanted_of(
    standing: Annotated[list[Standing], Query(default_factory=list)],
    q: Annotated[str, Query(max_length=LONGEST_FILTER)] = "",
    kecamatan: Annotated[str, Query(max_length=LONGEST_FILTER)] = "",
    page: PageNumber = 1,
    sort: Sort = "",
) -> Wanted:
    return Wanted(q.strip(), frozenset(standing), kecamatan, page, sort)


TheWanted = Annotated[Wanted, Depends(wanted_of)]


def site_routes(sites: Sites) -> APIRouter:
    router = APIRouter()

    def listed(desk: Desk, visitor: Visitor, look: Look, wanted: Wanted) -> SiteList:
        newest, tasks = sites.book.newest(), sites.book.tasks()
        return list_of(look, newest, tasks, wanted, desk.zone, knows=knows(visitor))

    @router.get("/sites")
    def site_list(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, wanted: TheWanted) -> Response:
        found = listed(desk, visitor, look, wanted)
        return desk.pages.page(request, "sites.html", visitor, look, list=found, wanted=wanted)

    @router.get("/sites.csv")
    def sites_csv(desk: TheDesk, visitor: TheVisitor, look: TheLook, wanted: TheWanted) -> Response:
        head = [_("site"), _("place"), _("stage"), _("where it is"), _("why"), _("change"), _("by"), _("since")]
        rows = [
            (row.slug, row.place, row.stage, row.stood.word, row.stood.why, row.change, row.who, row.since)
            for row in listed(desk, visitor, look, wanted).all
        ]
        return as_sheet("sites", look.at.astimezone(desk.zone).date(), sheet_of(head, rows))

    def shown(
        request: Request, desk: Desk, visitor: Visitor, look: Look, slug: str, error: str = "", status: int = 200
    ) -> Response:
        site = site_of(look, slug)
        page = page_of(site, look, sites.book.jobs(slug), sites.book.tasks().get(slug), desk.zone, knows=knows(visitor))
        template = "site_standing.html" if request.url.path.endswith("/standing") else "site.html"
        return desk.pages.page(request, template, visitor, look, status, page=page, error=error)

    @router.get("/sites/{slug}")
    def site(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, slug: str) -> Response:
        return shown(request, desk, visitor, look, slug)

    @router.get("/sites/{slug}/standing")
    def standing(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, slug: str) -> Response:
        """The part of the page that changes while a change is under way."""
        return shown(request, desk, visitor, look, slug)

    @router.get("/sites/{slug}/transcript")
    def transcript(
        request: Request, desk: TheDesk, visitor: TheEngineer, look: TheLook, slug: str, job: str = ""
    ) -> Response:
        place = site_of(look, slug)
        found = next((each for each in sites.book.jobs(slug) if each.id == job), None)
        if found is None:
            raise HTTPException(404, _("There is no such change of this site."))
        said = said_rows(sites.book.transcript(found), desk.zone, look.at.astimezone(desk.zone).date())
        return desk.pages.page(
            request, "site_transcript.html", visitor, look, slug=slug, name=place.name, job=found, said=said
        )

    @router.get("/sites/{slug}/sheet.pdf")
    def sheet(desk: TheDesk, visitor: TheVisitor, look: TheLook, slug: str) -> Response:
        site_of(look, slug)
        if not knows(visitor):
            raise HTTPException(403, _("Your role may look, not act. Ask an administrator."))
        try:
            octets = sites.book.sheet(slug, visitor.account.name)
        except RefusedError as error:
            raise HTTPException(409, str(error)) from error
        return Response(octets, media_type="application/pdf", headers=file_header(f"{slug}.pdf"))

    @router.post("/sites/{slug}/apply")
    def apply(
        request: Request, desk: TheDesk, visitor: TheEngineer, look: TheLook, form: OwnForm, slug: str
    ) -> Response:
        """Builds as planned, or goes on with a change that is open."""
        site_of(look, slug)
        words = {name: text_of(form, name, LONGEST) for name in ("profile", "like", "emergency", "job")}
        order = Order(OrderKind.BUILD, slug, visitor.account.name, words, text_of(form, "mark", LONGEST))
        if not words["job"] and not order.mark:
            raise HTTPException(422, _("Look at the plan first, then build it."))
        try:
            sites.orders.begin(order)
        except RefusedError as error:
            return shown(request, desk, visitor, look, slug, str(error), 409)
        return RedirectResponse(f"/sites/{slug}", 303)

    @router.post("/sites/{slug}/agree")
    def agree(
        request: Request, desk: TheDesk, visitor: TheApprover, look: TheLook, form: OwnForm, slug: str
    ) -> Response:
        site_of(look, slug)
        job, mark = text_of(form, "job", LONGEST), text_of(form, "mark", LONGEST)
        revoke = text_of(form, "revoke", 5) == "yes"
        try:
            sites.orders.agree(slug, job, mark, visitor.account.name, revoke=revoke)
        except ConflictError as error:
            return shown(request, desk, visitor, look, slug, str(error), 409)
        except RefusedError as error:
            return shown(request, desk, visitor, look, slug, str(error), 403)
        return RedirectResponse(f"/sites/{slug}", 303)

    return router
