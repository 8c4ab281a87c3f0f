"""A chart in words and numbers, for whoever reads without drawings: least, mean, most and the 95th percentile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from console.ports.charts import Chart, ChartKind, Line, Span
from console.views.speech import number
from domain.language import _

_BITS: Final = ((1e9, "Gbit/s"), (1e6, "Mbit/s"), (1e3, "kbit/s"))


@dataclass(frozen=True, slots=True)
class Measure:
    """Of one line, written out; empty for what was never measured. promised: by a contract."""

    name: str
    least: str
    mean: str
    most: str
    p95: str
    last: str
    promised: bool


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    word: str
    chosen: bool


def titles() -> Mapping[ChartKind, str]:
    return {
        ChartKind.DEVICE_TRAFFIC: _("Traffic by port"),
        ChartKind.DEVICE_ANSWER: _("Time to answer"),
        ChartKind.DEVICE_LOSS: _("Lost packets"),
        ChartKind.DEVICE_LIGHT: _("Optical power"),
        ChartKind.DEVICE_SIGNAL: _("Radio signal"),
        ChartKind.DEVICE_HEAT: _("Temperature"),
        ChartKind.DEVICE_POWER: _("Voltage"),
        ChartKind.LINK_TRAFFIC: _("Traffic against contract"),
        ChartKind.LINK_LIGHT: _("Light that comes in"),
        ChartKind.SITE_TRAFFIC: _("Traffic"),
        ChartKind.SITE_CLIENTS: _("Wi-Fi clients"),
    }


def span_word(span: str) -> str:
    """Of a Span's value."""
    match Span(span):
        case Span.HOURS:
            return _("6 hours")
        case Span.DAY:
            return _("24 hours")
        case Span.WEEK:
            return _("7 days")
        case Span.MONTH:
            return _("30 days")
        case Span.YEAR:
            return _("A year")


def spans(chosen: Span) -> tuple[Choice, ...]:
    return tuple(Choice(span.value, span_word(span), span is chosen) for span in Span)


def measures(chart: Chart) -> tuple[Measure, ...]:
    write = writer(chart.unit, _largest(chart))
    return tuple(_measure(line, write) for line in chart.lines)


def document(chart: Chart, zone: str) -> dict[str, Any]:
    """For the script that draws it; scale: by what a value is divided, unit: what is then written behind it.

    zone: in whose hours it is drawn, as Asia/Jakarta.
    """
    scale, unit = scaled(chart.unit, _largest(chart))
    return {
        "title": titles()[chart.kind],
        "unit": unit,
        "scale": scale,
        "zone": zone,
        "times": chart.times,
        "lines": [{"name": line.name, "promised": line.promised, "values": line.values} for line in chart.lines],
        "measures": [[each.name, each.least, each.mean, each.most, each.p95, each.last] for each in measures(chart)],
        "heads": heads(),
        "empty": _("Nothing was measured in this time."),
    }


def heads() -> tuple[str, ...]:
    return "", _("least"), _("mean"), _("most"), _("95th percentile"), _("last")


def scaled(unit: str, largest: float) -> tuple[float, str]:
    if unit == "bit/s":
        return next(((size, name) for size, name in _BITS if largest >= size), (1.0, "bit/s"))
    if unit == "s":
        return (1.0, "s") if largest >= 1 else (0.001, "ms")
    return 1.0, unit


def writer(unit: str, largest: float) -> Callable[[float], str]:
    scale, name = scaled(unit, largest)

    def write(value: float) -> str:
        shown = value / scale
        digits = 0 if abs(shown) >= 100 else 1 if abs(shown) >= 10 or unit in ("dBm", "%", "°C", "") else 2
        return f"{number(shown, digits)} {name}".strip()

    return write


def _measure(line: Line, write: Callable[[float], str]) -> Measure:
    known = [value for value in line.values if value is not None]
    if not known:
        return Measure(line.name, "", "", "", "", "", line.promised)
    ordered = sorted(known)
    # the nearest rank: a value that was there
    p95 = ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
    last = line.values[-1] if line.values[-1] is not None else line.values[-2] if len(line.values) > 1 else None
    return Measure(
        line.name,
        write(ordered[0]),
        write(sum(known) / len(known)),
        write(ordered[-1]),
        write(p95),
        "" if last is None else write(last),
        line.promised,
    )


def _largest(chart: Chart) -> float:
    return max((abs(value) for line in chart.lines for value in line.values if value is not None), default=0.0)
