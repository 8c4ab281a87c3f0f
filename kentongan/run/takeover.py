"""Takes an inventory over into everything that knows devices, sites and people, at the start and whenever it changes.

A device that did not change is not touched. Of one that did, whatever is being asked is forgotten: it was asked of
another box, or with another credential.
"""

import asyncio
from collections.abc import Collection
from typing import TYPE_CHECKING

import structlog

from alerts.dispatch.contacts import read_contacts
from alerts.dispatch.routing import Routing
from domain.network import Topology
from exporters.exposition import places_text
from kentongan.run.fleet_summary import FleetSummary
from kentongan.run.known import Known, read_known
from kentongan.run.memory import give_back_memory
from kentongan.run.roster import Lane, RosterChange

if TYPE_CHECKING:
    from kentongan.run.service import Service

log = structlog.get_logger(__name__)


class Takeover:
    """`read` and `apply`, or `renew` for both where something is new. summary: None before the first."""

    def __init__(self, service: "Service") -> None:
        self._service = service
        self._revision = -1
        self._gone: set[str] = set()  # removed, and not yet forgotten by the database
        self.summary: FleetSummary | None = None
        self.places = b""
        """Where each device stands, as lines for the exposition."""

    def read(self) -> Known:
        return read_known(self._service.installation, self._service.book)

    async def renew(self) -> None:
        """Only if the inventory has changed."""
        installation = self._service.installation
        revision = await asyncio.to_thread(installation.inventory.revision)
        if revision != self._revision:
            self.apply(await asyncio.to_thread(self.read))
            give_back_memory()
        if self._gone:
            await asyncio.to_thread(self._forget, frozenset(self._gone))
            self._gone.clear()

    def apply(self, known: Known) -> None:
        service = self._service
        change = service.roster.update(known.inventory.devices, known.credentials)
        self._place(change, known)
        self._tell(known)
        self._revision = known.revision
        if change:
            log.info(
                "inventory_taken_over",
                revision=known.revision,
                added=len(change.added),
                changed=len(change.changed),
                removed=len(change.removed),
            )

    def _place(self, change: RosterChange, known: Known) -> None:
        """Devices, wherever they are asked."""
        service, members = self._service, self._service.members
        members.know_places(known.inventory.sites, known.region_names)
        found_out = (device.name for device in known.inventory.devices if not device.platform)
        members.know_platforms({name: known.platforms[name] for name in found_out if name in known.platforms})
        now = service.clock.now()
        for member in change.added:
            members.put(member, known.plans.get(member.device.name), now)
        for member in change.changed:
            name = member.device.name
            members.put(member, service.fleet.plan(service.fleet.index(name)), now)  # until it is found out anew
            service.discoverer.forget(name)
            if member.lane is not Lane.NONE:
                service.discoverer.want(member)
        for name in change.removed:
            service.discoverer.forget(name)
            members.remove(name)
        self._gone = {name for name in (*self._gone, *change.removed) if name not in service.roster}

    def _tell(self, known: Known) -> None:
        """Everybody who judges, tells or shows."""
        service, inventory = self._service, known.inventory
        polled = [member.device for member in service.roster.members()]
        routing = Routing(read_contacts(inventory.people)[0])
        service.inquirer.know(inventory.devices)
        service.outage.know(inventory, Topology.without_circles(polled), known.region_names, routing)
        service.rounds.know(inventory, known.region_names, routing)
        service.units.know(inventory, routing)
        service.beats.know(inventory, service.clock.now())
        service.services.know(inventory, known.credentials)
        service.coverage.know(inventory)
        service.syslog.know(inventory, known.credentials.values())
        service.degraded.know(inventory)
        service.maintenance.know(inventory, service.outage.engine.cause.graph)
        service.own_path.aim([device.address for device in polled if device.address])
        self.summary = FleetSummary(service.fleet, inventory.sites, polled)
        self.places = places_text(inventory, known.region_names, service.zone)

    def _forget(self, names: Collection[str]) -> None:
        """In the database. One that is locked is asked again at the next turn."""
        self._service.installation.states.forget(names)
        self._service.installation.plans.forget(names)
