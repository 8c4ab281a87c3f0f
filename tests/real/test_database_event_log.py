"""The event log on both engines: added to only, its head beside it, and what was done to it by hand is found."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from alerts.store.acts import SqlActStore
from alerts.store.chain import ChainKey, Tampering
from domain.incidents import Act, ActKind
from kentongan.database import Database

T0 = datetime(2026, 11, 21, 17, 0, 0, 123457, tzinfo=UTC)
KEY = ChainKey.derive(b"k" * 32)


@pytest.fixture
def head_file(tmp_path: Path) -> Path:
    return tmp_path / "audit.head"


@pytest.fixture
def log(database: Database, head_file: Path) -> SqlActStore:
    return SqlActStore(database.engine, KEY, head_file)


def act(number: int, incident: str = "a", **values: str) -> Act:
    return Act(incident, T0 + timedelta(minutes=number), "Siti", ActKind.NOTE, f"galian – {number}", values)


GUARDS = {
    "sqlite": ["DROP TRIGGER incident_act_no_update", "DROP TRIGGER incident_act_no_delete"],
    "postgresql": [
        "DROP RULE incident_act_no_update ON incident_act",
        "DROP RULE incident_act_no_delete ON incident_act",
    ],
}


def by_hand(database: Database, statement: str) -> None:
    """As somebody would who has the database's password and knows what stands in his way."""
    with database.transaction() as connection:
        for each in (*GUARDS[database.url.get_backend_name()], statement):
            connection.execute(text(each))


def kinds(log: SqlActStore) -> list[tuple[Tampering, int]]:
    return [(each.kind, each.first) for each in log.verify().findings]


def test_acts_come_back_in_their_order_and_the_log_is_whole(log: SqlActStore, head_file: Path) -> None:
    assert log.verify().is_whole
    log.append([])
    assert not head_file.exists()
    log.append([act(0, until="2026-11-21T18:00:00+00:00"), act(1, "b")])
    log.append([act(2)])
    assert log.of("a") == (act(0, until="2026-11-21T18:00:00+00:00"), act(2))
    assert log.between(T0 + timedelta(minutes=1), T0 + timedelta(minutes=2)) == (act(1, "b"),)
    inspection = log.verify()
    assert (inspection.rows, inspection.lag, inspection.is_whole) == (3, 0, True)
    assert head_file.stat().st_mode & 0o777 == 0o600


def test_what_no_database_can_hold_is_left_out_and_the_rest_kept(log: SqlActStore) -> None:
    log.append([Act("a", T0, "Si\x00ti", ActKind.NOTE, "half \ud83d", {"x": "\x00"})])
    assert log.of("a") == (Act("a", T0, "Siti", ActKind.NOTE, "half ?", {"x": "\x00"}),)
    assert log.verify().is_whole


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE incident_act SET actor = 'Budi' WHERE seq = 3", [(Tampering.UNSEALED, 3)]),
        ("UPDATE incident_act SET at = 'NaN' WHERE seq = 3", [(Tampering.UNSEALED, 3)]),
        ("DELETE FROM incident_act WHERE seq = 2", [(Tampering.MISSING, 2)]),
        ("DELETE FROM incident_act WHERE seq = 1", [(Tampering.MISSING, 1)]),
        ("DELETE FROM incident_act WHERE seq > 3", [(Tampering.CUT, 4)]),
        ("DELETE FROM incident_act", [(Tampering.CUT, 1)]),
        (
            'INSERT INTO incident_act SELECT 6, incident, at, actor, kind, text, "values", seal, seal '
            "FROM incident_act WHERE seq = 5",
            [(Tampering.UNSEALED, 6)],
        ),
    ],
)
def test_what_was_done_by_hand_is_found(
    log: SqlActStore, database: Database, statement: str, found: list[tuple[Tampering, int]]
) -> None:
    for number in range(5):
        log.append([act(number)])
    by_hand(database, statement)
    assert kinds(log) == found
    assert all(str(each) for each in log.verify().findings)


def test_rows_appended_after_a_cut_do_not_hide_it(log: SqlActStore, database: Database, head_file: Path) -> None:
    log.append([act(number) for number in range(3)])
    by_hand(database, "DELETE FROM incident_act WHERE seq > 1")
    again = SqlActStore(database.engine, KEY, head_file)
    for number in range(10, 14):
        again.append([act(number)])
    assert kinds(again) == [(Tampering.REPLACED, 3)]
    again.anchor_again("Siti", "restored from Friday's backup", T0)
    assert kinds(again) == []
    assert again.of("")[0].text == "restored from Friday's backup"


def test_a_crash_between_the_commit_and_the_head_is_no_tampering(
    log: SqlActStore, database: Database, head_file: Path
) -> None:
    with database.transaction() as connection:
        log.append_in(connection, [act(0), act(1)])
    again = SqlActStore(database.engine, KEY, head_file)
    inspection = again.verify()
    assert (inspection.is_whole, inspection.lag) == (True, 2)
    again.append([act(2)])
    assert (again.verify().is_whole, again.verify().lag) == (True, 0)


def test_a_transaction_that_fails_leaves_no_row_and_no_number_taken(log: SqlActStore, database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as connection:  # noqa: PT012
        log.append_in(connection, [act(0)])
        raise RuntimeError
    log.append([act(1)])
    assert log.verify().rows == 1
    assert log.verify().is_whole


def test_a_head_that_is_gone_or_forged_is_found_and_not_replaced(log: SqlActStore, head_file: Path) -> None:
    log.append([act(0)])
    kept = head_file.read_text()
    head_file.unlink()
    log.append([act(1)])
    assert kinds(log) == [(Tampering.HEAD_MISSING, 0)]
    head_file.write_text(kept.replace('"seq": 1', '"seq": 0'))
    log.append([act(2)])
    assert kinds(log) == [(Tampering.HEAD_FORGED, 0)]
    head_file.write_text("")
    assert kinds(log) == [(Tampering.HEAD_FORGED, 0)]
    head_file.write_text(kept)
    assert kinds(log) == []
    assert kinds(SqlActStore(log._engine, ChainKey(b"another"), head_file))[0] == (Tampering.HEAD_FORGED, 0)


def test_several_at_once_make_one_chain(log: SqlActStore, database: Database, head_file: Path) -> None:
    def write(writer: int) -> None:
        own = SqlActStore(database.engine, KEY, head_file)
        for number in range(8):
            own.append([act(number, str(writer)), act(number, str(writer))])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    inspection = log.verify()
    assert inspection.is_whole
    assert inspection.rows == 64
    assert [each.at for each in log.of("2")] == [act(number).at for number in range(8) for _twice in range(2)]


@pytest.mark.parametrize("statement", ["UPDATE incident_act SET actor = 'x'", "DELETE FROM incident_act"])
def test_the_table_lets_nobody_change_a_row_by_mistake(log: SqlActStore, database: Database, statement: str) -> None:
    log.append([act(0)])
    refused = pytest.raises(Exception, match="append-only") if database.is_sqlite else nullcontext()
    with refused, database.transaction() as connection:
        connection.execute(text(statement))
    assert log.of("a") == (act(0),)
