"""Reports: made when they are asked for, kept when their period is closed, given out again as they were.

They speak of the whole kabupaten, so they are for accounts that see it whole.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from console.api.reports import reports_api
from console.entrance import Visitor
from console.ports import Look
from console.ports.reports import Asked, NoReportError, ReportFile, ReportRefusedError, Reports
from console.views.reports import FORMATS, kept_rows, offer_rows
from console.views.sheet import leaf_of, sheet_of
from console.web.part import Entry, Part
from console.web.sheet import PageNumber, Search, Sort, as_sheet, file_header
from console.web.visit import Desk, OwnForm, TheDesk, TheLook, TheVisitor, having, text_of
from domain.accounts import Right
from domain.language import _

HASH_HEADER = "X-Content-SHA256"


def reader(visitor: TheVisitor) -> Visitor:
    if not visitor.account.sees_everything:
        raise HTTPException(403, _("Reports speak of the whole kabupaten; your account sees a part of it."))
    return visitor


TheReader = Annotated[Visitor, Depends(reader)]


def maker(visitor: TheReader, _planner: Annotated[Visitor, Depends(having(Right.PLAN))]) -> Visitor:
    return visitor


TheMaker = Annotated[Visitor, Depends(maker)]


def as_file(file: ReportFile) -> Response:
    headers = file_header(file.filename) | {HASH_HEADER: file.sha256}
    return Response(file.octets, media_type=file.media_type, headers=headers)


def reports_part(reports: Reports) -> Part:
    router = APIRouter()

    def shown(
        request: Request, desk: Desk, visitor: Visitor, look: Look, q: str = "", page: int = 1, status: int = 200,
        error: str = "", said: str = "", sort: str = "",
    ) -> Response:  # fmt: skip
        rows = kept_rows(reports.kept(), look.at, desk.zone, q, sort)
        return desk.pages.page(
            request, "reports.html", visitor, look, status, offers=offer_rows(reports.offers(), look.at, desk.zone),
            leaf=leaf_of(rows, page), q=q, error=error, said=said, formats=FORMATS,
        )  # fmt: skip

    @router.get("/reports")
    def reports_(
        request: Request,
        desk: TheDesk,
        visitor: TheReader,
        look: TheLook,
        q: Search = "",
        page: PageNumber = 1,
        sort: Sort = "",
    ) -> Response:
        return shown(request, desk, visitor, look, q, page, sort=sort)

    @router.get("/reports.csv")
    def reports_csv(desk: TheDesk, visitor: TheReader, look: TheLook, q: Search = "", sort: Sort = "") -> Response:
        head = [
            _("id"),
            _("title"),
            _("subject"),
            _("period"),
            _("edition"),
            _("made"),
            _("by"),
            _("why"),
            "sha256 (PDF)",
        ]
        cells = (
            (row.id, row.title, row.subject, row.period, row.revision, row.made, row.made_by, row.why,
             next((sha256 for format_, _size, sha256 in row.files if format_ == "pdf"), ""))
            for row in kept_rows(reports.kept(), look.at, desk.zone, q, sort)
        )  # fmt: skip
        return as_sheet("reports", look.at.astimezone(desk.zone).date(), sheet_of(head, cells))

    @router.post("/reports")
    def act(request: Request, desk: TheDesk, visitor: TheMaker, look: TheLook, form: OwnForm) -> Response:
        """Make one (the answer is the file), close a period, or revise what was closed."""
        asked = Asked(text_of(form, "kind", 40), text_of(form, "period", 40), text_of(form, "by", 40))
        what, who = text_of(form, "act", 20), visitor.account.name
        try:
            match what:
                case "close":
                    reports.close(who, asked)
                case "revise" if not text_of(form, "why", 500):
                    raise ReportRefusedError(_("Say why: the document or the reason."))
                case "revise":
                    if not reports.revise(who, asked, text_of(form, "why", 500)):
                        said = _("Nothing reads otherwise than when it was closed.")
                        return shown(request, desk, visitor, look, said=said)
                case _ if what in FORMATS:
                    return as_file(reports.make(who, asked, what))
                case _:
                    raise ReportRefusedError(_("Choose PDF, XLSX or CSV."))
        except ReportRefusedError as refused:
            return shown(request, desk, visitor, look, status=422, error=str(refused))
        return RedirectResponse("/reports#kept", 303)

    @router.get("/reports/{id_}/{format_}")
    def kept(visitor: TheReader, id_: str, format_: str) -> Response:
        try:
            return as_file(reports.get(id_, format_))
        except NoReportError as error:
            raise HTTPException(404, str(error)) from error
        except ReportRefusedError as error:
            raise HTTPException(422, str(error)) from error

    entry = Entry(
        "/reports",
        lambda: _("Reports"),
        lambda: _("Availability, coverage, incidents, bandwidth and the evaluation, as PDF, XLSX and CSV."),
        whole=True,
    )
    return Part(router, (entry,), reports_api(reports))
