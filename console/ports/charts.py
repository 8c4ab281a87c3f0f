"""Curves over time, and the newest readings: from a time-series database that may be away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ChartKind(StrEnum):
    """What is drawn, and of what: the part before the dash names it."""

    DEVICE_TRAFFIC = "device-traffic"
    DEVICE_ANSWER = "device-answer"
    DEVICE_LOSS = "device-loss"
    DEVICE_LIGHT = "device-light"
    DEVICE_SIGNAL = "device-signal"
    DEVICE_HEAT = "device-heat"
    DEVICE_POWER = "device-power"
    LINK_TRAFFIC = "link-traffic"
    LINK_LIGHT = "link-light"
    SITE_TRAFFIC = "site-traffic"
    SITE_CLIENTS = "site-clients"


class Span(StrEnum):
    """How far back."""

    HOURS = "6h"
    DAY = "24h"
    WEEK = "7d"
    MONTH = "30d"
    YEAR = "365d"


@dataclass(frozen=True, slots=True)
class Line:
    """values: one for each time of the chart, None where there is none. promised: by a contract, not measured."""

    name: str
    values: tuple[float | None, ...]
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """times: unix seconds, rising, evenly apart. unit: as it is written behind a number."""

    kind: ChartKind
    span: Span
    unit: str
    times: tuple[int, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest value of one metric. part: an interface's or a sensor's name."""

    metric: str
    part: str
    value: float
    interface: str = ""


class ChartsAwayError(Exception):
    """The database does not answer, or there is none; says so in words. since: from when on, None if there is none."""

    def __init__(self, why: str, since: datetime | None = None) -> None:
        super().__init__(why)
        self.since = since


class Charts(Protocol):
    """Both ask over the network, with a limit of time, and raise ChartsAwayError."""

    def chart(self, kind: ChartKind, of: str, span: Span) -> Chart: ...

    def readings(self, device: str) -> Sequence[Reading]: ...
