"""The queue of doubts: what was found and nobody knows, units that may have been replaced, host keys refused."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from console.api.discovery import discovery_api
from console.entrance import Visitor
from console.ports import Look
from console.ports.discovery import Queue, Taken
from console.ports.sites import RefusedError
from console.views.discovery import queue_of
from console.views.sheet import sheet_of
from console.web.part import Entry, Part
from console.web.sheet import Search, Sort, as_sheet
from console.web.visit import Desk, OwnForm, TheDesk, TheLook, TheVisitor, having, text_of
from domain.accounts import Right
from domain.language import _
from domain.network import Role

MOST = 200
LONGEST_FILTER = 100
TheEngineer = Annotated[Visitor, Depends(having(Right.CONFIGURE))]


def discovery_part(queue: Queue) -> Part:
    entry = Entry(
        "/discovery",
        lambda: _("Doubts"),
        lambda: _("What was found and nobody knows, units that may be others, keys that changed."),
    )
    return Part(discovery_routes(queue), (entry,), discovery_api(queue))


def discovery_routes(queue: Queue) -> APIRouter:
    router = APIRouter()

    def shown(
        request: Request,
        desk: Desk,
        visitor: Visitor,
        look: Look,
        error: str = "",
        status: int = 200,
        q: str = "",
        sort: str = "",
    ) -> Response:
        doubts = queue.doubts.questions(), queue.doubts.host_keys()
        found = queue_of(look, queue.strangers.found(), *doubts, desk.zone, q, sort)
        roles = [each.value for each in Role]
        return desk.pages.page(
            request, "discovery.html", visitor, look, status, queue=found, roles=roles, error=error, q=q
        )

    @router.get("/discovery")
    def doubts(
        request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, q: Search = "", sort: Sort = ""
    ) -> Response:
        return shown(request, desk, visitor, look, q=q, sort=sort)

    @router.get("/discovery.csv")
    def as_csv(desk: TheDesk, visitor: TheVisitor, look: TheLook, q: Search = "", sort: Sort = "") -> Response:
        found = queue_of(look, queue.strangers.found(), (), (), desk.zone, q, sort)
        head = [_("name"), _("address of the chassis"), _("protocol"), _("seen by"), _("interface"), _("ignored")]
        rows = [
            (each.name, each.chassis, each.protocol, each.seen_by, each.interface, each.ignored)
            for each in (*found.strangers, *found.ignored)
        ]
        return as_sheet("doubts", look.at.astimezone(desk.zone).date(), sheet_of(head, rows))

    def stranger(look: Look, key: str) -> None:
        """Raises HTTPException 404 also for what a device outside of what is seen has found."""
        found = next((each for each in queue.strangers.found() if each.key == key), None)
        if found is None or found.seen_by not in look.inventory.used_by_name:
            raise HTTPException(404, _("Nobody sees this any more. Look at the list again."))

    def known(look: Look, device: str) -> None:
        if device not in look.inventory.used_by_name:
            raise HTTPException(404, _("There is no such device."))

    @router.post("/discovery/ignore")
    def ignore(request: Request, desk: TheDesk, visitor: TheEngineer, look: TheLook, form: OwnForm) -> Response:
        """Says why it is none of ours; without a reason it is asked again."""
        key, reason = text_of(form, "key", MOST), text_of(form, "reason", MOST)
        stranger(look, key)
        if not reason and text_of(form, "again", 5) != "yes":
            return shown(request, desk, visitor, look, _("Say in a few words why it is none of yours."), 422)
        return _done(request, desk, visitor, look, lambda: queue.strangers.ignore(key, reason, visitor.account.name))

    @router.post("/discovery/take")
    def take(request: Request, desk: TheDesk, visitor: TheEngineer, look: TheLook, form: OwnForm) -> Response:
        values = {name: text_of(form, name, MOST) for name in ("key", "name", "role", "model", "address")}
        stranger(look, values["key"])
        if values["role"] not in {each.value for each in Role}:
            return shown(request, desk, visitor, look, _("Choose what it is."), 422)
        taken = Taken(values["key"], values["name"], Role(values["role"]), values["model"], values["address"])
        return _done(request, desk, visitor, look, lambda: queue.strangers.take(taken, visitor.account.name))

    @router.post("/discovery/dismiss")
    def dismiss(request: Request, desk: TheDesk, visitor: TheEngineer, look: TheLook, form: OwnForm) -> Response:
        device, serial, reason = (text_of(form, name, MOST) for name in ("device", "serial", "reason"))
        known(look, device)
        return _done(
            request, desk, visitor, look, lambda: queue.doubts.dismiss(device, serial, reason, visitor.account.name)
        )

    @router.post("/discovery/believe")
    def believe(request: Request, desk: TheDesk, visitor: TheEngineer, look: TheLook, form: OwnForm) -> Response:
        device, fingerprint = text_of(form, "device", MOST), text_of(form, "fingerprint", MOST)
        known(look, device)
        if text_of(form, "sure", 5) != "yes":
            why = _("Tick that you know why the key is another one. Somebody else may be listening.")
            return shown(request, desk, visitor, look, why, 422)
        return _done(
            request, desk, visitor, look, lambda: queue.doubts.believe(device, fingerprint, visitor.account.name)
        )

    def _done(request: Request, desk: Desk, visitor: Visitor, look: Look, act: Any) -> Response:
        try:
            act()
        except RefusedError as error:
            return shown(request, desk, visitor, look, str(error), 409)
        return RedirectResponse("/discovery", 303)

    return router
