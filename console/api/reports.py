"""Reports under /api/v1: kinds, kept editions with their hashes, their files, and making one."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from pydantic import Field
from starlette.responses import Response

from console.api.answers import LONGEST, TAGGED, USUAL, After, Limit, of_content, page
from console.api.cursor import sort_by
from console.api.document import Document
from console.api.orders import PRINTABLE
from console.api.problems import described
from console.api.visit import TheBearer, having
from console.ports.reports import Asked, KeptReport, ReportFile, ReportRefusedError, Reports
from console.tokens import Bearer
from console.views.sorting import Columns
from domain.accounts import Right
from domain.language import _

FormatName = Literal["pdf", "xlsx", "csv"]
Short = Annotated[str, Field(max_length=40, pattern=PRINTABLE)]
FILE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The file.", "content": {"application/octet-stream": {"schema": {"type": "string"}}}},
}


class OfferDocument(Document):
    kind: str
    title: str
    by: list[str]
    period: str


class OfferList(Document):
    items: list[OfferDocument]


class FileDocument(Document):
    format: str
    filename: str
    sha256: str
    size: int


class ReportDocument(Document):
    id: str
    kind: str
    title: str
    subject: str
    by: str
    period: str
    revision: int
    made_at: datetime
    made_by: str
    why: str
    files: list[FileDocument]


class ReportPage(Document):
    items: list[ReportDocument]
    next: str | None


class AskedReport(Document):
    """period: 2026-10, 2026-H1, 2026; of coverage a day."""

    kind: Short
    period: Short
    by: Short = ""
    format: FormatName = "pdf"


class ClosedReport(Document):
    id: str


class AskedClosing(Document):
    """why: of a period that was closed already, the document or the reason of a correction."""

    kind: Short
    period: Short
    by: Short = ""
    why: Annotated[str, Field(max_length=500, pattern=PRINTABLE)] = ""


def reader(bearer: TheBearer) -> Bearer:
    if not bearer.account.sees_everything:
        raise HTTPException(403, _("Reports speak of the whole kabupaten; your account sees a part of it."))
    return bearer


TheReader = Annotated[Bearer, Depends(reader)]


def maker(bearer: TheReader, _planner: Annotated[Bearer, Depends(having(Right.PLAN))]) -> Bearer:
    return bearer


TheMaker = Annotated[Bearer, Depends(maker)]


COLUMNS: Final[Columns[KeptReport]] = {
    "id": lambda each: each.id,
    "kind": lambda each: each.kind,
    "title": lambda each: each.title,
    "period": lambda each: each.period,
    "revision": lambda each: each.revision,
    "madeAt": lambda each: each.made_at.timestamp(),
    "madeBy": lambda each: each.made_by,
}


def reports_api(reports: Reports) -> APIRouter:
    router = APIRouter(tags=["reports"])

    @router.get("/reports/kinds", response_model=OfferList, responses={**TAGGED, **described(401, 403, 404, 422, 429)})
    def kinds(request: Request, _bearer: TheReader) -> Response:
        """What can be made."""
        found = [
            OfferDocument(kind=each.kind, title=each.title, by=list(each.by), period=each.period)
            for each in reports.offers()
        ]
        return of_content(request, OfferList(items=found))

    @router.get("/reports", response_model=ReportPage, responses={**TAGGED, **described(401, 403, 404, 422, 429)})
    def kept(
        request: Request,
        _bearer: TheReader,
        limit: Limit = USUAL,
        after: After = "",
        sort: Annotated[str, sort_by(COLUMNS)] = "",
    ) -> Response:
        """Those that were kept, by id."""
        shown, more = page(reports.kept(), lambda each: each.id, limit, after, columns=COLUMNS, sort=sort)
        return of_content(request, ReportPage(items=[_report(each) for each in shown], next=more))

    @router.get(
        "/reports/{id}/{format}",
        response_class=Response,
        responses={**FILE, **described(401, 403, 404, 422, 429)},
    )
    def file(
        _bearer: TheReader,
        id_: Annotated[str, Path(alias="id", max_length=LONGEST, pattern=PRINTABLE)],
        format_: Annotated[FormatName, Path(alias="format")],
    ) -> Response:
        """Octet by octet as it was kept."""
        try:
            return _file(reports.get(id_, format_))
        except ReportRefusedError as error:
            raise HTTPException(404, str(error)) from error

    @router.post(
        "/reports/file",
        response_class=Response,
        responses={**FILE, **described(400, 401, 403, 409, 422, 429)},
    )
    def make(bearer: TheMaker, asked: AskedReport) -> Response:
        """Make one as it reads now; of a closed period the kept one."""
        try:
            return _file(reports.make(bearer.account.name, Asked(asked.kind, asked.period, asked.by), asked.format))
        except ReportRefusedError as error:
            raise HTTPException(409, str(error)) from error

    @router.post(
        "/reports", status_code=201, response_model=ClosedReport, responses=described(400, 401, 403, 409, 422, 429)
    )
    def close(bearer: TheMaker, asked: AskedClosing) -> ClosedReport:
        """Keep the report of a period that is over as it reads now; with `why` a new edition of one that was kept. 409:
        it cannot be, or nothing reads otherwise."""
        what, who = Asked(asked.kind, asked.period, asked.by), bearer.account.name
        try:
            id_ = reports.revise(who, what, asked.why) if asked.why else reports.close(who, what)
        except ReportRefusedError as error:
            raise HTTPException(409, str(error)) from error
        if not id_:
            raise HTTPException(409, _("Nothing reads otherwise than when it was closed."))
        return ClosedReport(id=id_)

    return router


def _file(file: ReportFile) -> Response:
    return Response(file.octets, media_type="application/octet-stream", headers={"X-Content-SHA256": file.sha256})


def _report(each: KeptReport) -> ReportDocument:
    files = [FileDocument(format=f.format, filename=f.filename, sha256=f.sha256, size=f.size) for f in each.files]
    return ReportDocument(
        id=each.id, kind=each.kind, title=each.title, subject=each.subject, by=each.by, period=each.period,
        revision=each.revision, made_at=each.made_at, made_by=each.made_by, why=each.why, files=files,
    )  # fmt: skip
