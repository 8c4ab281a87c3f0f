"""Numbers, clocks, days and durations as people write them, in Indonesian and in English. Holds no sentences."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

MONTHS: Final = {
    "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
ZONES: Final = {timedelta(hours=7): "WIB", timedelta(hours=8): "WITA", timedelta(hours=9): "WIT"}
_UNITS: Final = {"id": ("h", "j", "m", "d"), "en": ("d", "h", "m", "s")}
_OTHERS: Final = {"id": "dan {count} lain", "en": "and {count} more"}
_OR: Final = {"id": " atau ", "en": " or "}
_NUMBER: Final = re.compile(r"[-−+]?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Speech:
    """One language and one zone. language: `id` or `en`."""

    language: str
    zone: tzinfo

    def number(self, value: object, places: int | None = None) -> str:
        """A number with the language's comma and a true minus; a text that is no number stays as it is."""
        text = str(value) if places is None or not isinstance(value, int | float) else f"{value:.{places}f}"
        if not _NUMBER.fullmatch(text):
            return text
        sign = "−" if text[0] in "-−" else ""
        whole, _point, rest = text.lstrip("-−+").partition(".")
        comma, dot = (",", ".") if self.language == "id" else (".", ",")
        if len(whole) > 3:
            whole = f"{int(whole):,}".replace(",", dot)
        return sign + whole + (comma + rest if rest else "")

    def clock(self, at: datetime) -> str:
        """The time of day alone: 14.02, 14:02."""
        return f"{at.astimezone(self.zone):{'%H.%M' if self.language == 'id' else '%H:%M'}}"

    def zone_name(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return ZONES.get(local.utcoffset() or timedelta(0), local.tzname() or "")

    def time(self, at: datetime, now: datetime | None = None) -> str:
        """With the zone's name, and the day if it is another one than today."""
        local = at.astimezone(self.zone)
        day = f"{self.day(at)} " if now is not None and local.date() != now.astimezone(self.zone).date() else ""
        return f"{day}{self.clock(at)} {self.zone_name(at)}"

    def day(self, at: datetime) -> str:
        local = at.astimezone(self.zone)
        return f"{local.day} {MONTHS[self.language][local.month - 1]}"

    def duration(self, seconds: float) -> str:
        """The two largest units: 2 j 46 m."""
        total = round(seconds)
        if total >= 60:
            total = round(seconds / 60) * 60
        parts = []
        for size, unit in zip((86_400, 3_600, 60, 1), _UNITS[self.language], strict=True):
            count, total = divmod(total, size)
            if count:
                parts.append(f"{count} {unit}")
        return " ".join(parts[:2]) or f"0 {_UNITS[self.language][3]}"

    def some(self, names: Sequence[str], most: int) -> str:
        """A list, cut with a count of the rest."""
        if len(names) <= most + 1:  # 'and 1 more' is no shorter than the name
            return ", ".join(names)
        return f"{', '.join(names[:most])} {_OTHERS[self.language].format(count=len(names) - most)}"

    def either(self, names: Sequence[str], most: int) -> str:
        """Alternatives: a, b or c."""
        kept = list(names) if len(names) <= most + 1 else [*names[:most]]
        if len(kept) < len(names):
            return self.some(names, most)
        return kept[0] if len(kept) == 1 else ", ".join(kept[:-1]) + _OR[self.language] + kept[-1] if kept else ""
