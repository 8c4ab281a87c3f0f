"""Whether Kentongan itself is well, and what to do where it is not. /healthz and /readyz are the poller's, not ours."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import Response

from console.api.system import system_api
from console.entrance import Visitor
from console.ports.health import Health
from console.views.health import answer, checks_of, figures_of, remarks_of
from console.web.part import Entry, Part
from console.web.visit import TheDesk, TheLook, TheVisitor, having
from domain.accounts import Right
from domain.language import _


def health_part(health: Health) -> Part:
    router = APIRouter()

    @router.get("/system")
    def system(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook) -> Response:
        facts = health.facts()
        checks = checks_of(facts, desk.zone)
        return desk.pages.page(
            request, "system.html", visitor, look, checks=checks, answer=answer(checks), figures=figures_of(facts),
            remarks=None,
        )  # fmt: skip

    @router.get("/system/examination")
    def examination(
        request: Request,
        desk: TheDesk,
        visitor: Annotated[Visitor, Depends(having(Right.CONFIGURE))],
        look: TheLook,
    ) -> Response:
        """What `kentongan check` says; it names files, people and devices, so it is for those who mend all of them."""
        if not visitor.account.sees_everything:
            raise HTTPException(403, _("This speaks of the whole kabupaten; your account sees a part of it."))
        remarks = remarks_of(health.examine())
        return desk.pages.page(
            request, "system.html", visitor, look, checks=(), answer=answer(remarks), figures=(), remarks=remarks
        )

    entry = Entry("/system", lambda: _("System health"), lambda: _("Whether Kentongan itself is well, and what to do."))
    return Part(router, (entry,), system_api(health))
