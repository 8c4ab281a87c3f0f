"""What telling does each minute by itself: reminds Alertmanager, tells the morning, sends reports that are due, looks
who could not be told.
"""

from collections.abc import Awaitable, Callable, Mapping

import structlog

from alerts.channels.alertmanager import Alertmanager
from alerts.desk import Decision
from alerts.dispatch.routing import Routing
from domain.network import Inventory
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.run.alertmanager_refresh import Reminder
from kentongan.run.inbound import Inbound
from kentongan.run.morning import Morning
from kentongan.run.outage import OutageDesk
from kentongan.run.reports_due import ReportsDue
from kentongan.run.telling import Telling

log = structlog.get_logger(__name__)


class Rounds:
    """`know` each inventory, `turn` each minute. trusted: whether the clock is believed."""

    def __init__(
        self,
        installation: Installation,
        outage: OutageDesk,
        telling: Telling,
        inbound: Inbound,
        trusted: Callable[[Moment], bool],
    ) -> None:
        self._clock, self._outage, self._inbound, self._trusted = installation.clock, outage, inbound, trusted
        self._wake = telling.sender.wake
        self._morning = Morning(installation, outage.lit)
        self._reports = ReportsDue(installation, self._wake)
        nodes = tuple(installation.loaded.settings.notify.alertmanagers.split())
        channel = telling.ways.channels.get("alertmanager")
        assert isinstance(channel, Alertmanager)
        self._reminder = Reminder(outage.dispatcher, channel, nodes)
        self._unheard: frozenset[str] = frozenset()

    def know(self, inventory: Inventory, names: Mapping[str, str], routing: Routing) -> None:
        self._inbound.know(inventory)
        self._morning.know(inventory, names, routing)

    async def turn(self) -> None:
        """Each part by itself: one that fails is told of and keeps none of the others back."""
        now = self._clock.now()
        self._outage.keep(Decision(), now)  # who was put into the files meanwhile is asked at once
        self._look_for_unheard()
        await _careful("alerts", self._inbound.reported.join)
        await _careful("remind", lambda: self._reminder.remind(now))
        if self._trusted(now):
            await _careful("morning", lambda: self._tell_morning(now))
            await _careful("reports", lambda: self._reports.look(now))

    async def _tell_morning(self, now: Moment) -> None:
        if await self._morning.turn(now):
            self._wake()

    def _look_for_unheard(self) -> None:
        unheard = frozenset(track.incident for track in self._outage.dispatcher.tracks.values() if track.is_unheard)
        for incident in sorted(unheard - self._unheard):
            log.warning("nobody_to_tell", incident=incident, cure="people.csv: channel, role, valid_to")
        self._unheard = unheard


async def _careful(name: str, work: Callable[[], Awaitable[None]]) -> None:
    try:
        await work()
    except Exception as error:
        log.warning("round_failed", part=name, error=str(error))
