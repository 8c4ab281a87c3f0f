"""Applications, certificates and CCTV points: the worst first, each with its reason, and nobody else's."""

from collections.abc import Iterator

import pytest

from console.web.services import services_part
from tests.unit.console.console_ledgers import come_in
from tests.unit.console.console_office import EVIL, IN_PLERED, Office, office
from tests.unit.console.console_services import FAULT, MemoryServices

PAGES = (
    "/services",
    "/services.csv",
    "/certificates",
    "/certificates.csv",
    "/cameras",
    "/cameras.csv",
    "/services/sip",
)


@pytest.fixture(scope="module")
def services() -> MemoryServices:
    return MemoryServices()


@pytest.fixture(scope="module")
def here(services: MemoryServices) -> Iterator[Office]:
    with office(parts=[services_part(services)]) as made:
        made.sources.incidents = [IN_PLERED, FAULT]
        made.look_again()
        yield made


def test_the_worst_first_each_with_its_reason(here: Office) -> None:
    come_in(here, "viewer")
    text = here.client.get("/services").text
    assert "1 of 5 applications are down" in text
    order = [text.index(f"/services/{code}") for code in ("sip", "tgw", "aneh", "desa-plered")]
    assert order == sorted(order)
    for said in ("answers with status 503", "names no host.", "Not checked yet.", "5 h 00 m", "123"):
        assert said in text
    assert "has expired" in text


def test_a_poller_that_says_nothing_leaves_what_incidents_remember(here: Office, services: MemoryServices) -> None:
    come_in(here, "viewer")
    services.silent = "The poller does not answer."
    text = here.client.get("/services").text
    services.silent = ""
    assert "The poller does not answer." in text
    assert text.count("st st-down") == 2, "one counter, and the application that has an open incident"
    assert "Not checked yet." not in text


def test_certificates_by_days_left(here: Office) -> None:
    come_in(here, "viewer")
    text = here.client.get("/certificates").text
    order = [text.index(name) for name in ("tgw.id", "sip.id", "plered.id", "CA satu")]
    assert order == sorted(order)
    assert "2 certificates need somebody" in text
    assert "−2" in text
    rows = here.client.get("/certificates.csv").text.splitlines()
    assert rows[2].startswith("sip.id,CA,leaf,2,sip.id,sip,9,")
    assert "plered.id" not in here.client.get("/certificates?q=tgw").text


def test_one_of_them_whole(here: Office) -> None:
    come_in(here, "viewer")
    text = here.client.get("/services/sip").text
    for said in (
        "301, sent on to https://sip.id",
        "2 faults in 30 days, 7 h 00 m together.",
        "/incidents/srvc-0000",
        "first byte, ms",
    ):
        assert said in text
    assert here.client.get("/services/none").status_code == 404
    assert here.client.get("/services/cam-citeko").status_code == 200


def test_what_lies_elsewhere_is_not_there(here: Office) -> None:
    come_in(here, "of-plered")
    text = "".join(here.client.get(path).text for path in PAGES if path != "/services/sip")
    assert "Web desa" in text
    assert "cam-citeko" in text
    for foreign in ("sip", "tgw", "Belum", "CA satu", "Cadassari"):
        assert foreign not in text
    for code in ("sip", "tgw", "baru"):
        assert here.client.get(f"/services/{code}").status_code == 404
        assert here.client.get(f"/api/v1/services/{code}", headers=here.token("of-plered")).status_code == 404
    asked = here.client.get("/api/v1/certificates", headers=here.token("of-plered")).json()
    assert [each["service"] for each in asked["items"]] == ["desa-plered"]


def test_texts_of_others_are_text(here: Office) -> None:
    come_in(here, "viewer")
    assert EVIL not in "".join(here.client.get(path).text for path in PAGES if not path.endswith(".csv"))
    assert f"'=SIP{EVIL}" in here.client.get("/services.csv").text


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_let_in_without_a_name(here: Office, path: str) -> None:
    here.client.cookies.clear()
    assert here.client.get(path).status_code == 303


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 5),
        ("state=down", 1),
        ("state=up&state=down", 2),
        ("q=PLERED.id", 1),
        ("q=%25", 0),
        ("class=desa", 0),
        ("owner=Diskominfo", 4),
    ],
)
def test_filters(here: Office, query: str, found: int) -> None:
    come_in(here, "viewer")
    assert here.client.get(f"/services?{query}").text.count('<th scope="row">') == found
    assert len(here.client.get(f"/services.csv?{query}").text.splitlines()) == found + 1


@pytest.mark.parametrize(
    "query", ["q=" + "x" * 10_000, "owner=" + "x" * 10_000, "state=" + "down&state=" * 50 + "down", "page=0", "page=x"]
)
def test_filters_that_are_none(here: Office, query: str) -> None:
    come_in(here, "viewer")
    assert here.client.get(f"/services?{query}").status_code == 422


def test_programs_get_the_same(here: Office) -> None:
    items = here.client.get("/api/v1/services?state=down", headers=here.token("viewer")).json()["items"]
    assert [(each["code"], each["incident"], each["responseSeconds"]) for each in items] == [
        ("sip", "srvc-0001", 0.1234)
    ]
    whole = here.client.get("/api/v1/services/sip", headers=here.token("viewer")).json()
    assert [each["daysLeft"] for each in whole["certificates"]] == [9, 900]
    assert whole["incidents"] == ["srvc-0001", "srvc-0000"]
    first = here.client.get("/api/v1/certificates?limit=1", headers=here.token("viewer")).json()
    rest = here.client.get(
        f"/api/v1/certificates?after={first['next']}".replace("+", "%2B"), headers=here.token("viewer")
    ).json()
    assert [len(first["items"]), len(rest["items"])] == [1, 3]
