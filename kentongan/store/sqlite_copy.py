"""Backup of an SQLite database by its online backup API (sqlite.org/backup.html): readers and writers go on."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from domain.language import _
from kentongan.database import Database
from kentongan.store.copies import BackupError, free_name, sync_file, sync_folder
from kentongan.store.faults import fault_of

SUFFIX: Final = ".db"
COMPANIONS: Final = ("", "-wal", "-shm")  # of a database file; those that are not there are passed over


def write(database: Database, part: Path) -> str | None:
    """Copy into the new file `part`, look through it, sync it. Returns the version of its schema."""
    assert database.path is not None
    _copy(database.path, part)
    version = version_of(part)
    sync_file(part)
    return version


def version_of(path: Path) -> str | None:
    """The schema's version of a backup that was looked through whole. Raises BackupError."""
    try:
        with _opened(path, "ro") as connection:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if found == "ok":
                row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
                return str(row[0]) if row else None
            reason = str(found)
    except sqlite3.Error as error:
        reason = str(error)
    raise BackupError(
        _("{path} is not a whole database of Kentongan ({reason}). Take another backup.").format(
            path=path, reason=reason
        )
    )


def put_back(database: Database, source: Path, backups: Path, stamp: str) -> Path | None:
    """Copy `source` beside the database, move the old one aside, put the copy in its place."""
    path = database.path
    assert path is not None
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.restoring")
    try:
        new.unlink(missing_ok=True)
        _copy(source, new)
        sync_file(new)
        kept = _move_aside(path, free_name(path.parent, f"{path.name}.replaced-{stamp}", ""))
        os.rename(new, path)
    except OSError as error:
        raise BackupError(
            _("{source} was not brought back: {reason}. Make room in {folder} and try again.").format(
                source=source, reason=error.strerror, folder=path.parent
            )
        ) from error
    finally:
        new.unlink(missing_ok=True)
    sync_folder(path.parent)
    return kept


def _copy(source: Path, new: Path) -> None:
    """By SQLite and not by the file system: with what still stands in the write-ahead log."""
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        with _opened(source, "rw") as old, _opened(new, "rw") as copy:
            old.backup(copy)
            # One file, not three: what somebody carries away on a stick is complete.
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        ours = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL
        raise fault_of(error, URL.create("sqlite", database=str(new if ours else source))) or error from error


def _move_aside(path: Path, kept: Path) -> Path | None:
    # The log goes with its database: alone, the file misses what was not folded in yet, and a log that stays behind
    # would be played into the restored database.
    there = [end for end in COMPANIONS if Path(f"{path}{end}").exists()]
    for end in there:
        os.rename(f"{path}{end}", f"{kept}{end}")
    return kept if there else None


@contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    # A URI with a mode, so that a missing file is an error and not a new empty database.
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=15, isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()
