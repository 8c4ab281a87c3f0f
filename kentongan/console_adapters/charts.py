"""Charts and newest readings from Prometheus, over HTTP. Never waits long, and says since when it is away."""

import json
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from console.ports.charts import Chart, ChartKind, ChartsAwayError, Line, Reading, Span
from domain.language import _, active_language
from kentongan.console_adapters.poller_client import read_whole, within
from kentongan.console_adapters.queries import SECONDS, STEP_SECONDS, Asked, drawing_of, readings_query
from kentongan.installation import Installation

TIMEOUT_SECONDS: Final = 4.0
READINGS_SECONDS: Final = 2.0
REST_SECONDS: Final = 10.0
"""So long nobody is kept waiting again for a server that did not answer."""

FRESH_SECONDS: Final = 20.0
MOST_KEPT: Final = 256
MOST_BYTES: Final = 8_000_000
MOST_LINES: Final = 12
NONSENSE: Final = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)
Ask = Callable[[str, Mapping[str, str], float], Any]
"""(path, parameters, seconds) → the answer's data. Raises OSError or ValueError."""


class PrometheusCharts:
    """Implements console.ports.charts.Charts."""

    def __init__(self, installation: Installation, ask: Ask | None = None) -> None:
        self._url = installation.loaded.settings.prometheus.url.rstrip("/")
        self._clock = installation.clock
        self._ask = ask or self._over_http
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, ...], tuple[float, Chart]] = {}
        self._silent_since: datetime | None = None
        self._asked_in_vain = -math.inf

    def chart(self, kind: ChartKind, of: str, span: Span) -> Chart:
        key = (kind, of, span, active_language())
        kept = self._kept.get(key)
        if kept is not None and time.monotonic() - kept[0] < FRESH_SECONDS:
            return kept[1]
        drawing, step = drawing_of(kind, of, span), STEP_SECONDS[span]
        end = int(self._clock.now().utc.timestamp()) // step * step
        times = tuple(range(end - SECONDS[span] // step * step, end + 1, step))
        lines: list[Line] = []
        for asked in drawing.asked:
            values = {"query": asked.query, "start": str(times[0]), "end": str(end), "step": str(step)}
            found = self._asked("/api/v1/query_range", values, TIMEOUT_SECONDS)
            with self._understood():
                lines += [_line(asked, series, times, step) for series in found["result"]]
        chart = Chart(kind, span, drawing.unit, times, _largest(lines))
        with self._lock:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = time.monotonic(), chart
        return chart

    def readings(self, device: str) -> Sequence[Reading]:
        found = self._asked("/api/v1/query", {"query": readings_query(device)}, READINGS_SECONDS)
        readings = []
        with self._understood():
            for series in found["result"]:
                labels, value = series["metric"], float(series["value"][1])
                if math.isfinite(value):
                    part = labels.get("sensor") or labels.get("outcome") or labels.get("interface", "")
                    readings.append(Reading(labels["__name__"], part, value, labels.get("interface", "")))
        return readings

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Raises ChartsAwayError: what answers there is no Prometheus."""
        try:
            yield
        except NONSENSE as error:
            raise self._failed() from error

    def _asked(self, path: str, values: Mapping[str, str], seconds: float) -> Any:
        """Raises ChartsAwayError."""
        if not self._url:
            raise ChartsAwayError(_("No Prometheus is set: prometheus.url in kentongan.toml."))
        if time.monotonic() - self._asked_in_vain < REST_SECONDS:
            raise self._away()
        try:
            given = {**values, "timeout": f"{seconds:g}s"}
            found = within(seconds + 1, lambda: self._ask(path, given, seconds))
        except _RefusedError as error:
            raise ChartsAwayError(
                _("Prometheus does not answer this: {reason}. Choose a shorter time.").format(reason=error)
            ) from error
        except (OSError, *NONSENSE) as error:
            raise self._failed() from error
        self._silent_since = None
        return found

    def _failed(self) -> ChartsAwayError:
        with self._lock:
            self._asked_in_vain = time.monotonic()
            self._silent_since = self._silent_since or self._clock.now().utc
        return self._away()

    def _away(self) -> ChartsAwayError:
        return ChartsAwayError(_("Prometheus does not answer."), self._silent_since)

    def _over_http(self, path: str, values: Mapping[str, str], seconds: float) -> Any:
        body = urlencode(values).encode()
        request = Request(self._url + path, body, {"Accept": "application/json"})  # noqa: S310 - checked by the settings
        try:
            with urlopen(request, timeout=seconds) as answer:  # noqa: S310
                text = read_whole(answer, seconds + 1, MOST_BYTES)
        except ValueError as error:
            raise _RefusedError(_("too many series")) from error
        except HTTPError as error:
            if error.code in (400, 422, 503):
                raise _RefusedError(_reason(error.read(2000))) from error
            raise OSError(str(error)) from error
        except URLError as error:
            raise OSError(str(error.reason)) from error
        except HTTPException as error:
            raise OSError(str(error)) from error
        return json.loads(text)["data"]


class _RefusedError(Exception):
    """It answers, but not to this."""


def _reason(text: bytes) -> str:
    try:
        return str(json.loads(text)["error"])[:200]
    except (ValueError, KeyError, TypeError):
        return "?"


def _line(asked: Asked, series: Mapping[str, Any], times: Sequence[int], step: int) -> Line:
    values: list[float | None] = [None] * len(times)
    for at, text in series["values"]:
        place, value = round((float(at) - times[0]) / step), float(text)
        if 0 <= place < len(values) and math.isfinite(value):
            values[place] = value
    parts = [*(series["metric"].get(label, "") for label in asked.labels), asked.words()]
    return Line(" ".join(part for part in parts if part), tuple(values), asked.promised)


def _largest(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Those that stand out; a chart of forty ports shows nothing."""

    def weight(line: Line) -> tuple[bool, float]:
        return line.promised, max((abs(value) for value in line.values if value is not None), default=0.0)

    kept = sorted(lines, key=weight, reverse=True)[:MOST_LINES]
    return tuple(line for line in lines if line in kept)
