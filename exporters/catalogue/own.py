"""Metrics of Kentongan's own health, beside those of the process itself (process_*, python_*)."""

from exporters.catalogue.metric import Metric, MetricType, counter, gauge

BUILD_INFO = gauge("kentongan_build_info", "Always 1: the version that runs.", "version", "python")
POLLS_LATE = counter("kentongan_polls_late_total", "Polls that began later than their schedule allows.", "kind")
POLLS_SKIPPED = counter(
    "kentongan_polls_skipped_total",
    "Polls left out because the one before had not ended, or the process was held up.",
    "kind",
)
SWEEPS = counter("kentongan_sweeps_total", "Batches of polls handled, by kind.", "kind")
SWEEP_SECONDS = counter(
    "kentongan_sweep_handling_seconds_total", "Time spent handling batches of polls.", "kind", unit="seconds"
)
POLLS = counter("kentongan_polls_total", "Polls that ended, whatever their outcome.", "kind")
VALUES = counter("kentongan_polled_values_total", "Values read from devices.")
VALUES_REJECTED = counter(
    "kentongan_polled_values_rejected_total", "Values read but not shown, by reason: they cannot be true.", "reason"
)
ANSWERS_REJECTED = counter(
    "kentongan_answers_rejected_total", "Datagrams received and not believed, by reason.", "reason"
)
QUEUE_LENGTH = gauge("kentongan_queue_length", "Things waiting in an internal queue.", "queue")
DISCOVERY_WAIT = gauge(
    "kentongan_discovery_wait_seconds",
    "How long the device has waited that waits longest for being found out; 0 if none waits.",
    unit="seconds",
)
DEVICES_UNDISCOVERED = gauge(
    "kentongan_devices_undiscovered", "Devices asked by SNMP of which nothing was found out yet."
)
QUEUE_DROPS = counter("kentongan_queue_drops_total", "Things dropped because an internal queue was full.", "queue")
LOOP_LAG = Metric(
    "kentongan_loop_lag_seconds",
    MetricType.HISTOGRAM,
    "How late the event loop wakes up.",
    unit="seconds",
    buckets=(0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
RECEIVE_BUFFER_DROPS = counter(
    "kentongan_receive_buffer_drops_total", "Answers the kernel dropped because a receive buffer was full.", "socket"
)
DATABASE_WRITE = Metric(
    "kentongan_database_write_seconds",
    MetricType.HISTOGRAM,
    "Time a write transaction took.",
    unit="seconds",
    buckets=(0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0),
)
DATABASE_FAILURES = counter("kentongan_database_failures_total", "Write transactions that failed and are repeated.")
STATE_CHANGES = counter("kentongan_state_changes_total", "Changes of a device's state, by the new state.", "to")
DEVICES_WATCHED = gauge("kentongan_devices", "Devices in use, by their state.", "state")
BLIND = gauge("kentongan_blind", "1 while Kentongan cannot see the network at all, else 0.")
CLOCK_TRUSTED = gauge("kentongan_clock_trusted", "1 if the machine's clock is believed, else 0.")
SERIES = gauge("kentongan_exposition_series", "Polled series that are prepared for a scrape.")
SERIES_REPEATED = gauge(
    "kentongan_exposition_series_repeated", "Columns left out because a column of the same name and labels exists."
)
CONFIG_BACKUP_AGE = gauge(
    "kentongan_config_backup_age_seconds",
    "Since a device's configuration was last read whole, changed or not.",
    "device",
    unit="seconds",
)
CONFIG_BACKUPS = gauge(
    "kentongan_config_backups", "Devices whose configuration is to be kept: fresh, stale, or never read.", "state"
)
CONFIG_BACKUP_FAILURES = gauge(
    "kentongan_config_backup_failures", "Devices whose last fetch of the configuration failed, by cause.", "cause"
)
SYSLOG_MESSAGES = counter(
    "kentongan_syslog_messages_total",
    "Syslog messages that came in: read, or cut or left unread, and why. Streams that broke count once each.",
    "outcome",
)
SYSLOG_FLOOD = counter(
    "kentongan_syslog_flood_total", "Syslog messages of a device that were cut because it sent too many.", "device"
)
SYSLOG_TOLD = counter("kentongan_syslog_told_total", "Syslog messages read that said who changed what, or who came in.")
SCRAPE_SECONDS = Metric(
    "kentongan_exposition_seconds",
    MetricType.HISTOGRAM,
    "Time it took to write the answer to a scrape.",
    unit="seconds",
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)

OWN = (
    BUILD_INFO, POLLS_LATE, POLLS_SKIPPED, SWEEPS, SWEEP_SECONDS, POLLS, VALUES, VALUES_REJECTED, ANSWERS_REJECTED,
    QUEUE_LENGTH, DISCOVERY_WAIT, DEVICES_UNDISCOVERED, QUEUE_DROPS, LOOP_LAG, RECEIVE_BUFFER_DROPS, DATABASE_WRITE,
    DATABASE_FAILURES, STATE_CHANGES, DEVICES_WATCHED, BLIND, CLOCK_TRUSTED, SERIES, SERIES_REPEATED,
    CONFIG_BACKUP_AGE, CONFIG_BACKUPS, CONFIG_BACKUP_FAILURES, SYSLOG_MESSAGES, SYSLOG_FLOOD, SYSLOG_TOLD,
    SCRAPE_SECONDS,
)  # fmt: skip
