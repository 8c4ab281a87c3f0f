"""Changes of sites by REST: every route by every role, at home and elsewhere; what was not seen is not ordered."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import pytest

from console.ports.sites import RefusedError, Task
from console.web.sites import sites_part
from domain.network import PersonRole
from tests.unit.console.changes_office import CONFIGURED, MARK, Changes, changes, waiting_job, waiting_wave
from tests.unit.console.console_office import NOW, Office, office

ENGINEERS = {PersonRole.ENGINEER, PersonRole.ADMIN}
APPROVERS = {PersonRole.APPROVER, PersonRole.ADMIN}
PLANNERS = ENGINEERS | {PersonRole.PLANNER, PersonRole.APPROVER}
ASKED = ENGINEERS | {PersonRole.PLANNER}
HOME, ELSEWHERE = "desa-citeko", "desa-cadassari"

# (method, path): (body, status, who; None is everybody)
ROUTES: Final[dict[tuple[str, str], tuple[Any, int, set[PersonRole] | None]]] = {
    ("get", "/changes"): (None, 200, None),
    ("get", "/changes/{slug}"): (None, 200, None),
    ("get", "/changes/{slug}/plan"): (None, 200, PLANNERS),
    ("post", "/changes/{slug}/agreement"): ({"job": "a1b2c3", "fingerprint": MARK}, 200, APPROVERS),
    ("post", "/changes/{slug}/orders"): ({"kind": "build", "job": "a1b2c3"}, 202, ENGINEERS),
    ("get", "/changes/{slug}/foreseen?kind=rollback"): (None, 200, ENGINEERS),
    ("get", "/changes/{slug}/questions"): (None, 200, ASKED),
    ("post", "/changes/{slug}/answers"): ({"mark": "", "values": {}}, 409, ASKED),
    ("get", "/waves"): (None, 200, ENGINEERS | APPROVERS),
    ("get", "/waves/{wave}"): (None, 200, ENGINEERS | APPROVERS),
    ("post", "/waves/{wave}/agreement"): ({"plans": {"desa-citeko": MARK}}, 200, APPROVERS),
    ("post", "/waves"): ({"sites": ["desa-citeko"]}, 202, ENGINEERS),
    ("post", "/waves/{wave}/orders"): ({"kind": "resume"}, 202, ENGINEERS),
}


@pytest.fixture(scope="module")
def open_office() -> Iterator[tuple[Office, Changes]]:
    made = changes()
    with office(parts=[sites_part(made.sites())]) as here:
        account = here.accounts.kept["of-plered"]
        for role in (PersonRole.ENGINEER, PersonRole.APPROVER):
            here.accounts.put(replace(account, name=f"{role.value}-plered", role=role))
        yield here, made


@pytest.fixture
def both(open_office: tuple[Office, Changes]) -> tuple[Office, Changes]:
    here, made = open_office
    fresh = changes()
    for part in ("book", "plans", "orders"):
        vars(getattr(made, part)).update(vars(getattr(fresh, part)))
    made.orders.book = made.book
    return here, made


def ask(here: Office, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
    return here.client.request(method, f"/api/v1{path}", headers=headers, json=body)


def test_every_route_has_its_row(both: tuple[Office, Changes]) -> None:
    paths = both[0].client.get("/api/v1/openapi.json").json()["paths"]
    found = {(method, path.removeprefix("/v1")) for path, methods in paths.items() for method in methods}
    assert {each for each in found if each[1].startswith(("/changes", "/waves"))} == {
        (method, path.partition("?")[0]) for method, path in ROUTES
    }


@pytest.mark.parametrize("role", list(PersonRole))
@pytest.mark.parametrize("read_only", [False, True], ids=["full", "read-only"])
def test_every_route_by_every_role(both: tuple[Office, Changes], role: PersonRole, read_only: bool) -> None:
    here, made = both
    made.book.begun_waves = [waiting_wave(HOME)]
    token = here.token(role.value, read_only=read_only)
    for (method, path), (body, status, who) in ROUTES.items():
        made.book.ordered.clear()
        given, held = len(made.orders.given), list(made.book.held)
        answer = ask(here, method, path.format(slug=HOME, wave="w3w3w3"), token, body)
        may = (who is None or role in who) and (method == "get" or not read_only)
        assert answer.status_code == (status if may else 403), (method, path)
        if not may:
            assert answer.headers["content-type"] == "application/problem+json"
            assert (given, held) == (len(made.orders.given), made.book.held)
    whole = ask(here, "get", f"/changes/{HOME}", token).json()
    assert (whole["job"]["why"] is None) is (role is PersonRole.VIEWER)
    assert (whole["job"]["steps"][0]["evidence"] is None) is (role is PersonRole.VIEWER)
    plan = ask(here, "get", f"/changes/{HOME}/plan", token).text
    assert (CONFIGURED in plan) is (role in ENGINEERS)


@pytest.mark.parametrize("name", ["of-plered", "engineer-plered", "approver-plered"])
def test_elsewhere_is_not_there(both: tuple[Office, Changes], name: str) -> None:
    here, made = both
    made.book.held.append(waiting_job(site=ELSEWHERE))
    made.book.begun_waves = [waiting_wave(ELSEWHERE)]
    token = here.token(name)
    assert "cadassari" not in ask(here, "get", "/changes", token).text
    for (method, path), (body, _status, who) in ROUTES.items():
        if path in ("/changes", "/waves"):
            continue
        answer = ask(here, method, path.format(slug=ELSEWHERE, wave="w3w3w3"), token, body)
        role = here.accounts.kept[name].role
        assert answer.status_code == (404 if who is None or role in who else 403), (method, path)
    assert ask(here, "get", f"/changes/{HOME}/plan?like={ELSEWHERE}", token).status_code in (403, 404)
    assert not made.orders.given


def test_a_wave_is_agreed_to_as_it_was_seen_and_whole(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.book.held = [waiting_job(), waiting_job("engineer", "b2c3d4", ELSEWHERE)]
    made.book.begun_waves = [waiting_wave(HOME, ELSEWHERE)]
    token = here.token("approver")
    [seen] = ask(here, "get", "/waves", token).json()["items"]
    plans = {each["site"]: each["fingerprint"] for each in seen["sites"]}
    assert plans == {HOME: MARK, ELSEWHERE: MARK}
    path = "/waves/w3w3w3/agreement"
    assert ask(here, "post", path, token, {"plans": {HOME: MARK}}).status_code == 409
    assert ask(here, "post", path, here.token("approver-plered"), {"plans": plans}).status_code == 403
    cut = ask(here, "get", "/waves/w3w3w3", here.token("approver-plered")).json()
    assert ([each["site"] for each in cut["sites"]], cut["allSites"]) == ([HOME], 2)
    assert all(not job.approvers for job in made.book.held)
    agreed = ask(here, "post", path, token, {"plans": plans}).json()
    assert [each["approvers"] for each in agreed["sites"]] == [["approver"], ["approver"]]
    back = ask(here, "post", path, token, {"plans": plans, "agree": False}).json()
    assert [each["approvers"] for each in back["sites"]] == [[], []]


REPLACE = {"device": "rtr-citeko", "serial": "HE9", "model": "hEX", "already": True}


def test_what_an_order_would_do_is_seen_first(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.book.held.clear()
    token, path = here.token("engineer"), f"/changes/{HOME}"
    query = {"kind": "replace", **REPLACE, "already": "true"}
    seen = here.client.get(f"/api/v1{path}/foreseen", params=query, headers=token).json()
    assert (seen["fingerprint"], list(seen["told"])) == (MARK, ["rtr-citeko"])
    other = {"kind": "replace", "fingerprint": "another", **REPLACE}
    assert ask(here, "post", f"{path}/orders", token, other).status_code == 409
    assert made.orders.given == []
    assert ask(here, "post", f"{path}/orders", token, {**other, "fingerprint": MARK}).status_code == 202
    [given] = made.orders.given
    shown = made.plans.previews[0]
    assert (given.kind, given.words, bool(given.token)) == (shown.kind, shown.words, True)
    assert (given.words["already"], given.words["fate"], given.mark) == ("yes", "spare", MARK)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("kind=replace&device=rtr-citeko", 409),
        ("kind=replace&device=rtr-cadassari&serial=x", 404),
        ("kind=suspend", 409),
        ("kind=suspend&reason=x&fate=retired", 409),
        ("kind=decommission&reason=x&fate=lost", 409),
        ("kind=decommission&reason=x&fate=retired", 200),
        ("kind=build", 422),
    ],
)
def test_what_is_lacking_is_said(both: tuple[Office, Changes], query: str, status: int) -> None:
    here, _made = both
    assert ask(here, "get", f"/changes/{HOME}/foreseen?{query}", here.token("engineer")).status_code == status


@pytest.mark.parametrize("body", [
    {"kind": "suspend", "reason": "unpaid", "fate": "rma"}, {"kind": "resume"}, {"kind": "decommission", "reason": "x"},
])  # fmt: skip
def test_a_site_is_suspended_resumed_taken_down(both: tuple[Office, Changes], body: dict[str, str]) -> None:
    here, made = both
    made.book.held.clear()
    token, path = here.token("engineer"), f"/changes/{HOME}/orders"
    assert ask(here, "post", path, token, body).status_code == 422, "what was seen is not said"
    assert ask(here, "post", path, token, {**body, "fingerprint": MARK}).status_code == 202
    assert (made.orders.given[0].kind.value, made.orders.given[0].subject) == (body["kind"], HOME)


def test_questions_are_answered_as_they_were_seen(both: tuple[Office, Changes]) -> None:
    here, made = both
    token, path = here.token("planner"), f"/changes/{HOME}/answers"
    seen = ask(here, "get", f"/changes/{HOME}/questions", token).json()
    answer = {"mark": seen["mark"], "values": {"onu_serial": "ZTEG2"}}
    assert ask(here, "post", path, here.token("planner", read_only=True), answer).status_code == 403
    assert ask(here, "post", path, token, {**answer, "values": {"strange": "x"}}).status_code == 409
    assert ask(here, "post", path, token, {**answer, "values": {"onu_serial": "wrong"}}).status_code == 409
    assert ask(here, "post", path, token, {**answer, "like": "nowhere"}).status_code == 404
    after = ask(here, "post", path, token, answer)
    assert (after.status_code, made.plans.values["onu_serial"]) == (200, "ZTEG2")
    assert after.json()["mark"] != seen["mark"]
    assert ask(here, "post", path, token, answer).status_code == 409, "of values that are not there any more"


def test_a_wave_is_begun_stopped_and_gone_on_with(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.book.begun_waves = [waiting_wave(HOME)]
    token, orders = here.token("engineer"), "/waves/w3w3w3/orders"
    begun = ask(here, "post", "/waves", token, {"sites": [HOME, HOME], "canary": 0, "batch": 2, "stopAtPercent": 12.5})
    assert (begun.status_code, begun.json()) == (202, {"wave": None, "kind": "begin"})
    [given] = made.orders.given
    assert (given.words["sites"], given.words["canary"], given.words["stop_at"]) == (HOME, "0", "12.5")
    assert given.token
    last = ask(here, "get", "/waves", token).json()["lastOrder"]
    assert (last["kind"], last["underWay"], last["trouble"]) == ("begin", True, None)
    second = ask(here, "post", orders, token, {"kind": "resume"})
    assert (second.status_code, second.headers["content-type"]) == (409, "application/problem+json")
    assert ask(here, "post", orders, token, {"kind": "stop"}).status_code == 202
    assert made.orders.stopped == ["w3w3w3"]
    made.book.ordered["wave"] = Task("wave", "resume-wave", "engineer", NOW, NOW, f"no plan for {ELSEWHERE}")
    assert ask(here, "get", "/waves", token).json()["lastOrder"]["trouble"]
    assert ELSEWHERE not in ask(here, "get", "/waves", here.token("engineer-plered")).text
    made.orders.refused = RefusedError("nothing moves")
    assert ask(here, "post", orders, token, {"kind": "stop"}).status_code == 409
    assert ask(here, "post", orders, token, {"kind": "begin"}).status_code == 422


@pytest.mark.parametrize("wrong", [
    {"sites": []}, {"sites": ["a b"]}, {"sites": [HOME], "batch": 65}, {"sites": [HOME], "canary": -1},
    {"sites": [HOME], "stopAtPercent": 101}, {"sites": [HOME], "dryRun": True},
])  # fmt: skip
def test_figures_of_a_wave_make_sense(both: tuple[Office, Changes], wrong: Any) -> None:
    here, made = both
    assert ask(here, "post", "/waves", here.token("engineer"), wrong).status_code == 422
    assert made.orders.given == []


def test_a_wave_that_reaches_beyond_is_for_others(both: tuple[Office, Changes]) -> None:
    here, made = both
    made.book.begun_waves = [waiting_wave(HOME, ELSEWHERE)]
    token = here.token("engineer-plered")
    for kind in ("stop", "resume"):
        assert ask(here, "post", "/waves/w3w3w3/orders", token, {"kind": kind}).status_code == 403
    for body in ({"sites": [HOME, ELSEWHERE]}, {"sites": [HOME], "like": ELSEWHERE}):
        assert ask(here, "post", "/waves", token, body).status_code == 404
    assert (made.orders.given, made.orders.stopped) == ([], [])


def test_what_differs_has_another_tag(both: tuple[Office, Changes]) -> None:
    here, made = both
    token = here.token("engineer")
    first = ask(here, "get", f"/changes/{HOME}", token)
    known = {**token, "If-None-Match": first.headers["etag"]}
    assert ask(here, "get", f"/changes/{HOME}", known).status_code == 304
    made.book.ordered[HOME] = Task(HOME, "build", "engineer", NOW)
    again = ask(here, "get", f"/changes/{HOME}", known)
    assert (again.status_code, again.json()["site"]["underWay"]) == (200, True)
    assert [each["slug"] for each in ask(here, "get", "/changes?standing=working", token).json()["items"]] == [HOME]


def test_what_was_not_seen_is_refused(both: tuple[Office, Changes]) -> None:
    here, made = both
    engineer, approver = here.token("engineer"), here.token("approver")
    assert ask(here, "post", f"/changes/{HOME}/orders", engineer, {"kind": "build"}).status_code == 409
    assert ask(here, "post", f"/changes/{HOME}/orders", engineer, {"kind": "explode"}).status_code == 422
    other = {"job": "a1b2c3", "fingerprint": "another"}
    assert ask(here, "post", f"/changes/{HOME}/agreement", approver, other).status_code == 409
    made.book.held[0] = waiting_job("approver")
    own = {"job": "a1b2c3", "fingerprint": MARK}
    assert ask(here, "post", f"/changes/{HOME}/agreement", approver, own).status_code == 403
    first = ask(here, "post", f"/changes/{HOME}/orders", engineer, {"kind": "build", "job": "a1b2c3"})
    second = ask(here, "post", f"/changes/{HOME}/orders", engineer, {"kind": "build", "job": "a1b2c3"})
    assert (first.status_code, second.status_code, len(made.orders.given)) == (202, 409, 1)
    assert made.orders.given[0].token
