"""Answers with a spreadsheet, and what every list may be asked for."""

from datetime import date
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from console.views.sheet import LONGEST_FILTER

Search = Annotated[str, Query(max_length=LONGEST_FILTER)]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]


def file_header(name: str, *, inline: bool = False) -> dict[str, str]:
    """What a kept file is called. Whatever is no letter, figure or point becomes a dash: else a name could begin
    another header, or another folder."""
    plain = "".join(each if each.isascii() and (each.isalnum() or each in "-_.") else "-" for each in name).lstrip(".")
    return {"Content-Disposition": f'{"inline" if inline else "attachment"}; filename="{plain}"'}


def as_sheet(name: str, today: date, text: str) -> Response:
    """A CSV to keep; a byte order mark, for Excel reads it as Windows-1252 without one."""
    headers = file_header(f"{name}-{today.isoformat()}.csv")
    return Response("\ufeff" + text, media_type="text/csv", headers=headers)
