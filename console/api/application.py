"""The application that is mounted at /api: routes, errors, a bound on what is sent, and its OpenAPI document."""

import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.api import coverage, health, incidents, network
from console.api.problems import SCHEMA, described, failed, misread, refused, troubled
from console.api.visit import only_known
from console.ports.trouble import NO_TROUBLES, Troubles
from console.tokens import TokenDoor
from console.web.visit import Desk

MOST_BYTES = 64 * 1024
VERSION = "1"


def make_api(desk: Desk, door: TokenDoor, parts: Sequence[APIRouter] = (), troubles: Troubles = NO_TROUBLES) -> FastAPI:
    """To be mounted at /api by whoever serves; opens nothing. parts: of areas that are plugged in."""
    api = FastAPI(
        title="Kentongan",
        version=VERSION,
        description="What Kentongan knows of a kabupaten's network. Times are UTC (RFC 3339).",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api.state.desk, api.state.door, api.state.run = desk, door, secrets.token_hex(8)
    api.state.watching = Counter()
    v1 = APIRouter(prefix="/v1")
    for router in (incidents.router, network.router, coverage.router, health.router, *parts):
        v1.include_router(router, dependencies=[Depends(only_known)])
    api.include_router(v1)
    api.add_exception_handler(HTTPException, refused)
    api.add_exception_handler(RequestValidationError, misread)
    for kind in troubles.kinds:
        api.add_exception_handler(kind, troubled(troubles))
    api.add_exception_handler(Exception, failed)
    api.add_middleware(Bounded)
    api.openapi = lambda: _openapi(api)  # type: ignore[method-assign]
    return api


class Bounded:
    """Reads no more of a request than an order can be long: what comes beyond is as if the sender had gone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0

        async def bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BYTES:
                raise HTTPException(413, f"{MOST_BYTES} bytes at most.")
            return message

        await self._app(scope, bounded, send)


def _openapi(api: FastAPI) -> dict[str, Any]:
    if api.openapi_schema is None:
        made = get_openapi(
            title=api.title, version=api.version, description=api.description, routes=api.routes,
            servers=[{"url": "/api"}],
        )  # fmt: skip
        schemas = made["components"]["schemas"]
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas["Problem"] = SCHEMA
        for path in made["paths"].values():  # what any of them may say on a bad day
            for operation in path.values():
                operation["responses"].setdefault("503", described(503)[503])
        api.openapi_schema = made
    return api.openapi_schema
