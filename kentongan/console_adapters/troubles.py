"""Which errors of the database and the disk are a bad day and no fault of ours, and the log of them."""

import errno
import threading
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from console.ports.trouble import Trouble, Troubles
from kentongan.errors import NotInitialisedError
from kentongan.installation import Installation
from kentongan.store.faults import (
    DatabaseDiskError,
    DatabaseError,
    DatabaseFullError,
    DatabaseLockedError,
    DatabaseMissingError,
    DatabaseReadOnlyError,
    DatabaseUnreachableError,
    NotADatabaseError,
)
from kentongan.store.schema import DatabaseNewerError, DatabaseOlderError, check_schema

log = structlog.get_logger(__name__)

AGAIN_SECONDS: Final = 60.0
KINDS: Final = (DatabaseError, NotInitialisedError, PoolTimeoutError, DBAPIError, OSError)
MEANINGS: Final[tuple[tuple[type[Exception], Trouble], ...]] = (
    (DatabaseLockedError, Trouble.BUSY),
    (PoolTimeoutError, Trouble.BUSY),
    (DatabaseFullError, Trouble.FULL),
    (DatabaseReadOnlyError, Trouble.READ_ONLY),
    (DatabaseUnreachableError, Trouble.AWAY),
    (NotADatabaseError, Trouble.DAMAGED),
    (DatabaseDiskError, Trouble.DAMAGED),
    (DatabaseMissingError, Trouble.MISSING),
    (NotInitialisedError, Trouble.MISSING),
    (DatabaseOlderError, Trouble.OLDER),
    (DatabaseNewerError, Trouble.NEWER),
)
OF_DISK: Final = {
    errno.ENOSPC: Trouble.FULL, errno.EDQUOT: Trouble.FULL, errno.EFBIG: Trouble.FULL, errno.EROFS: Trouble.READ_ONLY,
    errno.EACCES: Trouble.READ_ONLY, errno.EPERM: Trouble.READ_ONLY,
}  # fmt: skip


class _Known:
    """Keeps when each was logged last: the first is, then one a minute with how many there were."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._lock = threading.Lock()
        self._logged: dict[Trouble, tuple[float, int]] = {}

    def of(self, error: Exception) -> Trouble | None:
        trouble = trouble_of(error)
        if trouble is None and isinstance(error, DBAPIError):
            trouble = self._of_the_schema()
        if trouble is not None:
            self._log(trouble, error)
        return trouble

    def _of_the_schema(self) -> Trouble | None:
        """A statement that the database does not understand may be one for another version of it."""
        try:
            check_schema(self._installation.database.engine)
        except (DatabaseError, NotInitialisedError) as error:
            return trouble_of(error)
        return None

    def _log(self, trouble: Trouble, error: Exception) -> None:
        now = self._installation.clock.now().steady_seconds
        with self._lock:
            at, unsaid = self._logged.get(trouble, (float("-inf"), 0))
            is_due = now - at >= AGAIN_SECONDS
            self._logged[trouble] = (now, 0) if is_due else (at, unsaid + 1)
        if is_due:
            log.warning("console_troubled", trouble=trouble.value, error=str(error), unsaid=unsaid)


def troubles_of(installation: Installation) -> Troubles:
    return Troubles(KINDS, _Known(installation).of)


def trouble_of(error: Exception) -> Trouble | None:
    """By the error alone. Pure."""
    for kind, trouble in MEANINGS:
        if isinstance(error, kind):
            return trouble
    return OF_DISK.get(error.errno or 0) if isinstance(error, OSError) else None
