"""What is asked of Prometheus for each chart. Metrics come from the catalogue; what people name is a quoted value.

Pure text: nothing is asked here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from console.ports.charts import ChartKind, Span
from domain.language import _
from exporters.catalogue import CATALOGUE

SECONDS: Final = {
    Span.HOURS: 6 * 3600,
    Span.DAY: 24 * 3600,
    Span.WEEK: 7 * 86400,
    Span.MONTH: 30 * 86400,
    Span.YEAR: 365 * 86400,
}
STEP_SECONDS: Final = {Span.HOURS: 60, Span.DAY: 180, Span.WEEK: 1200, Span.MONTH: 5400, Span.YEAR: 86400}
"""So that no chart has more than 510 points."""

_RECORDED: Final = frozenset(
    {
        "device_interface:kentongan_receive_bits_per_second:rate",
        "device_interface:kentongan_transmit_bits_per_second:rate",
        "link:kentongan_receive_bits_per_second:rate",
        "link:kentongan_transmit_bits_per_second:rate",
        "site:kentongan_receive_bits_per_second:rate",
        "site:kentongan_transmit_bits_per_second:rate",
        "link:kentongan_optical_receive_dbm:min",
        "device:kentongan_icmp_loss:ratio5m",
    }
)
_KNOWN: Final = _RECORDED | {metric.name for metric in CATALOGUE}


@dataclass(frozen=True, slots=True)
class Asked:
    """One query and what its lines are called: `words`, then the labels of the series. promised: by a contract."""

    query: str
    words: Callable[[], str]
    labels: tuple[str, ...] = ()
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    unit: str
    asked: tuple[Asked, ...]


def drawing_of(kind: ChartKind, of: str, span: Span) -> Drawing:
    """of: a device, a link or a site by its name."""
    received, sent = lambda: _("receives"), lambda: _("sends")
    fetched, given = lambda: _("download"), lambda: _("upload")
    long = span in (Span.WEEK, Span.MONTH, Span.YEAR)

    def series(metric: str, label: str, how: str = "avg") -> str:
        """Over long spans the mean (or another measure) of each step, so that no point stands for a chance moment."""
        assert metric in _KNOWN, metric
        chosen = f"{metric}{{{label}={quoted(of)}}}"
        return f"{how}_over_time({chosen}[{STEP_SECONDS[span]}s])" if long else chosen

    def sensors(metric: str, how: str = "avg") -> Asked:
        return Asked(series(metric, "device", how), lambda: "", ("sensor",))

    match kind:
        case ChartKind.DEVICE_TRAFFIC:
            rates = "device_interface:kentongan_{}_bits_per_second:rate"
            return Drawing(
                "bit/s",
                (
                    Asked(f"{series(rates.format('receive'), 'device')} > 0", received, ("interface",)),
                    Asked(f"{series(rates.format('transmit'), 'device')} > 0", sent, ("interface",)),
                ),
            )
        case ChartKind.DEVICE_ANSWER:
            return Drawing(
                "s",
                (
                    Asked(series("kentongan_icmp_round_trip_seconds", "device"), lambda: "ICMP"),
                    Asked(series("kentongan_snmp_round_trip_seconds", "device"), lambda: "SNMP"),
                ),
            )
        case ChartKind.DEVICE_LOSS:
            return Drawing("%", (Asked(f"100 * {series('kentongan_icmp_loss_ratio', 'device')}", lambda: "ICMP"),))
        case ChartKind.DEVICE_LIGHT:
            return Drawing("dBm", (sensors("kentongan_sensor_optical_power_dbm", "min"),))
        case ChartKind.DEVICE_SIGNAL:
            return Drawing("dBm", (sensors("kentongan_sensor_signal_dbm", "min"),))
        case ChartKind.DEVICE_HEAT:
            return Drawing("°C", (sensors("kentongan_sensor_temperature_celsius", "max"),))
        case ChartKind.DEVICE_POWER:
            return Drawing("V", (sensors("kentongan_sensor_voltage_volts", "min"),))
        case ChartKind.LINK_TRAFFIC:
            promised = series("kentongan_link_committed_bytes_per_second", "link")
            return Drawing(
                "bit/s",
                (
                    Asked(f"max({series('link:kentongan_receive_bits_per_second:rate', 'link')})", fetched),
                    Asked(f"max({series('link:kentongan_transmit_bits_per_second:rate', 'link')})", given),
                    Asked(f"8 * {promised}", lambda: _("contract"), ("direction",), promised=True),
                ),
            )
        case ChartKind.LINK_LIGHT:
            return Drawing(
                "dBm", (Asked(f"min({series('link:kentongan_optical_receive_dbm:min', 'link')})", received),)
            )
        case ChartKind.SITE_TRAFFIC:
            return Drawing(
                "bit/s",
                (
                    Asked(f"max({series('site:kentongan_receive_bits_per_second:rate', 'site')})", fetched),
                    Asked(f"max({series('site:kentongan_transmit_bits_per_second:rate', 'site')})", given),
                ),
            )
        case ChartKind.SITE_CLIENTS:
            info = f'kentongan_device_info{{site={quoted(of)},role="ap"}}'
            text = f"sum(kentongan_sensor_clients * on (device) group_left () {info})"
            return Drawing("", (Asked(text, lambda: _("clients")),))


def readings_query(device: str) -> str:
    """Everything that is known of a device now; also of one that is asked once an hour."""
    names = "kentongan_(interface|sensor|icmp|snmp|device)_.*|device_interface:kentongan_.*"
    return f"last_over_time({{__name__=~{quoted(names)},device={quoted(device)}}}[70m])"


def quoted(value: str) -> str:
    """A label's value as PromQL writes it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
