"""Accounts and tokens under /api/v1: what the pages of people do, for programs with an administrator's token."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from pydantic import Field
from starlette.responses import Response

from console.api.answers import LONGEST, TAGGED, USUAL, After, Limit, of_content, page
from console.api.cursor import sort_by
from console.api.document import Document
from console.api.orders import PRINTABLE
from console.api.problems import described
from console.api.visit import having
from console.external import is_external
from console.ports.people import AccountChange, PeopleBook, RefusedError
from console.tokens import Bearer
from console.views.sorting import Columns
from domain.accounts import AccessToken, Account, Right, is_keeper
from domain.language import _
from domain.network import PersonRole

LONGEST_DAYS = 366
Name = Annotated[str, Path(max_length=LONGEST, pattern=PRINTABLE, description="Of an account.")]
Code = Annotated[str, Field(pattern=r"^[0-9.]{2,13}$")]
MOST_AGENCIES = 20
Agency = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=PRINTABLE, description="As in sites.csv.")]
READ = {**TAGGED, **described(401, 403, 404, 422, 429)}
CHANGE = described(400, 401, 403, 404, 409, 422, 429)


class AccountDocument(Document):
    """regions, agencies: none of both means the whole kabupaten. sessions: how often it is logged in."""

    name: str
    role: PersonRole
    regions: list[str]
    agencies: list[str]
    closed: bool
    must_change_password: bool
    single_sign_on: bool
    locked_until: datetime | None
    sessions: int


class AccountPage(Document):
    items: list[AccountDocument]
    next: str | None


class NewAccount(Document):
    """role: left out, role and regions are those of people.csv."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=PRINTABLE)]
    role: PersonRole | None = None
    regions: list[Code] = Field(default_factory=list)
    agencies: list[Agency] = Field(default_factory=list, max_length=MOST_AGENCIES)
    single_sign_on: bool = False


class MadeAccount(Document):
    """password: good for one login, told this once; null where the person comes by single sign-on."""

    name: str
    password: str | None


class ChangedAccount(Document):
    """What is left out stays as it is."""

    role: PersonRole | None = None
    regions: list[Code] | None = None
    agencies: Annotated[list[Agency], Field(max_length=MOST_AGENCIES)] | None = None
    closed: bool | None = None
    unlock: bool = False
    log_out: bool = False


class TokenDocument(Document):
    id: str
    account: str
    read_only: bool
    note: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


class TokenPage(Document):
    items: list[TokenDocument]
    next: str | None


class NewToken(Document):
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)]
    read_only: bool = True
    note: Annotated[str, Field(max_length=200, pattern=PRINTABLE)] = ""


class MadeToken(Document):
    """key: told this once, kept nowhere."""

    key: str
    token: TokenDocument


def keeper(bearer: Annotated[Bearer, Depends(having(Right.ADMINISTER))]) -> Bearer:
    if not is_keeper(bearer.account):
        raise HTTPException(403, _("Accounts are made by administrators of the whole kabupaten."))
    return bearer


TheKeeper = Annotated[Bearer, Depends(keeper)]


COLUMNS: Final[Columns[Account]] = {
    "name": lambda each: each.name,
    "role": lambda each: each.role.value,
    "closed": lambda each: each.disabled,
}


