"""Applications, cameras and certificates under /api/v1."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Path, Query, Request
from starlette.responses import Response

from console.api.answers import LONGEST, TAGGED, USUAL, After, Limit, of_content, page
from console.api.cursor import sort_by
from console.api.document import Document
from console.api.orders import PRINTABLE
from console.api.problems import described
from console.api.visit import TheBearer, TheLook
from console.ports.services import Board, Services, Subject
from console.views.devices import WORST_FIRST
from console.views.services import open_incident, row_of, seen_subjects
from console.views.sorting import Columns
from console.web.visit import TheDesk
from domain.language import _
from domain.services import CertificateFacts, sentence
from domain.services.standing import Standing
from domain.states import State

Code = Annotated[str, Path(max_length=LONGEST, pattern=PRINTABLE, description="Of an application, or a camera's name.")]
States = Annotated[list[State] | None, Query(max_length=20)]
READ = {**TAGGED, **described(401, 404, 422, 429)}
ONE = {**TAGGED, **described(401, 404, 422, 429)}


class ServiceDocument(Document):
    """reason: a sentence; empty where all is well. response_seconds: of the last check."""

    code: str
    name: str
    camera: bool
    class_name: str
    owner: str
    url: str
    place: str
    kecamatan: str
    state: State
    reason: str
    since: datetime | None
    response_seconds: float | None
    checked_at: datetime | None
    incident: str | None


class ServicePage(Document):
    """silent: why the poller says nothing now; empty while it does."""

    items: list[ServiceDocument]
    next: str | None
    silent: str


class CertificateDocument(Document):
    """hop: of the chain of redirects, from 1."""

    service: str
    hop: int
    host: str
    role: str
    subject: str
    issuer: str
    names: list[str]
    not_before: datetime
    not_after: datetime
    days_left: int
    fingerprint: str
    self_signed: bool


class CertificatePage(Document):
    items: list[CertificateDocument]
    next: str | None


class HopDocument(Document):
    url: str
    status: int
    location: str


class ServiceWhole(ServiceDocument):
    evidence: list[str]
    hops: list[HopDocument]
    certificates: list[CertificateDocument]
    incidents: list[str]


COLUMNS: Final[Columns[ServiceDocument]] = {
    "code": lambda row: row.code,
    "name": lambda row: row.name,
    "owner": lambda row: row.owner,
    "place": lambda row: row.place,
    "state": lambda row: WORST_FIRST[row.state],
    "since": lambda row: row.since.timestamp() if row.since else None,
    "responseSeconds": lambda row: row.response_seconds,
    "checkedAt": lambda row: row.checked_at.timestamp() if row.checked_at else None,
}
CERTIFICATE_COLUMNS: Final[Columns[CertificateDocument]] = {
    "daysLeft": lambda each: each.days_left,
    "service": lambda each: each.service,
    "subject": lambda each: each.subject,
    "issuer": lambda each: each.issuer,
    "host": lambda each: each.host,
}


def services_api(services: Services) -> APIRouter:
    router = APIRouter(tags=["services"])

    @router.get("/services", response_model=ServicePage, responses=READ)
    def list_(
        request: Request, desk: TheDesk, bearer: TheBearer, look: TheLook, state: States = None, limit: Limit = USUAL,
        after: After = "", sort: Annotated[str, sort_by(COLUMNS)] = "",
    ) -> Response:  # fmt: skip
        """Applications and cameras that are checked, by code."""
        board = services.board()
        rows = [_service(each, board, look, desk) for each in seen_subjects(bearer.account, board)]
        found = [row for row in rows if not state or row.state in state]
        shown, more = page(found, lambda row: row.code, limit, after, columns=COLUMNS, sort=sort)
        return of_content(request, ServicePage(items=shown, next=more, silent=board.silent))

    @router.get("/services/{code}", response_model=ServiceWhole, responses=ONE)
    def one(request: Request, desk: TheDesk, bearer: TheBearer, look: TheLook, code: Code) -> Response:
        """One of them with what the last check found, and the incidents it had."""
        board = services.board()
        subject = next((each for each in seen_subjects(bearer.account, board) if each.code == code), None)
        if subject is None:
            raise HTTPException(404, _("There is no such application or camera."))
        standing = board.standings.get(code)
        whole = ServiceWhole(
            **dict(_service(subject, board, look, desk)),
            evidence=[sentence(each) for each in standing.findings] if standing else [],
            hops=[HopDocument(url=h.url, status=h.status, location=h.location) for h in standing.hops]
            if standing
            else [],
            certificates=_certificates(standing, look.at) if standing else [],
            incidents=[each.id for each in services.history(subject)],
        )
        return of_content(request, whole)

    @router.get("/certificates", response_model=CertificatePage, responses=READ)
    def certificates(
        request: Request,
        bearer: TheBearer,
        look: TheLook,
        limit: Limit = USUAL,
        after: After = "",
        sort: Annotated[str, sort_by(CERTIFICATE_COLUMNS)] = "",
    ) -> Response:
        """Every certificate that an application shows, the soonest end first."""
        board = services.board()
        codes = {each.code for each in seen_subjects(bearer.account, board)}
        found = [
            each
            for standing in board.standings.values()
            if standing.code in codes
            for each in _certificates(standing, look.at)
        ]
        shown, more = page(found, _soonest, limit, after, columns=CERTIFICATE_COLUMNS, sort=sort)
        return of_content(request, CertificatePage(items=shown, next=more))

    return router


def _soonest(each: CertificateDocument) -> str:
    return f"{each.not_after.isoformat()} {each.fingerprint[:16]} {each.hop} {each.service}"[:LONGEST]


def _service(subject: Subject, board: Board, look: TheLook, desk: TheDesk) -> ServiceDocument:
    row, standing = row_of(subject, board, look, desk.zone), board.standings.get(subject.code)
    incident = open_incident(subject, look)
    since = incident.started_at if incident else standing.since if standing else None
    return ServiceDocument(
        code=row.code,
        name=row.name,
        camera=subject.service is None,
        class_name=row.class_,
        owner=row.owner,
        url=row.url,
        place=row.place,
        kecamatan=row.kecamatan,
        state=row.state,
        reason=row.reason,
        since=since,
        response_seconds=standing.phases.total_seconds if standing else None,
        checked_at=standing.checked_at if standing else None,
        incident=row.incident or None,
    )


def _certificates(standing: Standing, now: datetime) -> list[CertificateDocument]:
    return [_certificate(standing.code, each, now) for each in standing.certificates]


def _certificate(code: str, facts: CertificateFacts, now: datetime) -> CertificateDocument:
    return CertificateDocument(
        service=code,
        hop=facts.hop + 1,
        host=facts.host,
        role=facts.role.value,
        subject=facts.subject,
        issuer=facts.issuer,
        names=list(facts.names),
        not_before=facts.not_before,
        not_after=facts.not_after,
        days_left=int(facts.seconds_left(now) // 86_400),
        fingerprint=facts.fingerprint,
        self_signed=facts.self_signed,
    )
