"""Metrics of each device that are not polled values: state, freshness, outcomes, cost. They carry no timestamp."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.polling import Outcome
from exporters.catalogue import Metric, MetricType
from exporters.catalogue.devices import (
    ICMP_LOSS,
    ICMP_ROUND_TRIP,
    INFO,
    INFO_LABELS,
    LAST_POLL,
    OUTCOMES,
    POLL_AGE,
    POLL_INTERVAL,
    SNMP_ROUND_TRIP,
    STATE,
    TRAFFIC,
)
from exporters.exposition.labels import label_set
from exporters.exposition.lines import Lines, lines_of
from exporters.exposition.numbers import integer_field, reading_field

_ROWS = 2048
_ZONE = INFO_LABELS.index("zone")


@dataclass(frozen=True, slots=True, eq=False)
class DeviceTable:
    """What is known of n devices in use, a row each. NaN: nothing to say.

    info: values in the order of `catalogue.devices.INFO_LABELS`, the device's name first; lines are laid out anew when
    it is another object. state: numbers as in `STATE_NUMBERS`. outcomes: [n, 6] polls by `Outcome`. answered_steady,
    answered_unix: when a poll was last answered. interval_seconds: of SNMP, NaN if the device is not asked by SNMP.
    """

    info: tuple[tuple[str, ...], ...]
    state: NDArray[np.integer]
    icmp_round_trip_seconds: NDArray[np.float64]
    icmp_loss_ratio: NDArray[np.float64]
    snmp_round_trip_seconds: NDArray[np.float64]
    outcomes: NDArray[np.integer]
    answered_steady: NDArray[np.float64]
    answered_unix: NDArray[np.float64]
    interval_seconds: NDArray[np.float64]
    traffic_bytes: NDArray[np.integer]

    def __len__(self) -> int:
        return len(self.info)


_Read = Callable[[DeviceTable, float], NDArray[np.float64]]


def _by_snmp(table: DeviceTable, values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isnan(table.interval_seconds), np.nan, values)


_VALUES: tuple[tuple[Metric, _Read], ...] = (
    (STATE, lambda table, now: table.state.astype(np.float64)),
    (ICMP_ROUND_TRIP, lambda table, now: table.icmp_round_trip_seconds),
    (ICMP_LOSS, lambda table, now: table.icmp_loss_ratio),
    (SNMP_ROUND_TRIP, lambda table, now: table.snmp_round_trip_seconds),
    (POLL_AGE, lambda table, now: now - table.answered_steady),
    (LAST_POLL, lambda table, now: table.answered_unix),
    (POLL_INTERVAL, lambda table, now: table.interval_seconds),
    (TRAFFIC, lambda table, now: table.traffic_bytes.astype(np.float64)),
)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """The laid out lines of rows first…stop, by metric."""

    first: int
    stop: int
    info: bytes
    lines: dict[str, Lines]


class DeviceLines:
    """Writes device tables; keeps the lines of the table last seen, for each zone asked for."""

    def __init__(self) -> None:
        self._laid_out: dict[str | None, tuple[tuple[tuple[str, ...], ...], NDArray[np.intp], tuple[_Rows, ...]]] = {}

    def chunks(self, table: DeviceTable, now_steady: float, zone: str | None = None) -> Iterator[bytes]:
        """The text of all families in pieces; of one zone if named."""
        chosen, parts = self._lay_out(table, zone)
        if not len(chosen):
            return
        yield INFO.header + b"".join(rows.info for rows in parts)
        for metric, read in _VALUES:
            values = read(table, now_steady)[chosen]
            yield from _family(metric, [_reading_text(rows, metric, values[rows.first : rows.stop]) for rows in parts])
        polled = ~np.isnan(table.interval_seconds[chosen])
        outcomes = table.outcomes[chosen]
        yield from _family(
            OUTCOMES,
            [_outcome_text(rows, outcomes[rows.first : rows.stop], polled[rows.first : rows.stop]) for rows in parts],
        )

    def _lay_out(self, table: DeviceTable, zone: str | None) -> tuple[NDArray[np.intp], tuple[_Rows, ...]]:
        known = self._laid_out.get(zone)
        if known is None or known[0] is not table.info:
            self._laid_out = {key: held for key, held in self._laid_out.items() if held[0] is table.info}
            chosen = [row for row, labels in enumerate(table.info) if zone is None or labels[_ZONE] == zone]
            parts = tuple(
                _rows([table.info[row] for row in chosen[first : first + _ROWS]], first)
                for first in range(0, len(chosen), _ROWS)
            )
            known = self._laid_out[zone] = (table.info, np.array(chosen, np.intp), parts)
        return known[1], known[2]


def _rows(infos: list[tuple[str, ...]], first: int) -> _Rows:
    names = [label_set([("device", info[0])]) for info in infos]
    lines = {
        metric.name: lines_of([metric.name + name for name in names], integers=metric.type is MetricType.COUNTER)
        for metric, _ in _VALUES
    }
    lines[OUTCOMES.name] = lines_of(
        [
            OUTCOMES.name + label_set([("device", info[0]), ("outcome", outcome.name.lower())])
            for info in infos
            for outcome in Outcome
        ],
        integers=True,
    )
    text = "".join(f"{INFO.name}{label_set(zip(INFO_LABELS, info, strict=True))} 1\n" for info in infos)
    return _Rows(first, first + len(infos), text.encode(), lines)


def _family(metric: Metric, texts: list[bytes]) -> Iterator[bytes]:
    text = b"".join(texts)
    if text:
        yield metric.header + text


def _reading_text(rows: _Rows, metric: Metric, values: NDArray[np.float64]) -> bytes:
    lines, present = rows.lines[metric.name], ~np.isnan(values)
    if lines.integers:
        return lines.fill(integer_field(np.where(present, values, 0).astype(np.uint64)), None, present)
    return lines.fill(reading_field(np.where(present, values, 0.0)), None, present)


def _outcome_text(rows: _Rows, outcomes: NDArray[np.integer], polled: NDArray[np.bool_]) -> bytes:
    counts = outcomes.astype(np.uint64).reshape(-1)
    return rows.lines[OUTCOMES.name].fill(integer_field(counts), None, np.repeat(polled, len(Outcome)))
