"""What discoveries found becomes plans: in the fleet at once, in the database for the next start."""

import asyncio
from collections.abc import Iterable

import structlog

from collectors.discovery import plan_for
from collectors.profiles import Profiles
from collectors.store import DeviceFacts, Discovered, SqlPlanStore
from domain.network import Device
from domain.polling import PlanBook
from domain.polling.facts import Discovery
from domain.time import Moment
from kentongan.run.discovering import Found
from kentongan.run.members import Members
from kentongan.run.rediscovery import takes_away
from kentongan.run.roster import Roster
from kentongan.run.units import UnitWatch

log = structlog.get_logger(__name__)


class Plans:
    def __init__(
        self,
        roster: Roster,
        members: Members,
        profiles: Profiles,
        book: PlanBook,
        store: SqlPlanStore,
        units: UnitWatch | None = None,
    ) -> None:
        self._roster = roster
        self._members = members
        self._profiles = profiles
        self._book = book
        self._store = store
        self._units = units
        self._writing: set[asyncio.Task[None]] = set()

    def accept(self, found: Iterable[Found], now: Moment) -> None:
        """Give each discovered device its plan."""
        fleet = self._members.fleet
        kept: list[Discovered] = []
        seen: list[tuple[Device, Discovery]] = []
        for each in found:
            name = each.member.device.name
            if each.discovery is None or name not in self._roster:
                continue
            seen.append((self._roster[name].device, each.discovery))
            platform = each.discovery.platform
            plan = plan_for(each.discovery, self._profiles.get(platform), self._book)
            if takes_away(each.discovery, plan, int(fleet.count[fleet.index(name)])):
                continue
            self._members.know_platforms({name: platform})
            self._members.put(self._roster[name], plan, now)
            kept.append((name, plan, DeviceFacts.of(each.discovery, now.unix_seconds)))
        if kept or seen:
            task = asyncio.create_task(self._write(kept, seen, now), name="keep plans")
            self._writing.add(task)
            task.add_done_callback(self._writing.discard)

    async def written(self) -> None:
        """Until all that was accepted is in the database."""
        await asyncio.gather(*self._writing)

    async def stop(self) -> None:
        for task in self._writing:
            task.cancel()
        await asyncio.gather(*self._writing, return_exceptions=True)

    async def _write(self, kept: list[Discovered], seen: list[tuple[Device, Discovery]], now: Moment) -> None:
        """A plan that cannot be stored costs a discovery after the next start, nothing else."""
        try:
            await asyncio.to_thread(self._look, seen, now)
        except Exception as error:
            log.warning("units_not_looked_at", devices=len(seen), error=str(error))
        try:
            await asyncio.to_thread(self._store.write_all, kept)
        except Exception as error:
            log.warning("plans_not_kept", devices=len(kept), error=str(error))

    def _look(self, seen: list[tuple[Device, Discovery]], now: Moment) -> None:
        """Before the serials of the last discovery are written over."""
        if self._units is not None:
            nameless = [device.name for device, found in seen if found.serial and not device.serial]
            self._units.look(seen, self._store.serials(nameless), now.utc)
