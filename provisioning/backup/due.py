"""When a device's configuration is to be fetched: once a day, the devices spread over a while after one hour. Pure."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from provisioning.backup.records import BackupState

# What may be otherwise in an hour. A refused login is not tried again before the next day: accounts get locked.
PASSING: Final = frozenset({"unreachable", "timed-out", "broken-off", "busy", "truncated", "not-written"})
DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timetable:
    """hour: of the kabupaten's day. spread_seconds: over which the devices are spread from then on."""

    zone: tzinfo
    hour: float = 1.0
    spread_seconds: float = 7200.0
    retry_seconds: float = 3600.0
    stale_seconds: float = 3 * 86400.0

    def last_turn(self, device: str, now: datetime) -> float:
        """When the device was due for the last time, in unix seconds; the same moment each day."""
        local = now.astimezone(self.zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        share = zlib.crc32(device.encode()) / 2**32
        turn = midnight + timedelta(hours=self.hour, seconds=share * self.spread_seconds)
        return (turn if turn <= local else turn - DAY).timestamp()


def is_due(device: str, state: BackupState | None, table: Timetable, now: datetime) -> bool:
    """A device that was never tried, or was tried in what is now the future, is due at once."""
    if state is None or state.tried_at == 0 or state.tried_at > now.timestamp() + 60:
        return True
    if state.tried_at < table.last_turn(device, now):
        return True
    return state.cause in PASSING and now.timestamp() - state.tried_at >= table.retry_seconds


def is_stale(state: BackupState | None, table: Timetable, now: datetime) -> bool:
    """Nothing good for longer than the setting allows, or never."""
    return state is None or now.timestamp() - state.good_at > table.stale_seconds
