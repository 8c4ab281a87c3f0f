"""Whoever may not act changes nothing: every registered address that takes an order, without a right, without a form of
its own, from another site, for what lies outside of what is seen."""

from collections.abc import Iterator

import pytest

from domain.accounts import Right, may
from domain.network import PersonRole
from tests.unit.console.guarded_town import MARK, Town, routes_of, town

DOOR = {"/login"}
OWN = {"/logout", "/password", "/tokens", "/tokens/revoke"}
"""What everybody does for themselves."""

RIGHTS = {
    "/incidents/{id_}/acts": Right.HANDLE, "/incidents/{id_}/merge": Right.HANDLE,
    "/incidents/{id_}/split": Right.HANDLE, "/handover": Right.HANDLE,
    "/sites/new": Right.PLAN, "/sites/{slug}/apply": Right.CONFIGURE, "/sites/{slug}/agree": Right.APPROVE,
    "/sites/{slug}/{kind}": Right.CONFIGURE, "/waves": Right.CONFIGURE, "/waves/{number}/stop": Right.CONFIGURE,
    "/waves/{number}/resume": Right.CONFIGURE, "/waves/{number}/agree": Right.APPROVE,
    "/backups/{device}/read": Right.CONFIGURE, "/discovery/ignore": Right.CONFIGURE,
    "/discovery/take": Right.CONFIGURE, "/discovery/dismiss": Right.CONFIGURE, "/discovery/believe": Right.CONFIGURE,
    "/reports": Right.PLAN, "/people": Right.ADMINISTER, "/people/account": Right.ADMINISTER,
    "/people/tokens/revoke": Right.ADMINISTER,
    "/api/v1/incidents/{id}/acts": Right.HANDLE, "/api/v1/handover": Right.HANDLE,
    "/api/v1/changes/{slug}/agreement": Right.APPROVE, "/api/v1/changes/{slug}/orders": Right.CONFIGURE,
    "/api/v1/waves": Right.CONFIGURE, "/api/v1/waves/{wave}/orders": Right.CONFIGURE,
    "/api/v1/waves/{wave}/agreement": Right.APPROVE,
    "/api/v1/changes/{slug}/answers": Right.PLAN, "/api/v1/discovery/taken": Right.CONFIGURE,
    "/api/v1/backups/{device}/readings": Right.CONFIGURE, "/api/v1/discovery/ignored": Right.CONFIGURE,
    "/api/v1/discovery/questions/{device}/dismissal": Right.CONFIGURE,
    "/api/v1/discovery/host-keys/{device}/acceptance": Right.CONFIGURE,
    "/api/v1/reports/file": Right.PLAN, "/api/v1/reports": Right.PLAN, "/api/v1/accounts": Right.ADMINISTER,
    "/api/v1/accounts/{name}": Right.ADMINISTER, "/api/v1/accounts/{name}/password": Right.ADMINISTER,
    "/api/v1/accounts/{name}/tokens": Right.ADMINISTER, "/api/v1/tokens/{id}": Right.ADMINISTER,
}  # fmt: skip
"""Whoever adds an address that takes orders says here who may give them."""

INSIDE = {
    "id_": "ours-0001", "id": "ours-0001", "slug": "desa-gandamekar", "kind": "rollback", "number": "w1w1w1",
    "device": "rtr-citeko", "name": "viewer", "wave": "w1w1w1",
}  # fmt: skip
OUTSIDE = {
    "id_": f"{MARK}-0001", "id": f"{MARK}-0001", "slug": f"{MARK}-cadassari", "kind": "rollback", "number": "w2w2w2",
    "device": f"{MARK}-rtr", "name": "viewer", "wave": "w2w2w2",
}  # fmt: skip
WORDS = {
    "text": "x", "step": "acknowledged", "into": "both-0001", "why": "x", "members": "rtr-citeko", "note": "x",
    "device": f"{MARK}-rtr", "key": f"{MARK}-", "reason": "x", "sure": "yes",
    "site": f"{MARK}-sukamulya", "sites": f"{MARK}-sukamulya", "canary": "1", "batch": "1", "stop_at": "0", "mark": "x",
    "job": "2a0b0c", "name": "viewer", "act": "close",
}  # fmt: skip
"""As many as a form may have."""

