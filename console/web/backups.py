"""Kept configurations: how old they are, what changed, what drifted; and reading a device now."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import RedirectResponse, Response

from console.api.backups import backups_api
from console.entrance import Visitor
from console.ports import Look
from console.ports.backups import Backups, Drifting, Kept
from console.ports.sites import RefusedError
from console.views.backups import (
    LONGEST_FILTER,
    SHAPES,
    Fresh,
    Wanted,
    compared,
    drift_rows,
    drift_word,
    fresh_of,
    fresh_word,
    kept_rows,
    list_of,
)
from console.views.plan import signed
from console.views.sheet import address, leaf_of, sheet_of
from console.web.part import Entry, Part
from console.web.sheet import PageNumber, Search, Sort, as_sheet, file_header
from console.web.visit import Desk, OwnForm, TheDesk, TheLook, TheVisitor, having
from domain.accounts import Right
from domain.language import _
from domain.shell.words import cause_word

MOST_LINES = 3000
Revision = Annotated[str, Query(max_length=80)]
TheEngineer = Annotated[Visitor, Depends(having(Right.CONFIGURE))]


def backups_part(backups: Backups) -> Part:
    entries = (
        Entry("/backups", lambda: _("Configurations"), lambda: _("Kept, how old, and what changed in them.")),
        Entry("/drift", lambda: _("Drift"), lambda: _("Devices that are not as they are meant to be.")),
    )
    return Part(backup_routes(backups), entries, backups_api(backups))


def wanted_of(
    fresh: Annotated[list[Fresh], Query(default_factory=list)],
    q: Annotated[str, Query(max_length=LONGEST_FILTER)] = "",
    kecamatan: Annotated[str, Query(max_length=LONGEST_FILTER)] = "",
    page: PageNumber = 1,
    sort: Sort = "",
) -> Wanted:
    return Wanted(q.strip(), frozenset(fresh), kecamatan, page, sort)


TheWanted = Annotated[Wanted, Depends(wanted_of)]


def revision_in(kept: list[Kept], text: str) -> int:
    """Its place, by its number or the beginning of it. Raises HTTPException 404."""
    found = [place for place, each in enumerate(kept) if len(text) >= 4 and each.id.startswith(text)]
    if len(found) != 1:
        raise HTTPException(404, _("There is no such revision."))
    return found[0]


def backup_routes(backups: Backups) -> APIRouter:
    router = APIRouter()

    @router.get("/backups")
    def listed(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, wanted: TheWanted) -> Response:
        found = list_of(look, backups.rows(), wanted, desk.zone)
        return desk.pages.page(request, "backups.html", visitor, look, list=found, wanted=wanted)

    @router.get("/backups.csv")
    def as_csv(desk: TheDesk, visitor: TheVisitor, look: TheLook, wanted: TheWanted) -> Response:
        head = [_("device"), _("place"), _("platform"), _("state"), _("why"), _("last read"), _("last change")]
        rows = [
            (line.device, line.place, line.platform, line.word, line.why, line.read, line.changed)
            for line in list_of(look, backups.rows(), wanted, desk.zone).all
        ]
        return as_sheet("configurations", look.at.astimezone(desk.zone).date(), sheet_of(head, rows))

    @router.get("/drift")
    def drift(
        request: Request,
        desk: TheDesk,
        visitor: TheVisitor,
        look: TheLook,
        q: Search = "",
        state: Search = "",
        page: PageNumber = 1,
        sort: Sort = "",
    ) -> Response:
        found = backups.drift()
        all_ = drift_rows(look, found)
        wanted = Drifting(state) if state in set(Drifting) else None
        shown = leaf_of(drift_rows(look, found, q, wanted, sort), page)
        more: dict[str, Any] = {
            "rows": shown,
            "total": len(all_),
            "drifted": sum(row[2] is Drifting.DRIFTED for row in all_),
            "states": [(each, drift_word(each)) for each in Drifting],
            "q": q,
            "state": wanted,
        }
        return desk.pages.page(request, "drift.html", visitor, look, **more)

    @router.get("/drift.csv")
    def drift_csv(
        desk: TheDesk,
        visitor: TheVisitor,
        look: TheLook,
        q: Search = "",
        state: Search = "",
        sort: Sort = "",
    ) -> Response:
        wanted = Drifting(state) if state in set(Drifting) else None
        found = drift_rows(look, backups.drift(), q, wanted, sort)
        rows = [(device, place, word) for device, place, _drift, word, _shape in found]
        today = look.at.astimezone(desk.zone).date()
        return as_sheet("drift", today, sheet_of([_("device"), _("place"), _("state")], rows))

    def known(look: Look, device: str) -> str:
        """The site. Raises HTTPException 404 also for what lies outside of what is seen."""
        held = look.inventory.used_by_name.get(device)
        if held is None:
            raise HTTPException(404, _("There is no such device."))
        return held.site

    def shown(
        request: Request,
        desk: Desk,
        visitor: Visitor,
        look: Look,
        device: str,
        chosen: tuple[str, str, int] = ("", "", 1),
        error: str = "",
        status: int = 200,
    ) -> Response:
        site = known(look, device)
        kept = list(backups.history(device))
        old, new, page = chosen
        at = revision_in(kept, new) if new else 0
        before = revision_in(kept, old) if old else at + 1
        change = None
        if kept and before < len(kept):
            sides = [(kept[place].id, backups.text(device, kept[place].id)) for place in (before, at)]
            change = compared(sides[0], sides[1], page)
        row = next((each for each in backups.rows() if each.device == device), None)
        drift: Drifting | None = None
        lines: list[tuple[str, str]] = []
        try:
            drifted = backups.drifted(device)
            drift, lines = drifted.state, signed(drifted.lines)
        except RefusedError as refused:
            error = error or str(refused)
        fresh = fresh_of(row) if row else Fresh.NEVER
        path = f"/backups/{device}"
        more: dict[str, Any] = {
            "device": device,
            "site": site,
            "row": row,
            "fresh": fresh_word(fresh),
            "shape": SHAPES[fresh],
            "cause": cause_word(row.cause) if row and row.cause else "",
            "kept": kept_rows(kept, desk.zone, look.at),
            "change": change,
            "pages": [
                (each, address(path, {"old": old, "new": new, "page": each}))
                for each in range(1, (change.lines.pages if change else 0) + 1)
            ],
            "drift": drift_word(drift) if drift else "",
            "drifted": lines[:MOST_LINES],
            "cut": max(0, len(lines) - MOST_LINES),
            "error": error,
        }
        return desk.pages.page(request, "backup.html", visitor, look, status, **more)

    @router.get("/backups/{device}")
    def one(
        request: Request,
        desk: TheDesk,
        visitor: TheEngineer,
        look: TheLook,
        device: str,
        old: Revision = "",
        new: Revision = "",
        page: PageNumber = 1,
    ) -> Response:
        """What was kept of it, and what changed between two of them; without: the last change."""
        return shown(request, desk, visitor, look, device, (old, new, page))

    @router.get("/backups/{device}/text")
    def text(desk: TheDesk, visitor: TheEngineer, look: TheLook, device: str, revision: Revision = "") -> Response:
        """The configuration itself, secrets as stars."""
        known(look, device)
        kept = list(backups.history(device))
        if not kept:
            raise HTTPException(404, _("No configuration of this device is kept."))
        found = kept[revision_in(kept, revision)] if revision else kept[0]
        headers = file_header(f"{device}-{found.id[:10]}.txt", inline=True)
        return Response(backups.text(device, found.id), media_type="text/plain; charset=utf-8", headers=headers)

    @router.post("/backups/{device}/read")
    def read_now(
        request: Request, desk: TheDesk, visitor: TheEngineer, look: TheLook, _form: OwnForm, device: str
    ) -> Response:
        known(look, device)
        try:
            backups.read_now(device, visitor.account.name)
        except RefusedError as error:
            return shown(request, desk, visitor, look, device, error=str(error), status=409)
        return RedirectResponse(f"/backups/{device}", 303)

    return router
