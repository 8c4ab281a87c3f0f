"""Who may log in, who is logged in, the keys of programs, who is on duty; for those who keep the accounts.

A password or a key that was made stands in the answer to the form, this once: it is kept nowhere to be shown again.
"""

from collections.abc import Iterable
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from console.api.people import people_api
from console.entrance import Visitor
from console.ports import Look
from console.ports.people import AccountChange, PeopleBook, RefusedError
from console.views.people import (
    ACCOUNT_COLUMNS,
    AccountRow,
    account_rows,
    duty_answer,
    duty_rows,
    role_word,
    token_rows,
)
from console.views.sheet import holds, sheet_of
from console.views.sorting import in_order
from console.web.part import Entry, Part
from console.web.sheet import Search, Sort, as_sheet
from console.web.tokens import token_routes
from console.web.visit import Desk, OwnForm, TheDesk, TheLook, having, text_of
from domain.accounts import Right, is_keeper
from domain.language import _
from domain.network import PersonRole
from domain.secrets import Secret

LONGEST = 300


def keeper(visitor: Annotated[Visitor, Depends(having(Right.ADMINISTER))]) -> Visitor:
    """Accounts are not divided by kecamatan: whoever makes one could give it what they do not see themselves."""
    if not is_keeper(visitor.account):
        raise HTTPException(403, _("Accounts are made by administrators of the whole kabupaten."))
    return visitor


TheKeeper = Annotated[Visitor, Depends(keeper)]


def people_part(book: PeopleBook) -> Part:
    router = APIRouter()
    router.include_router(token_routes(book.tokens))

    def whole(
        request: Request,
        desk: Desk,
        visitor: Visitor,
        look: TheLook,
        status: int = 200,
        error: str = "",
        q: str = "",
        sort: str = "",
        **more: object,
    ) -> Response:
        tokens = book.tokens.of(None)
        every = account_rows(book.accounts.all(), book.accounts.sessions(), tokens, look.names, look.at)
        rows = _fitting(every, q, sort)
        duty = duty_rows(book.duty.roster(), look.names, look.at, desk.zone)
        values = {"error": error, "said": "", "secret": "", "typed": {}, "q": q, "total": len(every), **more}
        return desk.pages.page(
            request, "people.html", visitor, look, status, rows=rows, duty=duty, answer=duty_answer(duty),
            tokens=token_rows(tokens, look.at, desk.zone), roles=_roles(), **values,
        )  # fmt: skip

    def one(
        request: Request, desk: Desk, visitor: Visitor, look: Look, name: str, status: int = 200, error: str = "",
        **more: object,
    ) -> Response:  # fmt: skip
        """Raises HTTPException 404."""
        tokens = book.tokens.of(None)
        rows = account_rows(book.accounts.all(), book.accounts.sessions(), tokens, look.names, look.at)
        row = next((each for each in rows if each.name == name), None)
        if row is None:
            raise HTTPException(404, _("There is no such account."))
        own = token_rows([each for each in tokens if each.account == name], look.at, desk.zone)
        values = {"error": error, "said": "", "secret": "", **more}
        return desk.pages.page(
            request, "account.html", visitor, look, status, row=row, tokens=own, roles=_roles(), **values
        )

    def made(request: Request, desk: Desk, visitor: Visitor, look: Look, name: str, secret: Secret | None) -> Response:
        said = _("Made. The person comes by single sign-on; there is no password.")
        if secret is not None:
            said = _("The password, shown this once. It is good for one login, then an own one is chosen.")
        return one(request, desk, visitor, look, name, said=said, secret=secret.reveal() if secret else "")

    @router.get("/people")
    def people(
        request: Request, desk: TheDesk, visitor: TheKeeper, look: TheLook, q: Search = "", sort: Sort = ""
    ) -> Response:
        return whole(request, desk, visitor, look, q=q, sort=sort)

    @router.get("/people.csv")
    def people_csv(desk: TheDesk, visitor: TheKeeper, look: TheLook, q: Search = "", sort: Sort = "") -> Response:
        tokens = book.tokens.of(None)
        every = account_rows(book.accounts.all(), book.accounts.sessions(), tokens, look.names, look.at)
        rows = _fitting(every, q, sort)
        head = [_("account"), _("role"), _("regions"), _("state"), _("logged in"), _("tokens")]
        cells = (
            (
                row.name,
                row.role.value,
                ", ".join((*row.codes, *row.agencies)),
                row.state,
                row.sessions,
                row.tokens,
            )
            for row in rows
        )
        return as_sheet("accounts", look.at.astimezone(desk.zone).date(), sheet_of(head, cells))

    @router.post("/people")
    def add(request: Request, desk: TheDesk, visitor: TheKeeper, look: TheLook, form: OwnForm) -> Response:
        name = text_of(form, "name", LONGEST)
        single = text_of(form, "way") == "sso"
        try:
            secret = book.accounts.add(
                visitor.account.name, name, _role(form), _regions(form), single_sign_on=single, agencies=_agencies(form)
            )
        except RefusedError as refused:
            typed = {"name": name, "role": text_of(form, "role"), "regions": text_of(form, "regions")}
            typed["agencies"] = text_of(form, "agencies")
            return whole(request, desk, visitor, look, 422, str(refused), typed=typed)
        return made(request, desk, visitor, look, name, secret)

    @router.get("/people/account")
    def account(request: Request, desk: TheDesk, visitor: TheKeeper, look: TheLook, name: str = "") -> Response:
        return one(request, desk, visitor, look, name)

    @router.post("/people/account")
    def act(request: Request, desk: TheDesk, visitor: TheKeeper, look: TheLook, form: OwnForm) -> Response:
        """What a button of the page of one account says."""
        name, by, what = text_of(form, "name", LONGEST), visitor.account.name, text_of(form, "act")
        try:
            match what:
                case "reset":
                    return made(request, desk, visitor, look, name, book.accounts.reset(by, name))
                case "remove" if text_of(form, "sure") != name:
                    raise RefusedError(_("To remove the account, write its name beside the button."))
                case "remove":
                    book.accounts.remove(by, name)
                    return RedirectResponse("/people", 303)
                case _:
                    book.accounts.change(by, name, _change(what, form))
        except RefusedError as refused:
            return one(request, desk, visitor, look, name, 422, str(refused))
        return RedirectResponse(f"/people/account?name={quote(name)}", 303)

    @router.post("/people/tokens/revoke")
    def revoke(request: Request, desk: TheDesk, visitor: TheKeeper, look: TheLook, form: OwnForm) -> Response:
        try:
            book.tokens.revoke(visitor.account.name, text_of(form, "id", 40))
        except RefusedError as refused:
            return whole(request, desk, visitor, look, 422, str(refused))
        return RedirectResponse("/people#tokens", 303)

    entries = (
        Entry(
            "/people",
            lambda: _("People and tokens"),
            lambda: _("Who may log in, the keys of programs, who is on duty."),
            Right.ADMINISTER,
            whole=True,
        ),
        Entry("/tokens", lambda: _("Your own tokens"), lambda: _("Keys for programs that ask in your name.")),
    )
    return Part(router, entries, people_api(book))


