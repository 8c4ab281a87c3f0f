"""Answers with a spreadsheet, and what every list may be asked for."""

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import Response

from console.views.sheet import LONGEST_FILTER
from console.views.sorting import LONGEST_SORT, turned

Search = Annotated[str, Query(max_length=LONGEST_FILTER)]
Sort = Annotated[str, Query(max_length=LONGEST_SORT)]
"""As console.views.sorting.in_order takes it."""
PageNumber = Annotated[int, Query(ge=1, le=100_000)]


def sorted_at(request: Request, column: str, path: str = "") -> str:
    """Where the head of a column leads: the list as it is filtered, from its first page on, in the order of that column
    or the other way round. path: of the list, where the page has another one."""
    asked = request.query_params
    kept = [(name, value) for name, value in asked.multi_items() if name not in ("sort", "page")]
    sort = turned(asked.get("sort", ""), column)
    query = urlencode([*kept, ("sort", sort)] if sort else kept)
    return f"{path or request.url.path}?{query}"


def file_header(name: str, *, inline: bool = False) -> dict[str, str]:
    """What a kept file is called. Whatever is no letter, figure or point becomes a dash: else a name could begin
    another header, or another folder."""
    plain = "".join(each if each.isascii() and (each.isalnum() or each in "-_.") else "-" for each in name).lstrip(".")
    return {"Content-Disposition": f'{"inline" if inline else "attachment"}; filename="{plain}"'}


def as_sheet(name: str, today: date, text: str) -> Response:
    """A CSV to keep; a byte order mark, for Excel reads it as Windows-1252 without one."""
    headers = file_header(f"{name}-{today.isoformat()}.csv")
    return Response("\ufeff" + text, media_type="text/csv", headers=headers)
