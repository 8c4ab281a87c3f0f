"""The queue of doubts under /api/v1: found and not known, units that may be others, host keys refused."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from pydantic import Field
from starlette.responses import Response

from console.api.answers import LONGEST, NAMED, TAGGED, USUAL, After, Limit, of_content, page
from console.api.document import Document
from console.api.problems import ConflictError as Conflict
from console.api.problems import described
from console.api.visit import TheBearer, TheLook, having
from console.ports import Look
from console.ports.discovery import Queue, Taken
from console.ports.sites import RefusedError
from console.tokens import Bearer
from domain.accounts import Right
from domain.language import _
from domain.network import Role

Device = Annotated[str, Path(pattern=NAMED, description="Name of a device.")]
TheEngineer = Annotated[Bearer, Depends(having(Right.CONFIGURE))]
SEEN = {**TAGGED, **described(401, 422, 429)}
ACTED = described(400, 401, 403, 404, 409, 422, 429)


class FoundDocument(Document):
    """ignored: why it is none of ours; null while nobody said so."""

    key: str
    name: str
    chassis: str
    protocol: str
    seen_by: str
    interface: str
    site: str
    at: datetime
    ignored: str | None


class FoundPage(Document):
    items: list[FoundDocument]
    next: str | None


class QuestionDocument(Document):
    device: str
    serial: str
    known: str | None
    model: str | None
    seen_by: str
    first_at: datetime
    last_at: datetime


class QuestionPage(Document):
    items: list[QuestionDocument]
    next: str | None


class KeyDocument(Document):
    """A host key that was refused. Fingerprints as `ssh-keygen -l` writes them."""

    device: str
    known: str | None
    offered: str
    at: datetime | None


class KeyPage(Document):
    items: list[KeyDocument]
    next: str | None


class Ignored(Document):
    """reason: why it is none of ours; without one that is taken back, and it is asked again."""

    key: str = Field(min_length=1, max_length=LONGEST)
    reason: str = Field("", max_length=LONGEST)


class Written(Document):
    """How something found is written down, at the site of whoever saw it. address: empty for what is not asked."""

    key: str = Field(min_length=1, max_length=LONGEST)
    name: str = Field(min_length=1, max_length=63)
    role: Role
    model: str = Field("", max_length=LONGEST)
    address: str = Field("", max_length=45)


class Dismissed(Document):
    serial: str = Field(min_length=1, max_length=LONGEST)
    reason: str = Field("", max_length=LONGEST)


class Believed(Document):
    fingerprint: str = Field(min_length=1, max_length=LONGEST)


def discovery_api(queue: Queue) -> APIRouter:
    router = APIRouter(prefix="/discovery", tags=["discovery"])

    @router.get("/found", response_model=FoundPage, responses=SEEN)
    def found(request: Request, _bearer: TheBearer, look: TheLook, limit: Limit = USUAL, after: After = "") -> Response:
        """What devices see at the other end of a cable and nobody knows."""
        rows = [
            FoundDocument(
                key=each.key,
                name=each.name,
                chassis=each.chassis,
                protocol=each.protocol,
                seen_by=each.seen_by,
                interface=each.interface,
                site=each.site,
                at=each.at,
                ignored=each.ignored or None,
            )
            for each in queue.strangers.found()
            if each.seen_by in look.inventory.used_by_name
        ]
        shown, more = page(rows, lambda row: row.key, limit, after)
        return of_content(request, FoundPage(items=shown, next=more))

    @router.get("/questions", response_model=QuestionPage, responses=SEEN)
    def questions(
        request: Request, _bearer: TheBearer, look: TheLook, limit: Limit = USUAL, after: After = ""
    ) -> Response:
        """Places at which another serial answers: was the unit replaced?"""
        rows = [
            QuestionDocument(
                device=each.device,
                serial=each.serial,
                known=each.known_serial or None,
                model=each.model or None,
                seen_by=each.seen_by,
                first_at=each.first_at,
                last_at=each.last_at,
            )
            for each in queue.doubts.questions()
            if each.device in look.inventory.used_by_name
        ]
        shown, more = page(rows, lambda row: f"{row.device} {row.serial}", limit, after)
        return of_content(request, QuestionPage(items=shown, next=more))

    @router.get("/host-keys", response_model=KeyPage, responses=SEEN)
    def host_keys(
        request: Request, _bearer: TheBearer, look: TheLook, limit: Limit = USUAL, after: After = ""
    ) -> Response:
        """Host keys that were refused, and those that are believed instead."""
        rows = [
            KeyDocument(device=each.device, known=each.known or None, offered=each.offered, at=each.at)
            for each in queue.doubts.host_keys()
            if each.device in look.inventory.used_by_name
        ]
        shown, more = page(rows, lambda row: row.device, limit, after)
        return of_content(request, KeyPage(items=shown, next=more))

    def stranger(look: Look, key: str) -> None:
        """Raises HTTPException 404 also for what a device outside of what is seen has found."""
        if all(each.key != key or each.seen_by not in look.inventory.used_by_name for each in queue.strangers.found()):
            raise HTTPException(404, _("Nobody sees this any more. Look at the list again."))

    @router.post("/ignored", status_code=204, response_class=Response, responses=ACTED)
    def ignore(bearer: TheEngineer, look: TheLook, said: Ignored) -> Response:
        """It is none of ours, or that is taken back."""
        stranger(look, said.key)
        try:
            queue.strangers.ignore(said.key, said.reason, bearer.account.name)
        except RefusedError as error:
            raise Conflict(str(error)) from error
        return Response(status_code=204)

    @router.post("/taken", status_code=204, response_class=Response, responses=ACTED)
    def take(bearer: TheEngineer, look: TheLook, said: Written) -> Response:
        """It is ours: into the inventory."""
        stranger(look, said.key)
        try:
            queue.strangers.take(Taken(said.key, said.name, said.role, said.model, said.address), bearer.account.name)
        except RefusedError as error:
            raise Conflict(str(error)) from error
        return Response(status_code=204)

    @router.post("/questions/{device}/dismissal", status_code=204, response_class=Response, responses=ACTED)
    def dismiss(bearer: TheEngineer, look: TheLook, device: Device, said: Dismissed) -> Response:
        """It was not replaced; nobody is asked again for this serial."""
        _known(look, device)
        try:
            queue.doubts.dismiss(device, said.serial, said.reason, bearer.account.name)
        except RefusedError as error:
            raise Conflict(str(error)) from error
        return Response(status_code=204)

    @router.post("/host-keys/{device}/acceptance", status_code=204, response_class=Response, responses=ACTED)
    def believe(bearer: TheEngineer, look: TheLook, device: Device, said: Believed) -> Response:
        """The key that was refused last is believed from now on, if it is this one."""
        _known(look, device)
        try:
            queue.doubts.believe(device, said.fingerprint, bearer.account.name)
        except RefusedError as error:
            raise Conflict(str(error)) from error
        return Response(status_code=204)

    return router


def _known(look: Look, device: str) -> None:
    if device not in look.inventory.used_by_name:
        raise HTTPException(404, _("There is no such device."))