def _roles() -> list[tuple[str, str]]:
    return [(role.value, role_word(role)) for role in PersonRole]


def _role(form: FormData) -> PersonRole | None:
    """None: as in people.csv. Raises RefusedError."""
    text = text_of(form, "role", 40)
    if text and text not in set(PersonRole):
        raise RefusedError(_("There is no such role. Choose one of the list."))
    return PersonRole(text) if text else None


def _regions(form: FormData) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text_of(form, "regions", 2000).replace(",", " ").split()))


def _agencies(form: FormData) -> tuple[str, ...]:
    names = (each.strip() for each in text_of(form, "agencies", 2000).split(";"))
    return tuple(dict.fromkeys(name for name in names if name))


def _change(what: str, form: FormData) -> AccountChange:
    """Raises RefusedError."""
    match what:
        case "change":
            return AccountChange(role=_role(form), regions=_regions(form), agencies=_agencies(form))
        case "close":
            return AccountChange(disabled=True)
        case "open":
            return AccountChange(disabled=False)
        case "unlock":
            return AccountChange(unlocked=True)
        case "logout":
            return AccountChange(logged_out=True)
        case _:
            raise RefusedError(_("Nothing was changed. Choose what to do from the page."))


def _fitting(rows: Iterable[AccountRow], text: str, sort: str) -> list[AccountRow]:
    found = [row for row in rows if holds((row.name, row.role_word, row.state, *row.places), text)]
    return in_order(found, ACCOUNT_COLUMNS, sort)
