"""A page of plain JSON, made when it is asked for: what another process of ours reads."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


def json_route(path: str, made: Callable[[], Mapping[str, Any]]) -> Route:
    """made: is called in the event loop, so it must be quick and may read what the loop alone changes."""

    async def answer(_request: Request) -> Response:
        return JSONResponse(made())

    return Route(path, answer)
