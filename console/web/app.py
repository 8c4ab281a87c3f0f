"""The application: everything wired to the routes, errors as pages, static files of our own."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from urllib.parse import quote

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from console.oidc import SignOn
from console.ports import Place
from console.ports.trouble import NO_TROUBLES, Troubles
from console.web import coverage, devices, incident_orders, incidents
from console.web.boards import Boards
from console.web.guard import Behind, Headed, Spoken, Tries, Whole
from console.web.login import login_routes
from console.web.pages import STATIC
from console.web.part import Part, everything_routes
from console.web.sign_on import sign_on_routes
from console.web.trouble import trouble_page
from console.web.typed import typed_in
from console.web.visit import Desk, MustChangeError, NotLoggedInError, StaleFormError
from console.web.wall import wall_routes
from domain.language import _

Application = FastAPI


def make_app(
    desk: Desk, place: Place, *, language: str, secure: bool, api: ASGIApp | None = None, parts: Sequence[Part] = (),
    images: str = "", sign_on: SignOn | None = None, troubles: Troubles = NO_TROUBLES,
) -> Application:  # fmt: skip
    """language: of who has chosen none. secure: people reach it by https, so cookies go over nothing else, and a web
    server stands before us, which says from where they come.

    api: what answers under /api, with errors of its own. parts: areas of pages beyond those that everybody needs.
    images: origin of a map server, if there is one. sign_on: by the office's own login server, if there is one.
    troubles: what keeps the console from answering that is no fault of its own.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        looking = asyncio.create_task(desk.pulse.run())
        try:
            yield
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking

    app = FastAPI(title="Kentongan", lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    app.state.desk, app.state.languages = desk, tuple(place.languages)
    label = (lambda: sign_on.label) if sign_on else str
    app.include_router(login_routes(Tries(time.monotonic), secure=secure, label=label))
    if sign_on is not None:
        app.include_router(sign_on_routes(sign_on, Tries(time.monotonic), secure=secure))
    boards = Boards(desk.sources, desk.pages, desk.zone)
    own = (incidents.router, incident_orders.router, devices.router, coverage.router)
    for router in (wall_routes(boards), *own, everything_routes(parts)):
        app.include_router(router)
    for part in parts:
        app.include_router(part.router)
    if api is not None:
        app.mount("/api", api)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(NotLoggedInError, _log_in)
    app.add_exception_handler(MustChangeError, _change_password)
    app.add_exception_handler(StaleFormError, _sent_again)
    for kind in troubles.kinds:
        app.add_exception_handler(kind, trouble_page(desk.pages, troubles))
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(404, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Whole)
    app.add_middleware(Spoken, languages=tuple(place.languages), default=language)
    app.add_middleware(Headed, secure=secure, images=images)
    if secure:
        app.add_middleware(Behind)
    return app


async def _log_in(request: Request, _error: Exception) -> Response:
    """A part of a page that is fetched is not replaced by the page to log in: the whole page goes there."""
    to = request.url.path if request.method == "GET" and "hx-request" not in request.headers else "/"
    login = f"/login?to={quote(to)}"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": login})
    typed = await typed_in(request)
    if typed is not None and typed.long:
        desk: Desk = request.app.state.desk
        return desk.pages.page(request, "unsent.html", None, None, 401, typed=typed)
    return RedirectResponse(login, 303)


async def _sent_again(request: Request, error: Exception) -> Response:
    """Whoever logged in anew meanwhile looks at the form once more: it is in this session that it is sent."""
    assert isinstance(error, StaleFormError)
    desk: Desk = request.app.state.desk
    typed = await typed_in(request)
    return desk.pages.page(request, "unsent.html", error.visitor, None, 403, typed=typed)


async def _change_password(_request: Request, _error: Exception) -> Response:
    return RedirectResponse("/password", 303)


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else getattr(error, "status_code", 500)
    why = str(error.detail) if isinstance(error, HTTPException) else ""
    if status == 404 and why in ("", "Not Found"):
        why = _("There is no such page.")
    desk: Desk = request.app.state.desk
    return desk.pages.page(request, "refused.html", None, None, status, why=why)


async def _misread(request: Request, _error: Exception) -> Response:
    desk: Desk = request.app.state.desk
    why = _("This address or form has a value that cannot be read. Go back and choose from the page.")
    return desk.pages.page(request, "refused.html", None, None, 422, why=why)
