"""A schematic map: a mark for each site where it stands, by the worst state of its devices; the kecamatan's names.

Lengths are in units of the picture, which is `width` by `height`; a site without coordinates is not on it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Final

from console.ports import Look
from console.views.places import kecamatan_of
from domain.network import Site
from domain.states import State

WIDTH: Final = 640.0
EDGE: Final = 24.0
_WORSE: Final = {State.DOWN: 5, State.UNREACHABLE: 4, State.DEGRADED: 3, State.UNKNOWN: 2, State.UP: 1}


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """marks: by the state that is drawn; the healthy ones first, so that nothing lies over a fault."""

    width: float
    height: float
    marks: Mapping[State, tuple[Mark, ...]]
    labels: tuple[Mark, ...] = ()


def draw(look: Look) -> Drawing:
    placed = [site for site in look.inventory.sites if site.latitude is not None and site.longitude is not None]
    worst = worst_by_site(look)
    shown = [site for site in placed if site.slug in worst]
    if not shown:
        return Drawing(WIDTH, WIDTH / 2, {})
    across, down, height = _projection(shown)
    marks: dict[State, list[Mark]] = {state: [] for state in sorted(_WORSE, key=_WORSE.__getitem__)}
    for site in shown:
        marks[worst[site.slug]].append(Mark(across[site.slug], down[site.slug], site.name))
    return Drawing(
        WIDTH,
        height,
        {state: tuple(found) for state, found in marks.items() if found},
        tuple(_labels(shown, across, down, look.names)),
    )


def worst_by_site(look: Look) -> dict[str, State]:
    worst: dict[str, State] = {}
    for device in look.inventory.devices:
        found = look.states.get(device.name)
        if found is not None:
            before = worst.get(device.site)
            if before is None or _WORSE[found.state] > _WORSE[before]:
                worst[device.site] = found.state
    return worst


def _projection(sites: Iterable[Site]) -> tuple[dict[str, float], dict[str, float], float]:
    """A kabupaten is small enough for a plane: a degree of longitude is shorter by the cosine of the latitude."""
    points = {site.slug: (site.longitude or 0.0, site.latitude or 0.0) for site in sites}
    west, east = min(x for x, _y in points.values()), max(x for x, _y in points.values())
    south, north = min(y for _x, y in points.values()), max(y for _x, y in points.values())
    shrink = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * EDGE) / max((east - west) * shrink, 1e-6, (north - south) / 2)
    across = {slug: round(EDGE + (x - west) * shrink * scale, 1) for slug, (x, _y) in points.items()}
    down = {slug: round(EDGE + (north - y) * scale, 1) for slug, (_x, y) in points.items()}
    return across, down, round(2 * EDGE + (north - south) * scale, 1)


def _labels(
    sites: Iterable[Site], across: Mapping[str, float], down: Mapping[str, float], names: Mapping[str, str]
) -> Iterable[Mark]:
    """Each kecamatan's name in the middle of its sites."""
    members: dict[str, list[str]] = {}
    for site in sites:
        if name := kecamatan_of(site.region_code, names):
            members.setdefault(name, []).append(site.slug)
    for name, slugs in sorted(members.items()):
        x = sum(across[slug] for slug in slugs) / len(slugs)
        y = sum(down[slug] for slug in slugs) / len(slugs)
        yield Mark(round(x, 1), round(y, 1), name)
