"""Announced work in the running service: which window mutes an incident now. The table is looked at now and then."""

import asyncio
from dataclasses import dataclass, field

from alerts.maintenance import InventoryReach, Window, WorkKind, evidence_of, next_change, silencing
from alerts.maintenance.behind import behind
from alerts.rootcause.graph import NetworkGraph
from alerts.store.maintenance import SqlMaintenance
from domain.incidents import Evidence, Incident
from domain.network import Inventory
from domain.time import Moment


@dataclass(slots=True)
class Maintenance:
    """`know` the inventory, `reload` now and then. `muted` and `planned` are what the desk's counsel asks."""

    store: SqlMaintenance
    _windows: tuple[Window, ...] = ()
    _reach: InventoryReach = field(default_factory=lambda: InventoryReach(Inventory(), lambda _off, _cut: frozenset()))
    _revision: int = -1
    _changes_at: float = float("-inf")  # unix seconds

    def know(self, inventory: Inventory, graph: NetworkGraph) -> None:
        self._reach = InventoryReach(inventory, lambda off, cut: behind(graph, off, cut))

    async def reload(self, now: Moment) -> bool:
        """Whether a window was added, ended, begins or ends: then what is open is to be judged anew."""
        revision = await asyncio.to_thread(self.store.revision)
        due = now.unix_seconds >= self._changes_at
        if revision == self._revision and not due:
            return False
        self._windows = await asyncio.to_thread(self.store.read, now.utc)
        self._revision = revision
        change = next_change(self._windows, now.utc)
        self._changes_at = change.timestamp() if change else float("inf")
        return True

    def muted(self, incident: Incident, now: Moment) -> str:
        return silencing(incident, self._windows, now.utc, self._reach) if self._windows else ""

    def planned(self, window: str) -> bool:
        """Only our own work is planned; a provider's and PLN's stays charged to them."""
        return any(each.id == window and each.kind is WorkKind.OWN for each in self._windows)

    def said(self, incident: Incident, now: Moment) -> tuple[Evidence, ...]:
        """What the announcement of a provider or of PLN says of an incident that it covers."""
        windows = (each for each in self._windows if each.id == incident.silenced_by)
        found = (evidence_of(each, incident.cause.name, now.utc) for each in windows)
        return tuple(evidence for evidence in found if evidence is not None)
