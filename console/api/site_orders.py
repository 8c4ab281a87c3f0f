"""Orders for one site under /api/v1: build it, take a change back, replace a device, suspend, resume, take down.

Each but building is shown first with what it would do; what is ordered carries the fingerprint of what was shown.
"""

from typing import Annotated, Final, Literal, get_args

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import Field
from starlette.responses import JSONResponse, Response

from console.api.answers import LONGEST
from console.api.document import Document
from console.api.orders import PRINTABLE
from console.api.problems import ConflictError as Conflict
from console.api.problems import described
from console.api.site_documents import Slug, site_of
from console.api.visit import TheBearer, TheLook, having
from console.ports import Look
from console.ports.sites import Order, OrderKind, Preview, RefusedError, Sites
from console.tokens import Bearer
from console.web.site_orders import FIELDS, KINDS, LACKING
from domain.accounts import Right, may
from domain.language import _

MOST_LINES: Final = 2000
Fate = Literal["spare", "rma", "lost"]
Ended = Literal["spare", "retired"]
Short = Annotated[str, Field(max_length=LONGEST, pattern=PRINTABLE)]
Needed = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=PRINTABLE)]
Text = Annotated[str, Query(max_length=LONGEST, pattern=PRINTABLE)]
TheEngineer = Annotated[Bearer, Depends(having(Right.CONFIGURE))]


class SiteOrder(Document):
    """kind build: begins it as planned (fingerprint: of the plan that was seen), or goes on with the change that is
    open (job). kind rollback: takes the last change back (job)."""

    kind: Annotated[str, Field(pattern="^(build|rollback)$")]
    fingerprint: Short = ""
    job: Short = ""
    profile: Short = ""
    like: Short = ""
    emergency: Short = ""


class ReplaceOrder(Document):
    """Another unit takes the place of a device. already: it hangs there, and only the inventory is to say so."""

    kind: Literal["replace"]
    fingerprint: Needed
    device: Needed
    serial: Needed
    model: Short = ""
    platform: Short = ""
    fate: Fate = "spare"
    contact: Short = ""
    login: Short = ""
    reason: Short = ""
    already: bool = False


class SuspendOrder(Document):
    kind: Literal["suspend"]
    fingerprint: Needed
    reason: Needed
    fate: Fate = "spare"


class ResumeOrder(Document):
    kind: Literal["resume"]
    fingerprint: Needed
    reason: Short = ""
    fate: Fate = "spare"


class DecommissionOrder(Document):
    kind: Literal["decommission"]
    fingerprint: Needed
    reason: Needed
    fate: Ended = "spare"


class OrderTaken(Document):
    slug: str
    kind: str


class ForeseenDocument(Document):
    """fingerprint: goes with the order. lines: sentences. told: device → what would be said to it, secrets masked.
    lacking: lines that a person has to type."""

    fingerprint: str
    lines: list[str]
    told: dict[str, list[str]]
    lacking: list[str]


AnyOrder = SiteOrder | ReplaceOrder | SuspendOrder | ResumeOrder | DecommissionOrder


def configurer(bearer: TheBearer) -> Bearer:
    """Looking at what an order would do is no act: a token that may only read is enough. Raises HTTPException 403."""
    if not may(bearer.account.role, Right.CONFIGURE):
        raise HTTPException(403, _("This account or token may look, not act. Ask an administrator."))
    return bearer


def site_orders_api(sites: Sites) -> APIRouter:
    router = APIRouter(tags=["changes"])

    def previewed(order: Order) -> Preview:
        try:
            return sites.plans.preview(order)
        except RefusedError as error:
            raise Conflict(str(error)) from error

    @router.get(
        "/changes/{slug}/foreseen",
        response_model=ForeseenDocument,
        responses=described(400, 401, 403, 404, 409, 422, 429),
    )
    def foreseen(
        bearer: Annotated[Bearer, Depends(configurer)],
        look: TheLook,
        slug: Slug,
        kind: Literal["rollback", "replace", "suspend", "resume", "decommission"] = "rollback",
        device: Text = "",
        serial: Text = "",
        model: Text = "",
        platform: Text = "",
        fate: Literal["spare", "rma", "lost", "retired"] = "spare",
        contact: Text = "",
        login: Text = "",
        reason: Text = "",
        already: bool = False,
    ) -> Response:
        """What an order would do. Nothing is done."""
        what = KINDS[kind]
        given = {
            "device": device, "serial": serial, "model": model, "platform": platform, "fate": fate,
            "contact": contact, "login": login, "reason": reason, "already": "yes" if already else "",
        }  # fmt: skip
        site_of(look, slug)
        _check_device(look, slug, device)
        lacking = [name for name in LACKING.get(what, ()) if not given[name]]
        if lacking:
            raise Conflict(_("Say also: {names}.").format(names=", ".join(lacking)))
        allowed = get_args(Ended if what is OrderKind.DECOMMISSION else Fate)
        if fate not in allowed:
            raise Conflict(_("Its devices become one of: {fates}.").format(fates=", ".join(allowed)))
        words = {name: given[name] for name in FIELDS[what]}
        seen = previewed(Order(what, slug, bearer.account.name, words))
        document = ForeseenDocument(
            fingerprint=seen.mark,
            lines=list(seen.lines),
            told={name: list(lines[:MOST_LINES]) for name, lines in seen.told.items()},
            lacking=list(seen.lacking),
        )
        return JSONResponse(document.model_dump(mode="json", by_alias=True))

    @router.post(
        "/changes/{slug}/orders",
        response_model=OrderTaken,
        status_code=202,
        responses=described(400, 401, 403, 404, 409, 422, 429),
    )
    def order(bearer: TheEngineer, look: TheLook, slug: Slug, said: AnyOrder) -> Response:
        """Taken, and carried out by a process of its own: ask /changes/{slug} how far it has come."""
        site_of(look, slug)
        given = _built(said, slug, bearer) if isinstance(said, SiteOrder) else _shown(said, slug, bearer)
        _check_device(look, slug, given.words.get("device", ""))
        if not isinstance(said, SiteOrder) and previewed(given).mark != given.mark:
            raise Conflict(_("What it would do is something else by now. Look at it once more, then order it."))
        try:
            sites.orders.begin(given)
        except RefusedError as error:
            raise Conflict(str(error)) from error
        return JSONResponse(OrderTaken(slug=slug, kind=said.kind).model_dump(by_alias=True), 202)

    return router


def _built(said: SiteOrder, slug: str, bearer: Bearer) -> Order:
    kind = OrderKind(said.kind)
    mark = said.job if kind is OrderKind.ROLLBACK else said.fingerprint
    if not (mark or said.job):
        raise Conflict(_("Say what you saw: the fingerprint of the plan, or the number of the change."))
    words = {"profile": said.profile, "like": said.like, "emergency": said.emergency, "job": said.job}
    return Order(kind, slug, bearer.account.name, words, mark, bearer.token.id)


def _shown(said: ReplaceOrder | SuspendOrder | ResumeOrder | DecommissionOrder, slug: str, bearer: Bearer) -> Order:
    kind, plain = KINDS[said.kind], said.model_dump()
    if "already" in plain:
        plain["already"] = "yes" if plain["already"] else ""
    words = {name: str(plain[name]) for name in FIELDS[kind]}
    return Order(kind, slug, bearer.account.name, words, said.fingerprint, bearer.token.id)


def _check_device(look: Look, slug: str, device: str) -> None:
    if device and all(each.name != device for each in look.inventory.used_at_site.get(slug, ())):
        raise HTTPException(404, _("This device does not stand at this site."))
