"""Recording rules and alerts as data. Metric names come from the catalogue, so that a renamed metric breaks a build
and not a dashboard."""

from exporters.catalogue import Metric, MetricType, own
from exporters.catalogue import devices as device
from exporters.catalogue import services as telling
from exporters.catalogue.polled import INTERFACES
from exporters.prometheus.config import JOB
from exporters.prometheus.links import CAPACITY_GROUP, LINKS_GROUP, PLANS_GROUP
from exporters.prometheus.shapes import Alert, Group, Recording, RuleFile

_BY_NAME = {metric.name.removeprefix("kentongan_interface_"): metric for metric in INTERFACES}
_RECEIVE, _TRANSMIT = _BY_NAME["receive_bytes_total"].name, _BY_NAME["transmit_bytes_total"].name
_SPEED = _BY_NAME["speed_bytes_per_second"].name
_INTERVAL, _INFO, _STATE = device.POLL_INTERVAL.name, device.INFO.name, device.STATE.name
# A desa is named with its kecamatan: half of the kabupaten have two villages of one name.
AREAS = {"site": "site", "desa": "kecamatan, desa", "kecamatan": "kecamatan"}

# Devices polled more rarely than every five minutes need a longer look back; the others must not get one, or a silent
# device would show its old rate for as long.
_WINDOWS = (("1h", "> 100 <= 1200"), ("4h", "> 1200"))


# A sample is known to Prometheus up to a scrape interval after its time. A window that ends now would lack its last
# ones, and rate() would read up to a fifth too low.
_OFFSET = "offset 1m"


def _rate(counter: str) -> str:
    rarer = (
        f"rate({counter}[{window}] {_OFFSET}) and on (device) ({_INTERVAL} {limits})" for window, limits in _WINDOWS
    )
    return " or ".join((f"rate({counter}[5m] {_OFFSET})", *(f"({term})" for term in rarer)))


def _traffic(direction: str, counter: str) -> tuple[Recording, ...]:
    bits = f"device_interface:kentongan_{direction}_bits_per_second:rate"
    share = f"device_interface:kentongan_{direction}_utilisation:ratio"
    return (
        Recording(bits, f"8 * ({_rate(counter)})"),
        Recording(share, f"{bits} / on (device, interface) (8 * last_over_time({_SPEED}[4h]) > 0)"),
    )


def _joined(expr: str, area: str) -> str:
    labels = AREAS[area]
    return f'avg by ({labels}) ({expr} * on (device) group_left ({labels}) {_INFO}{{{area}!=""}})'


def _increase(metric: Metric, window: str = "10m") -> str:
    assert metric.type is MetricType.COUNTER
    return f"increase({metric.name}[{window}])"


INTERFACES_GROUP = Group("kentongan-interfaces", (*_traffic("receive", _RECEIVE), *_traffic("transmit", _TRANSMIT)))

UP = "device:kentongan_up:bool"
REACHABILITY_GROUP = Group(
    "kentongan-reachability",
    (
        # Unknown is no measurement: such a device has no value, instead of one that is wrong.
        Recording(UP, f"({_STATE} > 0) >= bool {device.STATE_NUMBERS['degraded']}"),
        *(Recording(f"{area}:kentongan_up:ratio", _joined(UP, area)) for area in AREAS),
        Recording("device:kentongan_icmp_loss:ratio5m", f"avg_over_time({device.ICMP_LOSS.name}[5m])"),
        *(
            Recording(f"{area}:kentongan_icmp_loss:ratio5m", _joined("device:kentongan_icmp_loss:ratio5m", area))
            for area in AREAS
        ),
    ),
)

AVAILABILITY_GROUP = Group(
    "kentongan-availability",
    (
        Recording("device:kentongan_availability:ratio1d", f"avg_over_time({UP}[1d])"),
        *(
            Recording(f"{area}:kentongan_availability:ratio1d", f"avg_over_time({area}:kentongan_up:ratio[1d])")
            for area in AREAS
        ),
    ),
    interval="5m",
)

