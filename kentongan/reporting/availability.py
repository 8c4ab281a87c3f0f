"""Availability of a month, a half-year or a year for its report: longer periods are the sum of their months."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts.store.months import SqlMonthStore
from domain.availability import By, Period, months_of
from domain.availability.adding import added
from domain.language import _, n_
from exporters.reports import availability_report
from kentongan import availability as kept
from kentongan.installation import Installation
from kentongan.reporting.frame import frame_of
from kentongan.reporting.records import Composed, Wanted

Document = Mapping[str, Any]


def compose_availability(installation: Installation, wanted: Wanted, period: Period, day: date | None) -> Composed:
    """day: of the document; None: today, of what is closed the day of its last change."""
    by = By(wanted.by or By.DESA)
    documents = availability_documents(installation, period, (by, By.PROVIDER))
    shown = documents[by]
    zone = ZoneInfo(shown["zone"])
    if day is None and shown["closed"]:
        times = [shown["closed"]["at"], *(each["at"] for each in shown["corrections"])]
        day = max(map(datetime.fromisoformat, times)).astimezone(zone).date()
    return Composed(
        availability_report(shown, documents[By.PROVIDER], frame_of(installation, day)),
        period.label,
        by.value,
        period.is_over,
        closed_hash(installation, period),
        shown["corrections"][-1]["why"] if shown["corrections"] else "",
    )


def closed_hash(installation: Installation, period: Period) -> str:
    """Over the months that people closed and their corrections; '' while one of them is open."""
    store = SqlMonthStore(installation.database.engine)
    hashes = []
    for month in months_of(period, ZoneInfo(installation.loaded.settings.language.timezone)):
        closed = store.get(month.label)
        if closed is None:
            return ""
        hashes += [closed.hash, *(each.hash for each in store.corrections(month.label))]
    return _chain(hashes) if period.is_over else ""


def availability_documents(installation: Installation, period: Period, kinds: Sequence[By]) -> dict[By, Document]:
    """The document of each kind of row, as of a month. A longer period is closed when all of its months are."""
    holidays = kept.holidays_of(installation)
    months = months_of(period, ZoneInfo(installation.loaded.settings.language.timezone))
    known = kept.Known.of(installation, period)
    books = [kept.open_month(installation, month, holidays, known) for month in months]
    if period.label == months[0].label:
        return {by: kept.month_document(books[0], by) for by in kinds}
    found: dict[By, Document] = {}
    for by in kinds:
        parts = [kept.month_document(book, by) for book in books]
        found[by] = _together(by, period, parts)
    return found


def _together(by: By, period: Period, months: Sequence[Document]) -> Document:
    first = months[0]
    closed = [month["closed"] for month in months if month["closed"]]
    whole = period.is_over and len(closed) == len(months)
    problems = [_("A longer period is the sum of its months; an outage over the end of a month counts in both.")]
    if not whole:
        problems.append(
            n_("{closed} of {count} month is closed.", "{closed} of {count} months are closed.", len(months)).format(
                closed=len(closed), count=len(months)
            )
        )
    return {
        **first,
        "period": period.label,
        "from": period.start.isoformat(),
        "until": period.until.isoformat(),
        "closed": {
            "at": max(closed, key=lambda each: datetime.fromisoformat(each["at"]))["at"],
            "by": ", ".join(dict.fromkeys(each["by"] for each in closed)),
            "hash": _chain([each["hash"] for each in closed]),
        }
        if whole
        else None,
        "corrections": [
            {**each, "why": f"{month['period']}: {each['why']}"} for month in months for each in month["corrections"]
        ],
        "problems": list(dict.fromkeys([*problems, *(each for month in months for each in month["problems"])])),
        "rows": added(by, [month["rows"] for month in months]),
    }


def _chain(hashes: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(hashes).encode()).hexdigest()
