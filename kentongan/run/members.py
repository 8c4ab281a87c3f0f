"""Keeps everything that knows devices in step: fleet, pollers, schedules, states, exposition.

The inventory may change at any time; a device that did not change is not touched by it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from alerts.states import StateBoard
from collectors.allowance import Allowance
from collectors.schedule import Schedule
from collectors.snmp.sweep import Sweeper
from domain.network import RegionLevel, Site, level_of, parent_of
from domain.polling import Fleet, Plan
from domain.time import Moment
from exporters.exposition import Renderer
from kentongan.run.echoes import Echoes
from kentongan.run.ledger import Ledger
from kentongan.run.roster import Lane, Member


class Members:
    """`put` and `remove` devices everywhere at once. `lane` is indexed by device."""

    def __init__(
        self,
        fleet: Fleet,
        sweeper: Sweeper,
        echoes: Echoes,
        polls: Schedule,
        looks: Schedule,
        board: StateBoard,
        renderer: Renderer,
        ledger: Ledger,
        allowance: Allowance,
    ) -> None:
        self._fleet = fleet
        self._sweeper = sweeper
        self._echoes = echoes
        self._polls = polls
        self._looks = looks
        self._board = board
        self._renderer = renderer
        self._ledger = ledger
        self._allowance = allowance
        self._spent: Mapping[str, int] = {}
        self._platforms: dict[str, str] = {}
        self._places: Mapping[str, tuple[str, str]] = {}
        self.in_sweep: NDArray[np.bool_] = np.zeros(0, np.bool_)

    def know_traffic(self, spent: Mapping[str, int]) -> None:
        """Device → bytes that polling cost it this month, before this process began."""
        self._spent = spent

    def know_platforms(self, platforms: Mapping[str, str]) -> None:
        self._platforms.update(platforms)

    def know_places(self, sites: Sequence[Site], names: Mapping[str, str]) -> None:
        """`names`: region code → name. A site's desa and kecamatan become labels of its devices."""
        self._places = {site.slug: _place(site.region_code or "", names) for site in sites}

    def put(self, member: Member, plan: Plan | None, now: Moment) -> int:
        """Take a device up, or its new shape or description. Returns its index in the fleet."""
        name = member.device.name
        known = name in self._fleet
        device = self._fleet.put(name, plan)
        if device >= len(self.in_sweep):
            self.in_sweep = np.concatenate([self.in_sweep, np.zeros(max(len(self.in_sweep), 64), np.bool_)])
        lane = member.lane
        self.in_sweep[device] = lane is Lane.SWEEP
        poll_class = member.poll_class
        if lane is Lane.SWEEP and member.endpoint is not None:
            self._sweeper.assign(device, member.endpoint)
        else:
            self._sweeper.withdraw(device)
        if lane is Lane.NONE:
            self._polls.remove(device)
            self._looks.remove(device)
        else:
            self._polls.put(device, name, poll_class.snmp_seconds, now)
            self._looks.put(device, name, poll_class.discovery_seconds, now)
        if member.pinged:
            self._echoes.put(device, name, member.device.address, poll_class.icmp_seconds, now)
        else:
            self._echoes.remove(device)
        self._board.put(device, member.device.check, poll_class, now)
        used = int(self._allowance.used[device]) if known else self._spent.get(name, 0)
        self._allowance.put(device, poll_class.month_megabytes, used)
        interval = poll_class.snmp_seconds if lane is not Lane.NONE else float("nan")
        self._ledger.put(device, self._info(member), interval)
        self._renderer.prepare(device, zone=member.device.zone, interval_seconds=poll_class.snmp_seconds)
        return device

    def remove(self, name: str) -> None:
        device = self._fleet.index(name)
        self._sweeper.withdraw(device)
        self._echoes.remove(device)
        self._polls.remove(device)
        self._looks.remove(device)
        self._board.remove(device)
        self._ledger.remove(device)
        self._renderer.forget(device)
        self._fleet.remove(name)

    def _info(self, member: Member) -> tuple[str, ...]:
        device = member.device
        desa, kecamatan = self._places.get(device.site, ("", ""))
        platform = device.platform or self._platforms.get(device.name, "")
        return (device.name, device.zone, device.site, desa, kecamatan, device.role.value, platform)


def _place(code: str, names: Mapping[str, str]) -> tuple[str, str]:
    if not code:
        return "", ""
    match level_of(code):
        case RegionLevel.VILLAGE:
            return names.get(code, code), names.get(parent_of(code) or "", "")
        case RegionLevel.DISTRICT:
            return "", names.get(code, code)
        case _:
            return "", ""
