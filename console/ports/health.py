"""What the page of our own health needs. All of it blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

Samples = Mapping[str, Sequence[tuple[Mapping[str, str], float]]]
"""Metric → its samples: labels and value."""


@dataclass(frozen=True, slots=True)
class Facts:
    """reasons: why the poller is not ready; None if it does not answer. backup_at: of the newest one that is whole.

    database_bytes: None where it is not a file that can be measured. ended: connections of the console itself that were
    ended or refused since its start, by why: slow_head, slow_body, slow_reader, made_room, too_many.
    """

    at: datetime
    asked: str
    reasons: tuple[str, ...] | None
    samples: Samples = field(default_factory=dict)
    database: str = ""
    database_bytes: int | None = None
    disk_free_bytes: int | None = None
    disk_bytes: int | None = None
    backup_at: datetime | None = None
    backups: str = ""
    ended: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """Of the doctor (`kentongan check`). severity: ok, note, warning or wrong."""

    severity: str
    about: str
    message: str
    remedy: str


class Health(Protocol):
    def facts(self) -> Facts: ...

    def examine(self) -> Sequence[Remark]:
        """Everything `kentongan check` looks at; takes seconds."""
        ...
