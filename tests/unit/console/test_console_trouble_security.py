"""The database away, busy, full or of another version: a page and a problem that say what to do, never whose path or
address; an order that was not carried out says so and keeps what was typed; a session that ends loses no text."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from console.ports.trouble import Trouble, Troubles
from console.views.trouble import said_of
from domain.language import speaking
from tests.unit.console.console_office import NOW, PASSWORD, Office, office

BROWSER = {"sec-fetch-site": "same-origin"}
NOTE = "tiang roboh di depan <script>alert(1)</script> balai desa"
ACTS = "/incidents/plrd-0001/acts"


class AwayError(Exception):
    """With what nobody outside should read."""

    def __init__(self, trouble: Trouble | None) -> None:
        super().__init__("postgresql://kentongan@10.1.2.3/var/lib/kentongan.db")
        self.trouble = trouble


def meaning(error: Exception) -> Trouble | None:
    assert isinstance(error, AwayError)
    return error.trouble


@pytest.fixture(scope="module")
def here() -> Iterator[Office]:
    with office(troubles=Troubles((AwayError,), meaning)) as made:
        made.client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
        yield made


@pytest.fixture
def failing(here: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Trouble | None]]:
    """Accounts cannot be read, for this reason."""
    why: list[Trouble | None] = []

    def get(_name: str) -> None:
        raise AwayError(why[0])

    here.enter("noc")
    bearer = here.token("noc")
    here.client.headers["authorization"] = bearer["Authorization"]
    monkeypatch.setattr(here.accounts, "get", get)
    yield why
    del here.client.headers["authorization"]


def form_key(here: Office) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', here.client.get("/incidents/plrd-0001").text)
    assert found
    return found[1]


@pytest.mark.parametrize("trouble", list(Trouble))
def test_a_page_and_a_problem_say_what_to_do(here: Office, failing: list[Trouble | None], trouble: Trouble) -> None:
    failing.append(trouble)
    with speaking("en"):
        said = said_of(trouble)
    page, problem = here.client.get("/incidents"), here.client.get("/api/v1/incidents")
    assert (page.status_code, problem.status_code) == (503, 503)
    assert page.headers["retry-after"] == problem.headers["retry-after"] == str(said.again_seconds)
    assert f'<meta http-equiv="refresh" content="{said.again_seconds}">' in page.text, "a wall has nobody to reload it"
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["trouble"] == trouble.value
    for text in (page.text, problem.json()["detail"]):
        assert said.what in text
        assert said.remedy in text
        assert "10.1.2.3" not in text
        assert "kentongan.db" not in text
    assert "not carried out" not in page.text


def test_what_is_no_trouble_stays_a_fault_of_ours(here: Office, failing: list[Trouble | None]) -> None:
    failing.append(None)
    assert here.client.get("/incidents").status_code == 500
    assert here.client.get("/api/v1/incidents").status_code == 500


def test_an_order_that_met_it_says_so_and_can_be_sent_again(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    here.enter("noc")
    key = form_key(here)

    def act(*_given: object) -> None:
        raise AwayError(Trouble.FULL)

    with monkeypatch.context() as patch:
        patch.setattr(here.orders, "act", act)
        answer = here.client.post(ACTS, data={"form_key": key, "text": NOTE}, headers=BROWSER)
    assert answer.status_code == 503
    assert "not carried out" in answer.text
    assert "http-equiv" not in answer.text, "a form is not sent again by itself"
    assert NOTE not in answer.text
    assert "tiang roboh di depan &lt;script&gt;" in answer.text
    assert key not in answer.text
    again = here.client.post(ACTS, data={"text": NOTE, "form_key": form_key(here)}, headers=BROWSER)
    assert (again.status_code, here.orders.given[-1].text) == (303, NOTE)


def test_what_was_typed_outlives_a_session_that_ends(here: Office) -> None:
    here.enter("noc")
    key, given = form_key(here), len(here.orders.given)
    here.clock[0] = NOW + timedelta(hours=13)
    answer = here.client.post(ACTS, data={"form_key": key, "text": NOTE, "step": "on-site"}, headers=BROWSER)
    here.clock[0] = NOW
    assert answer.status_code == 401
    assert "tiang roboh di depan &lt;script&gt;" in answer.text
    assert key not in answer.text
    # logged in anew, in another window: the form is shown once more, with the key of this session
    here.client.post("/login", data={"name": "noc", "password": PASSWORD})
    assert 'name="form_key"' not in answer.text
    shown = here.client.post(ACTS, data={"text": NOTE, "step": "on-site"}, headers=BROWSER)
    assert (shown.status_code, len(here.orders.given)) == (403, given)
    fresh = re.search(r'name="form_key" value="([^"]+)">\s*<label', shown.text)
    assert fresh
    old = here.client.post(ACTS, data={"form_key": key, "text": NOTE}, headers=BROWSER)
    assert (old.status_code, "Send it again" in old.text) == (403, True), "or the form of before, in another tab"
    fields = {"form_key": fresh[1], "text": NOTE, "step": "on-site"}
    assert 'name="step" value="on-site"' in shown.text
    assert here.client.post(ACTS, data=fields, headers=BROWSER).status_code == 303
    assert here.orders.given[-1].text == NOTE


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_nothing_of_another_page_is_shown_as_ours(here: Office, headers: dict[str, str]) -> None:
    here.enter("noc")
    answer = here.client.post(ACTS, data={"form_key": "guessed", "text": NOTE}, headers=headers)
    assert answer.status_code == 403
    assert "tiang roboh" not in answer.text
    here.client.cookies.clear()
    assert here.client.post(ACTS, data={"text": NOTE}, headers=headers).status_code == 303


def test_a_password_is_never_shown_again(here: Office) -> None:
    here.client.cookies.clear()
    typed = {"old": "rahasia yang lama", "new": "rahasia yang baru", "again": "rahasia yang baru", "note": "dua kata"}
    answer = here.client.post("/password", data=typed, headers=BROWSER)
    assert (answer.status_code, "rahasia" in answer.text) == (303, False)


def test_whose_account_is_gone_or_has_another_role_acts_no_more(here: Office) -> None:
    here.enter("noc")
    key = form_key(here)
    noc = here.accounts.kept["noc"]
    try:
        here.accounts.put(replace(noc, role=here.accounts.kept["viewer"].role))
        assert here.client.post(ACTS, data={"form_key": key, "text": NOTE}, headers=BROWSER).status_code == 403
        here.accounts.remove("noc")
        answer = here.client.post(ACTS, data={"form_key": key, "text": NOTE}, headers=BROWSER)
        assert answer.status_code == 401
        assert "tiang roboh" in answer.text, "the person is gone, the words are not"
    finally:
        here.accounts.put(noc)
