"""What keeps the console itself from answering: its database, or the disk under it. What it means for people is in
views/trouble.py."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Trouble(StrEnum):
    BUSY = "busy"  # somebody else writes, or too many ask
    FULL = "full"
    READ_ONLY = "read-only"
    AWAY = "away"
    DAMAGED = "damaged"
    MISSING = "missing"
    OLDER = "older"  # than this program
    NEWER = "newer"


@dataclass(frozen=True, slots=True)
class Troubles:
    """kinds: the errors that may be one. of: which it is, None if it is a fault of ours; may look at the database."""

    kinds: tuple[type[Exception], ...]
    of: Callable[[Exception], Trouble | None]


NO_TROUBLES = Troubles((), lambda _error: None)
