"""One `run` per state folder: a lock file held open for as long as the process lives, so that a kill frees it."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from domain.language import _
from kentongan.errors import AlreadyRunningError

LOOKS: Final = 5
LOOK_SECONDS: Final = 0.01


def is_running(path: Path) -> bool:
    """Whether somebody holds it, without touching it: two who look do not take each other for the service."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


class RunLock:
    """`with RunLock(path):` raises AlreadyRunningError, naming the holder's process id."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def __enter__(self) -> Self:
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._take()
        except BlockingIOError:
            holder = os.read(self._descriptor, 32).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            raise AlreadyRunningError(
                _(
                    "Kentongan already runs on {folder} (process {pid}). Stop it first, or use another state folder."
                ).format(folder=self._path.parent, pid=holder)
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, str(os.getpid()).encode())
        return self

    def _take(self) -> None:
        for _look in range(LOOKS - 1):
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:  # somebody may only be looking whether it is held
                time.sleep(LOOK_SECONDS)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
