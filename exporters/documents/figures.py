"""Numbers, days and times as they stand in a document, in the active language. Holds no sentences."""

from datetime import datetime, timedelta, tzinfo
from typing import Final

from domain.language import _, active_language

ZONES: Final = {timedelta(hours=7): "WIB", timedelta(hours=8): "WITA", timedelta(hours=9): "WIT"}


def number(value: float, places: int | None = None) -> str:
    """With the language's comma and a true minus. places None: as many as it has, three at most."""
    text = f"{value:.3f}".rstrip("0").rstrip(".") if places is None else f"{value:.{places}f}"
    sign = "−" if text.startswith("-") and text.strip("-0.") else ""
    whole, _point, rest = text.lstrip("-").partition(".")
    comma, dot = (",", ".") if active_language() == "id" else (".", ",")
    grouped = f"{int(whole):,}".replace(",", dot)
    return sign + grouped + (comma + rest if rest else "")


def day(at: datetime) -> str:
    """3 November 2026."""
    return f"{at.day} {_months()[at.month - 1]} {at.year}"


def time(at: datetime) -> str:
    """The day and the time with the zone's name."""
    clock = f"{at:%H.%M}" if active_language() == "id" else f"{at:%H:%M}"
    return f"{day(at)}, {clock} {_named(at)}".rstrip()


def short_time(at: datetime) -> str:
    """In a column of a table, whose head names the zone."""
    return f"{at:%d-%m-%Y %H.%M}" if active_language() == "id" else f"{at:%Y-%m-%d %H:%M}"


def zone_word(zone: tzinfo) -> str:
    """WIB, WITA or WIT; another one by its own name."""
    return _named(datetime(2026, 1, 1, tzinfo=zone))


def _named(at: datetime) -> str:
    return ZONES.get(at.utcoffset() or timedelta(0), at.tzname() or "")


def _months() -> tuple[str, ...]:
    return (
        _("January"),
        _("February"),
        _("March"),
        _("April"),
        _("May"),
        _("June"),
        _("July"),
        _("August"),
        _("September"),
        _("October"),
        _("November"),
        _("December"),
    )