JSON = {
    "step": "acknowledged", "note": "x", "job": "2a0b0c", "fingerprint": "x", "kind": "rollback", "key": f"{MARK}-",
    "reason": "x", "serial": "HE1", "sites": [f"{MARK}-sukamulya"], "mark": "x",
    "values": {"note": "x"}, "name": "baru", "role": "router",
}  # fmt: skip
Orders = list[tuple[str, str, str]]
"""(method, its path as registered, the address)."""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town(tmp_path_factory.mktemp("acts")) as made:
        made.enter("admin")
        made.client.get("/discovery")  # writes a file of its own the first time
        yield made


def orders(here: Town, values: dict[str, str]) -> Orders:
    found = []
    for path, route in routes_of(here.app):
        methods = sorted(set(route.methods or ()) - {"GET", "HEAD"})
        found += [(method, path, path.format_map(values)) for method in methods]
    return found


@pytest.fixture(scope="module")
def inside(here: Town) -> Orders:
    return orders(here, INSIDE)


def pages(given: Orders) -> Orders:
    return [each for each in given if not each[1].startswith("/api/") and each[1] not in DOOR]


def programs(given: Orders) -> Orders:
    return [each for each in given if each[1].startswith("/api/")]


def test_every_order_is_somebodys(inside: Orders) -> None:
    assert {path for _method, path, _at in inside} - DOOR - OWN <= set(RIGHTS)


def test_nobody_orders_anything(here: Town, inside: Orders) -> None:
    here.leave()
    before = here.kept()
    for method, _path, at in pages(inside):
        assert here.client.request(method, at, data=WORDS).headers["location"].startswith("/login"), at
    for method, _path, at in programs(inside):
        assert here.client.request(method, at, json=JSON).status_code == 401, at
        here.client.cookies.set("kentongan", "admin")  # a browser's key opens nothing there
        assert here.client.request(method, at, json=JSON).status_code == 401, at
        here.leave()
    assert here.kept() == before


@pytest.mark.parametrize(
    ("key", "headers"),
    [
        ("", {}),
        ("form-of-viewer", {}),
        ("form-of-admin", {"sec-fetch-site": "cross-site"}),
        ("form-of-admin", {"origin": "https://evil.example"}),
        ("form-of-admin", {"origin": "null"}),
    ],
)
def test_only_our_own_forms_are_taken(here: Town, inside: Orders, key: str, headers: dict[str, str]) -> None:
    here.enter("viewer")
    here.enter("admin")
    before = here.kept()
    for method, _path, at in pages(inside):
        answer = here.client.request(method, at, data=WORDS | {"form_key": key}, headers=headers)
        assert answer.status_code == 403, (at, answer.status_code)
    assert here.kept() == before


@pytest.mark.parametrize("role", list(PersonRole))
def test_who_lacks_the_right_changes_nothing(here: Town, inside: Orders, role: PersonRole) -> None:
    key, token, looking = here.enter(role.value), here.token(role.value), here.token("admin", read_only=True)
    before = here.kept()
    refused = [each for each in inside if each[1] in RIGHTS and not may(role, RIGHTS[each[1]])]
    for method, _path, at in pages(refused):
        answer = here.client.request(method, at, data=WORDS | {"form_key": key})
        assert answer.status_code == 403, (at, answer.status_code)
    for method, _path, at in programs(refused):
        assert here.client.request(method, at, json=JSON, headers=token).status_code == 403, at
    for method, _path, at in programs(inside) if role is PersonRole.VIEWER else ():
        assert here.client.request(method, at, json=JSON, headers=looking).status_code == 403, at
    assert here.kept() == before


@pytest.mark.parametrize("name", ["admin-plered", "agency"])
def test_what_is_outside_cannot_be_ordered(here: Town, name: str) -> None:
    key, token, before = here.enter(name), here.token(name), here.kept()
    given = [each for each in orders(here, OUTSIDE) if each[1] in RIGHTS and not each[1].endswith("/handover")]
    for method, path, at in given:
        if path.startswith("/api/"):
            answer = here.client.request(method, at, json=JSON, headers=token)
        else:
            answer = here.client.request(method, at, data=WORDS | {"form_key": key})
        assert answer.status_code in (403, 404, 409, 422), (at, answer.status_code)
        assert MARK not in answer.text.replace(MARK + "-", "") or answer.status_code == 422, at
    assert here.kept() == before


def test_whoever_may_leaves_a_trace(here: Town) -> None:
    """Else all of the above would be true of a town that keeps nothing."""
    key, before = here.enter("noc"), here.kept()
    assert here.client.post("/handover", data={"form_key": key, "note": "malam"}).status_code == 303
    assert here.kept() != before
