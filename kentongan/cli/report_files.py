"""Files of a report on the disk: made now, or given out of what is kept. All are made before the first is written."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from domain.documents import OfficeReport
from domain.language import _
from kentongan.cli.output import note
from kentongan.errors import UsageError
from kentongan.installation import Installation
from kentongan.reporting import Edition, Format, ReportDesk, ReportError
from kentongan.reporting.files import octets_of
from kentongan.reporting.records import Wanted


@dataclass(frozen=True, slots=True)
class Places:
    """Where files go; None: not wanted. csv: of the first table, the others stand beside it."""

    pdf: Path | None = None
    xlsx: Path | None = None
    csv: Path | None = None

    def demand(self) -> None:
        """Raises UsageError where none is named."""
        if not any((self.pdf, self.xlsx, self.csv)):
            raise UsageError(_("Say what to write: --pdf FILE, --xlsx FILE or --csv FILE."))


def write_report(installation: Installation, wanted: Wanted, places: Places) -> None:
    """Make it, or give out the one that is kept."""
    desk = ReportDesk(installation)
    try:
        wanted = desk.settled(wanted)
    except ReportError as error:
        raise UsageError(str(error)) from None
    edition, report = desk.report(wanted)
    if edition is not None:
        write_edition(installation, desk, edition, places)
        if wanted.dated:
            note(_("It was kept before: --dated changes nothing."))
        return
    assert report is not None
    _write(installation, report.title, report.subject, _made(report, places))


def write_edition(installation: Installation, desk: ReportDesk, edition: Edition, places: Places) -> None:
    """The octets that are kept."""
    files: dict[Path, bytes] = {}
    for path, format_ in ((places.pdf, Format.PDF), (places.xlsx, Format.XLSX)):
        if path:
            files[path] = desk.get(edition.id, format_).octets
    if places.csv:
        with zipfile.ZipFile(io.BytesIO(desk.get(edition.id, Format.CSV).octets)) as archive:
            tables = {Path(name).stem: archive.read(name) for name in archive.namelist()}
        files |= _beside(places.csv, tables)
    _write(installation, edition.title, edition.subject, files)
    note(
        _("Kept as {id}. SHA-256: {hashes}").format(
            id=edition.id, hashes=", ".join(f"{each.format.value} {each.sha256}" for each in edition.files)
        )
    )


def _made(report: OfficeReport, places: Places) -> dict[Path, bytes]:
    files: dict[Path, bytes] = {}
    for path, format_ in ((places.pdf, Format.PDF), (places.xlsx, Format.XLSX)):
        if path:
            files[path] = octets_of(report, format_)
    if places.csv:
        # Imported here: slow to load, and help needs none.
        from exporters.documents.csv_table import table_as_csv

        files |= _beside(places.csv, {each.key: table_as_csv(each) for each in report.tables})
    return files


def _beside(path: Path, tables: Mapping[str, bytes]) -> dict[Path, bytes]:
    first, *others = tables
    return {path: tables[first]} | {path.with_name(f"{path.stem}-{key}{path.suffix}"): tables[key] for key in others}


def _write(installation: Installation, title: str, subject: str, files: Mapping[Path, bytes]) -> None:
    from exporters.documents.writer import replace_file

    for path, octets in files.items():
        replace_file(path, octets)
        print(path)
    installation.record("report written", f"{title}: {subject}", files=[str(path) for path in files])
