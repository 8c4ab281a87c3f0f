"""Speeds that checks measured, kept with the job that the checks belong to; read back by day for coverage."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Engine, select, update

from provisioning.store.change_tables import change_job

SPEEDS: Final = "speeds"


@dataclass(frozen=True, slots=True)
class MeasuredSpeed:
    """What came through to a site at one time. up_mbps: None where that way was not measured."""

    site: str
    device: str
    at: datetime
    down_mbps: float
    up_mbps: float | None = None


class SqlSpeeds:
    """Beside what the job has to remember; see `SqlJobStore.keep`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    def keep(self, job: str, measured: Iterable[MeasuredSpeed]) -> None:
        """After those that are there; of a job that was put."""
        rows = [[each.device, each.at.timestamp(), each.down_mbps, each.up_mbps] for each in measured]
        if not rows:
            return
        with self._engine.begin() as connection:
            found = connection.execute(select(change_job.c.kept).where(change_job.c.id == job)).scalar_one()
            held = json.loads(found)
            held[SPEEDS] = [*held.get(SPEEDS, ()), *rows]
            connection.execute(update(change_job).where(change_job.c.id == job).values(kept=json.dumps(held)))

    def between(self, start: datetime, end: datetime) -> tuple[MeasuredSpeed, ...]:
        """Measured at start or later and before end, oldest first."""
        wanted = select(change_job.c.site, change_job.c.kept).where(change_job.c.kept.like(f'%"{SPEEDS}"%'))
        with self._reader.connect() as connection:
            found = [
                MeasuredSpeed(row.site, device, at, down, up)
                for row in connection.execute(wanted)
                for device, unix, down, up in json.loads(row.kept).get(SPEEDS, ())
                if start <= (at := datetime.fromtimestamp(unix, UTC)) < end
            ]
        return tuple(sorted(found, key=lambda each: (each.at, each.site, each.device)))
