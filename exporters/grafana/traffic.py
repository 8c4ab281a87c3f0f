"""Asks a Prometheus what every link carried in a period: averages, 95th percentile, busy hour. The rim.

The figures are the recording rules of `exporters.prometheus.links`: averages of five minutes, as the site sees them.
"""

import asyncio
import json
import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import httpx

from domain.language import _
from exporters.errors import PrometheusUnreachableError
from exporters.prometheus.links import average_of

DOWN, UP = "receive", "transmit"
STEP_SECONDS: Final = 300
_TIMEOUT_SECONDS: Final = 120.0
PERCENT: Final = 95
_TOGETHER: Final = 100

_Ask = Callable[[str], Awaitable[list[tuple[str, float]]]]
"""A query, and what comes of it: links and values."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Of one link in one direction, in bit/s. None: nothing was kept. samples: averages of five minutes."""

    average: float | None = None
    percentile_95: float | None = None
    busy_hour: float | None = None
    samples: int = 0


def carried(prometheus: str, since: datetime, until: datetime) -> dict[tuple[str, str], Carried]:
    """(link, receive or transmit) → what it carried in [since, until). Raises PrometheusUnreachableError."""
    return asyncio.run(_carried(prometheus, since, until))


async def _carried(prometheus: str, since: datetime, until: datetime) -> dict[tuple[str, str], Carried]:
    # Open at its beginning: what is recorded at that moment is the average of the five minutes before.
    window = f"{round((until - since).total_seconds() * 1000) - 1}ms"
    found: dict[tuple[str, str], Carried] = {}
    try:
        async with httpx.AsyncClient(base_url=prometheus.rstrip("/"), timeout=_TIMEOUT_SECONDS) as client:

            async def ask(query: str) -> list[tuple[str, float]]:
                return await _asked(client, query, until)

            for direction in (DOWN, UP):
                # One after the other: each of them reads a whole period.
                samples, percentiles = await _ranked(ask, average_of(direction), window)
                average, busy = [dict(await ask(query)) for query in _queries(direction, window)]
                for link, count in samples.items():
                    found[link, direction] = Carried(average.get(link), percentiles.get(link), busy.get(link), count)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        raise PrometheusUnreachableError(
            _("No Prometheus answers at {url} ({reason}). Give its address like http://127.0.0.1:9090").format(
                url=prometheus, reason=error if isinstance(error, _SaidNoError) else type(error).__name__
            )
        ) from None
    return found


class _SaidNoError(ValueError):
    """What Prometheus said against a query."""


def nearest_rank(count: int) -> float:
    """The quantile at which Prometheus, which reckons between neighbours, gives the 95th percentile by nearest rank:
    the smallest of `count` samples that at least 95 % of them do not exceed.
    """
    return (-(-PERCENT * count // 100) - 1) / (count - 1) if count > 1 else 1.0


def _queries(direction: str, window: str) -> tuple[str, str]:
    """The average and the busy hour. A link whose contract changed has a series for each; together they are one."""
    averages, hours = average_of(direction), f"link:kentongan_{direction}_bits_per_second:avg1h"
    return (
        f"sum by (link) (sum_over_time({averages}[{window}])) / sum by (link) (count_over_time({averages}[{window}]))",
        f"max by (link) (max_over_time({hours}[{window}]))",
    )


async def _ranked(ask: _Ask, averages: str, window: str) -> tuple[dict[str, int], dict[str, float]]:
    """How many averages there are of each link, and their 95th percentile. Links of one count are asked together."""
    series = await ask(f"count_over_time({averages}[{window}])")
    parts = Counter(link for link, _count in series)
    samples = {link: int(count) for link, count in series if parts[link] == 1}
    of_parts = [link for link, many in parts.items() if many > 1]
    for some in _batches(of_parts):
        answer = await ask(f"count_over_time({_whole(averages, some)}[{window}:5m])")
        samples |= {link: int(count) for link, count in answer}
    alike: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for link, count in samples.items():
        alike[count, parts[link] > 1].append(link)
    percentiles: dict[str, float] = {}
    for (count, is_of_parts), links in alike.items():
        for some in _batches(links):
            ranged = f"{_whole(averages, some)}[{window}:5m]" if is_of_parts else f"{_only(averages, some)}[{window}]"
            percentiles |= dict(await ask(f"quantile_over_time({nearest_rank(count)!r}, {ranged})"))
    return samples, percentiles


def _whole(averages: str, links: Sequence[str]) -> str:
    return f"max by (link) ({_only(averages, links)})"


def _only(averages: str, links: Sequence[str]) -> str:
    return f"{averages}{{link=~{json.dumps('|'.join(map(re.escape, links)), ensure_ascii=False)}}}"


def _batches(links: Sequence[str]) -> Iterator[Sequence[str]]:
    """A query may hold so many samples and no more: a year of one link has 105,120."""
    return (links[at : at + _TOGETHER] for at in range(0, len(links), _TOGETHER))


async def _asked(client: httpx.AsyncClient, query: str, at: datetime) -> list[tuple[str, float]]:
    """Of each series that comes back its link and its value."""
    data: dict[str, Any] = {"query": query, "time": f"{at.timestamp():.3f}"}
    answer = (await client.post("/api/v1/query", data=data)).json()
    if answer["status"] != "success":
        raise _SaidNoError(str(answer.get("error", "")))
    return [(each["metric"]["link"], float(each["value"][1])) for each in answer["data"]["result"]]
