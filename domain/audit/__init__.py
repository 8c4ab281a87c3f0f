"""Who did what to what, when: the journal every change goes through."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from domain.time import Moment


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change. `detail` holds plain JSON values and never a secret."""

    at: Moment
    actor: str
    action: str
    subject: str
    detail: Mapping[str, object] = field(default_factory=dict)


class Journal(Protocol):
    """Keeps entries in the order they came; nothing edits or removes one but retention."""

    def record(self, entry: AuditEntry) -> None: ...
