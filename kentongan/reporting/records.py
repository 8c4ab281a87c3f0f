"""What reporting speaks of: kinds of reports, the formats of their files, editions that were kept, errors."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.availability import By
from domain.documents import OfficeReport
from domain.language import _
from kentongan.errors import KentonganError


class ReportError(KentonganError):
    """A report that cannot be made as it was asked for."""


class ReportUnknownError(ReportError):
    """No such edition was kept."""


class ReportKind(StrEnum):
    AVAILABILITY = "availability"
    COVERAGE = "coverage"
    INCIDENTS = "incidents"
    BANDWIDTH = "bandwidth"
    EVALUATION = "evaluation"


class Format(StrEnum):
    """CSV: a table each, packed into one ZIP."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class KindOffer:
    """by: what it can be made by, the usual first; none where there is no choice. period: how one is written."""

    kind: str
    title: str
    by: tuple[str, ...]
    period: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """since: an earlier day to compare with, of coverage alone. dated: day of the document, ISO; '': today."""

    kind: ReportKind
    period: str
    by: str = ""
    since: str = ""
    dated: str = ""


@dataclass(frozen=True, slots=True)
class Composed:
    """A report with its standing. period: as it is kept. over: the period has ended, so that it can be closed.

    frozen: '' or the hash of what people closed that it was made from; such a report is kept by itself. why: what
    changed in it last.
    """

    report: OfficeReport
    period: str
    by: str = ""
    over: bool = False
    frozen: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class MadeReport:
    """One file. edition: the id of the one that was kept, '' if it was made just now."""

    filename: str
    octets: bytes
    sha256: str
    media_type: str
    provisional: bool
    edition: str = ""


@dataclass(frozen=True, slots=True)
class EditionFile:
    """sha256: in hexadecimal. size: octets."""

    format: Format
    filename: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Edition:
    """A report as it was closed, or closed again with corrections. revision: from 1. source: the hash of what it was
    made from. hash: of what stands in it; previous: that of the edition before, '' for the first."""

    id: str
    kind: ReportKind
    by: str
    period: str
    revision: int
    title: str
    subject: str
    language: str
    made_at: datetime
    made_by: str
    why: str
    source: str
    previous: str
    hash: str
    files: tuple[EditionFile, ...] = ()

    def file(self, format_: Format) -> EditionFile:
        return next(each for each in self.files if each.format is format_)


def edition_id(kind: ReportKind, by: str, period: str, revision: int) -> str:
    """For people and addresses: availability-opd-2026-10-r1."""
    return "-".join(part for part in (kind.value, by, period, f"r{revision}") if part)


def offers() -> tuple[KindOffer, ...]:
    """Every kind, in the active language."""
    span = "2026-10, 2026-H1, 2026"
    return (
        KindOffer(ReportKind.AVAILABILITY.value, _("Availability"), tuple(By), span),
        KindOffer(ReportKind.COVERAGE.value, _("Coverage of villages"), (), "2026-06-30"),
        KindOffer(ReportKind.INCIDENTS.value, _("Incidents and their causes"), (), span),
        KindOffer(ReportKind.BANDWIDTH.value, _("Bandwidth"), (), span),
        KindOffer(ReportKind.EVALUATION.value, _("Half-yearly evaluation"), (), "2026-1"),
    )
