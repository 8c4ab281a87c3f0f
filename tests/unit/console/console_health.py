"""A poller in memory that is well, or not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from console.ports.health import Facts, Remark
from kentongan.console_adapters.health import samples_of
from tests.unit.console.console_office import EVIL, NOW

WELL = """\
# HELP kentongan_blind x
kentongan_blind 0
kentongan_clock_trusted 1
kentongan_polls_total{kind="snmp"} 900
kentongan_polls_total{kind="icmp"} 100
kentongan_polls_late_total{kind="snmp"} 50
kentongan_polls_skipped_total{kind="snmp"} 0
kentongan_queue_drops_total{queue="recorder"} 0
kentongan_receive_buffer_drops_total{socket="snmp"} 0
kentongan_loop_lag_seconds_bucket{le="0.5"} 1000
kentongan_loop_lag_seconds_bucket{le="+Inf"} 1000
kentongan_loop_lag_seconds_count 1000
kentongan_loop_lag_seconds_sum 2.5
kentongan_database_failures_total 0
kentongan_notifications_waiting 0
kentongan_notifications_oldest_seconds 0
kentongan_incidents_unheard 0
kentongan_config_backups{state="fresh"} 3
kentongan_devices{state="up"} 485
process_resident_memory_bytes 1.2e+08
"""


def facts(text: str = WELL, **more: object) -> Facts:
    values = {
        "reasons": (),
        "samples": samples_of(text),
        "database": "sqlite",
        "database_bytes": 5_000_000,
        "disk_free_bytes": 9_000_000_000,
        "disk_bytes": 20_000_000_000,
        "backup_at": NOW - timedelta(days=1),
        "backups": "/var/backups",
    } | more
    return Facts(NOW, "http://127.0.0.1:9275/readyz", **values)  # type: ignore[arg-type]


@dataclass
class MemoryHealth:
    now: Facts = field(default_factory=facts)

    def facts(self) -> Facts:
        return self.now

    def examine(self) -> Sequence[Remark]:
        return [Remark("ok", "settings", "kentongan.toml", ""), Remark("wrong", EVIL, "It is not there.", "Bring it.")]
