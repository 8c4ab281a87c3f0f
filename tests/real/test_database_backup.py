"""Backups while everything runs, and restores that lose nothing, on both engines."""

import dataclasses
import os
import shutil
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from domain.network import Segment, SegmentKind
from inventory.store import SqlInventoryStore
from kentongan.database import Database
from kentongan.errors import AlreadyRunningError
from kentongan.run_lock import RunLock
from kentongan.store.backup import backup, restore
from kentongan.store.copies import BackupError
from kentongan.store.faults import DatabaseFullError
from kentongan.store.schema import DatabaseNewerError, check_schema, downgrade, head, upgrade
from tests.real.postgres_server import PostgresServer

NOW = datetime(2026, 11, 21, 17, 0, 5, tzinfo=UTC)


@dataclasses.dataclass(frozen=True)
class Place:
    """A state folder with its database."""

    database: Database
    folder: Path

    @property
    def lock(self) -> Path:
        return self.folder / "run.lock"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    def write(self, *names: str) -> None:
        SqlInventoryStore(self.database.engine).write([Segment(name, SegmentKind.POLE) for name in names])

    def names(self) -> list[str]:
        with self.database:
            return [segment.name for segment in SqlInventoryStore(self.database.engine).read().segments]


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Place:
    return Place(Database(database_url), tmp_path)


