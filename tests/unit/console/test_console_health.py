"""What the page says of Kentongan itself: each thing judged by its own limit, the remedy beside what is wrong."""

from datetime import timedelta
from pathlib import Path

import pytest

from console.views.health import answer, checks_of, figures_of
from console.web.health import health_part
from domain.language import speaking
from domain.network import PersonRole
from domain.states import State
from kentongan.console_adapters.health import newest_backup, samples_of
from kentongan.words import speak
from tests.unit.console.console_health import WELL, MemoryHealth, facts
from tests.unit.console.console_office import EVIL, NOW, ZONE, office

ENGINEERS = {PersonRole.ENGINEER, PersonRole.ADMIN}


def wrong(text: str = WELL, **more: object) -> dict[str, State]:
    speak("en")
    return {each.key: each.state for each in checks_of(facts(text, **more), ZONE) if each.state is not State.UP}


def test_all_is_well() -> None:
    assert wrong() == {}
    checks = checks_of(facts(), ZONE)
    assert answer(checks) == "Kentongan is well"
    assert {each.remedy for each in checks} == {""}, "nothing to do where nothing is wrong"
    assert ("485", "devices in use") in figures_of(facts())


@pytest.mark.parametrize(
    ("line", "now", "key", "state"),
    [
        ("kentongan_blind 0", "kentongan_blind 1", "sight", State.DOWN),
        ("kentongan_clock_trusted 1", "kentongan_clock_trusted 0", "clock", State.DEGRADED),
        ('late_total{kind="snmp"} 50', 'late_total{kind="snmp"} 51', "late", State.DEGRADED),
        ('skipped_total{kind="snmp"} 0', 'skipped_total{kind="snmp"} 51', "skipped", State.DEGRADED),
        ('{queue="recorder"} 0', '{queue="recorder"} 1', "queues", State.DEGRADED),
        ('{socket="snmp"} 0', '{socket="snmp"} 7', "sockets", State.DEGRADED),
        ('bucket{le="0.5"} 1000', 'bucket{le="0.5"} 900', "loop", State.DEGRADED),
        ("failures_total 0", "failures_total 1", "writes", State.DEGRADED),
        ("waiting 0\nkentongan_notifications_oldest_seconds 0", "waiting 2\nkentongan_notifications_oldest_seconds 901",
         "messages", State.DEGRADED),
        ("unheard 0", "unheard 1", "unheard", State.DOWN),
        ('{state="fresh"} 3', '{state="stale"} 3', "configurations", State.DEGRADED),
    ],
)  # fmt: skip
def test_each_has_its_own_limit(line: str, now: str, key: str, state: State) -> None:
    assert line in WELL
    assert wrong(WELL.replace(line, now)) == {key: state}


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"reasons": ("No device has been polled yet.",)}, {"poller": State.DEGRADED}),
        ({"disk_free_bytes": 400_000_000}, {"disk": State.DEGRADED}),
        ({"disk_free_bytes": 40_000_000}, {"disk": State.DOWN}),
        ({"disk_free_bytes": None}, {"disk": State.UNKNOWN}),
        ({"backup_at": None}, {"backup": State.DEGRADED}),
        ({"backup_at": NOW - timedelta(days=8)}, {"backup": State.DEGRADED}),
    ],
)
def test_what_is_seen_from_here(more: dict[str, object], expected: dict[str, State]) -> None:
    assert wrong(**more) == expected


def test_a_poller_that_is_gone_says_nothing_of_its_queues() -> None:
    assert wrong(reasons=None) == {"poller": State.DOWN}
    there = {each.key for each in checks_of(facts(reasons=None), ZONE)}
    assert there == {"poller", "disk", "database", "backup", "clients"}


def test_connections_that_were_ended_are_told() -> None:
    assert wrong(ended={"slow_head": 3, "slow_reader": 1}) == {}
    for why in ("made_room", "too_many"):
        assert wrong(ended={why: 1}) == {"clients": State.DEGRADED}
    (clients,) = [
        each for each in checks_of(facts(ended={"slow_head": 2, "slow_body": 3}), ZONE) if each.key == "clients"
    ]
    assert "slow requests 5" in clients.says


def test_samples_are_read_and_what_is_none_is_left_out() -> None:
    text = 'kentongan_a{x="a\\"b",y="c"} 1\nkentongan_b NaN 17\nforeign 3\nkentongan_c x\nkentongan_d{ 2\n'
    found = samples_of(text)
    assert list(found) == ["kentongan_a", "kentongan_b"]
    assert found["kentongan_a"] == [({"x": 'a\\"b', "y": "c"}, 1.0)]


def test_a_backup_is_as_old_as_its_name(tmp_path: Path) -> None:
    assert newest_backup(tmp_path / "none") is None
    for name in ("kentongan-20261120T010203Z.db", "kentongan-20261121T010203Z-1.dump", ".unfinished.db", "x.db"):
        (tmp_path / name).touch()
    found = newest_backup(tmp_path)
    assert found is not None
    assert found.isoformat() == "2026-11-21T01:02:03+00:00"


def test_everybody_sees_it_and_who_mends_examines() -> None:
    with office(parts=[health_part(MemoryHealth())]) as here, speaking("en"):
        assert here.client.get("/system").status_code == 303
        for role in PersonRole:
            here.enter(role.value)
            page = here.client.get("/system")
            assert (page.status_code, "Kentongan is well" in page.text) == (200, True)
            assert here.client.get("/system/examination").status_code == (200 if role in ENGINEERS else 403)
        here.enter("admin")
        text = here.client.get("/system/examination").text
        assert "1 thing needs somebody" in text
        assert EVIL not in text
        asked = here.client.get("/api/v1/system", headers=here.token("viewer")).json()
        assert {"poller", "disk", "backup"} <= {each["key"] for each in asked["checks"]}
