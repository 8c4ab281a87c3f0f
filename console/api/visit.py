"""One request of a program: who it is by its token, what of the present look it sees, whether it may act."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from console.errors import NotEnteredError
from console.ports import Look
from console.scope import seen_by
from console.tokens import Bearer, TokenDoor, TooOftenError
from console.web.visit import TheDesk
from domain.accounts import Right
from domain.language import _

RETRY_SECONDS = 60
_scheme = HTTPBearer(auto_error=False, bearerFormat="kt_…", description="A token of `kentongan account token add`.")
Given = Annotated[HTTPAuthorizationCredentials | None, Depends(_scheme)]


def door_of(request: Request) -> TokenDoor:
    door = request.app.state.door
    assert isinstance(door, TokenDoor)
    return door


TheDoor = Annotated[TokenDoor, Depends(door_of)]


def bearer_of(request: Request, desk: TheDesk, door: TheDoor, given: Given) -> Bearer:
    address = request.client.host if request.client else ""
    try:
        return door.admit(given.credentials if given else "", address, desk.utc())
    except TooOftenError as error:
        raise HTTPException(429, str(error), {"Retry-After": str(RETRY_SECONDS)}) from error
    except NotEnteredError as error:
        said = 'Bearer error="invalid_token"' if given else "Bearer"
        raise HTTPException(401, str(error), {"WWW-Authenticate": said}) from error


TheBearer = Annotated[Bearer, Depends(bearer_of)]


def having(right: Right) -> Callable[[Bearer], Bearer]:
    """A dependency: whoever asks, if account and token have this right. It raises HTTPException 403."""

    def checked(bearer: TheBearer) -> Bearer:
        if not bearer.may(right):
            raise HTTPException(403, _("This account or token may look, not act. Ask an administrator."))
        return bearer

    return checked


TheHandler = Annotated[Bearer, Depends(having(Right.HANDLE))]


def look_of(bearer: TheBearer, desk: TheDesk) -> Look:
    """What this account sees: the rule of the pages."""
    return seen_by(bearer.account, desk.pulse.look or desk.sources.look())


TheLook = Annotated[Look, Depends(look_of)]


def only_known(request: Request, _bearer: TheBearer) -> None:
    """A filter with a slip of the pen would show everything: raises RequestValidationError. Not before it is known
    who asks.
    """
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = {field.alias for field in route.dependant.query_params}
    strange = sorted(set(request.query_params) - known)
    if strange:
        why = _("There is no such filter.")
        raise RequestValidationError([{"loc": ("query", name), "msg": why} for name in strange])
