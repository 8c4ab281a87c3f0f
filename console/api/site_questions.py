"""What a profile asks before a site can be planned, and the answers, under /api/v1."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from console.api.answers import LONGEST, TAGGED, of_content
from console.api.document import Document
from console.api.orders import PRINTABLE
from console.api.problems import ConflictError as Conflict
from console.api.problems import described
from console.api.site_documents import Slug, site_of
from console.api.visit import TheBearer, TheLook, having
from console.ports import Look
from console.ports.sites import Question, RefusedError, Sites
from console.tokens import Bearer
from console.web.site_plans import MOST_FIELDS, MOST_VALUE, mark_of
from domain.accounts import Right, may
from domain.language import _

Text = Annotated[str, Query(max_length=LONGEST, pattern=PRINTABLE)]
Short = Annotated[str, Field(max_length=LONGEST, pattern=PRINTABLE)]
Value = Annotated[str, Field(max_length=MOST_VALUE, pattern=PRINTABLE)]
ThePlanner = Annotated[Bearer, Depends(having(Right.PLAN))]


class QuestionDocument(Document):
    """value: as it is typed; of a secret the name of its credential. source: where it comes from; null: nowhere."""

    name: str
    about: str
    type: str
    required: bool
    value: str
    source: str | None
    choices: list[str]


class QuestionList(Document):
    """mark: of these values; it goes with the answers."""

    mark: str
    items: list[QuestionDocument]


class SiteAnswers(Document):
    """mark: of the values that were seen. values: by name; an empty one is taken away. What is left out stays."""

    mark: Short
    profile: Short = ""
    like: Short = ""
    values: Annotated[dict[Short, Value], Field(max_length=MOST_FIELDS)]


def asking(bearer: TheBearer) -> Bearer:
    """Reading is no act: a token that may only read is enough. Raises HTTPException 403."""
    if not may(bearer.account.role, Right.PLAN):
        raise HTTPException(403, _("This account or token may look, not act. Ask an administrator."))
    return bearer


def site_questions_api(sites: Sites) -> APIRouter:
    router = APIRouter(tags=["changes"])

    def asked(look: Look, slug: str, profile: str, like: str) -> tuple[Question, ...]:
        site_of(look, slug)
        if like:
            site_of(look, like)
        try:
            return tuple(sites.plans.questions(slug, profile, like))
        except RefusedError as error:
            raise Conflict(str(error)) from error

    @router.get(
        "/changes/{slug}/questions",
        response_model=QuestionList,
        responses={**TAGGED, **described(400, 401, 403, 404, 409, 422, 429)},
    )
    def questions(
        request: Request,
        _bearer: Annotated[Bearer, Depends(asking)],
        look: TheLook,
        slug: Slug,
        profile: Text = "",
        like: Text = "",
    ) -> Response:
        """What the profile of a site asks for, with the values it has."""
        return of_content(request, _list(asked(look, slug, profile, like)))

    @router.post(
        "/changes/{slug}/answers",
        response_model=QuestionList,
        responses=described(400, 401, 403, 404, 409, 422, 429),
    )
    def answer(bearer: ThePlanner, look: TheLook, slug: Slug, said: SiteAnswers) -> Response:
        """Kept all or none. 409: somebody changed them meanwhile, or one of them is wrong."""
        before = asked(look, slug, said.profile, said.like)
        if said.mark != mark_of(before):
            raise Conflict(_("Somebody changed these values after you saw them. Read them again, then send yours."))
        known = {each.name: each.value for each in before}
        strange = sorted(set(said.values) - set(known))
        if strange:
            raise Conflict(_("This profile does not ask for: {names}.").format(names=", ".join(strange[:10])))
        changed = {name: text for name, text in said.values.items() if text != known[name]}
        if said.profile:
            changed["profile"] = said.profile
        try:
            if changed:
                sites.plans.answer(slug, changed, bearer.account.name)
        except RefusedError as error:
            raise Conflict(str(error)) from error
        after = _list(asked(look, slug, said.profile, said.like))
        return JSONResponse(after.model_dump(mode="json", by_alias=True))

    return router


def _list(found: tuple[Question, ...]) -> QuestionList:
    items = [
        QuestionDocument(
            name=each.name,
            about=each.about,
            type=each.type,
            required=each.required,
            value=each.value,
            source=each.source or None,
            choices=list(each.choices),
        )
        for each in found
    ]
    return QuestionList(mark=mark_of(found), items=items)
