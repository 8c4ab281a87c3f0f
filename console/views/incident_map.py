"""Where an incident is: its members' sites and its cause as points for the map, JSON. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from console.ports import Look
from console.views.culprits import Culprits, culprits_of
from console.views.incident_ways import member_state
from console.views.places import kecamatan_of
from console.views.places_map import labels_of, point_of
from console.views.rows import shape_of
from console.views.speech import number, state_word
from domain.accounts import Account
from domain.incidents import Incident
from domain.language import _, n_
from domain.states import State

WORST_LAST: Final = (State.UP, State.UNKNOWN, State.DEGRADED, State.UNREACHABLE, State.DOWN)
ENDS_OF_A_WAY: Final = 2
FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Where:
    """on_map: at least one of its places has coordinates. said: in words, empty where it is nowhere."""

    on_map: bool
    said: str


def map_of(incident: Incident, look: Look, account: Account) -> dict[str, Any]:
    """points: a site each, by the worst of the members there. cut: lines between sites on which the cause lies."""
    by_site = _states(incident, look)
    culprits = culprits_of(incident.cause, look)
    ends = _ends(culprits, look)
    sites, points = [], []
    for slug in sorted({*by_site, *culprits.sites, *(slug for line in ends for slug in line)}):
        site = look.inventory.site_by_slug.get(slug)
        if site is None or site.latitude is None or site.longitude is None:
            continue
        state, cause = by_site.get(slug), slug in culprits.sites
        if state is None:
            state = shape_of(incident) if cause and incident.is_open else State.UP
        word = f"{state_word(state)}, {_('cause')}" if cause else state_word(state)
        points.append({**point_of(site, state, look.names, account), "word": word, "cause": cause})
        sites.append(site)
    placed = {site.slug: [site.latitude, site.longitude] for site in sites}
    cut = [[placed[slug] for slug in line] for line in ends if all(slug in placed for slug in line)]
    crowds = Counter(kecamatan_of(site.region_code, look.names) for site in sites)
    labelled = [site for site in sites if crowds[kecamatan_of(site.region_code, look.names)] >= FEW]
    labels = labels_of(labelled, look.names)  # of fewer the name would lie on a mark
    return {"points": points, "labels": labels, "cut": cut, "now": incident.is_open}


def where_of(incident: Incident, look: Look) -> Where:
    sites = [look.inventory.site_by_slug[slug] for slug in _states(incident, look)]
    placed = sum(site.latitude is not None and site.longitude is not None for site in sites)
    missing = len(sites) - placed
    kecamatan = sorted({name for site in sites if (name := kecamatan_of(site.region_code, look.names))})
    said = [", ".join(f"{_('Kec.')} {name}" for name in kecamatan) or ", ".join(sorted(s.name for s in sites)[:FEW])]
    if missing:
        said.append(
            n_(
                "{count} place has no coordinates and is not on the map",
                "{count} places have no coordinates and are not on the map",
                missing,
            ).format(count=number(missing))
        )
    return Where(placed > 0, "".join(f"{text}. " for text in said if text).strip())


def _states(incident: Incident, look: Look) -> Mapping[str, State]:
    """By the slug of each site at which a member stands."""
    inventory = look.inventory
    at_service = {service.code: service.site for service in inventory.services}
    found: dict[str, State] = {}
    for member in incident.members:
        device = inventory.used_by_name.get(member.name)
        slug = device.site if device else at_service.get(member.name, member.name)
        if slug not in inventory.site_by_slug:
            continue
        state = member_state(member, look)
        if device is None and not member.back_at and incident.is_open:
            state = shape_of(incident)
        found[slug] = max(found.get(slug, state), state, key=WORST_LAST.index)
    return found


def _ends(culprits: Culprits, look: Look) -> list[tuple[str, str]]:
    """Pairs of sites; a way inside one site is no line on a map."""
    known = look.inventory.used_by_name
    lines = {tuple(sorted({known[name].site for name in way})) for way in culprits.ways}
    return sorted((line[0], line[-1]) for line in lines if len(line) == ENDS_OF_A_WAY)
