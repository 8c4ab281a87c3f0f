"""Writes the reference page of all metrics. It opens no file: see `python -m exporters.catalogue`."""

from collections.abc import Iterable

from exporters.catalogue.coverage import COVERAGE
from exporters.catalogue.devices import DEVICES
from exporters.catalogue.metric import Metric
from exporters.catalogue.own import OWN
from exporters.catalogue.places import PLACES
from exporters.catalogue.polled import INTERFACES, SENSORS, SYSTEM
from exporters.catalogue.services import SERVICES

_INTRODUCTION = """\
# Metrics

This page is written by `python -m exporters.catalogue > docs/reference/metrics.md`; change the catalogue, not the page.

Every name begins with `kentongan_`, units are base units, counters end with `_total`. Where a device stands (site,
desa, kecamatan) and what it is (role, platform) are labels of `kentongan_device_info` alone; join them:

```promql
sum by (kecamatan) (
  rate(kentongan_interface_receive_bytes_total[5m] offset 1m)
  * on (device) group_left (kecamatan) kentongan_device_info
)
```

**Polled values carry the timestamp of their poll.** A device that does not answer has no samples, never old ones; its
state, its freshness and the outcomes of its polls go on. 64-bit counters are exported as the device counts, 32-bit
ones as a sum that begins at 0 when Kentongan starts; both are ordinary counters to `rate()`.

**Ask for rates with `offset 1m`.** A sample is known to Prometheus only at the scrape after its poll. A window that
ends now lacks its last samples, and `rate()` reads up to a fifth too low; a window that ended a minute ago is complete.
The recording rules `device_interface:kentongan_…_bits_per_second:rate` do this.
"""


def _table(metrics: Iterable[Metric], source: str) -> list[str]:
    lines = [f"| metric | type | labels | {source} |", "| --- | --- | --- | --- |"]
    for metric in metrics:
        labels = ", ".join(f"`{label}`" for label in metric.labels) or "–"
        lines.append(f"| `{metric.name}` | {metric.type} | {labels} | {metric.help}{_fed_by(metric)} |")
    return lines


def _fed_by(metric: Metric) -> str:
    sensors = [feed.quantity for feed in metric.feeds if feed.quantity.startswith("sensor.")]
    return f" Sensor class `{sensors[0].removeprefix('sensor.')}`." if sensors else ""


def render_reference() -> str:
    """The page as Markdown."""
    sections: tuple[tuple[str, tuple[Metric, ...]], ...] = (
        ("Devices: polled values", SYSTEM),
        ("Interfaces: polled values", INTERFACES),
        ("Sensors: polled values", SENSORS),
        ("Devices: state, freshness, cost", DEVICES),
        ("Services, heartbeats, incidents", SERVICES),
        ("What the inventory says", PLACES),
        ("Coverage of villages", COVERAGE),
        ("Kentongan's own health", OWN),
    )
    lines = [_INTRODUCTION]
    for title, metrics in sections:
        lines += [f"## {title}", "", *_table(metrics, "meaning"), ""]
    lines += ["Beside these stand `process_*` and `python_*` of the Prometheus client library.", ""]
    return "\n".join(lines)
