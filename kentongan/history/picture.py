"""The curve of a history as a picture: connected and served desa month by month, and what was promised. Plain SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from domain.coverage.picture import Sort
from domain.language import _
from domain.network import Indicator
from kentongan.coverage import CoverageBook

WIDTH, HEIGHT = 760, 360
LEFT, RIGHT, TOP, BOTTOM = 44, 130, 24, 34
STYLE: Final = (
    "text{font:12px system-ui,sans-serif;fill:#3c4650}.axis{stroke:#c3cad0}.claimed{stroke:#1f5f8b;fill:none;"
    "stroke-width:2}.served{stroke:#b4541a;fill:none;stroke-width:2;stroke-dasharray:5 3}.promise{fill:none;"
    "stroke:#3c4650}@media(prefers-color-scheme:dark){text{fill:#d5dce2}.axis{stroke:#4a555e}"
    ".claimed{stroke:#7fb8dd}.served{stroke:#e79a63}.promise{stroke:#d5dce2}}"
)


@dataclass(frozen=True, slots=True)
class Curve:
    """By month end: connected desa, and served ones where any were measured. promises: due, how many."""

    months: tuple[tuple[date, int, int | None], ...]
    promises: tuple[tuple[date, int], ...]
    desa: int


def curve_of(book: CoverageBook, first: date) -> Curve:
    """From a day on. The last month ends on the day of the asking."""
    months = []
    for end, connected in book.curve(book.today):
        if end >= first:
            picture = book.picture(end)
            measured = picture.window.last is not None
            months.append((end, connected, picture.counts(picture.mask(Sort.DESA)).served if measured else None))
    promised = {
        each.target.due_on: each.target.value
        for each in book.promises(book.today)
        if each.target.indicator is Indicator.DESA and each.target.region_code == book.home
    }
    return Curve(tuple(months), tuple(sorted(promised.items())), book.whole(book.home, book.today))


def curve_svg(curve: Curve, title: str) -> str:
    """A line a number, named at its end; promises are rings."""
    first, last = curve.months[0][0], max([curve.months[-1][0], *(due for due, _v in _near(curve))])
    days, top = max((last - first).days, 1), max(curve.desa, 1)

    def at(day: date, value: float) -> tuple[float, float]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * (day - first).days / days
        return round(x, 1), round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top, 1)

    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
    ]
    for value in (0, 50, 100, 150, curve.desa):
        x, y = at(first, value)
        lines.append(f'<line class="axis" x1="{x}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>')
        lines.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{value}</text>')
    for day, _connected, _served in curve.months:
        if day.month in (6, 12):
            lines.append(f'<text x="{at(day, 0)[0]}" y="{HEIGHT - 12}" text-anchor="middle">{day:%m.%Y}</text>')
    connected = [at(day, count) for day, count, _served in curve.months]
    served = [at(day, count) for day, _connected, count in curve.months if count is not None]
    lines += _line("claimed", connected, _("connected {count}").format(count=curve.months[-1][1]))
    if served:
        lines += _line("served", served, _("served {count}").format(count=curve.months[-1][2] or 0), 14.0)
    for due, value in _near(curve):
        x, y = at(due, value)
        name = escape(_("promised {count}").format(count=value))
        lines.append(f'<circle class="promise" cx="{x}" cy="{y}" r="4"/>')
        lines.append(f'<text x="{x - 8}" y="{y - 8}" text-anchor="end">{name}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def _near(curve: Curve) -> list[tuple[date, int]]:
    """Promises within the picture and a little beyond."""
    first, last = curve.months[0][0], curve.months[-1][0]
    return [(due, value) for due, value in curve.promises if first <= due and (due - last).days < 92]


def _line(kind: str, points: Sequence[tuple[float, float]], name: str, down: float = 0.0) -> list[str]:
    x, y = points[-1]
    drawn = " ".join(f"{across},{up}" for across, up in points)
    return [
        f'<polyline class="{kind}" points="{drawn}"/>',
        f'<text x="{x + 8}" y="{y + 4 + down}">{escape(name)}</text>',
    ]
