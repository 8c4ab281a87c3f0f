"""What the telling must remember over a restart: small documents by kind and key, stored with the decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """kind: `incident`, `channel`, `digest`, `contract`. document: plain JSON values; an empty one forgets it."""

    kind: str
    key: str
    document: Mapping[str, object] = field(default_factory=dict)


def seconds_of(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def instant_of(seconds: object) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int | float) else None
