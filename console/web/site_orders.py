"""Orders that change a site which stands: each is shown first with what it would do, and then confirmed."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import FormData, QueryParams
from starlette.responses import RedirectResponse, Response

from console.entrance import Visitor
from console.ports import Look
from console.ports.sites import Order, OrderKind, Preview, RefusedError, Sites
from console.views.places import place_name
from console.web.visit import Desk, OwnForm, TheDesk, TheLook, having, text_of
from domain.accounts import Right
from domain.language import _
from domain.network.units import FATES

MOST: Final = 200
MOST_LINES: Final = 2000
ENDED: Final = ("spare", "retired")
KINDS: Final = {
    each.value: each
    for each in (
        OrderKind.ROLLBACK,
        OrderKind.REPLACE,
        OrderKind.SUSPEND,
        OrderKind.RESUME,
        OrderKind.DECOMMISSION,
    )
}
FIELDS: Final[dict[OrderKind, tuple[str, ...]]] = {
    OrderKind.ROLLBACK: (),
    OrderKind.REPLACE: ("device", "serial", "model", "platform", "fate", "contact", "login", "reason", "already"),
    OrderKind.SUSPEND: ("reason", "fate"),
    OrderKind.RESUME: ("reason", "fate"),
    OrderKind.DECOMMISSION: ("reason", "fate"),
}
LACKING: Final[dict[OrderKind, tuple[str, ...]]] = {
    OrderKind.REPLACE: ("device", "serial"),
    OrderKind.SUSPEND: ("reason",),
    OrderKind.DECOMMISSION: ("reason",),
}
"""Without these nothing can be shown yet."""
TheEngineer = Annotated[Visitor, Depends(having(Right.CONFIGURE))]


def words_of(kind: OrderKind, given: FormData | QueryParams) -> dict[str, str]:
    """Raises HTTPException 422 for a fate that there is not."""
    words = {}
    for name in FIELDS[kind]:
        value = given.get(name, "")
        words[name] = value.strip()[:MOST] if isinstance(value, str) else ""
    if "fate" in words:
        words["fate"] = words["fate"] or "spare"
        allowed = ENDED if kind is OrderKind.DECOMMISSION else tuple(each.value for each in FATES)
        if words["fate"] not in allowed:
            raise HTTPException(422, _("Its devices become one of: {fates}.").format(fates=", ".join(allowed)))
    return words


def title_of(kind: OrderKind) -> str:
    return {
        OrderKind.ROLLBACK: _("Take the change back"),
        OrderKind.REPLACE: _("Replace a device"),
        OrderKind.SUSPEND: _("Suspend the site"),
        OrderKind.RESUME: _("Resume the site"),
        OrderKind.DECOMMISSION: _("Take the site down"),
        OrderKind.BUILD: _("Build the site"),
        OrderKind.WAVE: _("Begin a wave"),
        OrderKind.RESUME_WAVE: _("Go on with the wave"),
    }[kind]


def order_routes(sites: Sites) -> APIRouter:
    router = APIRouter()

    def asked(
        request: Request,
        desk: Desk,
        visitor: Visitor,
        look: Look,
        order: Order,
        error: str = "",
        status: int = 200,
    ) -> Response:
        site = look.inventory.site_by_slug[order.subject]
        preview: Preview | None = None
        if all(order.words.get(name) for name in LACKING.get(order.kind, ())):
            try:
                preview = sites.plans.preview(order)
            except RefusedError as refused:
                error, status = error or str(refused), max(status, 409)
        devices = look.inventory.used_at_site.get(site.slug, ())
        more: dict[str, Any] = {
            "slug": site.slug,
            "spot": place_name(site, look.names),
            "kind": order.kind,
            "title": title_of(order.kind),
            "words": order.words,
            "preview": preview,
            "told": [(name, lines[:MOST_LINES]) for name, lines in preview.told.items()] if preview else [],
            "devices": [(each.name, each.role.value, each.model, each.serial) for each in devices],
            "fates": ENDED if order.kind is OrderKind.DECOMMISSION else [each.value for each in FATES],
            "error": error,
        }
        return desk.pages.page(request, "site_order.html", visitor, look, status, **more)

    def named(kind: str, look: Look, slug: str) -> OrderKind:
        if kind not in KINDS or slug not in look.inventory.site_by_slug:
            raise HTTPException(404, _("There is no such page."))
        return KINDS[kind]

    def outside(look: Look, slug: str, words: dict[str, str]) -> bool:
        """Whether a device is named that does not stand at this site."""
        name = words.get("device", "")
        return bool(name) and all(each.name != name for each in look.inventory.used_at_site.get(slug, ()))

    @router.get("/sites/{slug}/{kind}")
    def look_first(
        request: Request, desk: TheDesk, visitor: TheEngineer, look: TheLook, slug: str, kind: str
    ) -> Response:
        """What it would do. Nothing is done."""
        what = named(kind, look, slug)
        words = words_of(what, request.query_params)
        if outside(look, slug, words):
            raise HTTPException(404, _("This device does not stand at this site."))
        return asked(request, desk, visitor, look, Order(what, slug, visitor.account.name, words))

    @router.post("/sites/{slug}/{kind}")
    def confirm(
        request: Request, desk: TheDesk, visitor: TheEngineer, look: TheLook, form: OwnForm, slug: str, kind: str
    ) -> Response:
        what = named(kind, look, slug)
        words = words_of(what, form)
        if outside(look, slug, words):
            raise HTTPException(404, _("This device does not stand at this site."))
        order = Order(what, slug, visitor.account.name, words, text_of(form, "mark", MOST))
        try:
            if not order.mark or sites.plans.preview(order).mark != order.mark:
                why = _("What it would do is something else by now. This is what it would do; confirm it once more.")
                return asked(request, desk, visitor, look, order, why, 409)
            sites.orders.begin(order)
        except RefusedError as error:
            return asked(request, desk, visitor, look, order, str(error), 409)
        return RedirectResponse(f"/sites/{slug}", 303)

    return router
