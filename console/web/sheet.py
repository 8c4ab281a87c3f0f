"""Answers with a spreadsheet, and what every list may be asked for."""

from datetime import date
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from console.views.sheet import LONGEST_FILTER

Search = Annotated[str, Query(max_length=LONGEST_FILTER)]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]


def as_sheet(name: str, today: date, text: str) -> Response:
    """A CSV to keep; a byte order mark, for Excel reads it as Windows-1252 without one."""
    headers = {"Content-Disposition": f'attachment; filename="{name}-{today.isoformat()}.csv"'}
    return Response("\ufeff" + text, media_type="text/csv", headers=headers)
