"""What happens in a drill: orders that break and mend, and how it is at one moment. Pure; every order is told the time.

Times are unix seconds of the true clock. A device that gets its power back has booted then; a mended cut boots nobody.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import inf

from domain.language import _
from kentongan.drill.truth import Broken, Truth, View
from kentongan.errors import KentonganError

UPTIME_AT_BEGIN_SECONDS = 40 * 86400.0
VIEWS_KEPT = 1000
BOOT_SECONDS = 45.0


class UnknownOrderError(KentonganError):
    """An order that names nothing in this network."""


class Verb(StrEnum):
    """What can be ordered; the words of the timeline language."""

    CUT = "cut"  # a link, or a segment with all links over it
    FEEDER_OFF = "feeder-off"
    POWER_OFF = "power-off"  # a site: its token, its breaker
    HANG = "hang"  # a device: powered, its ports up, and it forwards and answers nothing
    KILL = "kill"  # a device: as if it were not there
    PROVIDER_DOWN = "provider-down"
    UNPLUG_POLLER = "unplug-poller"
    REBOOT = "reboot"  # a device, in no time
    RESTORE = "restore"  # whatever bears the name; `all`


@dataclass(slots=True)
class World:
    truth: Truth
    began: float
    broken: Broken = field(default_factory=Broken)
    _ordered_at: float = 0.0
    _flaps: dict[str, float] = field(default_factory=dict)  # link → seconds of a whole turn, down and up
    _booted: dict[str, float] = field(default_factory=dict)
    _battery_since: dict[str, float] = field(default_factory=dict)
    _views: dict[Broken, View] = field(default_factory=dict)

    def order(self, verb: Verb, name: str, at: float) -> None:
        """Raises UnknownOrderError for a name that the network does not know in that place."""
        was, before = self.broken, self._view(self.broken)
        self._check(verb, name)
        self.broken = self._after(verb, name)
        self._ordered_at = at
        after = self._view(self.broken)
        for device in after.powered - before.powered:
            self._booted[device] = at
        for site in after.on_battery - before.on_battery:
            self._battery_since[site] = at
        if verb is Verb.REBOOT:
            self._booted[name] = at
        for device in was.hung - self.broken.hung:
            self._booted[device] = at  # somebody restarted it

    def flap(self, link: str, turn_seconds: float, at: float) -> None:
        """From now on the link goes down and up in turns of so many seconds; 0 ends it."""
        self._check(Verb.CUT, link)
        self._ordered_at = at
        if turn_seconds > 0:
            self._flaps[link] = turn_seconds
        else:
            self._flaps.pop(link, None)

    def changed_at(self, at: float) -> float:
        """When anything became otherwise last: by an order, or by a link that flaps."""
        turns = [at - (at - self.began) % (turn / 2) for turn in self._flaps.values()]
        return max(self._ordered_at, *turns) if turns else self._ordered_at

    def changes_at(self, after: float) -> float:
        """When it becomes otherwise by itself next; inf if it does not."""
        turns = [after + turn / 2 - (after - self.began) % (turn / 2) for turn in self._flaps.values()]
        boots = [booted + BOOT_SECONDS for booted in self._booted.values() if booted + BOOT_SECONDS > after]
        return min(turns + boots, default=inf)

    def view(self, at: float) -> View:
        """A device that boots has power and light, and does nothing yet."""
        broken = self.broken
        down = {link for link, turn in self._flaps.items() if (at - self.began) % turn < turn / 2}
        boots = {name for name, booted in self._booted.items() if 0 <= at - booted < BOOT_SECONDS}
        if down or boots:
            broken = replace(broken, cuts=broken.cuts | down, hung=broken.hung | boots)
        return self._view(broken)

    def booted_at(self, device: str) -> float:
        return self._booted.get(device, self.began - UPTIME_AT_BEGIN_SECONDS)

    def on_battery_seconds(self, device: str, at: float) -> float:
        site = self.truth.devices[device].site
        if site not in self._view(self.broken).on_battery:
            return 0.0
        return max(at - self._battery_since.get(site, at), 1.0)

    def _view(self, broken: Broken) -> View:
        if broken not in self._views:
            if len(self._views) >= VIEWS_KEPT:
                self._views.clear()
            self._views[broken] = self.truth.view(broken)
        return self._views[broken]

    def _after(self, verb: Verb, name: str) -> Broken:
        now = self.broken
        match verb:
            case Verb.CUT:
                return replace(now, cuts=now.cuts | {name})
            case Verb.FEEDER_OFF:
                return replace(now, feeders=now.feeders | {name})
            case Verb.POWER_OFF:
                return replace(now, sites=now.sites | {name})
            case Verb.HANG:
                return replace(now, hung=now.hung | {name})
            case Verb.KILL:
                return replace(now, dead=now.dead | {name})
            case Verb.PROVIDER_DOWN:
                return replace(now, providers=now.providers | {name})
            case Verb.UNPLUG_POLLER:
                return replace(now, own_path=True)
            case Verb.REBOOT:
                return now
            case Verb.RESTORE:
                return Broken() if name == "all" else _without(now, name)

    def _check(self, verb: Verb, name: str) -> None:
        known = self.names(verb)
        if name not in known:
            near = ", ".join(sorted(known, key=lambda each: (_apart(each, name), each))[:3])
            raise UnknownOrderError(
                _("{verb} {name}: there is nothing of that name. Near it: {near}").format(
                    verb=verb.value, name=name, near=near
                )
            )

    def names(self, verb: Verb) -> Collection[str]:
        """What the verb may be said of."""
        truth = self.truth
        segments = {name for link in (*truth.wires.values(), *truth.lines.values()) for name in link.segments}
        match verb:
            case Verb.CUT:
                return truth.wires.keys() | truth.lines.keys() | segments
            case Verb.FEEDER_OFF:
                return {site.power_feeder for site in truth.sites.values()} - {""}
            case Verb.POWER_OFF:
                return {device.site for device in truth.devices.values()}
            case Verb.HANG | Verb.KILL | Verb.REBOOT:
                return truth.devices.keys()
            case Verb.PROVIDER_DOWN:
                return {link.provider for link in truth.lines.values()} - {""}
            case Verb.UNPLUG_POLLER:
                return {"", "poller"}
            case Verb.RESTORE:
                now = self.broken
                own = {"poller"} if now.own_path else set()
                return {*now.cuts, *now.feeders, *now.sites, *now.hung, *now.dead, *now.providers, *own, "all"}


def _without(broken: Broken, name: str) -> Broken:
    gone = frozenset({name})
    return Broken(
        broken.cuts - gone,
        broken.feeders - gone,
        broken.sites - gone,
        broken.hung - gone,
        broken.dead - gone,
        broken.deaf - gone,
        broken.providers - gone,
        broken.own_path and name != "poller",
    )


def _apart(one: str, other: str) -> int:
    """Fewer common pieces of three letters: further apart."""
    pieces = {one[at : at + 3] for at in range(len(one) - 2)}
    return -len(pieces & {other[at : at + 3] for at in range(len(other) - 2)})
