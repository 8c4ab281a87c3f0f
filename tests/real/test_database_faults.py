"""Bad days of a database: what is wrong is said in words with the next step, and nothing is half stored."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from alerts.store import SqlStateStore
from domain.network import Segment, SegmentKind
from domain.states import State, StateChange
from inventory.store import SqlInventoryStore
from kentongan.database import Database
from kentongan.errors import SettingsError
from kentongan.store.faults import (
    DatabaseFullError,
    DatabaseLockedError,
    DatabaseMissingError,
    DatabaseReadOnlyError,
    DatabaseUnreachableError,
    NotADatabaseError,
)
from kentongan.store.schema import upgrade
from tests.real.postgres_server import PostgresServer

IS_ROOT = os.geteuid() == 0
CHANGE = StateChange(datetime(2026, 1, 1, tzinfo=UTC), "a", State.UP, State.DOWN, "icmp-silent")
WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from alerts.store import SqlStateStore
from domain.states import State, StateChange
from kentongan.database import Database
with Database(sys.argv[1]) as database:
    store = SqlStateStore(database.engine)
    for number in range(100_000):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
        store.apply([StateChange(at, f"{number}-{part}", State.UP, State.DOWN, "x") for part in range(50)])
        print(number, flush=True)
"""


@pytest.fixture
def path(sqlite_template: Path, tmp_path: Path) -> Path:
    path = tmp_path / "state" / "kentongan.db"
    path.parent.mkdir()
    path.write_bytes(sqlite_template.read_bytes())
    return path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    if not IS_ROOT:
        pytest.skip("mounting a small disk needs root")
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "kentongan-test", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def many_segments(count: int) -> list[Segment]:
    return [Segment(f"kabel-{i:06d}", SegmentKind.CABLE, "x" * 200) for i in range(count)]


def test_constructing_opens_nothing(tmp_path: Path) -> None:
    Database(url_of(tmp_path / "none.db"))
    Database("postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert list(tmp_path.iterdir()) == []


def test_sqlite_is_opened_durable_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "kentongan.db"
    before = os.umask(0)
    try:
        with Database(url_of(path)) as database:
            upgrade(database.engine)
            with database.engine.connect() as connection:
                pragmas = {
                    name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                    for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
                }
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}
    assert set(modes.values()) == {0o600}
    assert set(modes) == {"kentongan.db", "kentongan.db-wal", "kentongan.db-shm"}
    assert [file.name for file in path.parent.iterdir()] == ["kentongan.db"]  # the log is folded in at the end


def test_a_missing_database_is_not_made_by_looking_at_it(tmp_path: Path) -> None:
    path = tmp_path / "kentongan.db"
    with pytest.raises(DatabaseMissingError, match="kentongan init"):
        Database(url_of(path)).start(create=False)
    assert not path.exists()


def test_a_database_locked_by_another_process(path: Path) -> None:
    with Database(url_of(path), busy_seconds=0.2) as database:
        store = SqlStateStore(database.engine)
        other = sqlite3.connect(path, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseLockedError, match="locked by another process") as caught:
                store.apply([CHANGE])
            assert str(path) in str(caught.value)
            assert store.read() == ()  # readers do not care
        finally:
            other.close()
        store.apply([CHANGE])
        assert len(store.changes(CHANGE.at, 9)) == 1


