"""A report of the office: letterhead, tables of typed values, what each table was made from, who signs.

Holds words that were already chosen; how values are written is the matter of whoever writes the file.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Unit(StrEnum):
    """What a column holds. PERCENT: of time, to a second of a month; RATE: of what needs no such care; MEASURE: in
    whatever a row says, with as many decimals as it has; TIME: a datetime in the zone that the column's title names.
    """

    TEXT = "text"
    COUNT = "count"
    HOURS = "hours"
    PERCENT = "percent"
    RATE = "rate"
    MEASURE = "measure"
    RUPIAH = "rupiah"
    DAY = "day"
    TIME = "time"

    @property
    def is_figure(self) -> bool:
        """Stands at the right, under its like."""
        return self not in (Unit.TEXT, Unit.DAY, Unit.TIME)


Value = str | int | float | date | None
"""None: not known, or it makes no sense here. A date may be a datetime, with its zone."""


@dataclass(frozen=True, slots=True)
class Column:
    """key: stable, as files name it. title: for people. share: of the page's width beside the other columns; 0: not
    on paper, in files alone.
    """

    key: str
    title: str
    unit: Unit = Unit.TEXT
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class ReportTable:
    """source: from which records its figures come, one sentence. empty: what to say where there is no row.

    last_is_sum: the last row is that of all the others together. key: stable, names its sheet and its file.
    """

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    source: str
    empty: str = ""
    last_is_sum: bool = False


@dataclass(frozen=True, slots=True)
class ReportChart:
    """A figure over time, as it stood on each day of `points`. marks: what was promised by a day, beside it. On paper
    alone: files have the tables. unit: what is counted.
    """

    title: str
    unit: str
    points: tuple[tuple[date, int], ...]
    marks: tuple[tuple[date, int], ...]
    source: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """government: of whom the institution is a part, above it. contact: telephone, mail, web."""

    institution: str
    government: str = ""
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """name: '' leaves a line to write it on. number: of the official (NIP)."""

    city: str = ""
    position: str = ""
    name: str = ""
    rank: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class OfficeReport:
    """made_at: the day of the document, in the zone of the kabupaten. provisional: '' or the one word that says that
    figures may still change. facts: pairs of a name and a text. lead: the answer first. notes: what one should know.
    """

    title: str
    subject: str
    made_at: datetime
    letterhead: Letterhead
    signature: Signature
    tables: tuple[ReportTable, ...]
    provisional: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    lead: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    opening: str = ""
    closing: str = ""
    charts: tuple[ReportChart, ...] = ()
