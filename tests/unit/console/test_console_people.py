"""People and tokens: who may make them, what is shown once, and what never."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from console.ports.people import AccountChange, PeopleBook
from console.web.people import people_part
from console.web.tokens import MOST
from domain.network import PersonRole
from tests.unit.console.console_office import EVIL, PLERED, Office, office
from tests.unit.console.console_people import MADE, BookAccounts, BookTokens, book

KEPT = ("/people", "/people.csv", "/people/account?name=admin")


@pytest.fixture
def held() -> PeopleBook:
    return book()


@pytest.fixture
def here(held: PeopleBook) -> Iterator[Office]:
    with office(parts=[people_part(held)]) as made:
        yield made


def accounts(held: PeopleBook) -> BookAccounts:
    assert isinstance(held.accounts, BookAccounts)
    return held.accounts


def tokens(held: PeopleBook) -> BookTokens:
    assert isinstance(held.tokens, BookTokens)
    return held.tokens


def test_accounts_are_for_those_who_keep_them(here: Office, held: PeopleBook) -> None:
    form = {"name": "tamu", "role": "admin", "act": "reset", "id": "1"}
    for role in PersonRole:
        here.enter(role.value)
        allowed = role is PersonRole.ADMIN
        assert {here.client.get(path).status_code for path in KEPT} == {200 if allowed else 403}
        if not allowed:
            here.sessions.kept = {key: each for key, each in here.sessions.kept.items() if each.account == role.value}
            sent = form | {"form_key": here.form_key()}
            for path in ("/people", "/people/account", "/people/tokens/revoke"):
                assert here.client.post(path, data=sent).status_code == 403
    assert accounts(held).acts == []


def test_an_administrator_of_one_kecamatan_makes_none(here: Office, held: PeopleBook) -> None:
    here.accounts.put(replace(here.accounts.kept["admin"], regions=(PLERED,)))
    here.enter("admin")
    assert {here.client.get(path).status_code for path in KEPT} == {403}
    answer = here.client.post("/people", data={"form_key": here.form_key(), "name": "x", "role": "admin"})
    assert (answer.status_code, accounts(held).acts) == (403, [])
    asked = here.client.get("/api/v1/accounts", headers=here.token("admin"))
    assert asked.status_code == 403


def test_a_password_is_shown_once(here: Office, held: PeopleBook) -> None:
    here.enter("admin")
    form = {"form_key": here.form_key(), "name": "tamu", "role": "viewer", "regions": "32.14.05, 32.14.10"}
    made = here.client.post("/people", data=form)
    assert MADE in made.text
    assert MADE not in here.client.get("/people").text + here.client.get("/people/account?name=tamu").text
    assert accounts(held).kept["tamu"].regions == ("32.14.05", "32.14.10")
    again = here.client.post("/people", data=form)
    assert (again.status_code, "It cannot be made." in again.text, 'value="tamu"' in again.text) == (422, True, True)
    alone = here.client.post("/people", data=form | {"name": "lewat-sso", "way": "sso"})
    assert "there is no password" in alone.text
    assert MADE not in alone.text


def test_every_act_on_an_account_names_who_gave_it(here: Office, held: PeopleBook) -> None:
    here.enter("admin")
    key = {"form_key": here.form_key(), "name": EVIL}
    for act in ("close", "open", "unlock", "logout"):
        assert here.client.post("/people/account", data=key | {"act": act}).status_code == 303
    changed = here.client.post("/people/account", data=key | {"act": "change", "role": "engineer", "regions": ""})
    assert changed.headers["location"] == "/people/account?name=%3Cscript%3Ealert%281%29%3C/script%3E"
    assert here.client.get(changed.headers["location"]).status_code == 200
    assert MADE in here.client.post("/people/account", data=key | {"act": "reset"}).text
    assert accounts(held).acts == [
        ("admin", EVIL, AccountChange(disabled=True)),
        ("admin", EVIL, AccountChange(disabled=False)),
        ("admin", EVIL, AccountChange(unlocked=True)),
        ("admin", EVIL, AccountChange(logged_out=True)),
        ("admin", EVIL, AccountChange(role=PersonRole.ENGINEER, regions=(), agencies=())),
        ("admin", "reset", EVIL),
    ]


def test_to_remove_is_to_write_the_name_and_the_last_one_stays(here: Office, held: PeopleBook) -> None:
    here.enter("admin")
    key = {"form_key": here.form_key(), "act": "remove"}
    careless = here.client.post("/people/account", data=key | {"name": "=cmd", "sure": "yes"})
    assert (careless.status_code, "=cmd" in accounts(held).kept) == (422, True)
    assert here.client.post("/people/account", data=key | {"name": "=cmd", "sure": "=cmd"}).status_code == 303
    last = here.client.post("/people/account", data=key | {"name": "admin", "sure": "admin"})
    assert (last.status_code, "admin is the last one." in last.text) == (422, True)
    assert "=cmd" not in accounts(held).kept


@pytest.mark.parametrize("form", [{}, {"form_key": "guessed"}])
def test_forms_of_another_page_do_nothing(here: Office, held: PeopleBook, form: dict[str, str]) -> None:
    here.enter("admin")
    wanted = {"name": "admin", "act": "reset", "id": "1", "days": "7", "role": "viewer"}
    for path in ("/people", "/people/account", "/people/tokens/revoke", "/tokens", "/tokens/revoke"):
        assert here.client.post(path, data=form | wanted).status_code == 403
    assert (accounts(held).acts, tokens(held).acts) == ([], [])


def test_accounts_are_looked_for(here: Office) -> None:
    here.enter("admin")
    total = len(here.client.get("/people.csv").text.splitlines())
    found = here.client.get("/people.csv?q=ADMIN").text.splitlines()
    assert 1 < len(found) < total
    assert here.client.get("/people?q=admin").text.count('<th scope="row"><a href="/people/account') == len(found) - 1
    assert len(here.client.get("/people.csv?q=%25").text.splitlines()) == 1
    assert here.client.get("/people?q=" + "x" * 10_000).status_code == 422


def test_names_are_text_and_a_spreadsheet_gets_no_formula(here: Office) -> None:
    here.enter("admin")
    for path in ("/people", f"/people/account?name={EVIL}"):
        answer = here.client.get(path)
        assert answer.status_code == 200
        assert EVIL not in answer.text
    assert "Locked" in here.client.get("/people").text
    assert "\n'=cmd,viewer" in here.client.get("/people.csv").text.replace("\r", "")
    assert here.client.get("/people/account?name=nobody").status_code == 404


def test_everybody_has_own_tokens_and_nobody_elses(here: Office, held: PeopleBook) -> None:
    here.enter("viewer")
    key = {"form_key": here.form_key()}
    made = here.client.post("/tokens", data=key | {"days": "7", "note": EVIL, "may": "act"})
    (mine,) = tokens(held).of("viewer")
    assert (made.status_code, "kt_" in made.text, EVIL in made.text, mine.read_only) == (200, True, False, False)
    assert "kt_" not in here.client.get("/tokens").text
    assert here.client.post("/tokens", data=key | {"days": "9999"}).status_code == 422
    _key, foreign = held.tokens.add("admin", "admin", 7, read_only=True, note="")
    assert foreign.id not in here.client.get("/tokens").text
    refused = here.client.post("/tokens/revoke", data=key | {"id": foreign.id})
    assert (refused.status_code, foreign.id in tokens(held).kept) == (422, True)
    assert here.client.post("/tokens/revoke", data=key | {"id": mine.id}).status_code == 303
    assert mine.id not in tokens(held).kept


def test_tokens_do_not_pile_up(here: Office, held: PeopleBook) -> None:
    for _token in range(MOST):
        held.tokens.add("noc", "noc", 7, read_only=True, note="")
    here.enter("noc")
    answer = here.client.post("/tokens", data={"form_key": here.form_key(), "days": "7"})
    assert (answer.status_code, len(tokens(held).kept)) == (422, MOST)


def test_programs_do_what_the_pages_do(here: Office, held: PeopleBook) -> None:
    admin, noc = here.token("admin"), here.token("noc")

    def ask(method: str, path: str, headers: dict[str, str], body: object = None) -> int:
        return here.client.request(method, f"/api/v1{path}", headers=headers, json=body).status_code

    new = {"name": "tamu", "role": "viewer", "regions": [PLERED]}
    for method, path, body, status in (
        ("get", "/accounts", None, 200),
        ("post", "/accounts", new, 201),
        ("patch", "/accounts/tamu", {"closed": True}, 200),
        ("post", "/accounts/tamu/password", None, 201),
        ("post", "/accounts/tamu/tokens", {"days": 7}, 201),
        ("get", "/tokens", None, 200),
        ("delete", "/accounts/admin", None, 409),
        ("delete", "/accounts/tamu", None, 204),
        ("patch", "/accounts/nobody", {}, 404),
    ):
        assert ask(method, path, noc, body) == 403, path
        assert ask(method, path, here.token("admin", read_only=True), body) == 403, path
        assert ask(method, path, admin, body) == status, path
    (token,) = held.tokens.of("tamu")
    assert ask("delete", f"/tokens/{token.id}", admin) == 204
    assert ask("delete", f"/tokens/{token.id}", admin) == 404


def test_the_roster_says_who_is_on_duty(here: Office) -> None:
    here.enter("admin")
    text = here.client.get("/people").text
    assert "1 person is on duty now." in text
    assert "&#39;sore&#39; is no time." in text
