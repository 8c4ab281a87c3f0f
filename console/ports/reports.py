"""What the page of reports needs: kinds, kept editions, files. All of it blocks, some of it for many seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class ReportRefusedError(Exception):
    """It cannot be made as it was asked for; says why in words for people."""


class NoReportError(ReportRefusedError):
    """No such edition was kept."""


@dataclass(frozen=True, slots=True)
class Offer:
    """by: what it can be made by, the usual first; none where there is no choice. period: how one is written."""

    kind: str
    title: str
    by: tuple[str, ...]
    period: str


@dataclass(frozen=True, slots=True)
class Asked:
    kind: str
    period: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """sha256: in hexadecimal. size: octets."""

    format: str
    filename: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class KeptReport:
    """revision: from 1; a later one stands beside the earlier, and says why."""

    id: str
    kind: str
    title: str
    subject: str
    by: str
    period: str
    revision: int
    made_at: datetime
    made_by: str
    why: str
    files: tuple[KeptFile, ...]


@dataclass(frozen=True, slots=True)
class ReportFile:
    """edition: the id of the kept one that it is, empty if it was made just now."""

    filename: str
    octets: bytes
    sha256: str
    media_type: str
    edition: str = ""


class Reports(Protocol):
    """who: in whose name it is written in the journal. Every act raises ReportRefusedError."""

    def offers(self) -> Sequence[Offer]: ...

    def kept(self) -> Sequence[KeptReport]:
        """The newest first."""
        ...

    def make(self, who: str, asked: Asked, format: str) -> ReportFile: ...

    def get(self, id_: str, format: str) -> ReportFile:
        """Octet by octet as it was kept. Raises NoReportError."""
        ...

    def close(self, who: str, asked: Asked) -> str:
        """Keep it as it reads now; the id of the edition."""
        ...

    def revise(self, who: str, asked: Asked, why: str) -> str:
        """A new edition that says what reads otherwise; empty where nothing does."""
        ...
