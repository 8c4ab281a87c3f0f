"""How Kentongan itself is, under /api/v1."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from console.api.answers import TAGGED, of_content
from console.api.document import Document
from console.api.problems import described
from console.api.visit import TheBearer
from console.ports.health import Health
from console.views.health import checks_of
from console.web.visit import TheDesk
from domain.states import State


class CheckDocument(Document):
    """says, remedy: sentences in the language of the installation. runbook: a page of docs/runbooks."""

    key: str
    state: State
    about: str
    says: str
    remedy: str
    runbook: str


class SystemDocument(Document):
    checks: list[CheckDocument]


def system_api(health: Health) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/system", response_model=SystemDocument, responses={**TAGGED, **described(401, 422, 429)})
    def system(request: Request, desk: TheDesk, _bearer: TheBearer) -> Response:
        """Poller, clock, polls, queues, database, disk and backup, the worst first."""
        found = [
            CheckDocument(
                key=each.key,
                state=each.state,
                about=each.about,
                says=each.says,
                remedy=each.remedy,
                runbook=each.runbook,
            )
            for each in checks_of(health.facts(), desk.zone)
        ]
        return of_content(request, SystemDocument(checks=found))

    return router