@pytest.fixture
def other_url(place: Place, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty place of the same kind."""
    if place.database.is_sqlite:
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'kentongan.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.make()
        yield url
        server.drop(url)


def test_a_backup_comes_back_and_the_replaced_database_is_kept(place: Place, tmp_path: Path) -> None:
    with place.database:
        place.write("one")
        done = backup(place.database, place.backups, NOW)
        place.write("two")
    assert done.path.name.startswith("kentongan-20261121T170005Z.")
    assert (done.version, done.bytes, done.taken_at) == (head(), done.path.stat().st_size, NOW)
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.backups.stat().st_mode) == 0o700
    assert sorted(os.listdir(place.backups)) == [".lock", done.path.name]
    back = restore(place.database, done.path, place.lock, NOW)
    assert place.names() == ["one"]
    assert not back.needs_upgrade
    assert back.kept is not None
    again = restore(place.database, back.kept, place.lock, NOW)  # in the same second
    assert again.kept != back.kept
    assert place.names() == ["one", "two"]
    assert done.path.exists()


def test_a_backup_goes_to_an_empty_place(place: Place, other_url: str, tmp_path: Path) -> None:
    with place.database:
        place.write("one")
        done = backup(place.database, place.backups)
    other = Place(Database(other_url), tmp_path / "elsewhere")
    assert restore(other.database, done.path, other.lock).kept is None
    assert other.names() == ["one"]
    check_schema(other.database.engine)


def test_a_backup_taken_while_somebody_writes_is_one_moment(place: Place) -> None:
    stop = threading.Event()
    failures: list[Exception] = []

    def write() -> None:
        store, number = SqlInventoryStore(place.database.engine), 0
        try:
            while not stop.is_set():
                store.write([Segment(f"{number:06d}-{part}", SegmentKind.POLE, "x" * 100) for part in range(40)])
                number += 1
        except Exception as error:
            failures.append(error)

    with place.database:
        thread = threading.Thread(target=write)
        thread.start()
        try:
            done = [backup(place.database, place.backups, NOW) for _ in range(3)]
        finally:
            stop.set()
            thread.join()
    assert failures == []
    assert len({one.path for one in done}) == 3
    restore(place.database, done[-1].path, place.lock)
    with place.database:
        store = SqlInventoryStore(place.database.engine)
        assert len(store.read().segments) == 40 * store.revision()


def test_a_running_engine_keeps_its_database(place: Place) -> None:
    with place.database:
        place.write("one")
        done = backup(place.database, place.backups)
        place.write("two")
        with RunLock(place.lock), pytest.raises(AlreadyRunningError, match="already runs"):
            restore(place.database, done.path, place.lock)
    assert place.names() == ["one", "two"]


def test_a_damaged_backup_touches_nothing(place: Place) -> None:
    with place.database:
        place.write(*(f"{i:04d}" for i in range(3000)))
        done = backup(place.database, place.backups)
    octets = done.path.read_bytes()
    broken = done.path.with_name("broken")
    for damaged in (
        octets[: len(octets) // 2],
        b"",
        b"name;site\n",
        octets[:30_000] + b"\x99" * 30_000 + octets[60_000:],
    ):
        broken.write_bytes(damaged)
        with pytest.raises(BackupError):
            restore(place.database, broken, place.lock)
    with pytest.raises(BackupError, match="There is no file"):
        restore(place.database, done.path.with_name("none"), place.lock)
    assert len(place.names()) == 3000
    assert not list(place.folder.glob("*replaced*"))


def test_a_backup_of_a_newer_program_is_refused(place: Place) -> None:
    with place.database:
        place.write("one")
        with place.database.transaction() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        done = backup(place.database, place.backups)
        with place.database.transaction() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head()})
    with pytest.raises(DatabaseNewerError, match="9999"):
        restore(place.database, done.path, place.lock)
    assert place.names() == ["one"]


def test_an_older_backup_says_that_it_needs_the_upgrade(place: Place) -> None:
    with place.database:
        downgrade(place.database.engine, "base")
        done = backup(place.database, place.backups)
        upgrade(place.database.engine)
        place.write("new")
    back = restore(place.database, done.path, place.lock)
    assert (back.version, back.needs_upgrade) == (None, True)
    with place.database:
        upgrade(place.database.engine)
    assert place.names() == []


def test_tables_of_a_newer_program_go_when_the_database_of_before_comes_back(place: Place) -> None:
    """Else the next try to upgrade would find them in its way."""
    with place.database:
        place.write("one")
        done = backup(place.database, place.backups)
        with place.database.transaction() as connection:
            connection.execute(text("CREATE TABLE of_a_newer_program (id INTEGER PRIMARY KEY)"))
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    restore(place.database, done.path, place.lock)
    with place.database, place.database.transaction() as connection:
        assert "of_a_newer_program" not in inspect(connection).get_table_names()
    assert place.names() == ["one"]


def test_what_a_killed_backup_left_is_removed_and_two_do_not_meet(place: Place) -> None:
    place.backups.mkdir()
    for end in (".db", ".dump"):
        (place.backups / f".unfinished{end}").write_bytes(b"half")
    with place.database:
        done = backup(place.database, place.backups)
        lock = RunLock(place.backups / ".lock")
        with lock, pytest.raises(BackupError, match="Another backup"):
            backup(place.database, place.backups)
    suffix = done.path.suffix
    assert not (place.backups / f".unfinished{suffix}").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_backup_that_does_not_fit_leaves_nothing(place: Place) -> None:
    place.backups.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "kentongan-test", place.backups], check=True)
    try:
        with place.database:
            place.write(*(os.urandom(60).hex() for _ in range(4000)))
            with pytest.raises((BackupError, DatabaseFullError)) as caught:
                backup(place.database, place.backups)
        assert str(place.backups) in str(caught.value)
        assert os.listdir(place.backups) == [".lock"]
    finally:
        subprocess.run(["umount", "--lazy", place.backups], check=True)
    assert len(place.names()) == 4000


def test_a_log_that_was_not_folded_in_is_part_of_what_is_kept(sqlite_template: Path, tmp_path: Path) -> None:
    """A killed engine leaves its write-ahead log: it must stay with the old database and never meet the new one."""
    path = tmp_path / "kentongan.db"
    shutil.copy(sqlite_template, path)
    with Database(f"sqlite:///{path}") as database:
        done = backup(database, tmp_path / "backups")
        SqlInventoryStore(database.engine).write([Segment("late", SegmentKind.POLE)])
        assert (tmp_path / "kentongan.db-wal").stat().st_size > 0
        crashed = tmp_path / "crashed"
        crashed.mkdir()
        for end in ("", "-wal"):
            shutil.copy(f"{path}{end}", crashed)
    place = Place(Database(f"sqlite:///{crashed / 'kentongan.db'}"), crashed)
    back = restore(place.database, done.path, place.lock)
    assert place.names() == []
    assert back.kept is not None
    assert restore(place.database, back.kept, place.lock).kept is not None
    assert place.names() == ["late"]


def test_a_broken_database_can_be_replaced(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "kentongan.db"
    path.write_bytes(b"\x00garbage" * 100)
    place = Place(Database(f"sqlite:///{path}"), tmp_path)
    back = restore(place.database, sqlite_template, place.lock)
    assert back.kept is not None
    assert back.kept.read_bytes() == b"\x00garbage" * 100
    assert place.names() == []


def test_a_database_of_something_else_is_no_backup(place: Place, tmp_path: Path) -> None:
    strange = tmp_path / "strange.db"
    with sqlite3.connect(strange) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()
    with pytest.raises(BackupError):
        restore(place.database, strange, place.lock)


@pytest.mark.postgres
def test_a_missing_tool_is_named_with_its_package(
    postgres_server: PostgresServer, postgres_template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("kentongan.store.postgres_dump.TOOLS", tmp_path)
    url = postgres_server.make(postgres_template)
    with Database(url) as database, pytest.raises(BackupError, match="apt install postgresql-client"):
        backup(database, tmp_path / "backups")
    postgres_server.drop(url)
