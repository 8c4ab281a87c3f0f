"""Simulated people at the incidents of a history: who takes one on, who drives there, what they found.

Their orders go the way of all orders: through the table, to the desk. They know what the world knows, after the fact.
"""

import heapq
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from domain.incidents import Act, ActKind, ClosingCause, Condition, Incident, Party
from domain.network import Inventory, Person, PersonRole
from domain.time import Moment
from kentongan.installation import Installation
from kentongan.run.orders import ACT, Orders, act_payload
from lab.kabupaten.troubles import Trouble
from lab.services.course import AppTrouble

MINUTE: Final = 60.0
ATTENTIVE, DRIVES = 0.93, 0.6
_SHIFTS: Final = ((7, "Pagi"), (15, "Siang"), (23, "Malam"))
_OPEN_ONLY: Final = frozenset({ActKind.ACKNOWLEDGED, ActKind.DEPARTED, ActKind.ON_SITE, ActKind.TICKET_OPENED})


class Course(Protocol):
    """What went wrong."""

    def cause_of(self, names: Iterable[str], since: float) -> Trouble | AppTrouble | None:
        """The latest trouble that explains that one of these failed at some time after `since`."""
        ...


@dataclass(slots=True)
class People:
    """`see` incidents as they are decided, `act` when somebody is due (`next_at`, unix seconds)."""

    installation: Installation
    orders: Orders
    courses: Sequence[Course]
    seed: int
    zone: ZoneInfo
    _inventory: Inventory = field(default_factory=Inventory)
    _open: dict[str, Incident] = field(default_factory=dict)
    _seen: set[tuple[str, str]] = field(default_factory=set)
    _due: list[tuple[float, int, str, ActKind, str, Mapping[str, str]]] = field(default_factory=list)
    _count: int = 0

    def know(self, inventory: Inventory) -> None:
        self._inventory = inventory

    @property
    def next_at(self) -> float:
        return self._due[0][0] if self._due else float("inf")

    def see(self, incidents: Iterable[Incident], now: Moment) -> None:
        for incident in incidents:
            if incident.is_open:
                self._open[incident.id] = incident
                if (incident.id, "open") not in self._seen:
                    self._seen.add((incident.id, "open"))
                    self._plan_work(incident, now.unix_seconds)
            else:
                self._open.pop(incident.id, None)
                if (incident.id, "over") not in self._seen:
                    self._seen.add((incident.id, "over"))
                    self._plan_closing(incident, now.unix_seconds)

    def act(self, now: Moment) -> bool:
        """Whether anybody gave an order."""
        acted = False
        while self._due and self._due[0][0] <= now.unix_seconds:
            at, _number, id_, kind, text, values = heapq.heappop(self._due)
            if kind in _OPEN_ONLY and id_ not in self._open:
                continue
            acted = True
            self._order(Act(id_, datetime.fromtimestamp(at, UTC), self._actor(at, kind), kind, text, values), now)
        return acted

    # -- what they do -----------------------------------------------------------------------------------------------

    def _plan_work(self, incident: Incident, now: float) -> None:
        dice = self._dice(incident, "work")
        if dice.random() > ATTENTIVE:
            return
        taken = now + dice.uniform(2, 14) * MINUTE
        until = datetime.fromtimestamp(taken, UTC) + timedelta(hours=12)
        self._later(taken, incident.id, ActKind.ACKNOWLEDGED, "", {"until": until.isoformat()})
        if incident.liable is not None and incident.liable.party is Party.PROVIDER:
            number = f"INC{dice.randrange(10**6):06d}"
            self._later(taken + dice.uniform(3, 9) * MINUTE, incident.id, ActKind.TICKET_OPENED, "", {"number": number})
        elif incident.condition is not Condition.SERVICE and dice.random() < DRIVES:
            left = taken + dice.uniform(10, 35) * MINUTE
            self._later(left, incident.id, ActKind.DEPARTED)
            self._later(left + dice.uniform(25, 70) * MINUTE, incident.id, ActKind.ON_SITE)

    def _plan_closing(self, incident: Incident, now: float) -> None:
        """Before midnight of the next day somebody writes down what it was."""
        dice = self._dice(incident, "closing")
        names = {incident.cause.name, *(member.name for member in incident.members)}
        since = incident.started_at.timestamp() - 600.0
        found = [each for course in self.courses if (each := course.cause_of(names, since)) is not None]
        trouble = max(found, key=lambda each: each.at, default=None)
        at = now + dice.uniform(5, 90) * MINUTE
        if (incident.id, "ticket") in self._seen:
            self._later(now + 3 * MINUTE, incident.id, ActKind.TICKET_CLOSED)
        values = {"cause": ClosingCause.TIDAK_DITEMUKAN.value}
        if trouble is not None:
            values["cause"] = trouble.found.value
        self._later(at, incident.id, ActKind.CLOSED, trouble.words if trouble else "", values)

    def _order(self, act: Act, now: Moment) -> None:
        if act.kind is ActKind.TICKET_OPENED:
            self._seen.add((act.incident, "ticket"))
        commands = self.installation.commands
        commands.insert(ACT, act_payload(act), now.unix_seconds)
        for command in commands.take():
            refusal = self.orders.carry_out(command, now)
            if refusal is not None:
                commands.finish(command.id, {"error": refusal}, now.unix_seconds, failed=True)

    def _later(
        self, at: float, incident: str, kind: ActKind, text: str = "", values: Mapping[str, str] | None = None
    ) -> None:
        self._count += 1
        heapq.heappush(self._due, (at, self._count, incident, kind, text, values or {}))

    def _actor(self, at: float, kind: ActKind) -> str:
        """Who is on duty; who drives is of the team."""
        if kind in (ActKind.DEPARTED, ActKind.ON_SITE):
            engineers = [each for each in self._inventory.people if each.role is PersonRole.ENGINEER]
            if engineers:
                return engineers[int(at) % len(engineers)].name
        hour = datetime.fromtimestamp(at, self.zone).hour
        word = next((word for begin, word in reversed(_SHIFTS) if hour >= begin), "Malam")
        noc = [each for each in self._inventory.people if each.role is PersonRole.NOC]
        found: Person | None = next((each for each in noc if each.name.endswith(word)), noc[0] if noc else None)
        return found.name if found else "NOC"

    def _dice(self, incident: Incident, what: str) -> random.Random:
        """Of the incident, whatever its number is."""
        key = f"{self.seed}:{what}:{incident.cause.name}:{incident.started_at.timestamp():.0f}"
        return random.Random(key)  # noqa: S311 - dice, no secret
