"""Waves: many sites built one after the other; how far they are, stopped and gone on with."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from console.entrance import Visitor
from console.ports import Look
from console.ports.sites import ConflictError, Order, OrderKind, RefusedError, Sites
from console.views.places import place_name
from console.views.sheet import holds, sheet_of
from console.views.sorting import in_order
from console.views.waves import COLUMNS, MOST_BATCH, MOST_SITES, WaveView, plans_given, trouble_of, wave_view
from console.web.sheet import Search, Sort, as_sheet
from console.web.visit import Desk, OwnForm, TheDesk, TheLook, having, text_of
from domain.accounts import Right
from domain.language import _
from domain.network import Stage

LONGEST = 100
MOST_PLANS = 100_000
TheEngineer = Annotated[Visitor, Depends(having(Right.CONFIGURE))]
TheApprover = Annotated[Visitor, Depends(having(Right.APPROVE))]
TheReader = Annotated[Visitor, Depends(having(Right.CONFIGURE, Right.APPROVE))]


def wave_routes(sites: Sites) -> APIRouter:
    router = APIRouter()

    def seen(look: Look, desk: Desk) -> list[WaveView]:
        """Waves of which every site is seen, and parts of others."""
        names = {each.slug: place_name(each, look.names) for each in look.inventory.sites}
        task, newest = sites.book.tasks().get("wave"), sites.book.newest()
        views = [wave_view(each, task, desk.zone, look.at, names, newest) for each in sites.book.waves()]
        return [each for each in views if each.rows]

    def listed(
        request: Request,
        desk: Desk,
        visitor: Visitor,
        look: Look,
        error: str = "",
        status: int = 200,
        q: str = "",
        sort: str = "",
    ) -> Response:
        planned = [each.slug for each in look.inventory.sites if each.stage in (Stage.PLANNED, Stage.FUNDED)]
        every, task = seen(look, desk), sites.book.tasks().get("wave")
        more = {
            "waves": in_order((each for each in every if holds(each.parts, q)), COLUMNS, sort),
            "total": len(every),
            "moving": any(each.is_moving for each in every),
            "q": q,
            "planned": planned,
            "kinds": sites.plans.kinds(),
            "error": error,
            "is_ordered": task is not None and task.is_under_way,
            "trouble": trouble_of(task, visitor.account) if task else "",
        }
        return desk.pages.page(request, "waves.html", visitor, look, status, **more)

    def one(look: Look, desk: Desk, number: str) -> WaveView:
        found = next((each for each in seen(look, desk) if each.id == number), None)
        if found is None:
            raise HTTPException(404, _("There is no such wave."))
        return found

    def shown(
        request: Request,
        desk: Desk,
        visitor: Visitor,
        look: Look,
        number: str,
        error: str = "",
        status: int = 200,
    ) -> Response:
        template = "wave_rows.html" if request.url.path.endswith("/rows") else "wave.html"
        wave = one(look, desk, number)
        return desk.pages.page(request, template, visitor, look, status, wave=wave, error=error)

    @router.get("/waves")
    def waves(
        request: Request, desk: TheDesk, visitor: TheReader, look: TheLook, q: Search = "", sort: Sort = ""
    ) -> Response:
        return listed(request, desk, visitor, look, q=q, sort=sort)

    @router.get("/waves.csv")
    def waves_csv(desk: TheDesk, _visitor: TheReader, look: TheLook, q: Search = "", sort: Sort = "") -> Response:
        """A line for each site that is seen of each wave."""
        head = [_("wave"), _("state"), _("begun"), _("by"), _("site"), _("place"), _("state of the site"), _("why")]
        rows = (
            (wave.id, wave.state, wave.at, wave.who, slug, place, word, why)
            for wave in in_order((each for each in seen(look, desk) if holds(each.parts, q)), COLUMNS, sort)
            for slug, place, word, _shape, why in wave.rows
        )
        return as_sheet("waves", look.at.astimezone(desk.zone).date(), sheet_of(head, rows))

    @router.post("/waves")
    def begin(request: Request, desk: TheDesk, visitor: TheEngineer, look: TheLook, form: OwnForm) -> Response:
        slugs = list(dict.fromkeys(text_of(form, "sites", 50_000).replace(",", " ").split()))
        words = {name: text_of(form, name, LONGEST) for name in ("profile", "like", "canary", "batch", "stop_at")}
        named = [*slugs, *([words["like"]] if words["like"] else [])]
        unknown = [each for each in named if each not in look.inventory.site_by_slug]
        try:
            fits = int(words["canary"]) >= 0 and 1 <= int(words["batch"]) <= MOST_BATCH
            fits = fits and 0 <= float(words["stop_at"]) <= 100
        except ValueError:
            fits = False
        if not slugs or unknown or not fits or len(slugs) > MOST_SITES:
            why = _("There is no site {site}.").format(site=", ".join(unknown[:10])) if unknown else ""
            why = why or _("Name up to 500 sites, and figures that make sense.")
            return listed(request, desk, visitor, look, why, 422)
        words |= {"sites": " ".join(slugs), "emergency": text_of(form, "emergency", LONGEST)}
        try:
            sites.orders.begin(Order(OrderKind.WAVE, "", visitor.account.name, words))
        except RefusedError as error:
            return listed(request, desk, visitor, look, str(error), 409)
        return RedirectResponse("/waves", 303)

    @router.get("/waves/{number}")
    def wave(request: Request, desk: TheDesk, visitor: TheReader, look: TheLook, number: str) -> Response:
        return shown(request, desk, visitor, look, number)

    @router.get("/waves/{number}/rows")
    def rows(request: Request, desk: TheDesk, visitor: TheReader, look: TheLook, number: str) -> Response:
        return shown(request, desk, visitor, look, number)

    @router.post("/waves/{number}/agree")
    def agree(
        request: Request, desk: TheDesk, visitor: TheApprover, look: TheLook, form: OwnForm, number: str
    ) -> Response:
        """To all of its plans as they were seen, in one act."""
        whole(look, desk, number)
        plans, revoke = plans_given(text_of(form, "plans", MOST_PLANS)), text_of(form, "revoke", 5) == "yes"
        try:
            sites.orders.agree_wave(number, plans, visitor.account.name, revoke=revoke)
        except ConflictError as error:
            return shown(request, desk, visitor, look, number, str(error), 409)
        except RefusedError as error:
            return shown(request, desk, visitor, look, number, str(error), 403)
        return RedirectResponse(f"/waves/{number}", 303)

    @router.post("/waves/{number}/stop")
    def stop(
        request: Request, desk: TheDesk, visitor: TheEngineer, look: TheLook, _form: OwnForm, number: str
    ) -> Response:
        whole(look, desk, number)
        try:
            sites.orders.stop(number, visitor.account.name)
        except RefusedError as error:
            return shown(request, desk, visitor, look, number, str(error), 409)
        return RedirectResponse(f"/waves/{number}", 303)

    @router.post("/waves/{number}/resume")
    def resume(
        request: Request, desk: TheDesk, visitor: TheEngineer, look: TheLook, _form: OwnForm, number: str
    ) -> Response:
        whole(look, desk, number)
        try:
            sites.orders.begin(Order(OrderKind.RESUME_WAVE, number, visitor.account.name))
        except RefusedError as error:
            return shown(request, desk, visitor, look, number, str(error), 409)
        return RedirectResponse(f"/waves/{number}", 303)

    def whole(look: Look, desk: Desk, number: str) -> None:
        """Raises HTTPException 403 for a wave that reaches beyond what is seen."""
        found = one(look, desk, number)
        if len(found.rows) != found.sites:
            raise HTTPException(403, _("This wave reaches beyond your region. Ask somebody of the whole kabupaten."))

    return router
