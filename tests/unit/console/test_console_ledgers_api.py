"""Services, contracts, assets, reports, people, handover and health under /api/v1: every route by every role."""

from collections.abc import Iterator
from typing import Any, Final

import pytest

from console.web.assets import assets_part
from console.web.contracts import contracts_part
from console.web.handover import handover_part
from console.web.health import health_part
from console.web.people import people_part
from console.web.reports import reports_part
from console.web.services import services_part
from domain.accounts import Right, may
from domain.network import PersonRole
from tests.unit.console.console_handover import MemoryShifts
from tests.unit.console.console_health import MemoryHealth
from tests.unit.console.console_ledgers import KEPT, MemoryContracts, MemoryReports
from tests.unit.console.console_office import Office, office
from tests.unit.console.console_people import book
from tests.unit.console.console_services import MemoryServices

REPORT: Final = {"kind": "incidents", "period": "2026-10"}

# (method, path): (an address, body, status, the right it needs, status for who sees Plered alone).
ROUTES: Final[dict[tuple[str, str], tuple[str, Any, int, Right, int]]] = {
    ("get", "/v1/services"): ("/services", None, 200, Right.SEE, 200),
    ("get", "/v1/services/{code}"): ("/services/sip", None, 200, Right.SEE, 404),
    ("get", "/v1/certificates"): ("/certificates", None, 200, Right.SEE, 200),
    ("get", "/v1/contracts"): ("/contracts", None, 200, Right.SEE, 200),
    ("get", "/v1/assets"): ("/assets", None, 200, Right.SEE, 200),
    ("get", "/v1/system"): ("/system", None, 200, Right.SEE, 200),
    ("get", "/v1/handover"): ("/handover", None, 200, Right.SEE, 200),
    ("post", "/v1/handover"): ("/handover", {"note": "x"}, 201, Right.HANDLE, 201),
    ("get", "/v1/reports/kinds"): ("/reports/kinds", None, 200, Right.SEE, 403),
    ("get", "/v1/reports"): ("/reports", None, 200, Right.SEE, 403),
    ("get", "/v1/reports/{id}/{format}"): (f"/reports/{KEPT.id}/pdf", None, 200, Right.SEE, 403),
    ("post", "/v1/reports/file"): ("/reports/file", REPORT, 200, Right.PLAN, 403),
    ("post", "/v1/reports"): ("/reports", REPORT, 201, Right.PLAN, 403),
    ("get", "/v1/accounts"): ("/accounts", None, 200, Right.ADMINISTER, 403),
    ("post", "/v1/accounts"): ("/accounts", {"name": "admin", "role": "viewer"}, 409, Right.ADMINISTER, 403),
    ("patch", "/v1/accounts/{name}"): ("/accounts/admin", {"unlock": True}, 200, Right.ADMINISTER, 403),
    ("delete", "/v1/accounts/{name}"): ("/accounts/admin", None, 409, Right.ADMINISTER, 403),
    ("post", "/v1/accounts/{name}/password"): ("/accounts/admin/password", None, 201, Right.ADMINISTER, 403),
    ("post", "/v1/accounts/{name}/tokens"): ("/accounts/admin/tokens", {"days": 1}, 201, Right.ADMINISTER, 403),
    ("get", "/v1/tokens"): ("/tokens", None, 200, Right.ADMINISTER, 403),
    ("delete", "/v1/tokens/{id}"): ("/tokens/0", None, 404, Right.ADMINISTER, 403),
}
CORE: Final = ("/v1/incidents", "/v1/devices", "/v1/sites", "/v1/coverage", "/v1/health", "/v1/events")


@pytest.fixture(scope="module")
def house() -> Iterator[Office]:
    parts = [
        services_part(MemoryServices()),
        contracts_part(MemoryContracts()),
        assets_part(),
        reports_part(MemoryReports()),
        people_part(book()),
        handover_part(MemoryShifts()),
        health_part(MemoryHealth()),
    ]
    with office(parts=parts) as made:
        yield made


def test_every_route_has_its_row(house: Office) -> None:
    paths = house.client.get("/api/v1/openapi.json").json()["paths"]
    found = {(method, path) for path, methods in paths.items() for method in methods}
    assert {(method, path) for method, path in found if not path.startswith(CORE)} == set(ROUTES)


@pytest.mark.parametrize("route", list(ROUTES), ids=" ".join)
def test_who_may_what(house: Office, route: tuple[str, str]) -> None:
    address, body, status, right, _part = ROUTES[route]

    def ask(headers: dict[str, str]) -> Any:
        return house.client.request(route[0], f"/api/v1{address}", headers=headers, json=body)

    assert ask({}).status_code == 401
    house.steady[0] += 61
    for role in PersonRole:
        answer = ask(house.token(role.value))
        assert answer.status_code == (status if may(role, right) else 403), (role, answer.text)
    answer = ask(house.token("admin", read_only=True))
    assert answer.status_code == (status if right is Right.SEE else 403), answer.text


@pytest.mark.parametrize("route", list(ROUTES), ids=" ".join)
def test_what_one_kecamatan_gets(house: Office, route: tuple[str, str]) -> None:
    address, body, _status, right, part = ROUTES[route]
    answer = house.client.request(route[0], f"/api/v1{address}", headers=house.token("of-plered"), json=body)
    assert answer.status_code == (part if may(PersonRole.NOC, right) else 403)
    for foreign in ("Cadassari", "Tegalwaru", "tgw", "K/02", "srv-1", "fo-1"):
        assert foreign not in answer.text


@pytest.mark.parametrize("route", [each for each in ROUTES if each[0] == "get"], ids=" ".join)
def test_a_slip_of_the_pen_is_no_filter(house: Office, route: tuple[str, str]) -> None:
    address = ROUTES[route][0]
    answer = house.client.get(f"/api/v1{address}?stat=down", headers=house.token("admin"))
    assert answer.status_code == 422


def test_a_closed_report_is_corrected_with_a_reason() -> None:
    reports = MemoryReports()
    with office(parts=[reports_part(reports)]) as here:
        token, body = here.token("planner"), {**REPORT, "why": "BAST 14/2020"}
        body.pop("format", None)
        made = here.client.post("/api/v1/reports", headers=token, json=body)
        assert (made.status_code, made.json()["id"]) == (201, "new-r2")
        assert reports.made[-1][1:] == ("revise", body["kind"], body["period"], "BAST 14/2020")
        reports.differs = False
        assert here.client.post("/api/v1/reports", headers=token, json=body).status_code == 409
