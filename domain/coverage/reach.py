"""How far it is from a place to the nearest PoP, along what exists: straight to the nearest site that is on fibre, from
there along the links that are there.

Distances in kilometres. What the inventory does not say is estimated from coordinates, a fixed part longer than the
line. No elevation is known here: whether one place sees another is not said.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Final

from domain.network import DeviceStatus, Inventory, LinkPurpose, Medium, Site, SiteKind, Stage

EARTH_KILOMETRES: Final = 6371.0
_CENTRES: Final = frozenset({SiteKind.POP, SiteKind.DATACENTER})
_STANDS: Final = frozenset({Stage.ACTIVE, Stage.HANDED_OVER})
_HIGH: Final = frozenset({SiteKind.TOWER, SiteKind.POP})


@dataclass(frozen=True, slots=True)
class Way:
    """How a place would be joined. joins: the site on fibre it would begin at. new_km: to be built, along roads.
    along_km: from there to the PoP over what exists. pop: the slug of that.
    """

    joins: str
    new_km: float
    along_km: float
    pop: str


@dataclass(frozen=True, slots=True)
class Mast:
    """A site that may carry a radio, and how far away it is in a straight line. Line of sight is not checked."""

    site: str
    km: float


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great circle (haversine) between two (latitude, longitude) in degrees."""
    (a, b), (c, d) = (map(math.radians, each) for each in (one, other))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * EARTH_KILOMETRES * math.asin(math.sqrt(half))


class Reach:
    """One inventory's network as it lies on the map. detour: how much longer a road is than the line."""

    def __init__(self, inventory: Inventory, detour: float) -> None:
        self._detour = detour
        standing = [site for site in inventory.sites if site.stage in _STANDS]
        self._points = {site.slug: point for site in standing if (point := point_of(site)) is not None}
        self.roads = _fibre(inventory, self._points, detour)
        centres = sorted(site.slug for site in standing if site.kind in _CENTRES)
        self._along = _nearest(centres, self.roads)
        self._masts = sorted(site.slug for site in standing if site.kind in _HIGH and site.slug in self._points)

    def way(self, point: tuple[float, float]) -> Way | None:
        """The least to be built; of equal ones the shorter way to the PoP, then the name. None: nothing is on fibre."""
        best: tuple[float, float, str, str] | None = None
        for slug, (along, pop) in self._along.items():
            there = self._points.get(slug)
            if there is not None:
                new = round(kilometres(point, there) * self._detour, 3)
                found = (new, round(along, 3), slug, pop)
                best = found if best is None else min(best, found)
        return Way(best[2], best[0], best[1], best[3]) if best else None

    def mast(self, point: tuple[float, float]) -> Mast | None:
        found = ((round(kilometres(point, self._points[slug]), 3), slug) for slug in self._masts)
        km, slug = min(found, default=(0.0, ""))
        return Mast(slug, km) if slug else None


def point_of(site: Site) -> tuple[float, float] | None:
    return None if site.latitude is None or site.longitude is None else (site.latitude, site.longitude)


def _fibre(
    inventory: Inventory, points: Mapping[str, tuple[float, float]], detour: float
) -> Mapping[str, Mapping[str, float]]:
    """Site → the sites that a fibre leads to, and how far. A link without a length or coordinates counts as nought."""
    site_of = {device.name: device.site for device in inventory.devices if device.status is DeviceStatus.IN_USE}
    roads: dict[str, dict[str, float]] = defaultdict(dict)
    for link in inventory.links:
        one, other = site_of.get(link.a_device, ""), site_of.get(link.z_device, "")
        if link.medium is not Medium.FIBRE or link.purpose is not LinkPurpose.SERVICE or not one or not other:
            continue
        length = link.length_km
        if length is None and one in points and other in points:
            length = kilometres(points[one], points[other]) * detour
        for near, far in ((one, other), (other, one)):
            roads[near][far] = min(roads[near].get(far, math.inf), length or 0.0)
    return roads


def _nearest(centres: Iterable[str], roads: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[float, str]]:
    """Site → how far its nearest centre is along the roads, and which it is (Dijkstra from all centres at once)."""
    found: dict[str, tuple[float, str]] = {}
    waiting = [(0.0, centre, centre) for centre in centres]
    while waiting:
        far, centre, site = heappop(waiting)
        if site in found:
            continue
        found[site] = far, centre
        for other, length in roads.get(site, {}).items():
            if other not in found:
                heappush(waiting, (far + length, centre, other))
    return found
