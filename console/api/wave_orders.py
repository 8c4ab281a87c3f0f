"""Orders about waves under /api/v1: begun, stopped, gone on with. Taken, and carried out by a process of its own."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, HTTPException
from pydantic import Field
from starlette.responses import JSONResponse, Response

from console.api.answers import LONGEST
from console.api.document import Document
from console.api.problems import ConflictError as Conflict
from console.api.problems import described
from console.api.visit import TheLook, having
from console.api.wave_documents import Number, whole_wave
from console.ports import Look
from console.ports.sites import Order, OrderKind, RefusedError, Sites
from console.tokens import Bearer
from console.views.waves import MOST_BATCH, MOST_SITES
from domain.accounts import Right
from domain.language import _

TheEngineer = Annotated[Bearer, Depends(having(Right.CONFIGURE))]
Slug = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=r"^[^\s\x00,]+$")]
Text = Annotated[str, Field(max_length=LONGEST, pattern=r"^[^\x00]*$")]
REFUSED: Final = (400, 401, 403, 409, 422, 429)


class WaveBegun(Document):
    """sites: by their slug, in the order in which they are built. profile, like: for all of them; empty: each its own.
    canary: so many are built first, alone. batch: so many side by side after them. emergency: why nobody is asked."""

    sites: Annotated[list[Slug], Field(min_length=1, max_length=MOST_SITES)]
    profile: Text = ""
    like: Text = ""
    canary: Annotated[int, Field(ge=0, le=MOST_SITES)] = 1
    batch: Annotated[int, Field(ge=1, le=MOST_BATCH)] = 8
    stop_at_percent: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] = 10.0
    emergency: Text = ""


class WaveOrder(Document):
    """stop: those sites that were begun come to their end. resume: what is not done is gone on with."""

    kind: Literal["stop", "resume"]


class WaveTaken(Document):
    """wave: null for one that is begun; its number stands in /waves as soon as it has one."""

    wave: str | None
    kind: Literal["begin", "stop", "resume"]


def wave_orders_api(sites: Sites) -> APIRouter:
    router = APIRouter(tags=["changes"])

    def given(order: Order) -> None:
        try:
            sites.orders.begin(order)
        except RefusedError as error:
            raise Conflict(str(error)) from error

    @router.post("/waves", response_model=WaveTaken, status_code=202, responses=described(*REFUSED, 404))
    def begin(bearer: TheEngineer, look: TheLook, said: WaveBegun) -> Response:
        """One at a time. What each site would be told: /changes/{slug}/plan."""
        _check_known(look, [*said.sites, *([said.like] if said.like else [])])
        words = {
            "sites": " ".join(dict.fromkeys(said.sites)),
            "profile": said.profile,
            "like": said.like,
            "canary": str(said.canary),
            "batch": str(said.batch),
            "stop_at": str(said.stop_at_percent),
            "emergency": said.emergency,
        }
        given(Order(OrderKind.WAVE, "", bearer.account.name, words, token=bearer.token.id))
        return _taken(None, "begin")

    @router.post("/waves/{wave}/orders", response_model=WaveTaken, status_code=202, responses=described(*REFUSED, 404))
    def order(bearer: TheEngineer, look: TheLook, number: Number, said: WaveOrder) -> Response:
        """For who sees all of its sites."""
        whole_wave(sites.book.waves(), look, number)
        who, token = bearer.account.name, bearer.token.id
        if said.kind == "resume":
            given(Order(OrderKind.RESUME_WAVE, number, who, token=token))
        else:
            try:
                sites.orders.stop(number, who, token=token)
            except RefusedError as error:
                raise Conflict(str(error)) from error
        return _taken(number, said.kind)

    return router


def _check_known(look: Look, slugs: list[str]) -> None:
    """Raises HTTPException 404 also for what lies outside of what is seen."""
    unknown = [each for each in slugs if each not in look.inventory.site_by_slug]
    if unknown:
        raise HTTPException(404, _("There is no site {site}.").format(site=", ".join(unknown[:10])))


def _taken(wave: str | None, kind: Literal["begin", "stop", "resume"]) -> Response:
    return JSONResponse(WaveTaken(wave=wave, kind=kind).model_dump(by_alias=True), 202)
