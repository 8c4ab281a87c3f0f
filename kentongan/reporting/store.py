"""Editions in the database: added whole, never replaced."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, insert, select

from kentongan.reporting.records import Edition, EditionFile, Format, ReportKind
from kentongan.store.report_tables import report_edition as editions
from kentongan.store.report_tables import report_file as files

_SHOWN = [column for column in editions.c if column.name != "document"]


class SqlReportStore:
    """Add and read."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def add_in(self, connection: Connection, edition: Edition, document: str, octets: Mapping[Format, bytes]) -> None:
        """Inside the transaction of the closing. Raises IntegrityError if the revision is there already."""
        row = {
            **{column.name: getattr(edition, column.name) for column in _SHOWN if column.name != "made_at"},
            "kind": edition.kind.value,
            "made_at": edition.made_at.timestamp(),
            "document": document,
        }
        connection.execute(insert(editions).values(row))
        rows = [
            {
                "edition": edition.id,
                "format": each.format.value,
                "filename": each.filename,
                "sha256": each.sha256,
                "size": each.size,
                "octets": octets[each.format],
            }
            for each in edition.files
        ]
        connection.execute(insert(files), rows)

    def of(self, kind: ReportKind, by: str, period: str) -> tuple[Edition, ...]:
        """All revisions, oldest first."""
        found = self._read(editions.c.kind == kind.value, editions.c.by == by, editions.c.period == period)
        return tuple(sorted(found, key=lambda each: each.revision))

    def all(self) -> tuple[Edition, ...]:
        """Newest first."""
        return tuple(sorted(self._read(), key=lambda each: (each.made_at, each.id), reverse=True))

    def get(self, id_: str) -> Edition | None:
        found = self._read(editions.c.id == id_)
        return found[0] if found else None

    def document(self, id_: str) -> str:
        """The canonical JSON of what stands in it."""
        with self._reader.connect() as connection:
            return str(connection.execute(select(editions.c.document).where(editions.c.id == id_)).scalar_one())

    def octets(self, id_: str, format_: Format) -> bytes:
        query = select(files.c.octets).where(files.c.edition == id_, files.c.format == format_.value)
        with self._reader.connect() as connection:
            return bytes(connection.execute(query).scalar_one())

    def _read(self, *where: ColumnElement[bool]) -> list[Edition]:
        listed = select(files.c.edition, files.c.format, files.c.filename, files.c.sha256, files.c.size)
        with self._reader.connect() as connection:
            rows = connection.execute(select(*_SHOWN).where(*where)).all()
            wanted = listed.where(files.c.edition.in_([row.id for row in rows]))
            beside: dict[str, list[EditionFile]] = defaultdict(list)
            for edition, format_, *rest in connection.execute(wanted) if rows else ():
                beside[edition].append(EditionFile(Format(format_), *rest))
        return [_edition(row, tuple(sorted(beside[row.id], key=_place))) for row in rows]


def _place(file: EditionFile) -> int:
    return tuple(Format).index(file.format)


def _edition(row: Any, its_files: tuple[EditionFile, ...]) -> Edition:
    found = {column.name: getattr(row, column.name) for column in _SHOWN}
    return Edition(
        **found
        | {
            "kind": ReportKind(row.kind),
            "made_at": datetime.fromtimestamp(row.made_at, UTC),
            "files": its_files,
        }
    )
