"""What a database can refuse, in words for people, and how the two drivers' errors are told apart.

SQLite: result codes (sqlite.org/rescode.html). PostgreSQL: SQLSTATE (appendix A of its manual).
"""

import os
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL

from domain.language import _
from kentongan.errors import KentonganError

if TYPE_CHECKING:
    import psycopg

FEW_BYTES = 1 << 20


class DatabaseError(KentonganError):
    """Root of what a database refuses."""


class DatabaseLockedError(DatabaseError):
    """Somebody else has held the write lock for too long."""


class DatabaseFullError(DatabaseError):
    """The disk is full, or the database may not grow. Nothing of the transaction was stored."""


class DatabaseUnreachableError(DatabaseError):
    """No server answers, it lets us not in, or the file cannot be opened."""


class NotADatabaseError(DatabaseError):
    """The file is something else, or is damaged."""


class DatabaseReadOnlyError(DatabaseError):
    """The file or its folder cannot be written."""


class DatabaseDiskError(DatabaseError):
    """The disk under the database failed to read or write."""


class DatabaseMissingError(DatabaseError):
    """There is no database yet."""


def fault_of(error: BaseException | None, url: URL) -> DatabaseError | None:
    """What the driver's error means; None if it is a mistake in a statement and no condition of the database."""
    where = shown(url)
    if isinstance(error, sqlite3.Error):
        return _sqlite_fault(error, where)
    if "psycopg" in sys.modules:  # who serves SQLite does not load it: it takes eight megabytes
        import psycopg

        if isinstance(error, psycopg.Error):
            return _postgres_fault(error, where)
    return None


def shown(url: URL) -> str:
    """The database as it may be printed: a file's path, or a URL without its password."""
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    return url.render_as_string(hide_password=True)


def locked(where: str) -> DatabaseLockedError:
    return DatabaseLockedError(
        _(
            "The database {where} is locked by another process. Wait until an import, backup or upgrade has ended, "
            "then try again; see who holds it with: fuser {where}"
        ).format(where=where)
    )


def full(where: str) -> DatabaseFullError:
    return DatabaseFullError(
        _("The disk under the database {where} is full: nothing was stored. Make room, then try again.").format(
            where=where
        )
    )


def damaged(where: str) -> NotADatabaseError:
    return NotADatabaseError(
        _(
            "{where} is not a database, or it is damaged. Look at the path in the settings, or bring back a backup: "
            "kentongan db restore FILE"
        ).format(where=where)
    )


def _sqlite_fault(error: sqlite3.Error, where: str) -> DatabaseError | None:
    # The low byte is the primary code; errors of the Python module itself carry none.
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return locked(where)
        case sqlite3.SQLITE_FULL:
            return full(where)
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return damaged(where)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return _read_only(where)
        case sqlite3.SQLITE_CANTOPEN:
            return _not_opened(where)
        case sqlite3.SQLITE_IOERR:
            # A full disk also shows itself so, when it is the shared-memory file that cannot grow.
            return full(where) if _is_disk_full(where) else _disk_failed(where, error)
        case _:
            return None


def _postgres_fault(error: "psycopg.Error", where: str) -> DatabaseError | None:
    import psycopg

    state = error.sqlstate or ""
    if state == "53100":
        return full(where)
    if state in ("55P03", "40P01"):
        return locked(where)
    if state == "25006":
        return _read_only(where)
    if state in ("XX001", "XX002"):
        return damaged(where)
    if state.startswith("58"):
        return _disk_failed(where, error)
    if state.startswith(("08", "28", "3D", "57P", "53")) or (not state and isinstance(error, psycopg.OperationalError)):
        return DatabaseUnreachableError(
            _(
                "The database {where} cannot be reached: {reason}. Check that the server runs and the URL is right."
            ).format(where=where, reason=_one_line(error))
        )
    return None


def _not_opened(where: str) -> DatabaseError:
    folder = Path(where).parent
    if not folder.is_dir():
        return DatabaseMissingError(
            _("There is no folder {folder} for the database. Begin with: kentongan init --kabupaten CODE").format(
                folder=folder
            )
        )
    if not os.access(folder, os.W_OK | os.X_OK) or not os.access(where if Path(where).exists() else folder, os.W_OK):
        return _read_only(where)
    if _is_disk_full(where):
        return full(where)
    return DatabaseUnreachableError(
        _("The database {where} cannot be opened. Look at who owns it and its folder: ls -la {folder}").format(
            where=where, folder=folder
        )
    )


def _read_only(where: str) -> DatabaseReadOnlyError:
    return DatabaseReadOnlyError(
        _(
            "The database {where} cannot be written: it or its folder is read-only for this user. "
            "Run as the user who owns the state folder, or give that user the right to write there."
        ).format(where=where)
    )


def _disk_failed(where: str, error: Exception) -> DatabaseDiskError:
    return DatabaseDiskError(
        _(
            "The disk under the database {where} failed: {reason}. Look at the system's log (dmesg), then bring back "
            "a backup on a good disk."
        ).format(where=where, reason=_one_line(error))
    )


def _is_disk_full(where: str) -> bool:
    try:
        room = os.statvfs(Path(where).parent)
    except OSError:
        return False
    return room.f_bavail * room.f_frsize < FEW_BYTES


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")
