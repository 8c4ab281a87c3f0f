"""What is read of one thing alone is what is read of all: incidents that name it, its states, its calendar."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.store.history import SqlHistory
from domain.availability import Kind
from domain.incidents import Cause, CauseKind, Condition, Impact, Incident, Member, Phase, Place, Urgency
from domain.network import Device, Role, Site, SiteKind
from domain.states import State, StateChange
from kentongan.console_adapters.devices import DatabaseNetwork
from kentongan.installation import Installation
from kentongan.settings import load_settings

NOW = datetime.now(UTC).replace(microsecond=0)
EVIL = 'r%_"\\é'


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def outage(id_: str, device: str, village: str = "32.14.05.2001") -> Incident:
    cause = Cause(CauseKind.DEVICE, device)
    return Incident(
        id_, Condition.OUTAGE, cause, "icmp-silent", Urgency.PAGE, ago(hours=2), ago(hours=2),
        (Member(device, ago(hours=2)),),
        impact=Impact(villages=(Place(village, "Desa", "Plered"),)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    file = tmp_path_factory.mktemp("showing") / "kentongan.toml"
    file.write_text("", encoding="utf-8")
    with Installation(load_settings(Path(file), environment={}), "test").prepare() as made:
        made.inventory.write(
            [Site("desa", "Desa", SiteKind.DESA), Device("r1", "desa", Role.ROUTER), Device("r2", "desa", Role.ROUTER)]
        )
        made.states.apply(
            [
                StateChange(ago(days=2), "r1", State.UNKNOWN, State.UP, "answers"),
                StateChange(ago(days=2), "r2", State.UNKNOWN, State.UP, "answers"),
                StateChange(ago(hours=12), "r1", State.UP, State.DOWN, "icmp-silent"),
                StateChange(ago(hours=6), "r1", State.DOWN, State.UP, "answers"),
            ]
        )
        made.incidents.save(
            [
                outage("a", "r1"),
                outage("b", "r10"),
                outage("c", EVIL, "32.14.10.2001"),
                replace(outage("d", "r1"), phase=Phase.RESOLVED, resolved_at=ago(days=100)),
                replace(outage("e", "r1"), phase=Phase.MERGED),
                replace(outage("f", "r9", "32.14.10.2002"), detail="r1"),  # which only bears witness there
            ]
        )
        yield made


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["r1"], ["a"]),
        (["r"], []),
        ([EVIL], ["c"]),
        (["%"], []),
        (["r_"], []),
        (["32.14.05.2001"], ["a", "b"]),
        (["r1", EVIL], ["a", "c"]),
        ([], []),
    ],
)
def test_incidents_are_found_by_a_whole_name(made: Installation, names: list[str], found: list[str]) -> None:
    assert [each.id for each in DatabaseNetwork(made).incidents(names, ago(days=90))] == found


def test_the_history_of_one_is_that_of_all(made: Installation) -> None:
    history = SqlHistory(made.database.engine)
    for since, until in ((ago(days=3), NOW), (ago(hours=8), NOW), (ago(hours=12), ago(hours=7))):
        whole, alone = history.between(since, until), history.between(since, until, ["r1"])
        assert alone.changes.get("r1") == whole.changes.get("r1")
        assert alone.initial == {"r1": whole.initial["r1"]}


def test_changes_name_what_was_before(made: Installation) -> None:
    found = DatabaseNetwork(made).changes(["r1"], ago(days=1))
    assert [(each.from_, each.to) for each in found] == [(State.UP, State.DOWN), (State.DOWN, State.UP)]


def test_a_calendar_adds_up(made: Installation) -> None:
    months = DatabaseNetwork(made).calendar(2, devices=["r1"])
    assert len(months) == 2
    down = sum(day.shares.get(Kind.DOWN, 0.0) for month in months for day in month.days)
    assert down == pytest.approx(0.25)
    assert months[-1].available is not None
    both = DatabaseNetwork(made).calendar(2, devices=["r1", "r2"])
    assert all(Kind.DOWN not in day.shares for month in both for day in month.days), "one of them was up"


def test_what_was_never_discovered_has_no_facts(made: Installation) -> None:
    assert DatabaseNetwork(made).facts("r1") is None
