"""Asks a Prometheus what every link carried in a period: averages, 95th percentile, busy hour. The rim.

The figures are the recording rules of `exporters.prometheus.links`: averages of five minutes, as the site sees them.
"""

import asyncio
from collections.abc import Mapping
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
_PERCENTILE: Final = 0.95


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
    seconds = int((until - since).total_seconds())
    found: dict[tuple[str, str], Carried] = {}
    try:
        async with httpx.AsyncClient(base_url=prometheus.rstrip("/"), timeout=_TIMEOUT_SECONDS) as client:
            for direction in (DOWN, UP):
                # One after the other: each of them reads a whole period.
                answers = [await _asked(client, query, until) for query in _queries(direction, seconds)]
                for link in {link for answer in answers for link in answer}:
                    average, percentile, busy, samples = (answer.get(link) for answer in answers)
                    found[link, direction] = Carried(average, percentile, busy, int(samples or 0))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as error:
        raise PrometheusUnreachableError(
            _("No Prometheus answers at {url} ({reason}). Give its address like http://127.0.0.1:9090").format(
                url=prometheus, reason=error if isinstance(error, _SaidNoError) else type(error).__name__
            )
        ) from None
    return found


class _SaidNoError(ValueError):
    """What Prometheus said against a query."""


def _queries(direction: str, seconds: int) -> tuple[str, ...]:
    five_minutes, hour = average_of(direction), f"link:kentongan_{direction}_bits_per_second:avg1h"
    return tuple(
        f"max by (link) ({each})"
        for each in (
            f"avg_over_time({five_minutes}[{seconds}s])",
            f"quantile_over_time({_PERCENTILE}, {five_minutes}[{seconds}s])",
            f"max_over_time({hour}[{seconds}s])",
            f"count_over_time({five_minutes}[{seconds}s])",
        )
    )


async def _asked(client: httpx.AsyncClient, query: str, at: datetime) -> Mapping[str, float]:
    data: dict[str, Any] = {"query": query, "time": f"{at.timestamp():.3f}"}
    answer = (await client.post("/api/v1/query", data=data)).json()
    if answer["status"] != "success":
        raise _SaidNoError(str(answer.get("error", "")))
    return {each["metric"]["link"]: float(each["value"][1]) for each in answer["data"]["result"]}
