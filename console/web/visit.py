"""One request of somebody who is logged in: who it is, what they see of the present look, and that a form is ours."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData

from console.entrance import Entrance, Visitor
from console.ports import Coverage, Look, Orders, Sources, Words
from console.scope import seen_by
from console.web.guard import is_same_origin
from console.web.pages import Pages
from console.web.pulse import Pulse
from console.web.typed import typed_in
from domain.accounts import Right, may
from domain.incidents import Incident
from domain.language import _, active_language

COOKIE: Final = "kentongan"
FORM_KEY: Final = "form_key"


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the routes work with."""

    entrance: Entrance
    sources: Sources
    orders: Orders
    coverage: Coverage
    pulse: Pulse
    pages: Pages
    zone: tzinfo
    utc: Callable[[], datetime]

    def speak(self, incident: Incident) -> Words:
        return self.sources.words(incident, active_language())


class NotLoggedInError(Exception):
    """Nobody's key came with it: the page to log in is shown."""


class StaleFormError(Exception):
    """A form of ours that was opened in a session that is over; its sender has another one now."""

    def __init__(self, visitor: Visitor) -> None:
        super().__init__("stale form")
        self.visitor = visitor


class MustChangeError(Exception):
    """Only a new password may be given now."""


def desk_of(request: Request) -> Desk:
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk


TheDesk = Annotated[Desk, Depends(desk_of)]


def anybody(request: Request, desk: TheDesk) -> Visitor:
    """Whoever is logged in, also one who has to change the password first."""
    visitor = desk.entrance.who(request.cookies.get(COOKIE, ""), desk.utc())
    if visitor is None:
        raise NotLoggedInError
    return visitor


Anybody = Annotated[Visitor, Depends(anybody)]


def visitor_of(visitor: Anybody) -> Visitor:
    if visitor.account.must_change:
        raise MustChangeError
    return visitor


TheVisitor = Annotated[Visitor, Depends(visitor_of)]


def having(*rights: Right) -> Callable[[Visitor], Visitor]:
    """A dependency: whoever is logged in, if the role has one of these rights. It raises HTTPException 403."""

    def checked(visitor: TheVisitor) -> Visitor:
        if not any(may(visitor.account.role, right) for right in rights):
            raise HTTPException(403, _("Your role may look, not act. Ask an administrator."))
        return visitor

    return checked


TheHandler = Annotated[Visitor, Depends(having(Right.HANDLE))]


def seen_whole(desk: Desk) -> Look:
    """Everything, before it is cut to what somebody may see."""
    return desk.pulse.look or desk.sources.look()


def look_of(visitor: TheVisitor, desk: TheDesk) -> Look:
    """What this account sees."""
    return seen_by(visitor.account, seen_whole(desk))


TheLook = Annotated[Look, Depends(look_of)]


async def own_form(request: Request, visitor: Anybody) -> FormData:
    """A form that one of our own pages gave to this very session. Raises HTTPException 403 for any other, and
    StaleFormError where its sender is asked to look at it once more."""
    form = await request.form(max_files=0, max_fields=20)
    key = form.get(FORM_KEY, "")
    fits = isinstance(key, str) and hmac.compare_digest(key.encode(), visitor.session.form_key.encode())
    if not fits and await typed_in(request) is not None:
        raise StaleFormError(visitor)
    if not fits or not is_same_origin(request.headers):
        raise HTTPException(403, _("This form is too old or not ours. Open the page again, then send it once more."))
    return form


OwnForm = Annotated[FormData, Depends(own_form)]


def text_of(form: FormData, name: str, most: int = 2000) -> str:
    value = form.get(name, "")
    return value.strip()[:most] if isinstance(value, str) else ""
