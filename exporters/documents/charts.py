"""A chart of a report as plain data for its template: where each point lies, from 0 to 1, and what stands at the axes.

Drawn in black on white: it must be read from a photocopy.
"""

from datetime import date
from typing import Final

from domain.documents import ReportChart
from exporters.documents.acceptance import Plain
from exporters.documents.figures import number

MOST_LEVELS: Final = 5
MOST_YEARS: Final = 12
_STEPS: Final = (1, 2, 5)


def chart_data(chart: ReportChart) -> dict[str, Plain]:
    """All positions from the left and from below. Needs two points of different days."""
    both = (*chart.points, *chart.marks)
    first, last = (choose(on.toordinal() for on, _value in both) for choose in (min, max))
    step = _step(max(value for _on, value in both))
    top = step * -(-max(1, max(value for _on, value in both)) // step)

    def across(on: date) -> str:
        return f"{(on.toordinal() - first) / (last - first):.5f}"

    def up(value: int) -> str:
        return f"{value / top:.5f}"

    begin, end = (date.fromordinal(each).year for each in (first, last))
    years = range(begin + 1, end + 1, (end - begin) // MOST_YEARS + 1)
    return {
        "title": chart.title,
        "unit": chart.unit,
        "source": chart.source,
        "points": [[across(on), up(value)] for on, value in chart.points],
        "last": [across(chart.points[-1][0]), up(chart.points[-1][1]), number(chart.points[-1][1], 0)],
        "marks": [[across(on), up(value), number(value, 0)] for on, value in chart.marks],
        "levels": [[up(value), number(value, 0)] for value in range(0, top + 1, step)],
        "years": [[across(date(year, 1, 1)), str(year)] for year in years],
    }


def _step(most: int) -> int:
    """The smallest round one with which so few levels do."""
    size = 1
    while True:
        for each in _STEPS:
            if each * size * MOST_LEVELS >= most:
                return each * size
        size *= 10
