"""What people may order the world to do: one JSON object a line in, one out. No sockets here.

In: `{"order": "cut", "name": "fo-olt-plered"}`; orders are those of `ORDERS`. A reboot may say how many `seconds` it
takes, flap must say `every` how many, dim how many `db` less arrive, and may say `over` how many seconds.
Out: `{"ok": true, …}` or `{"ok": false, "error": "…"}`.
"""

import json
from collections.abc import Callable, Mapping

from domain.language import _
from domain.network import SiteKind
from lab.errors import LabError
from lab.world.model import REBOOT_SECONDS, Effect, World

Answer = dict[str, object]
_LONGEST_REBOOT = 3600
_SHORTEST_FLAP, _LONGEST_FLAP = 0.5, 86_400
_MOST_DB = 40
_LONGEST_DIMMING = 90 * 86_400
ORDERS = (
    "cut",
    "restore",
    "flap",
    "dim",
    "power-off",
    "power-on",
    "power-feeder-off",
    "power-feeder-on",
    "reboot",
    "status",
)


class Orders:
    """Carries orders out on a world; `what_else` is put into every status."""

    def __init__(self, world: World, what_else: Callable[[], Mapping[str, object]] = dict) -> None:
        self._world = world
        self._what_else = what_else
        self._deeds: Mapping[str, Callable[[str, float], Effect]] = {
            "cut": world.cut,
            "restore": world.restore,
            "power-off": world.power_off,
            "power-on": world.power_on,
            "power-feeder-off": world.feeder_off,
            "power-feeder-on": world.feeder_on,
        }
        self._measured: Mapping[str, Callable[[Mapping[str, object], str, float], Effect]] = {
            "reboot": self._reboot,
            "flap": self._flap,
            "dim": self._dim,
        }

    def obey(self, line: bytes, now: float) -> Answer:
        """The answer to one line; never raises for what somebody wrote."""
        try:
            return self._obey(line, now)
        except LabError as error:
            return {"ok": False, "error": str(error)}

    def _obey(self, line: bytes, now: float) -> Answer:
        try:
            order = json.loads(line)
        except (ValueError, RecursionError):
            raise LabError(_("an order is one JSON object on one line")) from None
        if not isinstance(order, dict) or order.get("order") not in ORDERS:
            raise LabError(_("unknown order; there are {orders}").format(orders=", ".join(ORDERS)))
        word = str(order["order"])
        if word == "status":
            return self._status(now)
        name = order.get("name")
        if not isinstance(name, str) or not name:
            raise LabError(_("{order} needs a name").format(order=word))
        measured = self._measured.get(word)
        effect = measured(order, name, now) if measured else self._deeds[word](name, now)
        return {
            "ok": True,
            "order": word,
            "name": name,
            "changed": effect.changed,
            "darkened": list(effect.darkened),
            "lit": list(effect.lit),
            "dark": self._dark_counts(),
        }

    def _reboot(self, order: Mapping[str, object], name: str, now: float) -> Effect:
        seconds = _number(order.get("seconds", REBOOT_SECONDS))
        if seconds is None or not 0 < seconds <= _LONGEST_REBOOT:
            raise LabError(_("a reboot takes between 0 and {most} seconds").format(most=_LONGEST_REBOOT))
        return self._world.reboot(name, now, seconds)

    def _flap(self, order: Mapping[str, object], name: str, now: float) -> Effect:
        every = _number(order.get("every"))
        if every is None or not _SHORTEST_FLAP <= every <= _LONGEST_FLAP:
            raise LabError(
                _("a link flaps every {least} to {most} seconds").format(least=_SHORTEST_FLAP, most=_LONGEST_FLAP)
            )
        return self._world.flap(name, every, now)

    def _dim(self, order: Mapping[str, object], name: str, now: float) -> Effect:
        db, over = _number(order.get("db")), _number(order.get("over", 0))
        if db is None or not 0 <= db <= _MOST_DB:
            raise LabError(_("a link is dimmed by 0 to {most} dB").format(most=_MOST_DB))
        if over is None or not 0 <= over <= _LONGEST_DIMMING:
            raise LabError(_("dimming takes between 0 and {most} seconds").format(most=_LONGEST_DIMMING))
        return self._world.dim(name, db, now, over)

    def _status(self, now: float) -> Answer:
        world = self._world
        return {
            "ok": True,
            "order": "status",
            "devices": len(world.wiring.nodes),
            "agents": sum(node.has_agent for node in world.wiring.nodes),
            "cut": list(world.cut_links),
            "withoutPower": list(world.sites_without_power),
            "feedersOff": list(world.feeders_off),
            "onReserve": {slug: supply.value for slug, supply in world.supplies(now).items()},
            "flapping": list(world.flapping),
            "dimmed": list(world.dimmed),
            "rebooting": list(world.rebooting),
            "dark": self._dark_counts(),
            "darkDevices": list(world.names(world.dark)),
            "links": sorted(self._world.links, key=_by_interest),
            "feeders": list(world.feeders),
            **self._what_else(),
        }

    def _dark_counts(self) -> dict[str, int]:
        """Devices that are dark, and sites and desa that have nothing but dark devices."""
        dark = self._world.dark
        lit = {node.site.slug for node in self._world.wiring.nodes if node.index not in dark}
        gone = {node.site.slug: node.site for node in self._world.wiring.nodes if node.site.slug not in lit}
        villages = sum(site.kind is SiteKind.DESA for site in gone.values())
        return {"devices": len(dark), "sites": len(gone), "villages": villages}


def _number(value: object) -> float | None:
    """A number of a sane size, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e12 < value < 1e12:
        return None
    return float(value)


_INTEREST = ("fo-olt-", "fo-", "radio-", "vpn-", "internet-", "gpon-")


def _by_interest(link: str) -> tuple[int, str]:
    """Trunks before spurs, cables inside a room last: what somebody who wants to see something go dark tries first."""
    rank = next((at for at, prefix in enumerate(_INTEREST) if link.startswith(prefix)), len(_INTEREST))
    return rank, link
