"""Where the light of a fibre is heading: a robust line through its daily medians, and the day it touches the limit.

Theil and Sen: the median of the slopes between all pairs of days, so that one bad day (a rainy closure, a swapped
patch cable that was put back) does not bend it. Pure; days come in as they were kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final, Protocol

import numpy as np

from alerts.degraded.complaints import SOURCE, Complaint, ComplaintBook, Who
from alerts.degraded.figures import shown
from alerts.degraded.measures import Measure
from alerts.degraded.rulebook import NONE, Rulebook
from alerts.degraded.subjects import Subjects
from alerts.evidence.fades import DayMedian
from domain.incidents import Evidence, EvidenceKind
from domain.polling import Column, Kind

LOOK_BACK_DAYS: Final = 30
KEPT_DAYS: Final = 92
"""Longer than is looked back, for people: a light may fade over a season."""

LEAST_DAYS: Final = 5
STALE_DAYS: Final = 3
"""A sensor that has brought nothing for so long is not judged: what was said of it stays."""

LEAST_FALL_DB: Final = 1.5
"""Less than that over the whole time is the play of the module's own meter and of day and night."""

FARTHEST_DAYS: Final = 3650


class TrendStore(Protocol):
    """Keeps daily medians over restarts."""

    def keep(self, medians: Sequence[DayMedian]) -> None: ...

    def since(self, day: date) -> tuple[DayMedian, ...]:
        """By device, sensor and day."""
        ...

    def prune(self, before: date) -> int: ...


@dataclass(frozen=True, slots=True)
class Trend:
    """before, after: dBm on the line, at its first and last day. slope: dB a day. reaches: None if it never does."""

    before: float
    after: float
    days: int
    slope: float
    reaches_in_days: float

    @property
    def fell(self) -> float:
        return self.before - self.after


def line(days: Sequence[int], dbm: Sequence[float], limit: float) -> Trend | None:
    """Theil–Sen. days: numbers of days, rising. None for less than LEAST_DAYS of them, or for a shorter time."""
    if len(days) < LEAST_DAYS or days[-1] - days[0] < LEAST_DAYS:
        return None
    x, y = np.asarray(days, np.float64), np.asarray(dbm, np.float64)
    first, second = np.triu_indices(len(x), 1)
    slope = float(np.median((y[second] - y[first]) / (x[second] - x[first])))
    at_nought = float(np.median(y - slope * x))
    before, after = at_nought + slope * x[0], at_nought + slope * x[-1]
    left = max((limit - after) / slope, 0.0) if slope < 0 else np.inf
    if after <= limit:
        left = 0.0
    return Trend(float(before), float(after), int(x[-1] - x[0]), slope, float(left))


class TrendWatch:
    """`take` the history once a day, and at the start."""

    def __init__(self, rules: Rulebook, book: ComplaintBook) -> None:
        self._rules, self._book = rules, book
        self._subjects = Subjects()

    def know(self, subjects: Subjects) -> None:
        self._subjects = subjects
        for who in self._book.all_of(Measure.DBM_TREND):
            if who[1] not in subjects.devices:
                self._book.withdraw(who)

    def take(self, history: Sequence[DayMedian], today: date) -> None:
        """history: by device, sensor and day, of the last LOOK_BACK_DAYS."""
        for (device, sensor), medians in groupby(history, key=lambda each: (each.device, each.sensor)):
            self._judge(device, sensor, tuple(medians), today)

    def _judge(self, device: str, sensor: str, medians: Sequence[DayMedian], today: date) -> None:
        known = self._subjects.devices.get(device)
        last = medians[-1].day
        if known is None or (today - last).days > STALE_DAYS:
            return
        kind = self._subjects.kind(known)
        number = self._rules.one(Measure.DBM_TREND, known, kind)
        limit = self._limit(device, sensor, medians[-1].interface)
        if number == NONE or limit is None:
            return
        threshold = self._rules[number]
        who: Who = (Measure.DBM_TREND, device, threshold.reason, sensor)
        origin = medians[0].day
        trend = line([(each.day - origin).days for each in medians], [each.dbm for each in medians], limit)
        if trend is None:
            return
        held = who in self._book
        days = min(trend.reaches_in_days, FARTHEST_DAYS)
        wanted = threshold.holds(days, held) and trend.fell >= (LEAST_FALL_DB / 2 if held else LEAST_FALL_DB)
        if not wanted:
            self._book.withdraw(who)
            return
        column = Column("", Kind.INTEGER, "", "sensor.dbm", sensor, medians[-1].interface)
        subject = self._subjects.about(device, "dbm", column)
        evidence = rx_fell(subject.member, trend, limit, last, {"sensor": sensor, "device": device})
        complaint = Complaint(subject.cause, threshold.reason, frozenset({subject.member}), evidence, threshold.urgency)
        self._book.say(who, complaint)

    def _limit(self, device: str, sensor: str, interface: str) -> float | None:
        """The level at which this sensor's light is lost, by the threshold for its level."""
        known = self._subjects.devices[device]
        threshold = self._rules.for_sensor("dbm", known, self._subjects.kind(known), sensor)
        if threshold is None:
            return None
        return threshold.limit if threshold.limit is not None else threshold.raise_below


def rx_fell(subject: str, trend: Trend, limit: float, last: date, more: Mapping[str, str]) -> Evidence:
    """The sentence's values: 'fell 4.1 dB in 9 days (−18.6 → −22.7 dBm; limit −27), touches it on 3 Dec'."""
    values = {
        SOURCE: Measure.DBM_TREND.value,
        "before": f"{trend.before:.1f}",
        "after": f"{trend.after:.1f}",
        "change": shown(round(trend.fell, 1)),
        "days": str(trend.days),
        "limit": shown(limit),
        **more,
    }
    if 0 < trend.reaches_in_days <= FARTHEST_DAYS:
        values["reaches"] = (last + timedelta(days=round(trend.reaches_in_days))).isoformat()
    return Evidence(EvidenceKind.RX_FELL, subject, None, values)
