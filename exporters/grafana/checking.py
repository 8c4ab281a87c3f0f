"""Does every panel have something to show? Asks a Prometheus what each panel asks, with everything chosen. Pure.

A panel is empty if none of its queries has a series now. Who asks, and how, is the caller's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from exporters.grafana.shipped import Shipped

_WORDS: Final = {"__rate_interval": "5m", "__interval": "1m", "__range": "6h"}
_EVERYTHING: Final = ".*"
_VARIABLE: Final = re.compile(r"\$(?:\{([a-z_]\w*)(?::\w+)?\}|([a-z_]\w*))")  # not the $1 of a label_replace
_LABEL_VALUES: Final = re.compile(r"label_values\((.+), (\w+)\)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What one panel asks. dashboard: its title. queries: as Prometheus takes them."""

    uid: str
    dashboard: str
    panel: str
    queries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """series: of each query, in their order. problems: what Prometheus said against them."""

    asked: Asked
    series: tuple[int, ...]
    problems: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return sum(self.series)

    @property
    def is_empty(self) -> bool:
        return self.total == 0


def asked_by(dashboards: Iterable[Shipped]) -> Iterator[Asked]:
    """Every panel that asks anything, and every variable as a panel named `$variable`."""
    for each in dashboards:
        variables = [one for one in each.model["templating"]["list"] if one["type"] == "query"]
        known = {one["name"]: _EVERYTHING for one in variables}
        for one in variables:
            yield Asked(each.uid, each.title, f"${one['name']}", (_values(one["query"], known),))
        for panel in each.model["panels"]:
            queries = tuple(filled(target["expr"], known) for target in panel.get("targets", ()))
            if queries:
                yield Asked(each.uid, each.title, panel["title"], queries)


def filled(expr: str, variables: Mapping[str, str]) -> str:
    """The query with its variables filled in. Raises KeyError for one that nobody knows."""
    known = {**_WORDS, **variables}
    return _VARIABLE.sub(lambda found: known[found[1] or found[2]], expr)


def _values(query: str, variables: Mapping[str, str]) -> str:
    found = _LABEL_VALUES.fullmatch(query)
    if found is None:
        raise ValueError(f"{query} is no label_values(…)")
    return f"count by ({found[2]}) ({filled(found[1], variables)})"


def plain(looked: Iterable[Looked]) -> list[dict[str, Any]]:
    """For `--json`."""
    return [
        {
            "dashboard": each.asked.uid,
            "panel": each.asked.panel,
            "series": each.total,
            "queries": [
                {"expr": expr, "series": count} for expr, count in zip(each.asked.queries, each.series, strict=True)
            ],
            "problems": list(each.problems),
        }
        for each in looked
    ]
