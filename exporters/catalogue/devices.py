"""Metrics of each device that Kentongan makes itself: state, freshness, outcome, cost. They carry no timestamp."""

from exporters.catalogue.metric import counter, gauge

INFO_LABELS = ("device", "zone", "site", "desa", "kecamatan", "role", "platform")

STATE_NUMBERS = {"unknown": 0, "down": 1, "unreachable": 2, "degraded": 3, "up": 4}

INFO = gauge(
    "kentongan_device_info",
    "Always 1: where a device stands and what it is, to be joined with the other metrics on device.",
    *INFO_LABELS,
)
STATE = gauge(
    "kentongan_device_state",
    "State of a device: 0 unknown, 1 down, 2 unreachable, 3 degraded, 4 up.",
    "device",
)
ICMP_ROUND_TRIP = gauge(
    "kentongan_icmp_round_trip_seconds",
    "Mean round-trip time of the last echo requests that were answered.",
    "device",
    unit="seconds",
)
ICMP_LOSS = gauge(
    "kentongan_icmp_loss_ratio",
    "Share of the last echo requests that stayed unanswered, 0 to 1.",
    "device",
    unit="ratio",
)
SNMP_ROUND_TRIP = gauge(
    "kentongan_snmp_round_trip_seconds",
    "Time from the request to the first answer of the last SNMP poll that was answered.",
    "device",
    unit="seconds",
)
OUTCOMES = counter(
    "kentongan_poll_outcomes_total",
    "SNMP polls by how they ended: ok, partial, silent, refused, unauthorised, garbled.",
    "device",
    "outcome",
)
POLL_AGE = gauge(
    "kentongan_device_poll_age_seconds",
    "Time since a poll of the device was last answered; it grows while the device is silent.",
    "device",
    unit="seconds",
)
LAST_POLL = gauge(
    "kentongan_device_last_poll_timestamp_seconds",
    "Unix time at which the device last answered a poll.",
    "device",
    unit="seconds",
)
POLL_INTERVAL = gauge(
    "kentongan_device_poll_interval_seconds",
    "Time between two SNMP polls of the device, as its poll class says.",
    "device",
    unit="seconds",
)
TRAFFIC = counter(
    "kentongan_device_traffic_bytes_total",
    "Bytes that polling the device has cost its link, both ways, IP headers included.",
    "device",
    unit="bytes",
)

DEVICES = (
    INFO, STATE, ICMP_ROUND_TRIP, ICMP_LOSS, SNMP_ROUND_TRIP, OUTCOMES, POLL_AGE, LAST_POLL, POLL_INTERVAL, TRAFFIC,
)  # fmt: skip
