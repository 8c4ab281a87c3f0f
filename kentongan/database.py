"""The database of an installation: SQLite in the state folder, or PostgreSQL. Opens it and names what it refuses.

It knows no table. Stores take its `engine`; `engine.begin()` is a transaction that may write,
`engine.execution_options(reading=True)` gives read-only snapshots that never wait for a writer.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from domain.language import _
from kentongan.errors import SettingsError
from kentongan.store.faults import DatabaseMissingError, fault_of, full, locked, shown

BUSY_SECONDS: Final = 15.0
CONNECT_SECONDS: Final = 10
RETRY_SECONDS: Final = 0.05
POOL_SECONDS: Final = 10
"""So long somebody waits for one of the connections that others use."""

FILE: Final = "file"


class Database:
    """`url`: sqlite:////absolute/path or postgresql+psycopg://user:password@host/name. Constructing opens nothing."""

    def __init__(self, url: str, busy_seconds: float = BUSY_SECONDS) -> None:
        self._busy_seconds = busy_seconds
        self.engine = _engine(url, busy_seconds)
        self.url = self.engine.url
        if self.is_sqlite:
            event.listen(self.engine, "do_connect", self._refuse_to_make)
            event.listen(self.engine, "connect", self._prepare_sqlite)
            event.listen(self.engine, "checkout", self._refuse_the_gone)
        event.listen(self.engine, "begin", _begin_sqlite if self.is_sqlite else _begin_postgres)
        event.listen(self.engine, "handle_error", self._explain)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def path(self) -> Path | None:
        """The file of an SQLite database."""
        return Path(self.url.database).absolute() if self.is_sqlite and self.url.database else None

    @property
    def where(self) -> str:
        """As it may be printed: a path, or a URL without its password."""
        return shown(self.url)

    def start(self, create: bool = True) -> None:
        """Open and try it. `create` makes a missing SQLite file and its folder; else DatabaseMissingError.

        Raises the leaves of DatabaseError in `kentongan.store.faults`.
        """
        if self.path is not None:
            self._make_file(self.path, create)
        with self.engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master" if self.is_sqlite else "SELECT 1")

    def stop(self) -> None:
        """Close every connection; SQLite then folds its write-ahead log into the file."""
        self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction over several stores: committed at the end, rolled back by any exception."""
        with self.engine.begin() as connection:
            yield connection

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _make_file(self, path: Path, create: bool) -> None:
        if path.exists():
            return
        if not create:
            raise _missing(path)
        try:
            path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
            # People's phone numbers are in it: nobody else reads it. SQLite gives its log files the same mode.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        except OSError as error:
            if error.errno == 28:  # ENOSPC
                raise full(str(path)) from None
            # What SQLite itself would say, so that there is one explanation of it.
            refused = sqlite3.OperationalError(error.strerror)
            refused.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise fault_of(refused, self.url) or refused from None

    def _refuse_to_make(self, *_given: object) -> None:
        """SQLite would make an empty file in the place of one that was moved away."""
        if self.path is not None and not self.path.exists():
            raise _missing(self.path)

    def _refuse_the_gone(self, _connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        """A connection is to a file, not to its name: after a restore it would write into what nobody reads again."""
        if self.path is not None and record.info.get(FILE) != _file_of(self.path):
            raise DisconnectionError  # the pool makes a new one

    def _prepare_sqlite(self, connection: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        if self.path is not None:
            record.info[FILE] = _file_of(self.path)
        # We say BEGIN ourselves; the module's own implicit transactions stay off.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(self._busy_seconds * 1000)}")
        self._use_write_ahead_log(connection)
        # FULL waits for the disk at each commit. NORMAL would lose the last commits, though not the database, when
        # the power fails: on a mini PC that loses power twice a day that is an announced incident forgotten.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")

    def _use_write_ahead_log(self, connection: sqlite3.Connection) -> None:
        # Only here SQLite reports a lock at once instead of waiting busy_timeout: two first starts may collide.
        last_try = time.monotonic() + self._busy_seconds
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                if time.monotonic() > last_try:
                    raise locked(self.where) from None
                time.sleep(RETRY_SECONDS)

    def _explain(self, context: ExceptionContext) -> None:
        if context.is_pre_ping and context.is_disconnect:
            return  # the pool opens a new connection; if that fails too, it comes here again
        fault = fault_of(context.original_exception, self.url)
        if fault is not None:
            raise fault from context.original_exception


def _missing(path: Path) -> DatabaseMissingError:
    return DatabaseMissingError(
        _("There is no database {where}. Begin with: kentongan init --kabupaten CODE").format(where=path)
    )


def _file_of(path: Path) -> tuple[int, int] | None:
    """Device and number: another one is another file. None: there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _engine(url: str, busy_seconds: float) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError(_("database.url is not a URL. Leave it empty for SQLite.")) from None
    arguments: dict[str, Any] = {}
    match parsed.get_backend_name():
        case "sqlite":
            arguments["connect_args"] = {"timeout": busy_seconds}
        case "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
            arguments["pool_pre_ping"] = True  # a server that was restarted is a new connection, no error
            arguments["connect_args"] = {
                "connect_timeout": CONNECT_SECONDS,
                "options": f"-c lock_timeout={int(busy_seconds * 1000)} -c timezone=UTC",
                "application_name": "kentongan",
            }
        case other:
            raise SettingsError(
                _("database.url: {name} is not served. Use sqlite or postgresql+psycopg.").format(name=other)
            )
    try:
        # hide_parameters: no phone number or sealed credential in an error or a log.
        return create_engine(parsed, hide_parameters=True, **arguments)
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingsError(_("database.url cannot be used: {reason}").format(reason=error)) from None


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: a transaction that reads first and writes later cannot fail half-way.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get("reading", False):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
