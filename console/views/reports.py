"""Reports that can be made, and those that were kept, as the page prints them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from console.ports.reports import KeptFile, KeptReport, Offer
from console.views.sheet import holds
from console.views.sorting import Columns, in_order
from console.views.speech import moment, number
from domain.language import _

FORMATS: Final = ("pdf", "xlsx", "csv")


@dataclass(frozen=True, slots=True)
class OfferRow:
    """usual: the period that is most likely wanted now. by: (value, word)."""

    kind: str
    title: str
    hint: str
    usual: str
    by: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class KeptRow:
    id: str
    title: str
    subject: str
    period: str
    revision: int
    made: str
    made_by: str
    why: str
    files: tuple[tuple[str, str, str], ...]
    made_seconds: float


def offer_rows(offers: Iterable[Offer], now: datetime, zone: tzinfo) -> tuple[OfferRow, ...]:
    today = now.astimezone(zone).date()
    month_before = today.replace(day=1) - timedelta(days=1)
    half_before = f"{today.year}-1" if today.month > 6 else f"{today.year - 1}-2"
    usual = {"coverage": today.isoformat(), "evaluation": half_before}
    return tuple(
        OfferRow(
            each.kind,
            each.title,
            each.period,
            usual.get(each.kind, f"{month_before:%Y-%m}"),
            tuple((by, by_word(by)) for by in each.by),
        )
        for each in offers
    )


COLUMNS: Final[Columns[KeptRow]] = {
    "period": lambda row: row.period,
    "report": lambda row: f"{row.title} {row.subject}",
    "edition": lambda row: row.revision,
    "closed": lambda row: row.made_seconds,
    "by": lambda row: row.made_by,
}


def kept_rows(
    kept: Iterable[KeptReport], now: datetime, zone: tzinfo, text: str = "", sort: str = ""
) -> tuple[KeptRow, ...]:
    today = now.astimezone(zone).date()
    rows = [
        KeptRow(
            each.id,
            each.title,
            each.subject,
            each.period,
            each.revision,
            moment(each.made_at, zone, today),
            each.made_by,
            each.why,
            tuple((file.format, _size(file), file.sha256) for file in each.files),
            each.made_at.timestamp(),
        )
        for each in kept
        if holds((each.id, each.title, each.subject, each.period, each.made_by), text)
    ]
    return tuple(in_order(rows, COLUMNS, sort))


def _size(file: KeptFile) -> str:
    return _("{size} kB").format(size=number(max(1, file.size // 1000)))


def by_word(by: str) -> str:
    words = {
        "desa": _("desa"),
        "kecamatan": _("kecamatan"),
        "opd": _("OPD"),
        "link": _("link"),
        "provider": _("provider"),
    }
    return words.get(by, by)
