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
from console.views.candidates import seen_of
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


Budget = Annotated[int, Query(ge=0, le=10**15, description="Rupiah.")]


class PlanDocument(BaseModel):
    """As `kentongan coverage plan --json` prints it. More keys may be added."""

    model_config = ConfigDict(extra="allow")
    budget: int
    spent: int
    chosen: int
    people: int
    ranked: list[dict[str, Any]]
    unranked: list[dict[str, Any]]
    assumptions: dict[str, Any]


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
    """targets, forecast, notes: of the whole kabupaten; null for an account that sees a part of it.

    since: what was connected and served since an earlier day; null where none was asked for.
    """

    at: date
    desa: CountsDocument
    kelurahan: CountsDocument
    kecamatan: list[KecamatanDocument]
    villages: list[dict[str, Any]]
    since: dict[str, Any] | None
    targets: list[dict[str, Any]] | None
    forecast: dict[str, Any] | None
    notes: list[str] | None


@router.get("/coverage", response_model=CoverageDocument, responses={**TAGGED, **described(401, 422, 429)})
def coverage(
    request: Request, desk: TheDesk, bearer: TheBearer, look: TheLook, at: At = None, since: At = None
) -> Response:
    """Connected, served and unmeasured, with the villages by name; since an earlier day too."""
    today = look.at.astimezone(desk.zone).date()
    on = max(FIRST, min(at or today, today))
    before = max(FIRST, since) if since and since < on else None
    return of_content(request, cut(desk.coverage.document(on, before), bearer.account))


@router.get("/coverage/plan", response_model=PlanDocument, responses={**TAGGED, **described(401, 422, 429)})
def plan(request: Request, desk: TheDesk, bearer: TheBearer, budget: Budget = 1_000_000_000) -> Response:
    """What to build next: ranked in the whole kabupaten, cut and summed to what the account sees."""
    return of_content(request, PlanDocument.model_validate(seen_of(desk.coverage.plan(budget), bearer.account)))


def cut(document: Mapping[str, Any], account: Account) -> CoverageDocument:
    districts = [each for each in document["kecamatan"] if sees(account, each["code"])]
    whole = account.sees_everything
    return CoverageDocument(
        at=document["at"],
        desa=_sum(each["desa"] for each in districts),
        kelurahan=_sum(each["kelurahan"] for each in districts),
        kecamatan=[KecamatanDocument.model_validate(each) for each in districts],
        villages=[dict(each) for each in document["villages"] if sees(account, each["code"])],
        since=_since(document["since"], account) if "since" in document else None,
        targets=[dict(each) for each in document["targets"]] if whole else None,
        forecast=dict(document["forecast"]) if whole and document["forecast"] else None,
        notes=list(document["notes"]) if whole else None,
    )


def _since(found: Mapping[str, Any], account: Account) -> dict[str, Any]:
    def seen(step: Mapping[str, Any]) -> dict[str, Any]:
        return {name: [each for each in step[name] if sees(account, each["code"])] for name in ("gained", "lost")}

    return {"at": found["at"], "connected": seen(found["connected"]), "served": seen(found["served"])}


def _sum(counts: Iterable[Mapping[str, int]]) -> CountsDocument:
    found = dict.fromkeys(SUMMED, 0)
    for each in counts:
        for name in SUMMED:
            found[name] += each[name]
    return CountsDocument.model_validate(found)
