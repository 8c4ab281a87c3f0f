"""The figures of this very process, as Prometheus text: its own registry, nothing shared, nothing global.

Who has a number lends a way to read it (`read`); who has events counts them (`counter`, `histogram`). All of it
happens on the event loop.
"""

import asyncio
import platform
from collections.abc import Callable, Iterable, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from exporters.catalogue import Metric, MetricType
from exporters.catalogue.own import BUILD_INFO, LOOP_LAG

Numbers = Mapping[tuple[str, ...], float]
LAG_EVERY_SECONDS = 0.5


class OwnHealth:
    """One registry with the collectors of the client library (process_*, python_*) and our own metrics."""

    def __init__(self, version: str) -> None:
        # The text format has no place for _created: it would double the counters.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = CollectorRegistry()
        self._counters: dict[str, Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        self.read(BUILD_INFO, lambda: {(version, platform.python_version()): 1})

    def read(self, metric: Metric, numbers: Callable[[], Numbers]) -> None:
        """At each scrape take label values → number from `numbers`; the labels in the order of the catalogue.

        Without labels the key is (). Counters must never fall while the process lives.
        """
        self._registry.register(_Lent(metric, numbers))

    def counter(self, metric: Metric) -> Counter:
        """The counter of a metric, made at the first call."""
        known = self._counters.get(metric.name)
        if known is None:
            known = Counter(metric.name, metric.help, metric.labels, registry=self._registry)
            self._counters[metric.name] = known
        return known

    def histogram(self, metric: Metric) -> Histogram:
        """The histogram of a metric, made at the first call."""
        known = self._histograms.get(metric.name)
        if known is None:
            known = Histogram(metric.name, metric.help, metric.labels, buckets=metric.buckets, registry=self._registry)
            self._histograms[metric.name] = known
        return known

    def text(self) -> bytes:
        """All of it in text format 0.0.4."""
        return generate_latest(self._registry)

    async def watch_loop(self, every_seconds: float = LAG_EVERY_SECONDS) -> None:
        """Measure how late the event loop wakes up, until cancelled."""
        lag, loop = self.histogram(LOOP_LAG), asyncio.get_running_loop()
        while True:
            due = loop.time() + every_seconds
            await asyncio.sleep(every_seconds)
            lag.observe(max(0.0, loop.time() - due))


class _Lent(Collector):
    """A metric whose numbers somebody else keeps."""

    def __init__(self, metric: Metric, numbers: Callable[[], Numbers]) -> None:
        self._metric = metric
        self._numbers = numbers

    def describe(self) -> Iterable[Family]:
        return [self._family()]

    def collect(self) -> Iterable[Family]:
        family = self._family()
        for labels, number in self._numbers().items():
            family.add_metric(labels, float(number))
        return [family]

    def _family(self) -> CounterMetricFamily | GaugeMetricFamily:
        kind = CounterMetricFamily if self._metric.type is MetricType.COUNTER else GaugeMetricFamily
        return kind(self._metric.name, self._metric.help, labels=self._metric.labels)
