"""What the pages show to whom, and what can be done from them."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from console.ports import Hush, Silence
from console.web.pulse import Pulse
from domain.incidents import Act, ActKind, Phase
from domain.network import PersonRole
from tests.unit.console.console_office import EVIL, IN_PLERED, IN_TEGALWARU, NOW, MemorySources, Office, office

HANDLERS = {PersonRole.NOC, PersonRole.ENGINEER, PersonRole.ADMIN}
ACTS = "/incidents/plrd-0001/acts"


@pytest.fixture
def here() -> Iterator[Office]:
    with office() as made:
        yield made


def test_the_board_answers_first(here: Office) -> None:
    here.enter("viewer")
    text = here.client.get("/").text
    assert "2 of 2 villages without service" in text
    assert text.index("plrd-0001") < text.index("tgwr-0001")
    here.sources.incidents = []
    here.look_again()
    assert "All 2 villages have service" in here.client.get("/wall/board").text


def test_a_poller_that_is_gone_is_said(here: Office) -> None:
    here.enter("viewer")
    here.sources.silent = Silence(Hush.GONE, "http://127.0.0.1:9275/readyz")
    here.look_again()
    for path in ("/", "/incidents", "/devices"):
        text = here.client.get(path).text
        assert "Nobody polls: http://127.0.0.1:9275/readyz" in text
        assert "Cut off since 10.00" in text


@pytest.mark.parametrize("role", list(PersonRole))
def test_who_may_act_and_who_may_look(here: Office, role: PersonRole) -> None:
    here.enter(role.value)
    page = here.client.get("/incidents/plrd-0001")
    assert page.status_code == 200
    assert (ACTS in page.text) is (role in HANDLERS)
    answer = here.client.post(ACTS, data={"form_key": here.form_key(), "step": "acknowledged"})
    assert answer.status_code == (303 if role in HANDLERS else 403)
    assert [(act.actor, act.kind) for act in here.orders.given] == (
        [(role.value, ActKind.ACKNOWLEDGED)] if role in HANDLERS else []
    )


def test_one_kecamatans_people_see_their_own(here: Office) -> None:
    here.enter("of-plered")
    everything = "".join(
        here.client.get(path).text
        for path in ("/", "/wall/board", "/incidents", "/incidents?ended=true", "/devices", "/devices.csv")
    )
    assert "rtr-citeko" in everything
    for foreign in ("rtr-cadassari", "tgwr-0001", "srv-1", "Tegalwaru"):
        assert foreign not in everything
    assert here.client.get("/incidents/plrd-0001").status_code == 200


@pytest.mark.parametrize("id_", ["tgwr-0001", "none-0001"])
def test_what_is_not_theirs_is_not_there(here: Office, id_: str) -> None:
    here.enter("of-plered")
    assert here.client.get(f"/incidents/{id_}").status_code == 404
    answer = here.client.post(f"/incidents/{id_}/acts", data={"form_key": here.form_key(), "step": "acknowledged"})
    assert (answer.status_code, here.orders.given) == (404, [])


def test_an_ended_incident_of_another_kecamatan_is_not_there_either(here: Office) -> None:
    over = replace(here.sources.incidents[1], phase=Phase.RESOLVED, resolved_at=NOW)
    here.sources.incidents = [IN_PLERED, over]
    here.look_again()
    here.enter("of-plered")
    assert "tgwr" not in here.client.get("/incidents?ended=true").text
    assert here.client.get("/incidents/tgwr-0001").status_code == 404
    here.enter("viewer")
    assert "tgwr" in here.client.get("/incidents?ended=true").text


def test_incidents_are_looked_for_and_given_to_a_spreadsheet(here: Office) -> None:
    here.enter("viewer")

    def found(query: str) -> list[str]:
        return re.findall(r'<th scope="row"><a href="/incidents/([^"]+)"', here.client.get(f"/incidents?{query}").text)

    assert sorted(found("")) == ["plrd-0001", "tgwr-0001"]
    assert found("q=CITEKO") == found("kecamatan=Plered") == found("q=plrd-0001") == ["plrd-0001"]
    assert found("q=%25") == found("q=_") == found("kecamatan=Bojong") == []
    assert "Loosen the filter" in here.client.get("/incidents?q=nothing").text
    for wrong in ("q=" + "x" * 10_000, "days=4000", "page=0"):
        assert here.client.get(f"/incidents?{wrong}").status_code == 422
    here.sources.incidents[1] = replace(IN_TEGALWARU, phase=Phase.RESOLVED, resolved_at=NOW)
    here.look_again()
    try:
        assert found("ended=true") == found("ended=true&q=cadassari") == ["tgwr-0001"]
        assert found("") == ["plrd-0001"]
        sheet = here.client.get("/incidents.csv?ended=true").text
        assert sheet.splitlines()[1].startswith("tgwr-0001,")
        assert ",2026-11-23 09:00,2026-11-23 10:00,60" in sheet
        assert here.client.get("/incidents.csv?q=nothing").text.count("\n") == 1
        here.enter("of-plered")
        assert "tgwr" not in here.client.get("/incidents.csv?ended=true").text
    finally:
        here.sources.incidents[1] = IN_TEGALWARU
        here.look_again()


@pytest.mark.parametrize("key", [None, "", "guessed"])
def test_a_form_of_another_page_does_nothing(here: Office, key: str | None) -> None:
    here.enter("noc")
    answer = here.client.post(ACTS, data={"step": "acknowledged"} | ({} if key is None else {"form_key": key}))
    assert (answer.status_code, here.orders.given) == (403, [])


def test_a_form_from_another_site_does_nothing(here: Office) -> None:
    here.enter("noc")
    form = {"form_key": here.form_key(), "step": "acknowledged"}
    answer = here.client.post(ACTS, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, here.orders.given) == (403, [])


def test_steps_notes_and_causes_are_orders(here: Office) -> None:
    here.enter("noc")
    key = {"form_key": here.form_key()}
    for form in ({"step": "departed"}, {"text": "tiang roboh"}, {"cause": "galian", "text": "JC-07"}):
        assert here.client.post(ACTS, data=key | form).status_code == 303
    assert [(act.kind, act.text, dict(act.values)) for act in here.orders.given] == [
        (ActKind.DEPARTED, "", {}),
        (ActKind.NOTE, "tiang roboh", {}),
        (ActKind.CLOSED, "JC-07", {"cause": "galian"}),
    ]
    for nothing in ({}, {"step": "opened"}, {"cause": "setan"}):
        assert here.client.post(ACTS, data=key | nothing).status_code == 422
    assert len(here.orders.given) == 3


def test_what_is_not_done_and_what_cannot_be_said_stays_on_the_page(here: Office) -> None:
    here.enter("noc")
    here.orders.dark = ("rtr-citeko",)
    answer = here.client.post(ACTS, data={"form_key": here.form_key(), "step": "done"})
    assert answer.status_code == 409
    assert "still dark are rtr-citeko" in answer.text
    here.orders.fails = "This needs the running engine."
    answer = here.client.post(ACTS, data={"form_key": here.form_key(), "step": "acknowledged"})
    assert answer.status_code == 409
    assert "This needs the running engine." in answer.text


def test_what_devices_and_people_say_is_text_and_nothing_else(here: Office) -> None:
    here.enter("noc")
    here.sources.acts = [Act("plrd-0001", NOW, EVIL, ActKind.NOTE, EVIL)]
    for path in ("/", "/incidents", "/incidents/plrd-0001", "/devices", f"/devices?q={EVIL}", f"/login?to=/{EVIL}"):
        text = here.client.get(path).text
        assert EVIL not in text
        assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 3),
        ("q=CITEKO", 1),
        ("q=%25", 0),
        ("q=_", 0),
        ("q=127.0.0.9", 1),
        ("state=down&state=up", 3),
        ("state=up", 1),
        ("role=server", 1),
        ("kecamatan=Plered&role=router", 1),
    ],
)
def test_devices_are_looked_for_by_what_they_are(here: Office, query: str, found: int) -> None:
    here.enter("viewer")
    assert here.client.get(f"/devices?{query}").text.count('<th scope="row">') == found


@pytest.mark.parametrize("query", ["q=" + "x" * 10_000, "state=nonsense", "state=" + "down&state=" * 50 + "down"])
def test_a_filter_that_is_none_is_refused_or_read(here: Office, query: str) -> None:
    here.enter("viewer")
    assert here.client.get(f"/devices?{query}").status_code in (200, 422)


def test_a_spreadsheet_gets_no_formula(here: Office) -> None:
    here.enter("viewer")
    answer = here.client.get("/devices.csv")
    assert f"'=cmd{EVIL}" in answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="devices-2026-11-23.csv"'


def test_the_three_numbers_stand_side_by_side(here: Office) -> None:
    here.enter("planner")
    text = here.client.get("/coverage?at=2021-06-30").text
    for figure in ("12<small>of 15 desa", "8<small>", "5<small>2 are claimed as well", "As of 30 Jun 2021"):
        assert figure in text
    for said in ("reached on 20 Nov 2019", "missed by 10, 2,152 days late so far", "A note.", "74.5 %"):
        assert said in text
    assert EVIL not in text


def test_a_day_that_is_not_yet_is_today_and_none_at_all_is_refused(here: Office) -> None:
    here.enter("planner")
    assert "As of 23 Nov 2026" in here.client.get("/coverage?at=2040-01-01").text
    assert here.client.get("/coverage?at=31-02").status_code == 422


def test_a_kecamatan_sums_up_its_own_villages(here: Office) -> None:
    here.enter("of-plered")
    text = here.client.get("/coverage").text
    assert "8<small>of 10 desa" in text
    assert "Tegalwaru" not in text
    assert "RKPD" not in text, "targets are the whole kabupaten's"


def test_open_pages_are_told_when_something_differs() -> None:
    async def watched() -> list[str]:
        sources = MemorySources()
        pulse = Pulse(sources)
        running = asyncio.create_task(pulse.run())
        beats = pulse.beats()
        heard = [await anext(beats)]
        while pulse.look is None:
            await asyncio.sleep(0.01)
        sources.incidents = []
        async with asyncio.timeout(20):
            while not heard[-1].endswith("data: 0\n\n") or len(heard) < 2:
                heard.append(await anext(beats))
        await beats.aclose()
        running.cancel()
        return heard

    heard = asyncio.run(watched())
    assert all(beat.startswith("event: look\n") for beat in heard)


def test_coverage_says_what_came_since_and_what_to_build_next(here: Office) -> None:
    here.enter("planner")
    text = here.client.get("/coverage", params={"at": "2026-06-30", "since": "2025-12-31"}).text
    assert "Since 31 Dec 2025" in text
    assert "<dt>Kec. Plered</dt><dd>Citeko</dd>" in text
    assert "Since" not in here.client.get("/coverage", params={"since": "2099-01-01"}).text, "later is no earlier day"
    assert here.client.get("/coverage", params={"at": "2026-06-30", "since": ""}).status_code == 200
    assert here.client.get("/coverage", params={"since": "gestern"}).status_code == 422
    plan = here.client.get("/coverage/plan", params={"millions": 100}).text
    assert "1 village for 4,310 people within Rp 100 million" in plan
    assert "no coordinates" in plan
    assert EVIL not in text + plan
    assert here.client.get("/coverage/plan", params={"millions": "-1"}).status_code == 422
    here.enter("of-plered")
    text = here.client.get("/coverage", params={"since": "2025-12-31"}).text
    assert "Citeko" in text
    assert "Cadassari" not in text


def test_coverage_and_what_to_build_next_are_given_to_a_spreadsheet(here: Office) -> None:
    here.enter("planner")
    rows = here.client.get("/coverage.csv?at=2021-06-30").text.splitlines()
    assert rows[1].startswith("2021-06-30,32.14.05.2001,Citeko,Plered,desa,yes,not served,")
    assert rows[1].endswith(",74.5,active")
    assert len(rows) == 3
    ranked = here.client.get("/coverage/plan.csv?millions=100").text.splitlines()
    assert ranked[1].startswith("1,32.14.10.2002,Sukamulya")
    assert ",63000000,yes," in ranked[1]
    assert ranked[2].startswith(",32.14.10.2003,Galumpit,Tegalwaru,")
    assert here.client.get("/coverage.csv?at=yesterday").status_code == 422
    here.enter("of-plered")
    assert "Tegalwaru" not in here.client.get("/coverage.csv").text + here.client.get("/coverage/plan.csv").text


def test_a_program_reads_the_same_of_coverage(here: Office) -> None:
    whole, part = here.token("planner"), here.token("of-plered")
    found = here.client.get("/api/v1/coverage", params={"since": "2025-12-31"}, headers=part).json()
    assert [each["name"] for each in found["since"]["served"]["gained"]] == ["Citeko"]
    assert here.client.get("/api/v1/coverage", headers=whole).json()["since"] is None
    assert here.client.get("/api/v1/coverage/plan", headers=whole).json()["chosen"] == 1
    seen = here.client.get("/api/v1/coverage/plan", headers=part).json()
    assert (seen["chosen"], seen["ranked"], seen["unranked"], seen["spent"]) == (0, [], [], 0)


def test_what_the_provider_says_of_its_ticket(here: Office) -> None:
    here.enter("noc")
    text = here.client.get("/incidents/plrd-0001").text
    assert ("Ticket for the provider" in text) is ("Text for their NOC" in text) is True
    form = {"form_key": here.form_key(), "step": "ticket-opened", "number": "INC99812", "promised": "2026-11-24T18:00"}
    assert here.client.post(ACTS, data=form).status_code == 303
    (act,) = here.orders.given
    assert (act.kind, act.values) == (
        ActKind.TICKET_OPENED, {"number": "INC99812", "promised": "2026-11-24T18:00:00+07:00"},
    )  # fmt: skip
    assert here.client.post(ACTS, data={**form, "promised": "besok"}).status_code == 422
    token = here.token("noc")
    order = {"ticket": "claimed-done", "note": "sudah normal"}
    assert here.client.post(f"/api/v1{ACTS}", json=order, headers=token).status_code == 201
    assert here.orders.given[-1].kind is ActKind.TICKET_CLAIMED_DONE
