"""One metric, described once: what exposition, documentation and rules all read. Holds no values."""

import re
from dataclasses import dataclass
from enum import StrEnum

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class MetricType(StrEnum):
    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Feed:
    """The polled quantity that feeds a metric: exposed value = reading · times / over (both exact in a float64)."""

    quantity: str
    times: float = 1.0
    over: float = 1.0


@dataclass(frozen=True, slots=True)
class Metric:
    """`help` is one English line. `unit` is for readers; it is also the end of the name where there is one.

    `feeds` is empty for metrics that are not polled values. `buckets` only for histograms, upper bounds in the unit.
    """

    name: str
    type: MetricType
    help: str
    labels: tuple[str, ...] = ()
    unit: str = ""
    feeds: tuple[Feed, ...] = ()
    buckets: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or (self.type is MetricType.COUNTER) is not self.name.endswith("_total"):
            raise ValueError(f"{self.name} is no good name for a {self.type}: counters, and only they, end with _total")
        if "\n" in self.help or "\\" in self.help:
            raise ValueError(f"the help of {self.name} must be one plain line")

    @property
    def header(self) -> bytes:
        """The HELP and TYPE lines (Prometheus text format 0.0.4)."""
        return f"# HELP {self.name} {self.help}\n# TYPE {self.name} {self.type}\n".encode()


def counter(name: str, help: str, *labels: str, unit: str = "", feeds: tuple[Feed, ...] = ()) -> Metric:
    return Metric(name, MetricType.COUNTER, help, labels, unit, feeds)


def gauge(name: str, help: str, *labels: str, unit: str = "", feeds: tuple[Feed, ...] = ()) -> Metric:
    return Metric(name, MetricType.GAUGE, help, labels, unit, feeds)
