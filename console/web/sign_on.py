"""The way to the office's login server and back."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from console.oidc import SignOn, SignOnError
from console.web.guard import Tries
from console.web.login import own_path
from console.web.visit import COOKIE, TheDesk
from domain.language import _

BEGUN_COOKIE = "kentongan-login"
BACK = "/login/sso/back"
LASTS_SECONDS = 600
LONGEST = 4096
Part = Annotated[str, Query(max_length=LONGEST)]


def sign_on_routes(sign_on: SignOn, tries: Tries, *, secure: bool) -> APIRouter:
    router = APIRouter()

    def refused(request: Request, desk: TheDesk, error: str, status: int) -> Response:
        response = desk.pages.page(
            request, "login.html", None, None, status, to="/", error=error, name="", sign_on=sign_on.label
        )
        response.delete_cookie(BEGUN_COOKIE, path="/login/sso")
        return response

    @router.get("/login/sso")
    def begin(request: Request, desk: TheDesk, to: Part = "/") -> Response:
        if not tries.admit(request.client.host if request.client else ""):
            return refused(request, desk, _("Too many tries from here. Wait a minute."), 429)
        try:
            address, key = sign_on.begin(own_path(to), desk.utc())
        except SignOnError as error:
            return refused(request, desk, str(error), 502)
        response = RedirectResponse(address, 303)
        response.set_cookie(
            BEGUN_COOKIE, key, max_age=LASTS_SECONDS, httponly=True, samesite="lax", secure=secure, path="/login/sso"
        )
        return response

    @router.get(BACK)
    def back(
        request: Request, desk: TheDesk, state: Part = "", code: Part = "", iss: Part = "", error: Part = ""
    ) -> Response:
        """error: what the provider says; its own words are not shown, for anybody could have written them."""
        key, address = request.cookies.get(BEGUN_COOKIE, ""), request.client.host if request.client else ""
        try:
            session, to = sign_on.come_back(state, key, "" if error else code, iss, desk.utc(), address)
        except SignOnError as refusal:
            return refused(request, desk, str(refusal), 401)
        response = RedirectResponse(to, 303)
        response.set_cookie(COOKIE, session, httponly=True, samesite="lax", secure=secure, path="/")
        response.delete_cookie(BEGUN_COOKIE, path="/login/sso")
        return response

    return router
