"""What the pages of devices, links and places ask the database for: facts, changes, light, incidents, calendars."""

import threading
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from alerts.degraded import Threshold, load_thresholds
from alerts.states import words
from alerts.store.history import SqlHistory
from alerts.store.trends import SqlTrends
from collectors.store import DeviceFacts
from console.ports.network import CalendarMonth, Facts, Light, Neighbour
from domain.incidents import Incident, Phase
from domain.network import Inventory, Role
from domain.polling import Plan
from domain.states import StateChange
from kentongan.console_adapters.calendar import calendar_of
from kentongan.installation import Installation

LIGHT_LIMITS: Final = ("optical", "optical-pon")
"""Names in the thresholds that ship; an office that renames them has no margin shown, and no wrong one."""

PON: Final = frozenset({Role.OLT, Role.ONU})


class DatabaseNetwork:
    """Implements console.ports.network.Network."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._engine = installation.database.engine
        self._lock = threading.Lock()
        self._revision = -1
        self._inventory = Inventory()
        self._limits = _limits(load_thresholds(installation.loaded.thresholds))

    def facts(self, device: str) -> Facts | None:
        found = self._installation.plans.of(device)
        return _facts(*found) if found else None

    def changes(self, devices: Sequence[str], since: datetime) -> Sequence[StateChange]:
        now = self._installation.clock.now().utc + timedelta(days=1)
        history = SqlHistory(self._engine).between(since, now, sorted(devices))
        found = []
        for name, changes in history.changes.items():
            before = history.initial[name][0]
            for at, state, reason in changes:
                found.append(StateChange(datetime.fromtimestamp(at, UTC), name, before, state, reason))
                before = state
        return sorted(found, key=lambda each: (each.at, each.name))

    def light(self, devices: Sequence[str], since: date) -> Sequence[Light]:
        roles = {device.name: device.role for device in self._known().devices if device.name in devices}
        days: dict[tuple[str, str, str], list[tuple[date, float]]] = {}
        for each in SqlTrends(self._engine).since(since, sorted(devices)):
            days.setdefault((each.device, each.sensor, each.interface), []).append((each.day, each.dbm))
        return [
            Light(device, sensor, interface, tuple(found), self._limits[roles.get(device) in PON])
            for (device, sensor, interface), found in sorted(days.items())
        ]

    def incidents(self, names: Iterable[str], since: datetime) -> Sequence[Incident]:
        wanted = frozenset(names)
        found = self._installation.incidents.naming(sorted(wanted), since)
        return [each for each in found if each.phase is not Phase.MERGED and wanted & _concerned(each)]

    def calendar(
        self, months: int, *, devices: Sequence[str] = (), sites: Sequence[str] = ()
    ) -> Sequence[CalendarMonth]:
        return calendar_of(self._installation, self._known(), months, devices, sites)

    def reason(self, reason: str) -> str:
        return words(reason)

    def _known(self) -> Inventory:
        with self._lock:
            revision = self._installation.inventory.revision()
            if revision != self._revision:
                self._inventory, self._revision = self._installation.inventory.read(), revision
            return self._inventory


def _concerned(incident: Incident) -> set[str]:
    """What it is about, by name; whoever only bore witness is not among them."""
    impact = incident.impact
    places = (*impact.villages, *impact.sites, *impact.opd)
    causes = (incident.cause, *incident.indistinct)
    return {
        *(member.name for member in incident.members),
        *(place.key for place in places),
        *(cause.name for cause in causes),
    }


def _facts(plan: Plan | None, facts: DeviceFacts) -> Facts:
    more: Any = facts.more
    columns = plan.columns if plan else ()
    return Facts(
        datetime.fromtimestamp(facts.discovered_at, UTC),
        facts.platform,
        facts.model,
        facts.serial,
        facts.version,
        str(more.get("sysName", "")),
        tuple(dict.fromkeys(each.interface for each in columns if each.quantity == "ifOperStatus")),
        tuple(dict.fromkeys(each.instance for each in columns if each.quantity.startswith("sensor."))),
        tuple(
            Neighbour(
                each.get("protocol", ""),
                each.get("local_interface", ""),
                each.get("sys_name", "") or each.get("chassis_id", ""),
                each.get("port_id", ""),
            )
            for each in more.get("neighbours", ())
        ),
        tuple(sorted((str(table), str(why)) for table, why in dict(more.get("errors", {})).items())),
    )


def _limits(thresholds: Iterable[Threshold]) -> dict[bool, float | None]:
    """By whether it is PON: where light is lost."""
    by_name = {each.name: each.limit for each in thresholds}
    usual, pon = (by_name.get(name) for name in LIGHT_LIMITS)
    return {False: usual, True: pon}
