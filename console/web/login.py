"""The door: log in, log out, a new password, another language."""

import asyncio
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from console.entrance import AT_ONCE, Whence
from console.errors import NotEnteredError, PasswordRefusedError
from console.web.guard import LANGUAGE_COOKIE, Tries, is_same_origin
from console.web.visit import COOKIE, Anybody, Desk, OwnForm, TheDesk
from domain.language import _
from domain.secrets import Secret

BROWSER_COOKIE = "kentongan-browser"
YEAR_SECONDS = 31_536_000
LONGEST = 300
MOST_WAITING = 30


def login_routes(tries: Tries, *, secure: bool, label: Callable[[], str] = str) -> APIRouter:
    """label: on the button of single sign-on, in the language of whoever looks; empty where there is none."""
    router = APIRouter()
    gate, waiting = asyncio.Semaphore(AT_ONCE), 0

    async def entering(desk: Desk, name: str, password: Secret, whence: Whence) -> tuple[str, str]:
        """(key of the session, mark of the browser). Few at a time, or those who log in would take every thread of the
        pages. Raises NotEnteredError."""
        nonlocal waiting

        def enter() -> tuple[str, str]:
            key, session = desk.entrance.enter(name, password, desk.utc(), whence)
            return key, desk.entrance.known_browser(session)

        if waiting >= MOST_WAITING:
            raise NotEnteredError(_("Many log in just now. Try again in a minute."))
        waiting += 1
        try:
            async with gate:
                return await run_in_threadpool(enter)
        finally:
            waiting -= 1

    @router.get("/login")
    def login(request: Request, desk: TheDesk, to: str = "/") -> Response:
        return desk.pages.page(request, "login.html", None, None, to=own_path(to), error="", name="", sign_on=label())

    @router.post("/login")
    async def enter(
        request: Request,
        desk: TheDesk,
        name: Annotated[str, Form(max_length=LONGEST)] = "",
        password: Annotated[str, Form(max_length=LONGEST)] = "",
        to: Annotated[str, Form(max_length=LONGEST)] = "/",
    ) -> Response:
        address = request.client.host if request.client else ""
        to = own_path(to)
        if not is_same_origin(request.headers):
            raise HTTPException(403, _("Log in on our own page."))
        if not tries.admit(address):
            error = _("Too many tries from here. Wait a minute.")
            return desk.pages.page(
                request, "login.html", None, None, 429, to=to, error=error, name=name, sign_on=label()
            )
        try:
            key, browser = await entering(desk, name.strip(), Secret(password), whence_of(request))
        except NotEnteredError as refused:
            return desk.pages.page(
                request, "login.html", None, None, 401, to=to, error=str(refused), name=name, sign_on=label()
            )
        response = RedirectResponse(to, 303)
        response.set_cookie(COOKIE, key, httponly=True, samesite="lax", secure=secure, path="/")
        response.set_cookie(
            BROWSER_COOKIE,
            browser,
            max_age=YEAR_SECONDS,
            httponly=True,
            samesite="strict",
            secure=secure,
            path="/login",
        )
        return response

    @router.post("/logout")
    def leave(desk: TheDesk, visitor: Anybody, _form: OwnForm) -> Response:
        desk.entrance.leave(visitor)
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE, path="/")
        return response

    @router.get("/password")
    def password(request: Request, desk: TheDesk, visitor: Anybody) -> Response:
        return desk.pages.page(request, "password.html", visitor, None, error="")

    @router.post("/password")
    def change(request: Request, desk: TheDesk, visitor: Anybody, form: OwnForm) -> Response:
        old, new, again = (Secret(str(form.get(name, ""))[:LONGEST]) for name in ("old", "new", "again"))
        try:
            if not tries.admit(f"password of {visitor.account.name}"):
                raise NotEnteredError(_("Too many tries. Wait a minute."))
            if new.reveal() != again.reveal():
                raise PasswordRefusedError(_("The two new passwords differ."))
            desk.entrance.change_password(visitor, old, new)
        except (NotEnteredError, PasswordRefusedError) as refused:
            return desk.pages.page(request, "password.html", visitor, None, 422, error=str(refused))
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE, path="/")
        return response

    @router.get("/language/{language}")
    def language(request: Request, language: str, to: str = "/") -> Response:
        response = RedirectResponse(own_path(to), 303)
        if language in request.app.state.languages:
            response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR_SECONDS, samesite="lax", secure=secure)
        return response

    return router


def whence_of(request: Request) -> Whence:
    cookies = request.cookies
    address = request.client.host if request.client else ""
    return Whence(address, cookies.get(BROWSER_COOKIE, ""), cookies.get(COOKIE, ""))


def own_path(to: str) -> str:
    """Where to go next, within this site alone."""
    parts = urlsplit(to)
    is_own = not parts.scheme and not parts.netloc and to.startswith("/") and not to.startswith(("//", "/\\"))
    return to if is_own else "/"
