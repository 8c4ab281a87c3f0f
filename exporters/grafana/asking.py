"""Asks a Prometheus for all panels, a few queries at a time."""

import asyncio
from collections.abc import Sequence
from typing import Final

import httpx

from domain.language import _
from exporters.errors import PrometheusUnreachableError
from exporters.grafana.checking import Asked, Looked

_AT_ONCE: Final = 4
_TIMEOUT_SECONDS: Final = 60.0


def look(prometheus: str, panels: Sequence[Asked]) -> list[Looked]:
    """Each panel with its numbers of series, as of now. Raises PrometheusUnreachableError."""
    return asyncio.run(_look(prometheus, panels))


async def _look(prometheus: str, panels: Sequence[Asked]) -> list[Looked]:
    turns = asyncio.Semaphore(_AT_ONCE)
    try:
        async with httpx.AsyncClient(base_url=prometheus.rstrip("/"), timeout=_TIMEOUT_SECONDS) as client:
            return await asyncio.gather(*(_at(client, panel, turns) for panel in panels))
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError) as error:
        raise PrometheusUnreachableError(
            _("No Prometheus answers at {url} ({reason}). Give its address like http://127.0.0.1:9090").format(
                url=prometheus, reason=type(error).__name__
            )
        ) from None


async def _at(client: httpx.AsyncClient, panel: Asked, turns: asyncio.Semaphore) -> Looked:
    series, problems = [], []
    for query in panel.queries:
        async with turns:
            answer = (await client.post("/api/v1/query", data={"query": query})).json()
        if answer["status"] == "success":
            series.append(len(answer["data"]["result"]))
        else:
            series.append(0)
            problems.append(str(answer["error"]))
    return Looked(panel, tuple(series), tuple(problems))
