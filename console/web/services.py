"""Applications, their certificates, and CCTV points: lists, the same as CSV, and one of them whole."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import Response

from console.api.services import services_api
from console.cutting import cut_incidents
from console.ports import Look
from console.ports.services import Services
from console.views.certificates import certificate_rows, fitting
from console.views.service import page_of
from console.views.services import (
    ServiceRow,
    Wanted,
    answer,
    applications,
    cameras,
    class_word,
    list_of,
    seen_subjects,
)
from console.views.sheet import LONGEST_FILTER, leaf_of, sheet_of
from console.web.part import Entry, Part
from console.web.sheet import PageNumber, Search, Sort, as_sheet
from console.web.visit import Desk, TheDesk, TheLook, TheVisitor
from domain.language import _
from domain.network import ServiceClass
from domain.states import State


def wanted_of(
    q: Search = "",
    state: Annotated[list[State] | None, Query(max_length=20)] = None,
    owner: Annotated[str, Query(max_length=LONGEST_FILTER)] = "",
    klass: Annotated[str, Query(alias="class", max_length=LONGEST_FILTER)] = "",
    sort: Sort = "",
) -> Wanted:
    return Wanted(q.strip(), frozenset(state or ()), owner, klass, sort)


TheWanted = Annotated[Wanted, Depends(wanted_of)]


def services_part(services: Services) -> Part:
    router = APIRouter()

    def shown(
        request: Request, desk: Desk, visitor: TheVisitor, look: Look, wanted: Wanted, page: int, *, of_cameras: bool
    ) -> Response:
        board = services.board()
        seen = seen_subjects(visitor.account, board)
        found = list_of((cameras if of_cameras else applications)(seen), board, look, wanted, desk.zone)
        return desk.pages.page(
            request, "services.html", visitor, look, list=found, leaf=leaf_of(found.rows, page), wanted=wanted,
            silent=board.silent, of_cameras=of_cameras, answer=answer(found, of_cameras=of_cameras),
            classes=[(each.value, class_word(each)) for each in ServiceClass],
        )  # fmt: skip

    @router.get("/services")
    def services_(
        request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, wanted: TheWanted, page: PageNumber = 1
    ) -> Response:
        return shown(request, desk, visitor, look, wanted, page, of_cameras=False)

    @router.get("/cameras")
    def cameras_(
        request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, wanted: TheWanted, page: PageNumber = 1
    ) -> Response:
        return shown(request, desk, visitor, look, wanted, page, of_cameras=True)

    @router.get("/services.csv")
    def services_csv(desk: TheDesk, visitor: TheVisitor, look: TheLook, wanted: TheWanted) -> Response:
        board = services.board()
        found = list_of(applications(seen_subjects(visitor.account, board)), board, look, wanted, desk.zone)
        return as_sheet("services", look.at.astimezone(desk.zone).date(), _csv(found.rows))

    @router.get("/cameras.csv")
    def cameras_csv(desk: TheDesk, visitor: TheVisitor, look: TheLook, wanted: TheWanted) -> Response:
        board = services.board()
        found = list_of(cameras(seen_subjects(visitor.account, board)), board, look, wanted, desk.zone)
        return as_sheet("cameras", look.at.astimezone(desk.zone).date(), _csv(found.rows))

    @router.get("/certificates")
    def certificates(
        request: Request,
        desk: TheDesk,
        visitor: TheVisitor,
        look: TheLook,
        q: Search = "",
        page: PageNumber = 1,
        sort: Sort = "",
    ) -> Response:
        board = services.board()
        codes = {each.code for each in seen_subjects(visitor.account, board)}
        all_ = certificate_rows((each for each in board.standings.values() if each.code in codes), look.at, desk.zone)
        rows = fitting(all_, q, sort)
        return desk.pages.page(
            request, "certificates.html", visitor, look, leaf=leaf_of(rows, page), total=len(all_), q=q,
            silent=board.silent, ending=sum(row.shape is not State.UP for row in rows),
        )  # fmt: skip

    @router.get("/certificates.csv")
    def certificates_csv(
        desk: TheDesk, visitor: TheVisitor, look: TheLook, q: Search = "", sort: Sort = ""
    ) -> Response:
        board = services.board()
        codes = {each.code for each in seen_subjects(visitor.account, board)}
        all_ = certificate_rows((each for each in board.standings.values() if each.code in codes), look.at, desk.zone)
        head = [_("certificate"), _("issuer"), _("part"), _("hop"), _("hosts"), _("applications"), _("days left"),
                _("until"), _("state"), "sha256"]  # fmt: skip
        cells = (
            (row.subject, row.issuer, row.role, row.hop, " ".join(row.hosts), " ".join(row.codes), row.days, row.until,
             row.word, row.fingerprint)
            for row in fitting(all_, q, sort)
        )  # fmt: skip
        return as_sheet("certificates", look.at.astimezone(desk.zone).date(), sheet_of(head, cells))

    @router.get("/services/{code}")
    def service(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, code: str) -> Response:
        board = services.board()
        subject = next((each for each in seen_subjects(visitor.account, board) if each.code == code), None)
        if subject is None:
            raise HTTPException(404, _("There is no such application or camera."))
        page = page_of(subject, board, look, cut_incidents(look, services.history(subject)), desk.speak, desk.zone)
        return desk.pages.page(
            request, "service.html", visitor, look, page=page, silent=board.silent, is_camera=subject.service is None
        )

    entries = (
        Entry("/services", lambda: _("Applications"), lambda: _("Whether each answers, since when, and whose it is.")),
        Entry("/certificates", lambda: _("Certificates"), lambda: _("How many days each has left.")),
        Entry("/cameras", lambda: _("CCTV points"), lambda: _("Whether each sends a picture.")),
    )
    return Part(router, entries, services_api(services))


def _csv(rows: tuple[ServiceRow, ...]) -> str:
    head = [_("code"), _("name"), _("class"), _("owner"), _("contact"), _("address"), _("place"), _("state"),
            _("reason"), _("since"), _("response ms"), _("checked")]  # fmt: skip
    cells = (
        (row.code, row.name, row.class_, row.owner, row.contact, row.url, row.place, row.word, row.reason, row.since,
         row.response, row.checked)
        for row in rows
    )  # fmt: skip
    return sheet_of(head, cells)
