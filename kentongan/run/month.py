"""The month's availability so far as metrics: the same report that `availability` prints, made anew now and then.

It is made in a thread and kept until the next; a scrape only reads it. An office of a whole country makes reports, not
metrics.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from domain.availability import By, month
from exporters.catalogue import services as catalogue
from exporters.own_health import OwnHealth
from kentongan.availability import open_month

if TYPE_CHECKING:
    from kentongan.run.service import Service

LOOK_SECONDS: Final = 60.0
EVERY_SECONDS: Final = 900.0
MOST_DEVICES: Final = 20_000
SHOWN: Final = (By.DESA, By.KECAMATAN, By.OPD, By.PROVIDER)
Numbers = Mapping[tuple[str, ...], float]


class MonthFigures:
    """`start` when the jobs run. Before the first report nothing is shown."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self._availability: Numbers = {}
        self._completeness: Numbers = {}
        self._made: deque[float] = deque(maxlen=2)

    def start(self) -> None:
        self._service.jobs.add("month", self.look, LOOK_SECONDS)

    async def look(self) -> None:
        """Make the report of the month that lasts: at once, when devices have been seen, and then now and then.

        A clock that is not trusted names no month.
        """
        service = self._service
        now = service.clock.now()
        if not service.jobs.is_clock_trusted(now) or len(service.roster) > MOST_DEVICES:
            return
        if len(self._made) == 2 and now.steady_seconds - self._made[-1] < EVERY_SECONDS:
            return
        self._availability, self._completeness = await asyncio.to_thread(self._read)
        self._made.append(now.steady_seconds)

    def lend(self, health: OwnHealth) -> None:
        health.read(catalogue.MONTH_AVAILABILITY, lambda: self._availability)
        health.read(catalogue.MONTH_COMPLETENESS, lambda: self._completeness)

    def _read(self) -> tuple[Numbers, Numbers]:
        service = self._service
        now = service.clock.now().utc
        book = open_month(service.installation, month(f"{now.astimezone(service.zone):%Y-%m}", service.zone, now))
        available: dict[tuple[str, ...], float] = {}
        complete: dict[tuple[str, ...], float] = {}
        for by in SHOWN:
            for row in book.reporter.report(by).rows:
                figure = row.figure
                if figure.availability_percent is not None:
                    labels = (by.value, row.key, row.name, row.kecamatan)
                    available[labels] = figure.availability_percent / 100
                if figure.completeness_percent is not None:
                    complete[by.value, row.key] = figure.completeness_percent / 100
        return available, complete
