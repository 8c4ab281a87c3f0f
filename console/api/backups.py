"""Kept configurations under /api/v1. Every account sees how old they are; engineers read them, secrets as stars."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from starlette.responses import JSONResponse, Response

from console.api.answers import NAMED, TAGGED, USUAL, After, Limit, of_content, page
from console.api.cursor import sort_by
from console.api.document import Document
from console.api.problems import ConflictError as Conflict
from console.api.problems import described
from console.api.visit import TheBearer, TheLook, bearer_of
from console.ports import Look
from console.ports.backups import Backups, Drifting, Kept
from console.ports.sites import RefusedError
from console.tokens import Bearer
from console.views.backups import Fresh, fresh_of, seen_in
from console.views.sorting import Columns
from console.views.text_difference import difference
from domain.accounts import Right, may
from domain.language import _

Device = Annotated[str, Path(pattern=NAMED, description="Name of a device.")]
Revision = Annotated[str, Query(max_length=80, description="Its number, or the beginning of it.")]
MOST_LINES = 5000


class BackupDocument(Document):
    """cause: why the last try failed; null while it is good."""

    device: str
    site: str
    platform: str
    state: Fresh
    read_at: datetime | None
    changed_at: datetime | None
    lines: int
    failures: int
    cause: str | None
    under_way: bool


class BackupPage(Document):
    items: list[BackupDocument]
    next: str | None


class RevisionDocument(Document):
    revision: str
    at: datetime
    who: str
    why: str
    added: int
    removed: int


class RevisionPage(Document):
    items: list[RevisionDocument]
    next: str | None


class TextDocument(Document):
    device: str
    revision: str
    text: str


class DifferenceDocument(Document):
    """lines: sign and text; more: how many follow that are not in it."""

    device: str
    old: str
    new: str
    added: int
    removed: int
    lines: list[str]
    more: int


class DriftDocument(Document):
    device: str
    state: Drifting


class DriftPage(Document):
    items: list[DriftDocument]
    next: str | None


class ReadingTaken(Document):
    device: str


def reader_of(bearer: Annotated[Bearer, Depends(bearer_of)]) -> Bearer:
    """Reading is no act: a token that may only look reads what its account reads. Raises HTTPException 403."""
    if not may(bearer.account.role, Right.CONFIGURE):
        raise HTTPException(403, _("Configurations are read by engineers alone."))
    return bearer


def engineer_of(bearer: Annotated[Bearer, Depends(bearer_of)]) -> Bearer:
    if not bearer.may(Right.CONFIGURE):
        raise HTTPException(403, _("This account or token may look, not act. Ask an administrator."))
    return bearer


TheReader = Annotated[Bearer, Depends(reader_of)]
TheEngineer = Annotated[Bearer, Depends(engineer_of)]
ONE = {**TAGGED, **described(401, 403, 404, 422, 429)}


COLUMNS: Final[Columns[BackupDocument]] = {
    "device": lambda row: row.device,
    "site": lambda row: row.site,
    "platform": lambda row: row.platform,
    "state": lambda row: row.state.value,
    "readAt": lambda row: row.read_at.timestamp() if row.read_at else None,
    "changedAt": lambda row: row.changed_at.timestamp() if row.changed_at else None,
    "lines": lambda row: row.lines,
    "failures": lambda row: row.failures,
}
DRIFT_COLUMNS: Final[Columns[DriftDocument]] = {
    "device": lambda row: row.device,
    "state": lambda row: row.state.value,
}


def backups_api(backups: Backups) -> APIRouter:
    router = APIRouter(tags=["configurations"])

    @router.get("/backups", response_model=BackupPage, responses={**TAGGED, **described(401, 404, 422, 429)})
    def listed(
        request: Request,
        _bearer: TheBearer,
        look: TheLook,
        state: Annotated[list[Fresh], Query(default_factory=list)],
        limit: Limit = USUAL,
        after: After = "",
        sort: Annotated[str, sort_by(COLUMNS)] = "",
    ) -> Response:
        """How old what is kept of each device is, by name."""
        rows = [
            BackupDocument(
                device=each.device,
                site=each.site,
                platform=each.platform,
                state=fresh_of(each),
                read_at=each.good_at,
                changed_at=each.changed_at,
                lines=each.lines,
                failures=each.failures,
                cause=each.cause or None,
                under_way=each.under_way,
            )
            for each in seen_in(look, backups.rows())
        ]
        found = [row for row in rows if not state or row.state in state]
        shown, more = page(found, _name, limit, after, columns=COLUMNS, sort=sort)
        return of_content(request, BackupPage(items=shown, next=more))

    @router.get("/backups/{device}/revisions", response_model=RevisionPage, responses=ONE)
    def revisions(
        request: Request, _bearer: TheReader, look: TheLook, device: Device, limit: Limit = USUAL, after: After = ""
    ) -> Response:
        """Every change that was kept, newest first."""
        _known(look, device)
        kept = list(backups.history(device))
        start = next((place + 1 for place, each in enumerate(kept) if each.id == after), 0) if after else 0
        rows = kept[start : start + limit]
        items = [
            RevisionDocument(
                revision=each.id, at=each.at, who=each.who, why=each.why, added=each.added, removed=each.removed
            )
            for each in rows
        ]
        more = rows[-1].id if rows and start + limit < len(kept) else None
        return of_content(request, RevisionPage(items=items, next=more))

    @router.get("/backups/{device}/text", response_model=TextDocument, responses=ONE)
    def text(request: Request, _bearer: TheReader, look: TheLook, device: Device, revision: Revision = "") -> Response:
        """The configuration, newest without `revision`."""
        _known(look, device)
        found = _revision(list(backups.history(device)), revision, 0)
        return of_content(request, TextDocument(device=device, revision=found.id, text=backups.text(device, found.id)))

    @router.get("/backups/{device}/difference", response_model=DifferenceDocument, responses=ONE)
    def changed(
        request: Request, _bearer: TheReader, look: TheLook, device: Device, old: Revision = "", new: Revision = ""
    ) -> Response:
        """Between two revisions; without them the last change."""
        _known(look, device)
        kept = list(backups.history(device))
        after = _revision(kept, new, 0)
        before = _revision(kept, old, kept.index(after) + 1)
        sides = [backups.text(device, each.id).splitlines() for each in (before, after)]
        lines = [line for line in difference(sides[0], sides[1]) if line.sign != "@"]
        return of_content(
            request,
            DifferenceDocument(
                device=device,
                old=before.id,
                new=after.id,
                added=sum(line.sign == "+" for line in lines),
                removed=sum(line.sign == "-" for line in lines),
                lines=[f"{line.sign}{line.text}" for line in lines[:MOST_LINES]],
                more=max(0, len(lines) - MOST_LINES),
            ),
        )

    @router.get("/drift", response_model=DriftPage, responses={**TAGGED, **described(401, 404, 422, 429)})
    def drift(
        request: Request,
        _bearer: TheBearer,
        look: TheLook,
        state: Annotated[list[Drifting], Query(default_factory=list)],
        limit: Limit = USUAL,
        after: After = "",
        sort: Annotated[str, sort_by(DRIFT_COLUMNS)] = "",
    ) -> Response:
        """Whether devices are as they are meant to be, by what was read last."""
        found = backups.drift()
        rows = [
            DriftDocument(device=name, state=each)
            for name, each in found.items()
            if name in look.inventory.used_by_name and (not state or each in state)
        ]
        shown, more = page(rows, lambda row: row.device, limit, after, columns=DRIFT_COLUMNS, sort=sort)
        return of_content(request, DriftPage(items=shown, next=more))

    @router.post(
        "/backups/{device}/readings",
        response_model=ReadingTaken,
        status_code=202,
        responses=described(400, 401, 403, 404, 409, 422, 429),
    )
    def read_now(bearer: TheEngineer, look: TheLook, device: Device) -> Response:
        """Reads the device now; /backups says when it has been."""
        _known(look, device)
        try:
            backups.read_now(device, bearer.account.name, bearer.token.id)
        except RefusedError as error:
            raise Conflict(str(error)) from error
        return JSONResponse(ReadingTaken(device=device).model_dump(by_alias=True), 202)

    return router


def _name(row: BackupDocument) -> str:
    return row.device


def _known(look: Look, device: str) -> None:
    if device not in look.inventory.used_by_name:
        raise HTTPException(404, _("There is no such device."))


def _revision(kept: list[Kept], text: str, otherwise: int) -> Kept:
    """Raises HTTPException 404."""
    found = [each for each in kept if len(text) >= 4 and each.id.startswith(text)] if text else kept[otherwise:][:1]
    if len(found) != 1:
        raise HTTPException(404, _("There is no such revision."))
    return found[0]
