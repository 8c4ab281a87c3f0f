"""A consistent copy of the database while everything runs, and bringing one back.

The key that opens the credentials is not in it: a stolen backup must not open a single device. Whoever keeps backups
keeps the key file, or the key of the environment, in another place.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.language import _
from kentongan.database import Database
from kentongan.run_lock import RunLock
from kentongan.store import postgres_dump, sqlite_copy
from kentongan.store.copies import BackupError, free_name, sync_folder
from kentongan.store.schema import head, refuse_newer


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup that was written and looked through. `version`: of its schema."""

    path: Path
    bytes: int
    version: str | None
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Restored:
    """`kept`: where the replaced database is now, None if there was none. `needs_upgrade`: by `schema.upgrade`."""

    source: Path
    kept: Path | None
    version: str | None
    needs_upgrade: bool


def backup(database: Database, folder: Path, now: datetime | None = None) -> Backup:
    """Write `kentongan-YYYYmmddTHHMMSSZ.db` (SQLite) or `.dump` (PostgreSQL) into `folder`.

    The file appears under its name only when it is whole, checked and on disk. Raises BackupError or what the
    database refuses. One at a time: a second one is refused, and what a killed one left behind is removed.
    """
    taken_at = now or datetime.now(UTC)
    writer = sqlite_copy if database.is_sqlite else postgres_dump
    with _alone(folder):
        part = folder / f".unfinished{writer.SUFFIX}"
        part.unlink(missing_ok=True)
        try:
            version = writer.write(database, part)
            path = free_name(folder, f"kentongan-{_stamp(taken_at)}", writer.SUFFIX)
            os.rename(part, path)
        except OSError as error:
            raise BackupError(
                _("The backup in {folder} was not written: {reason}. Make room or choose another folder.").format(
                    folder=folder, reason=error.strerror
                )
            ) from error
        finally:
            part.unlink(missing_ok=True)
        sync_folder(folder)
    return Backup(path, path.stat().st_size, version, taken_at)


def restore(database: Database, source: Path, lock: Path, now: datetime | None = None) -> Restored:
    """Put a backup in the database's place, all or nothing; what was there is kept.

    `lock` is the file that `run` holds: AlreadyRunningError while it runs. A damaged file (BackupError), one of the
    other kind of database, and one of a newer program (DatabaseNewerError) are refused before anything is touched.
    The database must not be started; an older schema stays as it is until `upgrade`.
    """
    taken_at = now or datetime.now(UTC)
    reader = sqlite_copy if database.is_sqlite else postgres_dump
    if not source.is_file():
        raise BackupError(_("There is no file {path}.").format(path=source))
    lock.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with RunLock(lock):
        version = reader.version_of(source)
        refuse_newer(version, str(source))
        kept = reader.put_back(database, source, lock.parent / "backups", _stamp(taken_at))
    return Restored(source, kept, version, version != head())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BackupError(
            _("The folder of backups {folder} cannot be written: {reason}.").format(
                folder=folder, reason=error.strerror
            )
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BackupError(_("Another backup is being written into {folder}.").format(folder=folder)) from None
    finally:
        os.close(descriptor)


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