ALERTS_GROUP = Group(
    "kentongan-itself",
    (
        Alert(
            "KentonganScrapeMissing",
            f'up{{job="{JOB}"}} == 0 or absent(up{{job="{JOB}"}})',
            "2m",
            "critical",
            "Prometheus gets no figures from Kentongan",
            "For two minutes no scrape has worked. Nobody is watching the network.",
        ),
        Alert(
            "KentonganBlind",
            f"{own.BLIND.name} == 1",
            "2m",
            "critical",
            "Kentongan cannot see the network",
            "No device answers and the machine itself has no carrier, route or gateway. States are unknown, not down.",
        ),
        Alert(
            "KentonganDevicesStale",
            f"count({device.POLL_AGE.name} > on (device) 3 * {_INTERVAL} and on (device) {_STATE} == 4) > 0",
            "5m",
            "warning",
            "{{ $value }} devices are held to be up although no poll of them was answered lately",
            "Their last answered poll is more than three intervals old: polling is behind or stands still.",
        ),
        Alert(
            "KentonganPollsLate",
            f"{_increase(own.POLLS_LATE)} > 0.05 * {_increase(own.POLLS)}",
            "10m",
            "warning",
            "More than 5 % of the {{ $labels.kind }} polls begin late",
            "The machine cannot keep the schedule.",
        ),
        Alert(
            "KentonganPollsSkipped",
            f"{_increase(own.POLLS_SKIPPED)} > 0.05 * {_increase(own.POLLS)}",
            "10m",
            "warning",
            "More than 5 % of the {{ $labels.kind }} polls are left out",
            "Polls are due while the one before has not ended.",
        ),
        Alert(
            "KentonganQueueDrops",
            f"{_increase(own.QUEUE_DROPS)} > 0",
            "0m",
            "warning",
            "The queue {{ $labels.queue }} was full and {{ $value | humanize }} things were dropped",
            "Something behind the queue is too slow or stands still.",
        ),
        Alert(
            "KentonganReceiveBufferDrops",
            f"{_increase(own.RECEIVE_BUFFER_DROPS)} > 0",
            "5m",
            "warning",
            "The kernel drops answers on socket {{ $labels.socket }}",
            "The receive buffer is too small for the bursts, or the process does not get the processor.",
        ),
        Alert(
            "KentonganLoopLags",
            f"histogram_quantile(0.99, rate({own.LOOP_LAG.name}_bucket[10m])) > 0.5",
            "10m",
            "warning",
            "The event loop wakes up {{ $value | humanizeDuration }} late",
            "Something keeps the process busy, or the machine is overloaded.",
        ),
        Alert(
            "KentonganDatabaseFailing",
            f"{_increase(own.DATABASE_FAILURES)} > 0",
            "5m",
            "critical",
            "Kentongan cannot write to its database",
            "Changes are held in memory and tried again; they are lost if the process ends now.",
        ),
        Alert(
            "KentonganClockUntrusted",
            f"{own.CLOCK_TRUSTED.name} == 0",
            "10m",
            "warning",
            "The clock of Kentongan's machine is not to be believed",
            "Times of samples and changes are wrong until it is set.",
        ),
        Alert(
            "KentonganSeriesRepeated",
            f"{own.SERIES_REPEATED.name} > 0",
            "30m",
            "info",
            "{{ $value }} polled columns have the name and labels of another one",
            "Two interfaces or sensors of a device go by one name; the first is shown.",
        ),
    ),
)

_LOST = f'{telling.NOTIFICATIONS.name}{{fate=~"given-up|dropped|refused"}}'

TELLING_GROUP = Group(
    "kentongan-telling",
    (
        Alert(
            "KentonganMessagesWaiting",
            f"{telling.NOTIFICATIONS_OLDEST.name} > 900",
            "5m",
            "warning",
            "A message waits for its receiver since {{ $value | humanizeDuration }}",
            "A gateway, mail server or webhook does not take what it is given; people do not know what they should.",
        ),
        Alert(
            "KentonganMessagesLost",
            f"sum(increase({_LOST}[1h])) > 0",
            "0m",
            "warning",
            '{{ $value | printf "%.0f" }} messages of the last hour will never arrive',
            "They were refused by their receiver, given up after hours, or dropped because too many waited.",
        ),
        Alert(
            "KentonganMessagesHeld",
            f"increase({telling.NOTIFICATIONS_HELD.name}[1h]) > 0",
            "0m",
            "info",
            '{{ $value | printf "%.0f" }} messages of the last hour went in a summary',
            "More happened than a telephone should ring for; the details stand in the list of incidents.",
        ),
        Alert(
            "KentonganNobodyToTell",
            f"{telling.INCIDENTS_UNHEARD.name} > 0",
            "2m",
            "critical",
            "Nobody could be found to be told of {{ $value }} incidents",
            "No engineer, NOC or admin with a channel is valid, and no webhook hears instead of them.",
        ),
    ),
)

CONFIGURATIONS_GROUP = Group(
    "kentongan-configurations",
    (
        Alert(
            "KentonganConfigBackupsStale",
            f'sum({own.CONFIG_BACKUPS.name}{{state=~"stale|never"}}) > 0',
            "24h",
            "warning",
            "{{ $value }} devices have no fresh copy of their configuration",
            "If one of them dies, what is restored is old or nothing.",
        ),
        Alert(
            "KentonganHostKeyChanged",
            f'{own.CONFIG_BACKUP_FAILURES.name}{{cause="host-key-changed"}} > 0',
            "0m",
            "critical",
            "{{ $value }} devices show another SSH host key than before",
            "Replaced, reset, or somebody else answers in their place. No password was sent to them.",
        ),
    ),
)

RULES = RuleFile(
    (
        INTERFACES_GROUP,
        REACHABILITY_GROUP,
        AVAILABILITY_GROUP,
        LINKS_GROUP,
        CAPACITY_GROUP,
        ALERTS_GROUP,
        TELLING_GROUP,
        CONFIGURATIONS_GROUP,
        PLANS_GROUP,
    )
)
