"""Pages for the days on which the console cannot do its work: the database is away, too many are connected, a session
ended while somebody wrote."""

import json
from collections.abc import Awaitable, Callable

from fastapi import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from console.ports.trouble import Troubles
from console.views.trouble import said_of
from console.web.pages import Pages
from console.web.typed import typed_in
from domain.language import _

FULL_SECONDS = 30
Handler = Callable[[Request, Exception], Awaitable[Response]]


def trouble_page(pages: Pages, troubles: Troubles) -> Handler:
    """For errors of `troubles.kinds`. Those that are no trouble go on to whoever writes the log."""

    async def answer(request: Request, error: Exception) -> Response:
        trouble = troubles.of(error)
        if trouble is None:
            raise error
        said, is_form = said_of(trouble), request.method != "GET"
        typed = await typed_in(request)
        again = 0 if is_form else said.again_seconds  # a form is never sent again by itself
        page = pages.page(
            request, "trouble.html", None, None, 503, why=said.what, remedy=said.remedy, sent=is_form, typed=typed,
            again_seconds=again,
        )  # fmt: skip
        page.headers["Retry-After"] = str(said.again_seconds)
        return page

    return answer


def too_many() -> ASGIApp:
    """What one is told for whom there is no place, before anything else is looked at."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        said = _("Too many are connected at once. Try again in half a minute.")
        headers = {"Retry-After": str(FULL_SECONDS), "Connection": "close", "Cache-Control": "no-store"}
        response: Response = PlainTextResponse(said, 503, headers)
        if str(scope["path"]).startswith("/api/"):
            problem = {
                "type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": said,
                "instance": scope["path"],
            }  # fmt: skip
            response = Response(json.dumps(problem), 503, headers, "application/problem+json")
        await response(scope, receive, send)

    return answer
