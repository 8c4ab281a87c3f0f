"""What the plans of devices become as text: one template per plan and metric, with a mark where the device's name goes.

Devices that share a plan share its templates, so that a device costs one replacement per metric.
"""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from domain.polling import Column, Form, Kind, Plan
from exporters.catalogue import FEEDS, POLLED, Feed, Metric, MetricType
from exporters.exposition.labels import label_set
from exporters.exposition.lines import room

SLOTS = 8  # tables of one device whose polls are timed apart; those beyond share the last
_MARK = "\x01"  # no label holds it, see labels.escape
MARK = _MARK.encode()
_SHORT = frozenset((Kind.COUNTER32, Kind.GAUGE32, Kind.INTEGER))  # not TIMETICKS: hours of uptime need both words


@dataclass(frozen=True, slots=True, eq=False)
class FamilyTemplate:
    """The k lines one plan gives to one metric.

    text: the lines, with marks. rooms: [k] where the numbers begin while each mark counts for nothing.
    ordinals: 1…k. series: [k] where the number of each begins among the device's words. long: [k] it has two of them.
    slots: [k] table of each. factors: [k] or None if all are 1.
    """

    metric: Metric
    text: bytes
    rooms: NDArray[np.intp]
    ordinals: NDArray[np.intp]
    series: NDArray[np.intp]
    long: NDArray[np.bool_]
    slots: NDArray[np.intp]
    factors: tuple[NDArray[np.float64], NDArray[np.float64]] | None


@dataclass(frozen=True, slots=True, eq=False)
class PlanTemplates:
    """families: by the metric's name. By column of the plan: `slot_bit` says which table it is of, `begins_table`
    whether it is the first one there, `counts` whether it feeds a counter, `long` whether its number has two words.
    tables: slot → name. series: lines in all. repeated: columns whose series another one has."""

    families: dict[str, FamilyTemplate]
    slot_bit: NDArray[np.uint8]
    begins_table: list[bool]
    counts: NDArray[np.bool_]
    long: NDArray[np.bool_]
    tables: tuple[str, ...]
    series: int
    repeated: int


class TemplateBook:
    """The templates of each plan, made once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Plan, PlanTemplates]] = {}

    def of(self, plan: Plan) -> PlanTemplates:
        known = self._known.get(id(plan))
        if known is None:
            known = self._known[id(plan)] = (plan, templates_of(plan))
        return known[1]


@dataclass(frozen=True, slots=True)
class _Series:
    labels: str
    first_word: int
    long: bool
    slot: int
    feed: Feed


def templates_of(plan: Plan) -> PlanTemplates:
    """Columns whose quantity no metric knows are left out; of two with equal labels the first counts."""
    tables = tuple(dict.fromkeys(column.table for column in plan.columns))
    slots = {table: min(number, SLOTS - 1) for number, table in enumerate(tables)}
    series: dict[str, dict[str, _Series]] = {}
    repeated = 0
    words = [words_of(column) for column in plan.columns]
    for column, count, behind in zip(plan.columns, words, accumulate(words), strict=True):
        if not count:
            continue
        metric, feed = FEEDS[column.quantity]
        labels = _labels(metric, column)
        family = series.setdefault(metric.name, {})
        if labels in family:
            repeated += 1
        else:
            family[labels] = _Series(labels, behind - count, count == 2, slots[column.table], feed)
    return PlanTemplates(
        {m.name: _family(m, tuple(series[m.name].values())) for m in POLLED if m.name in series},
        np.array([1 << slots[column.table] for column in plan.columns], np.uint8),
        _begins_table(plan),
        np.array([_counts(column) for column in plan.columns], np.bool_),
        np.array(words, np.int64) == 2,
        tables,
        sum(len(family) for family in series.values()),
        repeated,
    )


def words_of(column: Column) -> int:
    """How many words of 32 bits are kept for its number (see `words`); none if no metric knows its quantity.

    One for what is a 32-bit counter or a whole number to begin with: nearly always it says all.
    """
    if column.quantity not in FEEDS:
        return 0
    conversion = column.conversion
    whole = conversion.form is Form.LINEAR and conversion.scale.is_integer() and conversion.offset.is_integer()
    return 1 if column.kind in _SHORT and whole else 2


def _begins_table(plan: Plan) -> list[bool]:
    """One column for each slot."""
    seen: set[str] = set()
    begins = []
    for column in plan.columns:
        begins.append(column.table not in seen and len(seen) < SLOTS)
        seen.add(column.table)
    return begins


def _counts(column: Column) -> bool:
    known = FEEDS.get(column.quantity)
    return known is not None and known[0].type is MetricType.COUNTER


def _labels(metric: Metric, column: Column) -> str:
    values = {"device": _MARK, "interface": column.interface, "sensor": column.instance}
    if "sensor" not in metric.labels:
        values["interface"] = column.instance
    pairs = [(name, values[name]) for name in metric.labels]
    # The mark is put in after escaping, which would replace it.
    rest = label_set(pairs[1:])
    return f'{{device="{_MARK}"' + ("," + rest[1:] if rest else "}")


def _family(metric: Metric, series: tuple[_Series, ...]) -> FamilyTemplate:
    space = room(metric.type is MetricType.COUNTER, stamped=True)
    heads = [f"{metric.name}{one.labels} ".encode() for one in series]
    lengths = np.array([len(head) - 1 + len(space) for head in heads], np.intp)  # less the mark
    times = np.array([one.feed.times for one in series])
    over = np.array([one.feed.over for one in series])
    return FamilyTemplate(
        metric,
        b"".join(head + space for head in heads),
        np.cumsum(lengths) - len(space),
        np.arange(1, len(series) + 1),
        np.array([one.first_word for one in series], np.intp),
        np.array([one.long for one in series], np.bool_),
        np.array([one.slot for one in series], np.intp),
        None if (times == 1).all() and (over == 1).all() else (times, over),
    )
