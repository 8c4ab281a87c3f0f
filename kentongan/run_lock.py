"""One `run` per state folder: a lock file held open for as long as the process lives, so that a kill frees it."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from domain.language import _
from kentongan.errors import AlreadyRunningError
from kentongan.file_lock import take


class RunLock:
    """`with RunLock(path):` raises AlreadyRunningError, naming the holder's process id."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def __enter__(self) -> Self:
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            take(self._descriptor)
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

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
