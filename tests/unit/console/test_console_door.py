"""Logging in: who is let in, for how long, what a wrong password costs, and what every answer carries."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.unit.console.console_office import PASSWORD, Office, office

PAGES = ("/", "/wall/board", "/live", "/incidents", "/incidents/plrd-0001", "/devices", "/devices.csv", "/coverage")


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_shown_to_who_is_not_logged_in(here: Office, path: str) -> None:
    answer = here.client.get(path)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login")


def test_a_part_of_a_page_sends_the_whole_page_to_the_door(here: Office) -> None:
    answer = here.client.get("/wall/board", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login?to=/")


@pytest.mark.parametrize("name", ["nobody", "closed"])
def test_who_is_not_known_and_who_is_shut_out_hear_the_same(here: Office, name: str) -> None:
    assert here.enter(name) == 401
    unknown = here.client.post("/login", data={"name": name, "password": PASSWORD}).text
    wrong = here.client.post("/login", data={"name": "noc", "password": "x" * 12}).text
    assert [text.count("Name or password is wrong.") for text in (unknown, wrong)] == [1, 1]


def test_wrong_passwords_close_the_account_for_a_while_that_doubles(here: Office) -> None:
    for _try in range(5):
        assert here.enter("noc", "wrong") == 401
    assert here.enter("noc") == 401, "the right one does not open it either"
    assert "Too many wrong passwords" in here.client.post("/login", data={"name": "noc", "password": PASSWORD}).text
    here.later(timedelta(seconds=61))
    assert here.enter("noc", "wrong") == 401
    here.later(timedelta(seconds=61))
    assert here.enter("noc") == 401, "two minutes now"
    here.later(timedelta(seconds=60))
    assert here.enter("noc") == 303
    assert here.accounts.kept["noc"].failures == 0
    assert ("login refused: locked", "noc") in here.journal


def test_one_address_may_not_try_for_ever(here: Office) -> None:
    statuses = [here.enter(f"name-{n}") for n in range(25)]
    assert statuses == [401] * 20 + [429] * 5


def test_the_journal_holds_no_name_that_nobody_has(here: Office) -> None:
    here.enter("my password, typed in the wrong field")
    assert here.journal == [("login refused", "")]


def test_a_session_ends_when_nobody_comes_back_and_after_a_week_anyway(here: Office) -> None:
    assert here.enter("viewer") == 303
    for _day in range(13):
        here.later(timedelta(hours=11))
        assert here.client.get("/").status_code == 200
    here.later(timedelta(hours=13))
    assert here.client.get("/").status_code == 303
    assert here.enter("viewer") == 303
    for _visit in range(17):
        here.later(timedelta(hours=10))
        here.client.get("/")
    assert here.client.get("/").status_code == 303


def test_an_account_that_is_closed_is_out_at_once(here: Office) -> None:
    assert here.enter("viewer") == 303
    here.accounts.put(replace(here.accounts.kept["viewer"], disabled=True))
    assert here.client.get("/").status_code == 303


def test_who_has_a_password_of_somebody_else_chooses_an_own_one_first(here: Office) -> None:
    assert here.enter("new") == 303
    assert here.client.get("/").headers["location"] == "/password"
    form = {
        "form_key": here.form_key(),
        "old": PASSWORD,
        "new": "kopi hitam tanpa gula",
        "again": "kopi hitam tanpa gula",
    }
    for change, why in (
        ({"old": "wrong"}, "present password is wrong"),
        ({"again": "kopi susu"}, "differ"),
        ({"new": "short", "again": "short"}, "10 to 200"),
        ({"new": PASSWORD, "again": PASSWORD}, "is the old one"),
        ({"new": "aaaaaaaaaaaa", "again": "aaaaaaaaaaaa"}, "easily guessed"),
    ):
        answer = here.client.post("/password", data=form | change)
        assert answer.status_code == 422
        assert why in answer.text
    assert here.client.post("/password", data=form).headers["location"] == "/login"
    assert here.sessions.kept == {}
    assert here.enter("new", "kopi hitam tanpa gula") == 303
    assert here.client.get("/").status_code == 200


def test_logging_out_ends_the_session(here: Office) -> None:
    here.enter("noc")
    key = here.client.cookies["kentongan"]
    assert here.client.post("/logout", data={"form_key": here.form_key()}).status_code == 303
    here.client.cookies.set("kentongan", key)
    assert here.client.get("/").status_code == 303


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example/", "/\\evil.example", "evil"])
def test_the_door_leads_nowhere_else(here: Office, to: str) -> None:
    answer = here.client.post("/login", data={"name": "noc", "password": PASSWORD, "to": to})
    assert answer.headers["location"] == "/"


def test_every_answer_is_guarded(here: Office) -> None:
    here.enter("noc")
    for path in (*PAGES[:2], "/login", "/nowhere", "/static/console.css", "/devices?state=nonsense"):
        headers = here.client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store" or path.startswith("/static/")


def test_behind_tls_the_cookie_goes_over_nothing_else() -> None:
    with office(secure=True) as made:
        answer = made.client.post("/login", data={"name": "noc", "password": PASSWORD})
        assert {"Secure", "HttpOnly", "SameSite=lax"} <= set(answer.headers["set-cookie"].split("; "))
        assert "max-age" in answer.headers["strict-transport-security"]


def test_everybody_reads_in_the_language_he_chose(here: Office) -> None:
    here.enter("noc")
    assert "rtr-citeko down" in here.client.get("/").text
    assert here.client.get("/language/id?to=/incidents").headers["location"] == "/incidents"
    assert "rtr-citeko mati" in here.client.get("/").text
    here.client.get("/language/xx")
    assert "rtr-citeko mati" in here.client.get("/").text