def people_api(book: PeopleBook) -> APIRouter:
    router = APIRouter(tags=["people"])

    @router.get("/accounts", response_model=AccountPage, responses=READ)
    def accounts(
        request: Request,
        _bearer: TheKeeper,
        limit: Limit = USUAL,
        after: After = "",
        sort: Annotated[str, sort_by(COLUMNS)] = "",
    ) -> Response:
        """Accounts, by name; never what proves them."""
        sessions = book.accounts.sessions()
        shown, more = page(book.accounts.all(), lambda each: each.name, limit, after, columns=COLUMNS, sort=sort)
        items = [_account(each, sessions.get(each.name, 0)) for each in shown]
        return of_content(request, AccountPage(items=items, next=more))

    @router.post(
        "/accounts", status_code=201, response_model=MadeAccount, responses=described(400, 401, 403, 409, 422, 429)
    )
    def add(bearer: TheKeeper, new: NewAccount) -> MadeAccount:
        """Make an account."""
        try:
            secret = book.accounts.add(
                bearer.account.name, new.name, new.role, tuple(new.regions), single_sign_on=new.single_sign_on,
                agencies=tuple(new.agencies),
            )  # fmt: skip
        except RefusedError as error:
            raise HTTPException(409, str(error)) from error
        return MadeAccount(name=new.name.strip(), password=secret.reveal() if secret else None)

    @router.patch("/accounts/{name}", response_model=AccountDocument, responses=CHANGE)
    def change(bearer: TheKeeper, name: Name, changed: ChangedAccount) -> AccountDocument:
        """Another role or other regions; close or open it; unlock it; log it out everywhere."""
        _known(book, name)
        regions = None if changed.regions is None else tuple(changed.regions)
        agencies = None if changed.agencies is None else tuple(changed.agencies)
        order = AccountChange(changed.role, regions, changed.closed, changed.unlock, changed.log_out, agencies)
        try:
            after = book.accounts.change(bearer.account.name, name, order)
        except RefusedError as error:
            raise HTTPException(409, str(error)) from error
        return _account(after, book.accounts.sessions().get(name, 0))

    @router.post("/accounts/{name}/password", status_code=201, response_model=MadeAccount, responses=CHANGE)
    def reset(bearer: TheKeeper, name: Name) -> MadeAccount:
        """A new password, good for one login; every session ends."""
        _known(book, name)
        try:
            secret = book.accounts.reset(bearer.account.name, name)
        except RefusedError as error:
            raise HTTPException(409, str(error)) from error
        return MadeAccount(name=name, password=secret.reveal())

    @router.delete("/accounts/{name}", status_code=204, response_class=Response, responses=CHANGE)
    def remove(bearer: TheKeeper, name: Name) -> None:
        """The account, its sessions and its tokens; the last administrator cannot be removed."""
        _known(book, name)
        try:
            book.accounts.remove(bearer.account.name, name)
        except RefusedError as error:
            raise HTTPException(409, str(error)) from error

    @router.get("/tokens", response_model=TokenPage, responses=READ)
    def tokens(request: Request, _bearer: TheKeeper, limit: Limit = USUAL, after: After = "") -> Response:
        """Everybody's tokens, by id; never the keys."""
        shown, more = page(book.tokens.of(None), lambda each: each.id, limit, after)
        return of_content(request, TokenPage(items=[_token(each) for each in shown], next=more))

    @router.post("/accounts/{name}/tokens", status_code=201, response_model=MadeToken, responses=CHANGE)
    def add_token(bearer: TheKeeper, name: Name, new: NewToken) -> MadeToken:
        """Make a token for an account; it may what the account may, or look alone."""
        _known(book, name)
        try:
            key, token = book.tokens.add(bearer.account.name, name, new.days, read_only=new.read_only, note=new.note)
        except RefusedError as error:
            raise HTTPException(409, str(error)) from error
        return MadeToken(key=key.reveal(), token=_token(token))

    @router.delete(
        "/tokens/{id}", status_code=204, response_class=Response, responses=described(401, 403, 404, 422, 429)
    )
    def revoke(bearer: TheKeeper, id_: Annotated[str, Path(alias="id", pattern="^[0-9a-f]{1,16}$")]) -> None:
        """It is good for nothing at once."""
        try:
            book.tokens.revoke(bearer.account.name, id_)
        except RefusedError as error:
            raise HTTPException(404, str(error)) from error

    return router


def _known(book: PeopleBook, name: str) -> Account:
    found = next((each for each in book.accounts.all() if each.name == name), None)
    if found is None:
        raise HTTPException(404, _("There is no such account."))
    return found


def _account(account: Account, sessions: int) -> AccountDocument:
    return AccountDocument(
        name=account.name,
        role=account.role,
        regions=list(account.regions),
        agencies=list(account.agencies),
        closed=account.disabled,
        must_change_password=account.must_change,
        single_sign_on=is_external(account),
        locked_until=account.locked_until,
        sessions=sessions,
    )


def _token(token: AccessToken) -> TokenDocument:
    return TokenDocument(
        id=token.id,
        account=token.account,
        read_only=token.read_only,
        note=token.note,
        made_at=token.made_at,
        expires_at=token.expires_at,
        used_at=token.used_at,
    )
