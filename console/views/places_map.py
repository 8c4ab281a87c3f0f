"""The map's points as JSON: one for each site with coordinates, by the worst state of its devices. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from console.ports import Look
from console.views.drawing import worst_by_site
from console.views.places import kecamatan_of, place_name
from console.views.speech import state_word
from domain.accounts import Account, sees
from domain.network import RegionLevel, Site, level_of
from domain.states import State


def points(look: Look, account: Account) -> dict[str, Any]:
    worst = worst_by_site(look)
    found = []
    for site in look.inventory.sites:
        state = worst.get(site.slug)
        if state is None or site.latitude is None or site.longitude is None:
            continue
        found.append(point_of(site, state, look.names, account))
    return {"points": found, "labels": labels_of(look.inventory.sites, look.names)}


def point_of(site: Site, state: State, names: Mapping[str, str], account: Account) -> dict[str, Any]:
    """Of a site that has coordinates. path: where a click leads: to its village, if the account sees all of that."""
    code = site.region_code or ""
    village = code if code and level_of(code) is RegionLevel.VILLAGE and sees(account, code) else ""
    return {
        "at": [site.latitude, site.longitude],
        "name": place_name(site, names),
        "state": state.value,
        "word": state_word(state),
        "path": f"/villages/{village}" if village else f"/devices?q={quote(site.name)}",
        "code": code,
    }


def labels_of(sites: Iterable[Site], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each kecamatan's name in the middle of its sites: for a map without outlines."""
    members: dict[str, list[tuple[float, float]]] = {}
    for site in sites:
        name = kecamatan_of(site.region_code, names)
        if name and site.latitude is not None and site.longitude is not None:
            members.setdefault(name, []).append((site.latitude, site.longitude))
    return [
        {"name": name, "at": [sum(at[axis] for at in found) / len(found) for axis in (0, 1)]}
        for name, found in sorted(members.items())
    ]
