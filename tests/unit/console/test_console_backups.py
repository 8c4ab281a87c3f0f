"""Kept configurations in the console: stale ones first, read by engineers alone, quick whatever differs."""

import random
import time
from collections.abc import Iterator

import pytest

from console.views.text_difference import difference
from console.web.backups import backups_part
from domain.network import PersonRole
from tests.unit.console.changes_office import enter
from tests.unit.console.console_office import EVIL, Office, office
from tests.unit.console.doubts_office import NEW, OLD, MemoryBackups

ENGINEERS = {PersonRole.ENGINEER, PersonRole.ADMIN}


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Office, MemoryBackups]]:
    made = MemoryBackups()
    with office(parts=[backups_part(made)]) as here:
        yield here, made


def test_what_is_stale_comes_first(both: tuple[Office, MemoryBackups]) -> None:
    here, _made = both
    enter(here, "viewer")
    text = here.client.get("/backups").text
    assert "2 of 3 configurations are not fresh" in text
    assert text.index("rtr-cadassari") < text.index("srv-1") < text.index("rtr-citeko")
    assert here.client.get("/backups?fresh=good").text.count('<th scope="row">') == 1
    assert here.client.get("/backups?q=busy").text.count('<th scope="row">') == 1
    assert here.client.get("/backups?q=" + "x" * 10_000).status_code == 422
    assert "'=cisco" in here.client.get("/backups.csv").text
    assert "1 device is not as it is meant to be" in here.client.get("/drift").text


@pytest.mark.parametrize("role", list(PersonRole))
def test_a_configuration_is_read_by_engineers_alone(both: tuple[Office, MemoryBackups], role: PersonRole) -> None:
    here, made = both
    made.ordered.clear()
    enter(here, role.value)
    for path in ("/backups", "/drift", "/backups.csv"):
        answer = here.client.get(path)
        assert answer.status_code == 200
        assert ("/backups/rtr-citeko" in answer.text) is (role in ENGINEERS and path != "/backups.csv")
    for path in ("/backups/rtr-citeko", "/backups/rtr-citeko/text", f"/backups/rtr-citeko?old={OLD}&new={NEW}"):
        assert here.client.get(path).status_code == (200 if role in ENGINEERS else 403)
    form = {"form_key": here.form_key()}
    status = here.client.post("/backups/rtr-citeko/read", data=form).status_code
    assert status == (303 if role in ENGINEERS else 403)
    assert made.ordered == ([("rtr-citeko", role.value)] if role in ENGINEERS else [])
    token = here.token(role.value, read_only=True)
    for path in ("revisions", "text", "difference"):
        answer = here.client.get(f"/api/v1/backups/rtr-citeko/{path}", headers=token)
        assert answer.status_code == (200 if role in ENGINEERS else 403)
    assert here.client.get("/api/v1/backups", headers=token).status_code == 200
    assert here.client.get("/api/v1/drift", headers=token).status_code == 200
    assert here.client.post("/api/v1/backups/rtr-citeko/readings", headers=token).status_code == 403


def test_drift_is_looked_for_and_given_to_a_spreadsheet(both: tuple[Office, MemoryBackups]) -> None:
    here, _made = both
    enter(here, "viewer")
    rows = here.client.get("/drift.csv").text.splitlines()
    assert rows[1].startswith("rtr-citeko,")
    assert len(here.client.get("/drift.csv?q=citeko&state=drifted").text.splitlines()) == 2
    assert len(here.client.get("/drift.csv?state=matches&q=citeko").text.splitlines()) == 1
    assert "rtr-citeko" in here.client.get("/drift?q=CITEKO").text
    assert "Loosen the filter" in here.client.get("/drift?q=%25").text
    assert here.client.get("/drift?state=nonsense").status_code == 200
    assert here.client.get("/drift?q=" + "x" * 10_000).status_code == 422


def test_what_changed_and_what_drifted_stands_line_by_line(both: tuple[Office, MemoryBackups]) -> None:
    here, _made = both
    enter(here, "engineer")
    text = here.client.get("/backups/rtr-citeko").text
    assert "<script>alert" not in text
    assert text.count('class="plus"') == 2
    assert text.count('class="minus"') == 1
    assert here.client.get("/backups/rtr-citeko?old=aaaa&new=zzzz").status_code == 404
    plain = here.client.get("/backups/rtr-citeko/text")
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
    assert here.client.get("/backups/nothing").status_code == 404
    found = here.client.get("/api/v1/backups/rtr-citeko/difference", headers=here.token("engineer")).json()
    assert (found["added"], found["removed"], found["lines"][-1]) == (1, 0, f"+description {EVIL}")
    page = here.client.get("/api/v1/backups/rtr-citeko/revisions?limit=1", headers=here.token("engineer")).json()
    assert page["next"] == NEW
    again = f"/api/v1/backups/rtr-citeko/revisions?limit=1&after={NEW}"
    assert here.client.get(again, headers=here.token("engineer")).json()["next"] is None


def test_of_two_orders_at_once_the_second_is_told(both: tuple[Office, MemoryBackups]) -> None:
    here, made = both
    made.ordered.clear()
    enter(here, "engineer")
    token = here.token("engineer")
    for status in (202, 409):
        assert here.client.post("/api/v1/backups/rtr-citeko/readings", headers=token).status_code == status
    answer = here.client.post("/backups/rtr-citeko/read", data={"form_key": here.form_key()})
    assert answer.status_code == 409
    assert "is being read already" in answer.text
    assert here.client.post("/backups/rtr-citeko/read", data={"form_key": "guessed"}).status_code == 403


def test_another_kecamatans_devices_are_not_there(both: tuple[Office, MemoryBackups]) -> None:
    here, _made = both
    enter(here, "of-plered")
    for path in ("/backups", "/backups.csv", "/drift"):
        assert "cadassari" not in here.client.get(path).text
    token = here.token("of-plered")
    for path in ("backups", "drift"):
        assert "cadassari" not in here.client.get(f"/api/v1/{path}", headers=token).text


def spoilt(count: int, seed: int) -> tuple[list[str], list[str]]:
    chance = random.Random(seed)
    lines = [chance.choice(("!", "exit", f"line {n}", f"set {n % 40}")) for n in range(count)]
    other = [f"new {n}" if chance.random() < 0.3 else line for n, line in enumerate(lines) if chance.random() < 0.9]
    return lines, other


@pytest.mark.parametrize("seed", range(20))
def test_a_difference_brings_one_text_to_the_other(seed: int) -> None:
    for count in (0, 1, 7, 40):
        before, after = spoilt(count, seed)
        found = difference(before, after, context=10**6)
        if before == after:
            assert found == ()
            continue
        assert [line.text for line in found if line.sign in " -"] == before
        assert [line.text for line in found if line.sign in " +"] == after
        assert [before[line.before - 1] for line in found if line.before] == before


def test_ten_thousand_lines_stay_quick() -> None:
    before, after = spoilt(10_000, 1)
    began = time.process_time()
    found = difference(before, after)
    assert time.process_time() - began < 1.5
    assert sum(line.sign == "+" for line in found) > 1000
    assert difference(["exit"] * 10_000, ["exit"] * 9_999)[-1].sign == "-"
    shown = difference([str(n) for n in range(10_000)], [str(n) for n in range(10_000) if n != 5000])
    assert [line.sign for line in shown] == ["@", " ", " ", " ", "-", " ", " ", " "]
