"""What one shift hands to the next, for whom, and that who takes over is written down."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from console.ports.handover import TakenOver
from console.views.shifts import span_of
from console.web.handover import handover_part
from domain.incidents import Act, ActKind, Phase
from domain.network import PersonRole
from tests.unit.console.console_handover import HOUR, MemoryShifts
from tests.unit.console.console_ledgers import come_in
from tests.unit.console.console_office import EVIL, NOW, PLERED, Office, office

BEGINS = (time(7), time(15), time(23))
WIB = ZoneInfo("Asia/Jakarta")


@pytest.fixture
def shifts() -> MemoryShifts:
    return MemoryShifts()


@pytest.fixture
def here(shifts: MemoryShifts) -> Iterator[Office]:
    with office(parts=[handover_part(shifts)]) as made:
        yield made


@pytest.mark.parametrize(
    ("key", "now", "since", "until"),
    [
        ("now", "2026-11-23 10:00", "2026-11-23 07:00", "2026-11-23 10:00"),
        ("before", "2026-11-23 10:00", "2026-11-22 23:00", "2026-11-23 07:00"),
        ("now", "2026-11-23 03:00", "2026-11-22 23:00", "2026-11-23 03:00"),
        ("now", "2026-11-23 07:00", "2026-11-23 07:00", "2026-11-23 07:00"),
        ("12h", "2026-11-23 03:00", "2026-11-22 15:00", "2026-11-23 03:00"),
        ("nonsense", "2026-11-23 10:00", "2026-11-23 07:00", "2026-11-23 10:00"),
    ],
)
def test_a_shift_goes_by_the_offices_clock(key: str, now: str, since: str, until: str) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=WIB).astimezone(UTC)

    span = span_of(key, BEGINS, at(now), WIB)
    assert (span.since, span.until) == (at(since), at(until))


def test_what_is_open_who_has_it_and_what_runs_out(here: Office) -> None:
    here.enter("viewer")
    text = here.client.get("/handover").text
    assert "2 open; 2 opened and 0 ended in this span" in text
    assert "2 acknowledgements end soon or are over." in text
    open_ = text[text.index("Open now") : text.index(">Opened<")]
    assert "asep" in open_
    assert open_.count("budi") == 0, "his hold is over"
    assert "nobody" in open_
    assert EVIL not in text
    assert "nobody sees" not in text
    assert "I take over</button>" not in text


def test_what_ended_comes_with_its_cause(here: Office, shifts: MemoryShifts) -> None:
    over = replace(here.sources.incidents[1], phase=Phase.RESOLVED, resolved_at=NOW - HOUR / 4)
    here.sources.incidents[1] = over
    shifts.kept.append(Act(over.id, NOW - HOUR / 4, "budi", ActKind.CLOSED, "", {"cause": "galian"}))
    here.look_again()
    here.enter("viewer")
    text = here.client.get("/handover").text
    assert "1 open; 2 opened and 1 ended in this span" in text
    assert "galian" in text
    assert "0 opened and 0 ended" in here.client.get("/handover?span=before").text


def test_one_kecamatan_hands_over_its_own(here: Office) -> None:
    here.enter("of-plered")
    text = here.client.get("/handover").text + here.client.get("/handover.csv").text
    assert "1 open; 1 opened" in text
    assert "gardu" in text
    for foreign in ("tgwr-0001", "budi", "Cadassari", "dewi", "fo-1", "Asep"):
        assert foreign not in text


def test_who_handles_takes_over_in_the_own_name(here: Office, shifts: MemoryShifts) -> None:
    for role in PersonRole:
        form_key = come_in(here, role.value)
        allowed = role in {PersonRole.NOC, PersonRole.ENGINEER, PersonRole.ADMIN}
        answer = here.client.post("/handover", data={"form_key": form_key, "note": "dua jalan"})
        assert answer.status_code == (303 if allowed else 403)
        assert (TakenOver(NOW, role.value, (), "dua jalan") in shifts.took) is allowed
        asked = here.client.post("/api/v1/handover", json={"note": "x"}, headers=here.token(role.value))
        assert asked.status_code == (201 if allowed else 403)


def test_it_carries_the_region_of_who_took_it_and_a_foreign_form_takes_nothing(
    here: Office, shifts: MemoryShifts
) -> None:
    here.enter("of-plered")
    assert here.client.post("/handover", data={"form_key": "guessed"}).status_code == 403
    here.client.post("/handover", data={"form_key": here.form_key()})
    assert shifts.took[0] == TakenOver(NOW, "of-plered", (PLERED,), "")
    assert len(shifts.took) == 2


def test_a_spreadsheet_gets_no_formula_and_programs_the_same(here: Office) -> None:
    here.enter("viewer")
    assert ",'=1+1" in here.client.get("/handover.csv").text
    said = here.client.get("/api/v1/handover?span=12h", headers=here.token("viewer")).json()
    assert [each["incident"] for each in said["open"]] == ["plrd-0001", "tgwr-0001"]
    assert [each["now"] for each in said["works"]] == [True, False, False]
    assert here.client.get("/api/v1/handover?span=x", headers=here.token("viewer")).status_code == 422


def test_acts_are_read_since_the_oldest_open_one_and_no_longer_than_a_month(here: Office, shifts: MemoryShifts) -> None:
    here.sources.incidents[0] = replace(here.sources.incidents[0], started_at=NOW - timedelta(days=90))
    here.look_again()
    here.enter("viewer")
    here.client.get("/handover")
    assert shifts.asked[-1][0] == NOW - timedelta(days=30)
