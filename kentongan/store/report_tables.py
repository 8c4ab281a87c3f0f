"""Tables of reports that were closed: an edition with what stands in it, and its files. Times are unix seconds, UTC."""

from sqlalchemy import Column, Double, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint

metadata = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


report_edition = Table(
    "report_edition",
    metadata,
    Column("id", Text, primary_key=True),
    _text("kind"),
    _text("by"),
    _text("period"),
    Column("revision", Integer, nullable=False),
    _text("title"),
    _text("subject"),
    _text("language"),
    Column("made_at", Double, nullable=False),
    _text("made_by"),
    _text("why"),
    _text("source"),
    _text("previous"),
    _text("hash"),
    _text("document"),
    UniqueConstraint("kind", "by", "period", "revision"),
)

report_file = Table(
    "report_file",
    metadata,
    Column("edition", Text, primary_key=True),
    Column("format", Text, primary_key=True),
    _text("filename"),
    _text("sha256"),
    Column("size", Integer, nullable=False),
    Column("octets", LargeBinary, nullable=False),
)
