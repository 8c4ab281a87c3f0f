"""Every error as problem+json (RFC 9457): which status, what is wrong in words for people, and where."""

import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from console.ports.trouble import Troubles
from console.views.trouble import said_of
from domain.language import _

MEDIA_TYPE: Final = "application/problem+json"
SCHEMA: Final[dict[str, Any]] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "The status in English words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For people, in the language of the installation."},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "With 422: what cannot be read.",
            "items": {
                "type": "object",
                "required": ["at", "detail"],
                "properties": {"at": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "trouble": {
            "type": "string",
            "description": "With 503: busy, full, read-only, away, damaged, missing, older or newer.",
        },
        "stillDark": {
            "type": "array",
            "description": "With 409: what was said to be done, and is not.",
            "items": {"type": "string"},
        },
    },
}
MEANINGS: Final = {
    400: "The body is not JSON.",
    401: "No token, or none that is good.",
    403: "The account or the token may not do this.",
    404: "There is none, or it is not for this account.",
    409: "The order was refused.",
    422: "A value cannot be read.",
    429: "Too many requests.",
    503: "Too many watch at once, or the database is away or full: nothing was done. See Retry-After.",
}


class ConflictError(HTTPException):
    """An order that was refused. still_dark: what was said to be done, and is not."""

    def __init__(self, detail: str, still_dark: tuple[str, ...] = ()) -> None:
        super().__init__(409, detail)
        self.still_dark = still_dark


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Error responses for the OpenAPI document."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": MEANINGS[status], "content": content} for status in statuses}


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = error.detail
    if error.status_code == 404 and detail == "Not Found":
        detail = _("There is nothing at this address. See: /api/v1/openapi.json")
    more = {"stillDark": list(error.still_dark)} if isinstance(error, ConflictError) and error.still_dark else {}
    return _problem(request, error.status_code, detail, error.headers, **more)


async def misread(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [{"at": ".".join(str(part) for part in each["loc"]), "detail": each["msg"]} for each in error.errors()]
    return _problem(request, 422, _("A value cannot be read; see errors."), errors=errors)


def troubled(troubles: Troubles) -> Callable[[Request, Exception], Awaitable[Response]]:
    """For errors of `troubles.kinds`. Those that are no trouble are a fault of ours."""

    async def answer(request: Request, error: Exception) -> Response:
        trouble = troubles.of(error)
        if trouble is None:
            raise error
        said = said_of(trouble)
        return _problem(
            request, 503, f"{said.what} {said.remedy}", {"Retry-After": str(said.again_seconds)},
            trouble=trouble.value,
        )  # fmt: skip

    return answer


async def failed(request: Request, _error: Exception) -> Response:
    return _problem(request, 500, _("This is our fault. The log of the console tells more."))


def _problem(
    request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    found = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        **more,
    }
    return Response(json.dumps(found), status, headers, MEDIA_TYPE)  # ASCII: what was misread may be no text at all
