"""What nobody careful would ask: too much, too long, of the year 1; and what is answered when something fails here."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import APIRouter

from console.web.guard import MOST_BYTES, POLICY
from console.web.part import Part
from tests.unit.console.console_office import PASSWORD, Office, office
from tests.unit.console.guarded_town import Town, query_names, routes_of, town

STREAMS = {"/live", "/api/v1/events"}
STRANGE = ("0001-01-01", "9999-12-31", "1000000000000000000", "-1", "nan", "x" * 10_000, "%ff", "'\"<>%_\\", "\u202e")
STOOD = defaultdict(lambda: "w1w1w1") | {
    "id_": "ours-0001", "id": "ours-0001", "code": "32.14.05.2001", "slug": "desa-citeko", "number": "w1w1w1",
    "language": "en", "format_": "pdf", "format": "pdf", "device": "rtr-citeko", "name": "rtr-citeko",
}  # fmt: skip


LOST = ("x" * 10_000, "%FF%FE", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "%00", "%0d%0aX-Evil:%201")


def turned(given: tuple[str, ...], turn: int) -> list[str]:
    """One of them, another each time: all were tried everywhere once, and found nothing that these do not."""
    return [given[turn % len(given)]]


def broken() -> Part:
    router = APIRouter()

    @router.get("/broken")
    def fails() -> None:
        raise RuntimeError("postgresql://kentongan:sandi@db/")

    return Part(router)


@pytest.fixture(scope="module")
def here() -> Iterator[Office]:
    with office(secure=True, parts=[broken()]) as made:
        made.client._transport.raise_server_exceptions = False
        yield made


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("limits")) as made:
        made.client._transport.raise_server_exceptions = False
        yield made


def test_no_question_is_too_strange(place: Town) -> None:
    place.enter("admin")
    failed = []
    for turn, (path, route) in enumerate(routes_of(place.app)):
        if "GET" not in (route.methods or ()) or path in STREAMS:
            continue
        bearer = place.token("admin") if path.startswith("/api/") else {}
        parts = re.findall(r"{(\w+)(?::\w+)?}", path)
        kind = "link-traffic" if "charts" in path else "rollback"
        for at in range(len(parts)):
            for strange in turned(LOST, turn):
                values = STOOD | {"kind": kind, parts[at]: strange}
                asked = re.sub(r":\w+}", "}", path).format_map(values)
                if place.client.get(asked, headers=bearer).status_code in (500, 429):
                    failed.append(asked[:100])
        plain = re.sub(r":\w+}", "}", path).format_map(STOOD | {"kind": kind})
        for number, name in enumerate(query_names(route)):
            for strange in turned(STRANGE, turn + number):
                answer = place.client.get(plain, params={"of": "rtr-citeko", name: strange}, headers=bearer)
                if answer.status_code in (500, 429) or "Traceback" in answer.text:
                    failed.append(f"{plain}?{name}={strange[:20]}")
    assert failed == [], len(failed)


@pytest.mark.parametrize(
    "path", ["/login", "/password", "/incidents/plrd-0001/acts", "/api/v1/incidents/plrd-0001/acts"]
)
def test_no_more_is_read_than_a_form_can_hold(here: Office, path: str) -> None:
    if path != "/login":
        assert here.enter("noc") == 303
    bearer = here.token("noc") if path.startswith("/api/") else {}
    kind = "application/json" if bearer else "application/x-www-form-urlencoded"
    answer = here.client.post(path, content=b"x=" + b"y" * MOST_BYTES, headers={**bearer, "content-type": kind})
    assert answer.status_code == 413, path
    assert answer.headers["content-security-policy"] == POLICY


@pytest.mark.parametrize(
    ("path", "status"),
    [("/broken", 500), ("/login", 200), ("/nowhere", 404), ("/static/nowhere.css", 404), ("/login?to=%00", 400),
     ("/incidents/%00", 400), ("/static/..%2f..%2fapp.py", 404), ("/static/%2e%2e/templates/base.html", 404),
     ("/api/v1/nowhere", 404), ("/api/v1/incidents", 401), ("/docs", 404), ("/redoc", 404), ("/openapi.json", 404),
     ("/api/docs", 404), ("/api/v1/openapi.json", 200)],
)  # fmt: skip
def test_every_answer_carries_its_headers_and_no_more_than_it_should(here: Office, path: str, status: int) -> None:
    answer = here.client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "no-store" in answer.headers["cache-control"] or "private" in answer.headers["cache-control"]
    assert "sandi" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "server" not in answer.headers


def test_only_the_web_server_before_us_says_who_asks() -> None:
    statuses: dict[str, list[int]] = {}
    with office(secure=True) as behind:
        app = behind.client.app
        for name, peer, said in (
            ("by one", "127.0.0.1", "198.51.100.7"),
            ("by another", "::1", "203.0.113.1, 198.51.100.8"),  # what a browser wrote itself stands before
            ("not by nginx", "192.0.2.1", "198.51.100.9"),
            ("again", "192.0.2.1", "198.51.100.10"),
        ):
            client = type(behind.client)(app, base_url="https://test", client=(peer, 4711), follow_redirects=False)
            statuses[name] = [
                client.post(
                    "/login", data={"name": f"{name} {n}", "password": "x"}, headers={"x-forwarded-for": said}
                ).status_code
                for n in range(11)
            ]
    assert {name: found.count(429) for name, found in statuses.items()} == {
        "by one": 0, "by another": 0, "not by nginx": 0, "again": 2,
    }  # fmt: skip


def test_a_wrong_password_does_not_tell_whether_the_name_is_known(here: Office) -> None:
    known = here.client.post("/login", data={"name": "viewer", "password": "wrong"})
    unknown = here.client.post("/login", data={"name": "tamu", "password": "wrong"})
    assert known.text.replace("viewer", "") == unknown.text.replace("tamu", "")
    assert known.headers.get("set-cookie") == unknown.headers.get("set-cookie") is None


def test_a_token_is_no_cookie_and_ends_with_its_account(here: Office) -> None:
    bearer = here.token("planner", lasts=timedelta(days=2))
    key = bearer["Authorization"].partition(" ")[2]
    here.client.cookies.clear()
    here.client.cookies.set("kentongan", key)
    assert here.client.get("/").status_code == 303
    here.client.cookies.clear()
    assert here.client.get("/api/v1/devices", headers=bearer).status_code == 200
    assert here.client.get(f"/api/v1/devices?token={key}").status_code == 401
    here.accounts.put(replace(here.accounts.kept["planner"], disabled=True))
    assert here.client.get("/api/v1/devices", headers=bearer).status_code == 401
    assert here.enter("planner", PASSWORD) == 401