@pytest.mark.postgres
def test_a_table_locked_by_another_session(postgres_server: PostgresServer, postgres_template: str) -> None:
    url = postgres_server.make(postgres_template)
    with Database(url, busy_seconds=0.2) as database, Database(url) as other, other.transaction() as connection:
        connection.execute(text("LOCK TABLE state_change IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(DatabaseLockedError, match="locked"):
            SqlStateStore(database.engine).apply([CHANGE])
    postgres_server.drop(url)


def test_a_writer_waits_for_another_one(path: Path) -> None:
    with Database(url_of(path)) as database:
        store = SqlStateStore(database.engine)
        held, waiting = threading.Event(), threading.Event()

        def hold() -> None:
            with database.transaction():
                held.set()
                waiting.wait(10)

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait(10)
        threading.Timer(0.1, waiting.set).start()
        store.apply([CHANGE])
        thread.join()
        assert len(store.read()) == 1


def test_a_transaction_that_reads_before_it_writes_is_not_overtaken(path: Path) -> None:
    """Begun late, it would find at its first write that its snapshot is old, and fail without waiting."""
    with Database(url_of(path)) as database:
        store = SqlStateStore(database.engine)
        overtaker = threading.Thread(target=store.apply, args=([replace(CHANGE, name="b")],))
        with database.transaction() as connection:
            assert connection.execute(text("SELECT count(*) FROM device_state")).scalar() == 0
            overtaker.start()
            overtaker.join(0.3)
            store.apply_in(connection, [CHANGE])
        overtaker.join()
        assert {state.name for state in store.read()} == {"a", "b"}


def test_a_full_disk_stores_nothing_and_says_so(path: Path) -> None:
    with Database(url_of(path)) as database:
        store = SqlInventoryStore(database.engine)
        store.write(many_segments(3))
        with database.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(DatabaseFullError, match="Make room") as caught:
            store.write(many_segments(5000))
        assert str(path) in str(caught.value)
        assert (len(store.read().segments), store.revision()) == (3, 1)


def test_a_small_disk_that_runs_full(small_disk: Path) -> None:
    with Database(url_of(small_disk / "kentongan.db")) as database:
        upgrade(database.engine)
        store = SqlInventoryStore(database.engine)
        store.write(many_segments(10))
        with pytest.raises(DatabaseFullError, match="Make room"):
            store.write(many_segments(20_000))
        assert len(store.read().segments) == 10
        store.write(many_segments(20))  # and it goes on as soon as there is room
        assert len(store.read().segments) == 20


def test_a_disk_that_is_full_from_the_start(small_disk: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        (small_disk / "log").write_bytes(bytes(2 << 20))
    with pytest.raises(DatabaseFullError, match="Make room"), Database(url_of(small_disk / "kentongan.db")) as database:
        upgrade(database.engine)


@pytest.mark.parametrize("octets", [b"name;site;role\n" * 400, b"\x00" * 5000, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_that_is_no_database(tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "devices.db"
    path.write_bytes(octets)
    with pytest.raises(NotADatabaseError, match=r"devices\.db is not a database"):
        Database(url_of(path)).start()
    assert path.read_bytes() == octets


def test_a_damaged_database(path: Path) -> None:
    with Database(url_of(path)) as database:
        SqlInventoryStore(database.engine).write(many_segments(2000))
    octets = bytearray(path.read_bytes())
    octets[20_000:-4096] = b"\x99" * (len(octets) - 24_096)
    path.write_bytes(octets)
    with pytest.raises(NotADatabaseError, match="kentongan db restore"), Database(url_of(path)) as database:
        SqlInventoryStore(database.engine).read()


def test_a_folder_that_cannot_be_written(path: Path) -> None:
    """As root permissions mean nothing, so the folder is mounted read-only."""
    if IS_ROOT:
        subprocess.run(["mount", "--bind", path.parent, path.parent], check=True)
        subprocess.run(["mount", "-o", "remount,bind,ro", path.parent], check=True)
    else:
        path.chmod(0o400)
        path.parent.chmod(0o500)
    try:
        with pytest.raises(DatabaseReadOnlyError, match="read-only"), Database(url_of(path)) as database:
            SqlStateStore(database.engine).apply([CHANGE])
        with pytest.raises(DatabaseReadOnlyError, match="read-only"):
            Database(url_of(path.with_name("new.db"))).start()
    finally:
        if IS_ROOT:
            subprocess.run(["umount", path.parent], check=True)
        else:
            path.parent.chmod(0o700)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql+psycopg://siti:rahasia@127.0.0.1:1/kentongan", "cannot be reached"),
        ("postgresql://siti:rahasia@/kentongan?host=/nowhere", "cannot be reached"),
    ],
)
def test_a_server_that_does_not_answer(url: str, words: str) -> None:
    with pytest.raises(DatabaseUnreachableError, match=words) as caught:
        Database(url).start()
    assert "Check that the server runs" in str(caught.value)
    assert "rahasia" not in str(caught.value)


@pytest.mark.postgres
def test_a_database_or_user_the_server_does_not_know(postgres_server: PostgresServer) -> None:
    for url in (postgres_server.url("nobodys"), postgres_server.url("postgres").replace("postgres@", "nobody@")):
        with pytest.raises(DatabaseUnreachableError, match="does not exist"):
            Database(url).start()


@pytest.mark.postgres
def test_a_server_that_throws_us_out_is_met_again(postgres_server: PostgresServer, postgres_template: str) -> None:
    url = postgres_server.make(postgres_template)
    with Database(url) as database:
        store = SqlStateStore(database.engine)
        store.apply([CHANGE])
        with postgres_server.admin() as admin:
            admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kentongan'")
        assert len(store.read()) == 1
    postgres_server.drop(url)


@pytest.mark.parametrize("url", ["mysql://x/y", "no url", "sqlserver:///x"])
def test_a_url_that_is_not_served(url: str) -> None:
    with pytest.raises(SettingsError, match=r"database\.url"):
        Database(url)


def test_a_mistake_in_a_statement_stays_what_it_is(database: Database) -> None:
    with pytest.raises(Exception, match="nonsense") as caught, database.transaction() as connection:
        connection.execute(text("SELECT nonsense FROM sites WHERE name = :name"), {"name": "rahasia"})
    assert "rahasia" not in str(caught.value)


def test_a_kill_in_the_middle_of_writing_leaves_whole_transactions(database_url: str) -> None:
    for kills in range(1, 4):
        process = subprocess.Popen([sys.executable, "-c", WRITER, database_url], stdout=subprocess.PIPE)
        assert process.stdout is not None
        told = -1
        while told < kills * 7:
            told = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        told = max([told, *(int(line) for line in process.stdout)])
        process.wait()
        with Database(database_url) as database:
            store = SqlStateStore(database.engine)
            names = {state.name for state in store.read()}
            # All that was told as written is there, and at most the one transaction that was not told yet.
            written = len(names) // 50
            assert len(names) == written * 50
            assert written >= told + 1
            assert names == {f"{number}-{part}" for number in range(written) for part in range(50)}
            if database.is_sqlite:
                with database.engine.connect() as connection:
                    assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            store.forget(names)
            store.prune(datetime(2030, 1, 1, tzinfo=UTC))
