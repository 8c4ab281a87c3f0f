"""The REST interface: who may what on every route, what it answers, and how it says no."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest

from console.api.health import MOST_STREAMS, counted, while_good
from console.api.limits import MOST_A_MINUTE, STRANGER_A_MINUTE
from console.views.devices import Wanted, list_of
from console.web.pulse import MOST_WATCHERS
from domain.incidents import ActKind, Phase
from domain.network import PersonRole
from domain.states import State
from tests.unit.console.console_office import IN_PLERED, IN_TEGALWARU, NOW, ZONE, Office, office

HANDLERS: Final = {PersonRole.NOC, PersonRole.ENGINEER, PersonRole.ADMIN}
TEGALWARU_ALONE: Final = ("tgwr-0001", "rtr-cadassari", "desa-cadassari", "32.14.10", "srv-1", '"dc"')
"""What somebody of Plered must never read."""

# (method, path): (an address of Plered, one of Tegalwaru, body, status).
ROUTES: Final[dict[tuple[str, str], tuple[str, str, Any, int]]] = {
    ("get", "/v1/incidents"): ("/incidents?ended_days=7", "", None, 200),
    ("get", "/v1/incidents/{id}"): ("/incidents/plrd-0001", "/incidents/tgwr-0001", None, 200),
    ("post", "/v1/incidents/{id}/acts"): (
        "/incidents/plrd-0001/acts", "/incidents/tgwr-0001/acts", {"note": "tiang roboh"}, 201,
    ),
    ("get", "/v1/devices"): ("/devices", "", None, 200),
    ("get", "/v1/sites"): ("/sites", "", None, 200),
    ("get", "/v1/coverage"): ("/coverage?at=2026-06-30", "", None, 200),
    ("get", "/v1/coverage/plan"): ("/coverage/plan", "", None, 200),
    ("get", "/v1/health"): ("/health", "", None, 200),
    ("get", "/v1/events"): ("/events", "", None, 503),  # let in, but the house is full: a stream would never end
}  # fmt: skip


@pytest.fixture(scope="module")
def house() -> Iterator[Office]:
    with office() as made:
        made.pulse._watchers = MOST_WATCHERS
        yield made


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def ask(here: Office, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
    return here.client.request(method, f"/api/v1{path}", headers=headers, json=body)


def is_problem(answer: Any) -> bool:
    said = answer.json()
    return bool(
        answer.headers["content-type"] == "application/problem+json"
        and said["status"] == answer.status_code
        and said["detail"]
        and said["instance"].startswith("/api/")
    )


def test_every_route_has_its_row(house: Office) -> None:
    paths = house.client.get("/api/v1/openapi.json").json()["paths"]
    assert {(method, path) for path, methods in paths.items() for method in methods} == set(ROUTES)


@pytest.mark.parametrize("role", list(PersonRole))
@pytest.mark.parametrize("route", list(ROUTES), ids=" ".join)
@pytest.mark.parametrize("read_only", [False, True], ids=["full", "read-only"])
def test_a_role_may_what_it_may_at_the_pages(
    house: Office, route: tuple[str, str], role: PersonRole, read_only: bool
) -> None:
    own, _other, body, status = ROUTES[route]
    answer = ask(house, route[0], own, house.token(role.value, read_only=read_only), body)
    may = route[0] == "get" or (role in HANDLERS and not read_only)
    assert answer.status_code == (status if may else 403)
    assert may or is_problem(answer)


@pytest.mark.parametrize("route", list(ROUTES), ids=" ".join)
def test_an_account_of_one_kecamatan_sees_and_touches_its_own(house: Office, route: tuple[str, str]) -> None:
    own, other, body, status = ROUTES[route]
    token = house.token("of-plered")
    answer = ask(house, route[0], own, token, body)
    assert answer.status_code == status
    assert not [name for name in TEGALWARU_ALONE if name in answer.text]
    if other:
        given = len(house.orders.given)
        refused = ask(house, route[0], other, token, body)
        assert (refused.status_code, len(house.orders.given)) == (404, given)
        assert (
            refused.json()["detail"]
            == ask(house, route[0], other.replace("tgwr", "none"), token, body).json()["detail"]
        )


@pytest.mark.parametrize("route", list(ROUTES), ids=" ".join)
@pytest.mark.parametrize("who", ["nobody", "invented", "closed", "expired", "revoked", "session"])
def test_nobody_else_is_let_in(house: Office, route: tuple[str, str], who: str) -> None:
    own, _other, body, _status = ROUTES[route]
    given, headers = len(house.orders.given), {}
    house.steady[0] += 61
    if who == "invented":
        headers = {"Authorization": "Bearer kt_invented"}
    elif who == "closed":
        headers = house.token("closed")
    elif who == "expired":
        headers = house.token("admin", lasts=timedelta())
    elif who == "revoked":
        headers = house.token("admin")
        house.tokens.kept.popitem()
    elif who == "session":  # a browser sends it by itself: no page of somebody else may act by it
        assert house.enter("admin") == 303
    answer = ask(house, route[0], own, headers, body)
    house.client.cookies.clear()
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert is_problem(answer)
    assert len(house.orders.given) == given


def test_an_act_is_given_in_the_name_of_the_account_with_the_tokens_number(here: Office) -> None:
    token = here.token("noc")
    (id_,) = here.tokens.kept
    for body in ({"step": "acknowledged"}, {"cause": "galian", "note": "dekat jembatan"}, {"note": "lampu merah"}):
        assert ask(here, "post", "/incidents/plrd-0001/acts", token, body).status_code == 201
    kinds = [(act.actor, act.kind, act.text, dict(act.values)) for act in here.orders.given]
    assert kinds == [
        ("noc", ActKind.ACKNOWLEDGED, "", {}),
        ("noc", ActKind.CLOSED, "dekat jembatan", {"cause": "galian"}),
        ("noc", ActKind.NOTE, "lampu merah", {}),
    ]
    assert here.orders.tokens == [id_] * 3


def test_an_order_that_is_refused_is_a_conflict_and_says_what_is_dark(here: Office) -> None:
    token, path = here.token("noc"), "/incidents/plrd-0001/acts"
    here.orders.dark = ("rtr-citeko",)
    still = ask(here, "post", path, token, {"step": "done"})
    assert (still.status_code, still.json()["stillDark"]) == (409, ["rtr-citeko"])
    here.orders.fails = "Nobody polls."
    assert ask(here, "post", path, token, {"note": "x"}).json()["detail"] == "Nobody polls."


NO_ORDERS: Final[tuple[Any, ...]] = (
    {},
    {"note": ""},
    {"note": "a\0b"},
    {"note": "\ud800"},
    {"\ud800": 1},
    {"note": "x" * 2001},
    {"step": "resolved"},
    {"step": "done", "cause": "galian"},
    [],
    "done",
)


def test_what_is_no_order_is_said_to_be_none(house: Office) -> None:
    headers, given = {**house.token("noc"), "Content-Type": "application/json"}, len(house.orders.given)
    for body in NO_ORDERS:
        answer = house.client.post("/api/v1/incidents/plrd-0001/acts", headers=headers, content=json.dumps(body))
        assert answer.status_code == 422, body
        assert is_problem(answer)
        assert answer.json()["errors"]
    assert len(house.orders.given) == given


def test_more_than_an_order_can_be_is_not_read(house: Office) -> None:
    headers = {**house.token("noc"), "Content-Type": "application/json"}
    answer = house.client.post("/api/v1/incidents/plrd-0001/acts", headers=headers, content=b" " * 70_000)
    assert answer.status_code == 413
    assert is_problem(answer)


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v2", "/api/v1/nothing", "/api/v1/devices/"])
def test_what_is_not_thouse_is_a_problem_too(house: Office, path: str) -> None:
    answer = house.client.get(path, headers=house.token("viewer"))
    assert answer.status_code in (404, 307)
    assert answer.status_code == 307 or is_problem(answer)


def test_a_page_keeps_its_own_way_to_say_no(house: Office) -> None:
    house.enter("viewer")
    assert house.client.get("/nothing").headers["content-type"].startswith("text/html")


def test_a_fault_of_our_own_tells_nothing_but_that(here: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_id: str) -> None:
        raise RuntimeError("the secret of the database")

    monkeypatch.setattr(here.sources, "incident", broken)
    here.client._transport.raise_server_exceptions = False
    answer = ask(here, "get", "/incidents/plrd-0001", here.token("viewer"))
    assert (answer.status_code, is_problem(answer), "secret" in answer.text) == (500, True, False)


def test_lists_are_read_page_by_page_without_a_gap(here: Office) -> None:
    token = here.token("viewer")
    here.sources.incidents = [
        replace(IN_PLERED, id=f"plrd-{n:04}", started_at=NOW - timedelta(minutes=n // 2)) for n in range(7)
    ]
    here.look_again()
    for path, names in (
        ("/devices", ["rtr-cadassari", "rtr-citeko", "srv-1"]),
        ("/sites", ["dc", "desa-cadassari", "desa-citeko"]),
        ("/incidents", [f"plrd-000{n}" for n in (1, 0, 3, 2, 5, 4, 6)]),
    ):
        key = {"/devices": "name", "/sites": "slug", "/incidents": "id"}[path]
        got: list[str] = []
        after: str | None = ""
        while after is not None:
            said = here.client.get(f"/api/v1{path}", headers=token, params={"limit": 2, "after": after}).json()
            got += [each[key] for each in said["items"]]
            after = said["next"]
        assert got == names


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "ended_days=-1", "endedDays=7"])
def test_a_value_that_cannot_be_read_is_named(house: Office, query: str) -> None:
    answer = ask(house, "get", f"/incidents?{query}", house.token("viewer"))
    assert (answer.status_code, answer.json()["errors"][0]["at"]) == (422, f"query.{query.partition('=')[0]}")


def test_incidents_that_are_over_are_shown_when_asked_for(here: Office) -> None:
    here.sources.incidents = [IN_PLERED, replace(IN_TEGALWARU, phase=Phase.RESOLVED, resolved_at=NOW)]
    here.look_again()
    token = here.token("viewer")
    assert [each["id"] for each in ask(here, "get", "/incidents", token).json()["items"]] == ["plrd-0001"]
    both = ask(here, "get", "/incidents?ended_days=7", token).json()["items"]
    assert [(each["id"], each["phase"]) for each in both] == [("tgwr-0001", "resolved"), ("plrd-0001", "open")]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({"q": "CITEKO"}, Wanted("CITEKO")),
        ({"q": "127.0.0.9"}, Wanted("127.0.0.9")),
        ({"q": "%"}, Wanted("%")),
        ({"role": "server"}, Wanted(role="server")),
        ({"kecamatan": "Plered", "state": "down"}, Wanted("", frozenset({State.DOWN}), "", "Plered")),
        ({"state": ["up", "down"]}, Wanted("", frozenset({State.UP, State.DOWN}))),
    ],
)
def test_devices_are_filtered_as_on_the_page(house: Office, query: dict[str, Any], wanted: Wanted) -> None:
    said = house.client.get("/api/v1/devices", headers=house.token("viewer"), params=query).json()
    page = list_of(house.sources.look(), wanted, ZONE).all
    assert [each["name"] for each in said["items"]] == sorted(row.name for row in page)


@pytest.mark.parametrize("path", ["/incidents", "/incidents/plrd-0001", "/devices", "/sites", "/coverage", "/health"])
def test_what_is_known_is_not_sent_again(house: Office, path: str) -> None:
    token = house.token("viewer")
    first = ask(house, "get", path, token)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
        again = ask(house, "get", path, {**token, "If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert ask(house, "get", path, {**token, "If-None-Match": '"other"'}).status_code == 200
    scoped = ask(house, "get", path, {**house.token("of-plered"), "If-None-Match": tag})
    assert scoped.status_code == (304 if path == "/incidents/plrd-0001" else 200), "somebody else's part is another"


def test_a_tag_is_another_when_something_differs_or_the_server_began_anew(here: Office) -> None:
    token = here.token("viewer")
    known = {**token, "If-None-Match": ask(here, "get", "/devices", token).headers["etag"]}
    here.sources.incidents = [IN_PLERED]
    here.look_again()
    changed = ask(here, "get", "/devices", known)
    assert changed.status_code == 200
    here.api.state.run = "another"
    assert ask(here, "get", "/devices", {**token, "If-None-Match": changed.headers["etag"]}).status_code == 200


def test_a_part_of_the_kabupaten_hears_nothing_of_its_whole(house: Office) -> None:
    whole = ask(house, "get", "/coverage", house.token("planner")).json()
    part = ask(house, "get", "/coverage", house.token("of-plered")).json()
    assert [each["desa"]["villages"] for each in (whole, part)] == [15, 10]
    assert (part["targets"], part["forecast"], part["notes"]) == (None, None, None)
    assert [each["name"] for each in part["villages"]] == ["Citeko"]


@pytest.mark.parametrize(("at", "on"), [("9999-12-31", "2026-11-23"), ("0001-01-01", "2000-01-01")])
def test_a_day_that_nobody_can_know_is_moved_to_the_nearest(house: Office, at: str, on: str) -> None:
    assert ask(house, "get", f"/coverage?at={at}", house.token("viewer")).json()["at"] == on


def test_each_token_may_ask_so_often_and_strangers_less(here: Office) -> None:
    one, other = here.token("viewer"), here.token("viewer")
    for _n in range(MOST_A_MINUTE - 1):
        here.api.state.door.admit(one["Authorization"].removeprefix("Bearer "), "", NOW)
    assert [ask(here, "get", "/health", one).status_code for _n in range(2)] == [200, 429]
    refused = ask(here, "get", "/health", one)
    assert (refused.headers["retry-after"], is_problem(refused)) == ("60", True)
    strangers = [ask(here, "get", "/health", {}).status_code for _n in range(STRANGER_A_MINUTE + 1)]
    assert strangers == [401] * STRANGER_A_MINUTE + [429]
    assert ask(here, "get", "/health", other).status_code == 200, "a stranger at the same address shuts nobody out"
    here.steady[0] += 61
    assert ask(here, "get", "/health", one).status_code == 200


def test_a_stream_ends_with_its_token(here: Office) -> None:
    key = here.token("viewer", lasts=timedelta(hours=1))["Authorization"].removeprefix("Bearer ")

    watching: Counter[str] = Counter()

    async def heard() -> list[str]:
        door, desk = here.api.state.door, here.api.state.desk
        beats = counted(while_good(desk, door, key), watching, "a")
        first = [await anext(beats)]
        assert watching["a"] == 1
        here.later(timedelta(hours=1))
        here.pulse._changed.set()
        return [*first, *[beat async for beat in beats]]

    before = here.pulse._watchers
    assert [beat.splitlines()[0] for beat in asyncio.run(heard())] == ["event: look"]
    assert (here.pulse._watchers, watching["a"]) == (before, 0)


def test_one_token_does_not_take_every_place(here: Office) -> None:
    token = here.token("viewer")
    (id_,) = here.tokens.kept
    here.api.state.watching[id_] = MOST_STREAMS
    assert ask(here, "get", "/events", token).status_code == 429
    here.pulse._watchers = MOST_WATCHERS
    assert ask(here, "get", "/events", here.token("viewer")).status_code == 503


def test_when_a_token_was_used_is_kept_but_not_at_each_request(here: Office) -> None:
    token = here.token("viewer")
    (id_,) = here.tokens.kept
    for minutes, used in ((0, NOW), (5, NOW), (20, NOW + timedelta(minutes=25))):
        here.later(timedelta(minutes=minutes))
        ask(here, "get", "/health", token)
        assert here.tokens.kept[id_].used_at == used


def test_keys_are_kept_nowhere_and_print_nowhere(here: Office) -> None:
    key = here.token("noc")["Authorization"].removeprefix("Bearer ")
    (kept,) = here.tokens.kept.values()
    assert key.startswith("kt_")
    assert len(key) > 40
    assert key not in repr((kept, vars(here.tokens)))
    assert kept.key_hash not in repr(kept)
