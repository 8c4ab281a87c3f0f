"""Alerts of other systems join the incident of the device they name: a line in its timeline, once as they come and once
as they go. What nobody knows an incident of waits for one, as long as it is said again or for a day.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from alerts.channels.alert_receiver import ReportedAlert
from alerts.desk import OrderRefusedError
from domain.incidents import Act, ActKind, Incident
from domain.network import Inventory
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.run.names import Names
from kentongan.run.orders import Orders
from kentongan.run.outage import OutageDesk

log = structlog.get_logger(__name__)

ACTOR: Final = "prometheus"
BY: Final = "alert"
MOST_WAITING: Final = 5000
WAIT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Waiting:
    alert: ReportedAlert
    since: Moment
    incident: str = ""  # that it has joined


class ReportedAlerts:
    """`know` each inventory, `report` what comes in, `join` now and then."""

    def __init__(self, installation: Installation, outage: OutageDesk, orders: Orders) -> None:
        self._installation, self._outage, self._orders = installation, outage, orders
        self._clock = installation.clock
        self._names = Names(Inventory())
        self._waiting: dict[str, _Waiting] = {}

    def know(self, inventory: Inventory) -> None:
        self._names = Names(inventory)

    async def report(self, alerts: Sequence[ReportedAlert]) -> int:
        """How many of them stand in the timeline of an incident now."""
        now = self._clock.now()
        joined = 0
        for alert in alerts:
            known = self._waiting.get(alert.fingerprint)
            if not alert.firing:
                joined += await self._end(alert, known, now)
            elif self._names.of(alert.device):
                self._make_room()
                self._waiting[alert.fingerprint] = _Waiting(alert, now, known.incident if known else "")
        await self.join()
        return joined + sum(
            bool(self._waiting[alert.fingerprint].incident) for alert in alerts if alert.fingerprint in self._waiting
        )

    async def join(self) -> None:
        """Those that wait with the incidents of now."""
        now = self._clock.now()
        for fingerprint, each in list(self._waiting.items()):
            if now.steady_seconds - each.since.steady_seconds > WAIT.total_seconds():
                del self._waiting[fingerprint]
                continue
            incident = self._incident_of(each.alert)
            if incident is not None and incident.id != each.incident:
                self._waiting[fingerprint] = _Waiting(each.alert, each.since, incident.id)
                await self._note(each.alert, incident.id, now)

    async def _end(self, alert: ReportedAlert, known: _Waiting | None, now: Moment) -> int:
        self._waiting.pop(alert.fingerprint, None)
        if known is None or not known.incident:
            return 0
        await self._note(alert, known.incident, now)
        return 1

    async def _note(self, alert: ReportedAlert, incident: str, now: Moment) -> None:
        """Unless it stands there already: Alertmanager says it again after a restart of ours."""
        state = "firing" if alert.firing else "resolved"
        values = {"by": BY, "alert": alert.fingerprint, "state": state, "severity": alert.severity}
        acts = await asyncio.to_thread(self._installation.acts.of, incident)
        said = {(each.values.get("alert"), each.values.get("state")) for each in acts}
        if (alert.fingerprint, state) in said:
            return
        text = f"{alert.name} ({state}): {alert.text}" if alert.text != alert.name else f"{alert.name} ({state})"
        act = Act(
            incident, now.utc, ACTOR, ActKind.NOTE, text, {name: value for name, value in values.items() if value}
        )
        try:
            self._orders.act(act, now)
        except OrderRefusedError as refused:
            log.warning("alert_not_joined", incident=incident, reason=str(refused))

    def _incident_of(self, alert: ReportedAlert) -> Incident | None:
        """The one whose cause it names; else the oldest of which it is a member."""
        names = self._names.of(alert.device)
        found = [each for each in self._outage.desk.open if each.cause.name in names or names & _members(each)]
        return min(found, key=lambda each: (each.cause.name not in names, each.started_at, each.id), default=None)

    def _make_room(self) -> None:
        while len(self._waiting) >= MOST_WAITING:
            del self._waiting[next(iter(self._waiting))]


def _members(incident: Incident) -> frozenset[str]:
    found: Iterable[str] = (member.name for member in incident.members)
    return frozenset(found)
