"""Answers that are fetched again only when they differ, and long lists in pages.

A tag of a look is made without making the answer: of the look's mark and of what was asked by whom. `run` tells one
start of the server from another, because marks begin anew with each.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Final, TypeVar

from fastapi import Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from console.api.cursor import after_cursor, cursor_of
from console.ports import Look
from console.tokens import Bearer
from console.views.sorting import Columns
from domain.language import active_language

MOST: Final = 500
USUAL: Final = 100
LONGEST: Final = 200
LONGEST_CURSOR: Final = 1000
NAMED: Final = r"^[^\x00-\x1f\x7f/]{1,200}$"
"""What a site or a device may be called in an address."""
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
After = Annotated[str, Query(max_length=LONGEST_CURSOR, description="`next` of the page before.")]
T = TypeVar("T")

TAGGED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"headers": {"ETag": {"description": "Send it as If-None-Match.", "schema": {"type": "string"}}}},
    304: {"description": "Nothing differs since the ETag that was sent."},
}


def page(
    items: Iterable[T],
    key: Callable[[T], str],
    limit: int,
    after: str,
    *,
    down: bool = False,
    columns: Columns[T] | None = None,
    sort: str = "",
) -> tuple[list[T], str | None]:
    """(items, next): at most `limit` that come after the one of that key, and the key to go on with. down: Z to A.
    sort: one of the columns, instead of the key."""
    if columns and sort:
        left = after_cursor(items, key, columns, sort, after)
        shown = left[:limit]
        return shown, cursor_of(shown[-1], key, columns, sort) if len(left) > limit else None
    ordered = sorted(items, key=key, reverse=down)
    if after:
        ordered = [each for each in ordered if (key(each) < after if down else key(each) > after)]
    shown = ordered[:limit]
    return shown, key(shown[-1]) if len(ordered) > limit else None


def of_look(request: Request, look: Look, bearer: Bearer, make: Callable[[], BaseModel]) -> Response:
    """An answer that depends on nothing but the look, who asks and the address."""
    account = bearer.account
    asked = (request.app.state.run, look.mark, account.area, request.url.path, request.url.query, active_language())
    tag = _tag(repr(asked).encode())
    if _is_known(request, tag):
        return _unchanged(tag)
    return _whole(_json(make()), tag)


def of_content(request: Request, document: BaseModel) -> Response:
    """An answer that has to be made to know whether it differs."""
    body = _json(document)
    tag = _tag(body)
    return _unchanged(tag) if _is_known(request, tag) else _whole(body, tag)


def _json(document: BaseModel) -> bytes:
    return document.model_dump_json(by_alias=True).encode()


def _tag(text: bytes) -> str:
    """Weak: the same answer is compressed or not."""
    return f'W/"{hashlib.sha256(text).hexdigest()[:24]}"'


def _is_known(request: Request, tag: str) -> bool:
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    return "*" in known or tag.removeprefix("W/") in known


def _whole(body: bytes, tag: str) -> Response:
    return Response(body, 200, _headers(tag), "application/json")


def _unchanged(tag: str) -> Response:
    return Response(None, 304, _headers(tag))


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
