"""The desk that makes reports, keeps those of closed periods, and gives them out again as they were.

The one door for command line, console and the schedule. Everything in it blocks: call it in a thread or a process.
What makes reports is imported where it is used: the running service only looks whether one is due.
"""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from domain.audit import AuditEntry
from domain.documents import OfficeReport
from domain.documents.changes import changes
from domain.documents.codec import canonical, sha256_of
from domain.language import _, active_language, speaking
from kentongan.installation import Installation
from kentongan.reporting.files import MEDIA_TYPES, filename_of, octets_of
from kentongan.reporting.records import (
    Composed,
    Edition,
    EditionFile,
    Format,
    KindOffer,
    MadeReport,
    ReportError,
    ReportKind,
    ReportUnknownError,
    Wanted,
    edition_id,
    offers,
)
from kentongan.reporting.store import SqlReportStore


class ReportDesk:
    """Everything about reports of one opened installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._store = SqlReportStore(installation.database.engine)

    def kinds(self) -> tuple[KindOffer, ...]:
        return offers()

    def make(self, kind: str, period: str, format: str, by: str = "", since: str = "", dated: str = "") -> MadeReport:
        """One file. Of what was closed the kept one, octet by octet; else as it reads now. Raises ReportError."""
        wanted = self._wanted(kind, period, by, since, dated)
        format_ = _format(format)
        edition, report = self.report(wanted)
        if edition is not None:
            return self._given(edition, format_)
        assert report is not None
        octets = octets_of(report, format_)
        name = filename_of("-".join(filter(None, (wanted.kind.value, wanted.by, wanted.period))), format_)
        made = MadeReport(name, octets, sha256_of(octets), MEDIA_TYPES[format_], bool(report.provisional))
        self._installation.record("report made", name, sha256=made.sha256)
        return made

    def settled(self, wanted: Wanted) -> Wanted:
        """With its period as it is kept. Raises ReportError."""
        from kentongan.reporting.composing import settled

        return settled(self._installation, wanted)

    def report(self, wanted: Wanted) -> tuple[Edition, None] | tuple[None, OfficeReport]:
        """What is given out for this: the newest kept edition, else the report as it reads now. Raises ReportError.

        A report whose figures people froze (a closed month) is kept when it is first asked for, and again when a
        correction was written down since. wanted: settled.
        """
        from kentongan.reporting.composing import composed, frozen_source

        kept = self._store.of(wanted.kind, wanted.by, wanted.period)
        if kept and kept[-1].source == (frozen_source(self._installation, wanted) or kept[-1].source):
            return kept[-1], None
        found = composed(self._installation, wanted)
        if not found.frozen:
            return None, found.report
        return self._keep(wanted, found, found.why if kept else ""), None

    def stored(self) -> tuple[Edition, ...]:
        """Newest first."""
        return self._store.all()

    def get(self, id_: str, format: str) -> MadeReport:
        """A kept file, octet by octet. Raises ReportUnknownError."""
        return self._given(self.edition(id_), _format(format))

    def edition(self, id_: str) -> Edition:
        """Raises ReportUnknownError."""
        edition = self._store.get(id_)
        if edition is None:
            raise ReportUnknownError(_("There is no kept report {id}. See: kentongan report list").format(id=id_))
        return edition

    def close(self, kind: str, period: str, by: str = "", since: str = "", dated: str = "") -> Edition:
        """Keep it as it reads now. Raises ReportError: the period lasts, it was closed before, a month is open."""
        from kentongan.reporting.composing import composed
        from kentongan.reporting.correcting import standing

        wanted = self._wanted(kind, period, by, since, dated)
        kept = self._store.of(wanted.kind, wanted.by, wanted.period)
        if kept:
            raise ReportError(
                _("{id} is kept already. What came later: kentongan report revise {kind} {period} --why …").format(
                    id=kept[-1].id, kind=wanted.kind.value, period=wanted.period
                )
            )
        found = composed(self._installation, wanted)
        if not found.over:
            raise ReportError(_("{period} is not over yet.").format(period=wanted.period))
        if wanted.kind is ReportKind.AVAILABILITY and not found.frozen:
            raise ReportError(
                _("Close the month first: kentongan availability close {period}. Its report is kept by itself.").format(
                    period=wanted.period
                )
            )
        if not found.frozen:
            zone = ZoneInfo(self._installation.loaded.settings.language.timezone)
            at = self._installation.clock.now().utc.astimezone(zone)
            found = replace(found, report=standing(found.report, at, self._installation.actor))
        return self._keep(wanted, found, "")

    def revise(self, kind: str, period: str, why: str, by: str = "", since: str = "") -> Edition | None:
        """A new edition: the first as it was, and beside it what reads otherwise now. None: nothing does.

        Raises ReportError for what is not kept, or is corrected in another way.
        """
        from kentongan.reporting.composing import composed
        from kentongan.reporting.correcting import corrected, read_report

        wanted = self._wanted(kind, period, by, since, "")
        kept = self._store.of(wanted.kind, wanted.by, wanted.period)
        if not kept:
            raise ReportError(
                _("It is not closed: kentongan report close {kind} {period}").format(kind=kind, period=period)
            )
        if wanted.kind is ReportKind.AVAILABILITY:
            raise ReportError(
                _("Months are corrected by: kentongan availability correct {period} --why …").format(period=period)
            )
        first = read_report(self._store.document(kept[0].id))
        with speaking(kept[0].language):
            found = composed(self._installation, wanted)
            made = corrected(first, changes(first, found.report), found.report.made_at, self._installation.actor, why)
        last = read_report(self._store.document(kept[-1].id))
        if not changes(first, found.report) or made.tables[-1].rows == last.tables[-1].rows:
            return None
        return self._keep(wanted, replace(found, report=made), why)

    def _wanted(self, kind: str, period: str, by: str, since: str, dated: str) -> Wanted:
        if kind not in tuple(ReportKind):
            raise ReportError(_("'{kind}' is not one of: {known}.").format(kind=kind, known=", ".join(ReportKind)))
        return self.settled(Wanted(ReportKind(kind), period, by, since, dated))

    def _keep(self, wanted: Wanted, found: Composed, why: str) -> Edition:
        """All files are made before the first row is written; then all rows at once."""
        installation = self._installation
        kept = self._store.of(wanted.kind, wanted.by, wanted.period)
        report = found.report
        language = kept[0].language if kept else active_language()
        with speaking(language):
            octets = {each: octets_of(report, each) for each in Format}
        document = canonical(report)
        id_ = edition_id(wanted.kind, wanted.by, wanted.period, len(kept) + 1)
        now = installation.clock.now()
        edition = Edition(
            id=id_,
            kind=wanted.kind,
            by=wanted.by,
            period=wanted.period,
            revision=len(kept) + 1,
            title=report.title,
            subject=report.subject,
            language=language,
            made_at=now.utc,
            made_by=installation.actor,
            why=why,
            source=found.frozen or sha256_of(document.encode()),
            previous=kept[-1].hash if kept else "",
            hash=sha256_of(document.encode()),
            files=_files(id_, octets),
        )
        try:
            with installation.database.transaction() as connection:
                self._store.add_in(connection, edition, document, octets)
                hashes = {each.filename: each.sha256 for each in edition.files}
                entry = AuditEntry(now, installation.actor, "report kept", id_, {"hash": edition.hash, **hashes})
                installation.journal.record_in(connection, entry)
        except IntegrityError:
            return self.edition(id_)  # somebody else kept it a moment ago: theirs is given out
        return edition

    def _given(self, edition: Edition, format_: Format) -> MadeReport:
        file = edition.file(format_)
        octets = self._store.octets(edition.id, format_)
        if sha256_of(octets) != file.sha256:
            raise ReportError(
                _("{file} is damaged in the database: its SHA-256 is not {hash} any more. Restore a backup.").format(
                    file=file.filename, hash=file.sha256
                )
            )
        return MadeReport(file.filename, octets, file.sha256, MEDIA_TYPES[format_], False, edition.id)


def _format(text: str) -> Format:
    if text not in tuple(Format):
        raise ReportError(_("'{kind}' is not one of: {known}.").format(kind=text, known=", ".join(Format)))
    return Format(text)


def _files(id_: str, octets: Mapping[Format, bytes]) -> tuple[EditionFile, ...]:
    return tuple(
        EditionFile(format_, filename_of(id_, format_), sha256_of(made), len(made)) for format_, made in octets.items()
    )
