"""What both kinds of backup share: their error, names that are free, and being sure that a file is on disk."""

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


def free_name(folder: Path, stem: str, suffix: str) -> Path:
    """A path where nothing is yet: a second one of the same second gets a number."""
    path, number = folder / f"{stem}{suffix}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path
