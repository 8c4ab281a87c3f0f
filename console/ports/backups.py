"""What the pages of kept configurations need. Everything kept has its secrets masked already. All of it blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Drifting(StrEnum):
    """Whether a device is as it is meant to be, by what was read last."""

    MATCHES = "matches"
    DRIFTED = "drifted"
    NO_INTENT = "no-intent"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class BackupRow:
    """good_at: when it was last read whole, changed_at: when that differed last; None: never. cause: why the last try
    failed, message: the same in words. stale: nothing good for longer than the settings allow. has_login: whether it
    could be read at all. under_way: it is being read now. trouble: of an order that came to nothing."""

    device: str
    site: str
    platform: str
    good_at: datetime | None = None
    changed_at: datetime | None = None
    lines: int = 0
    cause: str = ""
    message: str = ""
    failures: int = 0
    stale: bool = True
    has_login: bool = True
    under_way: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """One revision of one device's configuration. who: '' if nobody is known."""

    id: str
    at: datetime
    who: str
    why: str
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Drifted:
    """Of one device. lines: what differs, as `diff` writes it."""

    state: Drifting
    lines: tuple[str, ...] = ()


class Backups(Protocol):
    def rows(self) -> Sequence[BackupRow]:
        """Every device that can be read, or could if it had a login."""
        ...

    def history(self, device: str) -> Sequence[Kept]:
        """Newest first; empty where nothing is kept."""
        ...

    def text(self, device: str, revision: str) -> str:
        """Raises RefusedError for a revision that there is not."""
        ...

    def drift(self) -> Mapping[str, Drifting]:
        """Of every device that can be read; what is kept of one and cannot be compared counts as unread."""
        ...

    def drifted(self, device: str) -> Drifted:
        """Raises RefusedError where what is kept cannot be compared."""
        ...

    def read_now(self, device: str, who: str, token: str = "") -> None:
        """An order; it is carried out by itself. Raises RefusedError."""
        ...
