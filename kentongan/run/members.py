"""Keeps everything that knows devices in step: fleet, pollers, schedules, states, exposition.

The inventory may change at any time; a device that did not change is not touched by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alerts.states import StateBoard
from collectors.allowance import Allowance
from collectors.schedule import Schedule
from collectors.snmp.sweep import Sweeper
from domain.network import Site
from domain.polling import Fleet, Plan
from domain.time import Moment
from exporters.exposition import Renderer, place_of
from kentongan.run.echoes import Echoes
from kentongan.run.ledger import Ledger
from kentongan.run.roster import Lane, Member


def _nobody() -> NDArray[np.bool_]:
    return np.zeros(0, np.bool_)


@dataclass(slots=True)
class Members:
    """`put` and `remove` devices everywhere at once. in_sweep: by device, whether the sweep polls it."""

    fleet: Fleet
    sweeper: Sweeper
    echoes: Echoes
    polls: Schedule
    looks: Schedule
    board: StateBoard
    renderer: Renderer
    ledger: Ledger
    allowance: Allowance
    in_sweep: NDArray[np.bool_] = field(default_factory=_nobody)
    _platforms: dict[str, str] = field(default_factory=dict)
    _given_platforms: dict[str, str] = field(default_factory=dict)
    _places: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    _spent: Mapping[str, int] = field(default_factory=dict)

    def know_traffic(self, spent: Mapping[str, int]) -> None:
        """Device → bytes that polling cost it this month, before this process began."""
        self._spent = spent

    def know_platforms(self, platforms: Mapping[str, str]) -> None:
        self._platforms.update(platforms)

    def platform_of(self, name: str) -> str:
        """As the inventory has it, or as it was found out; "" before that."""
        return self._given_platforms.get(name) or self._platforms.get(name, "")

    def know_places(self, sites: Sequence[Site], names: Mapping[str, str]) -> None:
        """`names`: region code → name. A site's desa and kecamatan become labels of its devices."""
        self._places = {site.slug: place_of(site.region_code or "", names) for site in sites}

    def put(self, member: Member, plan: Plan | None, now: Moment) -> int:
        """Take a device up, or its new shape or description. Returns its index in the fleet."""
        name = member.device.name
        if member.device.platform:
            self._given_platforms[name] = member.device.platform
        known = name in self.fleet
        device = self.fleet.put(name, plan)
        if known:
            self.polls.finished(np.array([device]), now)  # a poll that is on its way is dropped by the sweep
        if device >= len(self.in_sweep):
            self.in_sweep = np.concatenate([self.in_sweep, np.zeros(max(len(self.in_sweep), 64), np.bool_)])
        lane = member.lane
        self.in_sweep[device] = lane is Lane.SWEEP
        poll_class = member.poll_class
        if lane is Lane.SWEEP and member.endpoint is not None:
            self.sweeper.assign(device, member.endpoint)
        else:
            self.sweeper.withdraw(device)
        if lane is Lane.NONE:
            self.polls.remove(device)
            self.looks.remove(device)
        else:
            self.polls.put(device, name, poll_class.snmp_seconds, now)
            self.looks.put(device, name, poll_class.discovery_seconds, now)
        if member.pinged:
            self.echoes.put(device, name, member.device.address, poll_class, now)
        else:
            self.echoes.remove(device)
        self.board.put(device, member.device.check, poll_class, now)
        used = int(self.allowance.used[device]) if known else self._spent.get(name, 0)
        self.allowance.put(device, poll_class.month_megabytes, used)
        interval = poll_class.snmp_seconds if lane is not Lane.NONE else float("nan")
        self.ledger.put(device, self._info(member), interval)
        self.renderer.prepare(device, zone=member.device.zone, interval_seconds=poll_class.snmp_seconds)
        return device

    def remove(self, name: str) -> None:
        device = self.fleet.index(name)
        self.sweeper.withdraw(device)
        self.echoes.remove(device)
        self.polls.remove(device)
        self.looks.remove(device)
        self.board.remove(device)
        self.ledger.remove(device)
        self.renderer.forget(device)
        self.fleet.remove(name)

    def undiscovered(self) -> int:
        """Devices that are asked by SNMP and have no plan yet."""
        asked = self.polls.members()
        return int((self.fleet.count[asked] == 0).sum())

    def _info(self, member: Member) -> tuple[str, ...]:
        device = member.device
        desa, kecamatan = self._places.get(device.site, ("", ""))
        platform = device.platform or self._platforms.get(device.name, "")
        return (device.name, device.zone, device.site, desa, kecamatan, device.role.value, platform)
