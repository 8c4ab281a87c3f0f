"""What both kinds of backup share: their error, and being sure that a file is on disk."""

import os
from pathlib import Path

from kentongan.errors import KentonganError


class BackupError(KentonganError):
    """A backup cannot be written or brought back."""


def sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    sync_file(folder)
