"""The pages of devices, links and villages, charts, the map and the topology: who sees what, and what they say."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from domain.network import PersonRole
from tests.unit.console.console_office import EVIL, NOW
from tests.unit.console.network_office import CADASSARI, CITEKO, NetworkOffice, network_office

LINK = quote(f"=fo-cadassari{EVIL}")
OWN = ("/devices/rtr-citeko", f"/villages/{CITEKO}", "/links/fo-citeko", "/charts/device-traffic?of=rtr-citeko",
       "/charts/data/link-light?of=fo-citeko", "/charts/site-traffic?of=desa-citeko")  # fmt: skip
FOREIGN = ("/devices/rtr-cadassari", "/devices/srv-1", f"/villages/{CADASSARI}", f"/links/{LINK}",
           "/charts/device-traffic?of=rtr-cadassari", f"/charts/data/link-light?of={LINK}",
           "/charts/site-traffic?of=dc")  # fmt: skip
LISTS = ("/villages", "/villages.csv", "/links", "/links.csv", "/topology", "/topology?wrong=true", "/map.json",
         "/map/outlines.json")  # fmt: skip


@pytest.fixture(scope="module")
def house() -> Iterator[NetworkOffice]:
    with network_office() as made:
        yield made


@pytest.fixture
def there(house: NetworkOffice) -> NetworkOffice:
    house.office.client.cookies.clear()
    house.charts.away = None
    return house


@pytest.mark.parametrize("path", [*OWN, *FOREIGN, *LISTS])
def test_nobody_looks_who_is_not_logged_in(there: NetworkOffice, path: str) -> None:
    assert there.office.client.get(path).status_code == 303


@pytest.mark.parametrize("role", list(PersonRole))
def test_every_role_may_look(there: NetworkOffice, role: PersonRole) -> None:
    there.enter(role.value)
    for path in (*OWN, *FOREIGN, *LISTS):
        assert there.office.client.get(path).status_code == 200, path


def test_one_kecamatans_people_see_their_own(there: NetworkOffice) -> None:
    there.enter("of-plered")
    for path in OWN:
        assert there.office.client.get(path).status_code == 200, path
    for path in (*FOREIGN, "/villages/32.14.05.2099", "/villages/32.14.05", "/devices/none", "/links/none"):
        assert there.office.client.get(path).status_code == 404, path
    everything = "".join(there.office.client.get(path).text for path in (*OWN, *LISTS))
    assert "rtr-citeko" in everything
    for foreign in ("rtr-cadassari", "srv-1", "Tegalwaru", "32.14.10", "tgwr-0001"):
        assert foreign not in everything


def test_a_contact_is_for_who_acts(there: NetworkOffice) -> None:
    for name, shown in (("noc", True), ("engineer", True), ("viewer", False), ("planner", False)):
        there.enter(name)
        assert ("Ibu Sari" in there.office.client.get(f"/villages/{CITEKO}").text) is shown


def test_what_devices_and_people_say_is_text_and_nothing_else(there: NetworkOffice) -> None:
    there.enter("noc")
    for path in (*OWN, *FOREIGN, *LISTS, f"/villages?q={EVIL}", f"/links?q={EVIL}", f"/topology?kecamatan={EVIL}"):
        answer = there.office.client.get(path)
        if "html" in answer.headers["content-type"]:
            assert EVIL not in answer.text, path
        else:
            assert answer.headers["content-type"].startswith(("application/json", "text/csv"))
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_device_answers_first_and_says_why(there: NetworkOffice) -> None:
    there.enter("noc")
    text = there.office.client.get("/devices/rtr-citeko").text
    for said in ("In words icmp-silent.", "since 10.00", "7.16", "99.5 %", "(80 %)", "rtr-citeko down",
                 'href="/links/fo-citeko"', "−21.9", "2.1", "−3.0", f'href="/villages/{CITEKO}"'):  # fmt: skip
        assert said in text, said


def test_a_link_says_what_was_promised_and_what_runs_beside_it(there: NetworkOffice) -> None:
    there.enter("noc")
    text = there.office.client.get("/links/fo-citeko").text
    for said in ("1 Gbit/s", "Telkom", "98.5 %", "kabel-1", f"/links/{LINK}"):
        assert said in text, said


def test_a_village_has_its_three_facts(there: NetworkOffice) -> None:
    there.enter("noc")
    text = there.office.client.get(f"/villages/{CITEKO}").text
    for said in ("Desa Citeko", "Kec. Plered", "99.1 %, 30 days", "56 a day", "at most 77", "told on 1 Sep 2020"):
        assert said in text, said


def test_without_prometheus_a_page_says_since_when_and_shows_what_states_tell(there: NetworkOffice) -> None:
    there.charts.away = NOW
    there.enter("viewer")
    text = there.office.client.get("/devices/rtr-citeko").text
    assert "Prometheus does not answer. Since 10.00." in text
    assert "99.5 %" in text
    assert "Prometheus does not answer." in there.office.client.get("/charts/device-loss?of=rtr-citeko").text
    answer = there.office.client.get("/charts/data/device-loss?of=rtr-citeko")
    assert (answer.status_code, answer.json()) == (503, {"why": "Prometheus does not answer.", "since": "10.00"})


def test_a_chart_has_its_numbers_beside_it(there: NetworkOffice) -> None:
    there.enter("viewer")
    text = there.office.client.get("/charts/device-traffic?of=rtr-citeko&span=7d").text
    for said in ("1.00 Mbit/s", "4.33 Mbit/s", "10.0 Mbit/s", "5.00 Mbit/s"):
        assert said in text, said
    found = there.office.client.get("/charts/data/device-traffic?of=rtr-citeko").json()
    assert (found["unit"], found["scale"], found["zone"]) == ("Mbit/s", 1e6, "Asia/Jakarta")
    assert [line["promised"] for line in found["lines"]] == [False, True]


@pytest.mark.parametrize(
    "path",
    ["/charts/everything?of=rtr-citeko", "/charts/device-traffic?of=rtr-citeko&span=9y", "/charts/device-traffic",
     "/villages?page=0", "/villages?q=" + "x" * 10_000, "/links?medium=" + "x" * 10_000],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_before_anybody_is_asked(there: NetworkOffice, path: str) -> None:
    there.enter("viewer")
    before = len(there.charts.asked)
    assert there.office.client.get(path).status_code == 422
    assert len(there.charts.asked) == before


def test_a_name_of_ten_thousand_letters_is_nobodys(there: NetworkOffice) -> None:
    there.enter("viewer")
    assert there.office.client.get("/charts/device-traffic?of=" + "x" * 10_000).status_code == 404


def test_a_spreadsheet_gets_no_formula(there: NetworkOffice) -> None:
    there.enter("viewer")
    assert f"'=fo-cadassari{EVIL}" in there.office.client.get("/links.csv").text
    answer = there.office.client.get("/villages.csv?kecamatan=Plered")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "Citeko" in answer.text, "what is filtered is what is exported"
    assert "Tegalwaru" not in answer.text


def test_wildcards_are_letters(there: NetworkOffice) -> None:
    there.enter("viewer")
    for path in ("/villages?q=%25", "/links?q=_%25"):
        assert "Show all" in there.office.client.get(path).text


def test_the_map_holds_sites_with_coordinates_in_their_worst_state(there: NetworkOffice) -> None:
    there.enter("viewer")
    (point,) = there.office.client.get("/map.json").json()["points"]
    assert (point["state"], point["path"], point["code"]) == ("down", f"/villages/{CITEKO}", CITEKO)


def test_a_server_of_tiles_is_the_only_stranger_whose_images_are_taken() -> None:
    from console.web.guard import Headed

    async def nothing(*_given: object) -> None: ...

    for images, allowed in (
        ("", "img-src 'self' data:;"),
        ("http://tiles.lan", "img-src 'self' data: http://tiles.lan;"),
    ):
        policy = Headed(nothing, secure=False, images=images)._headers["Content-Security-Policy"]
        assert allowed in policy


def test_the_topology_goes_from_the_core_outward(there: NetworkOffice) -> None:
    there.enter("viewer")
    text = there.office.client.get("/topology?kecamatan=Plered").text
    assert text.index("srv-1") < text.index("rtr-citeko")
    assert "rtr-cadassari" not in text
    assert "hangs on srv-1" in text
    assert "rtr-cadassari" in there.office.client.get("/topology?wrong=true").text


def test_programs_get_the_same(there: NetworkOffice) -> None:
    key = there.office.token("of-plered")
    client = there.office.client
    assert client.get("/api/v1/devices/rtr-citeko", headers=key).json()["light"][0]["margin"] == 2.1
    assert client.get("/api/v1/links", headers=key).json()["items"][0]["zDevice"] == "", "it stands elsewhere"
    assert [each["code"] for each in client.get("/api/v1/villages", headers=key).json()["items"]] == [CITEKO]
    assert client.get(f"/api/v1/villages/{CITEKO}", headers=key).json()["contacts"] == ["Ibu Sari 0812"]
    assert client.get("/api/v1/state-history?device=rtr-citeko", headers=key).json()["items"][0]["toState"] == "down"
    assert [each["name"] for each in client.get("/api/v1/topology", headers=key).json()["items"]] == ["rtr-citeko"]
    for path in ("devices/rtr-cadassari", f"villages/{CADASSARI}", f"links/{LINK}", "state-history?device=srv-1"):
        assert client.get(f"/api/v1/{path}", headers=key).status_code == 404, path
