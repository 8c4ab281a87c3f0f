"""Coverage at any date, as `kentongan coverage --json` prints it, cut to what the account sees."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict
from starlette.responses import Response

from console.api.answers import TAGGED, of_content
from console.api.problems import described
from console.api.visit import TheBearer, TheLook
from console.views.coverage import SUMMED
from console.web.visit import TheDesk
from domain.accounts import Account, sees
from domain.language import _

router = APIRouter(tags=["coverage"])
FIRST: Final = date(2000, 1, 1)


def _as_written(text: object) -> object:
    """Raises ValueError for what is no 2026-06-30; a number of seconds is not a date to us."""
    if isinstance(text, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise ValueError(_("Write a date as 2026-06-30."))
    return text


At = Annotated[
    date | None,
    BeforeValidator(_as_written, json_schema_input_type=date),
    Query(description="A day not after today; later ones, and those before 2000, are moved to the nearest."),
]


class CountsDocument(BaseModel):
    """Of villages. More keys may be added."""

    model_config = ConfigDict(extra="allow")
    villages: int
    connected: int
    served: int
    unmeasured: int


class KecamatanDocument(BaseModel):
    model_config = ConfigDict(extra="allow")
    code: str
    name: str
    desa: CountsDocument
    kelurahan: CountsDocument


class CoverageDocument(BaseModel):
    """targets, forecast, notes: of the whole kabupaten; null for an account that sees a part of it."""

    at: date
    desa: CountsDocument
    kelurahan: CountsDocument
    kecamatan: list[KecamatanDocument]
    villages: list[dict[str, Any]]
    targets: list[dict[str, Any]] | None
    forecast: dict[str, Any] | None
    notes: list[str] | None


@router.get("/coverage", response_model=CoverageDocument, responses={**TAGGED, **described(401, 422, 429)})
def coverage(request: Request, desk: TheDesk, bearer: TheBearer, look: TheLook, at: At = None) -> Response:
    """Connected, served and unmeasured, with the villages by name."""
    today = look.at.astimezone(desk.zone).date()
    on = max(FIRST, min(at or today, today))
    return of_content(request, cut(desk.coverage.document(on, None), bearer.account))


def cut(document: Mapping[str, Any], account: Account) -> CoverageDocument:
    districts = [each for each in document["kecamatan"] if sees(account, each["code"])]
    whole = not account.regions
    return CoverageDocument(
        at=document["at"],
        desa=_sum(each["desa"] for each in districts),
        kelurahan=_sum(each["kelurahan"] for each in districts),
        kecamatan=[KecamatanDocument.model_validate(each) for each in districts],
        villages=[dict(each) for each in document["villages"] if sees(account, each["code"])],
        targets=[dict(each) for each in document["targets"]] if whole else None,
        forecast=dict(document["forecast"]) if whole and document["forecast"] else None,
        notes=list(document["notes"]) if whole else None,
    )


def _sum(counts: Iterable[Mapping[str, int]]) -> CountsDocument:
    found = dict.fromkeys(SUMMED, 0)
    for each in counts:
        for name in SUMMED:
            found[name] += each[name]
    return CountsDocument.model_validate(found)
