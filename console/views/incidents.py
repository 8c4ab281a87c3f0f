"""The list of incidents: those that are open, the worst first, or those that ended, the newest first. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from console.ports import Look
from console.views.devices import WORST_FIRST
from console.views.incident import sure_word, verdict_word
from console.views.places import kecamatan_of
from console.views.rows import IncidentRow, Speak, row_of, row_shape, weight
from console.views.sheet import Leaf, holds, leaf_of
from console.views.sorting import Columns, in_order
from domain.incidents import Incident
from domain.language import _

SPANS_DAYS: Final = (7, 30, 90)
"""How far back those that ended can be looked for; further back: the report of incidents."""


@dataclass(frozen=True, slots=True)
class IncidentsWanted:
    """days: of those that ended, how far back."""

    text: str = ""
    kecamatan: str = ""
    ended: bool = False
    days: int = SPANS_DAYS[0]
    page: int = 1
    sort: str = ""


@dataclass(frozen=True, slots=True)
class IncidentList:
    """total: before anything was filtered."""

    leaf: Leaf[IncidentRow]
    total: int
    kecamatan: tuple[str, ...]


def list_of(
    incidents: Sequence[Incident], look: Look, wanted: IncidentsWanted, speak: Speak, zone: tzinfo
) -> IncidentList:
    found = leaf_of(fitting(incidents, look, wanted, speak), wanted.page)
    rows = tuple(row_of(each, look, speak, zone) for each in found.rows)
    named = {name for each in incidents for name in kecamatan_named(each, look)}
    return IncidentList(Leaf(rows, found.found, found.page, found.pages), len(incidents), tuple(sorted(named)))


def fitting(incidents: Iterable[Incident], look: Look, wanted: IncidentsWanted, speak: Speak) -> list[Incident]:
    found = [
        each
        for each in incidents
        if (not wanted.kecamatan or wanted.kecamatan in kecamatan_named(each, look))
        and (not wanted.text or holds(_parts(each, speak), wanted.text))
    ]
    if wanted.ended:
        found.sort(key=lambda each: (each.resolved_at or each.started_at, each.id), reverse=True)
    else:
        found.sort(key=weight, reverse=True)
    return in_order(found, columns_of(look, speak), wanted.sort)


def columns_of(look: Look, speak: Speak) -> Columns[Incident]:
    return {
        "state": lambda each: WORST_FIRST[row_shape(each)],
        "what": lambda each: speak(each).title,
        "who": lambda each: speak(each).actor,
        "dark": lambda each: (len(each.impact.villages), len(each.members)),
        "since": lambda each: each.started_at.timestamp(),
        "lasts": lambda each: ((each.resolved_at or look.at) - each.started_at).total_seconds(),
    }


def kecamatan_named(incident: Incident, look: Look) -> set[str]:
    """Where it is: of what it makes dark, else of its members; '' among them for what lies in none."""
    impact = incident.impact
    named = {place.kecamatan for place in (*impact.villages, *impact.sites, *impact.opd) if place.kecamatan}
    if not named:
        sites, devices = look.inventory.site_by_slug, look.inventory.used_by_name
        for member in incident.members:
            device = devices.get(member.name)
            site = sites.get(device.site if device else member.name)
            named.add(kecamatan_of(site.region_code, look.names) if site else "")
    return named


def sheet_head(zone_name: str) -> list[str]:
    return [
        _("incident"), _("state"), _("what"), _("whose"), _("who acts"), _("cause"), _("presumed cause"),
        _("confidence"), _("villages"), _("agencies"), _("applications"), _("devices"), _("population"),
        _("began, {zone}").format(zone=zone_name), _("ended, {zone}").format(zone=zone_name), _("minutes"),
    ]  # fmt: skip


def sheet_row(incident: Incident, look: Look, speak: Speak, zone: tzinfo) -> list[object]:
    words, impact = speak(incident), incident.impact
    until = incident.resolved_at or look.at
    return [
        incident.id,
        words.state,
        words.title,
        words.whose,
        words.actor,
        str(incident.cause),
        verdict_word(incident.verdict.kind),
        sure_word(incident.verdict.confidence),
        len(impact.villages),
        len(impact.opd),
        len(impact.services),
        len(incident.members),
        impact.population or None,
        f"{incident.started_at.astimezone(zone):%Y-%m-%d %H:%M}",
        f"{incident.resolved_at.astimezone(zone):%Y-%m-%d %H:%M}" if incident.resolved_at else None,
        int((until - incident.started_at).total_seconds()) // 60,
    ]


def _parts(incident: Incident, speak: Speak) -> Iterable[str]:
    """What can be looked for."""
    words, impact = speak(incident), incident.impact
    yield from (incident.id, words.title, words.state, words.actor, incident.cause.name)
    yield from (member.name for member in incident.members)
    yield from (place.name for place in (*impact.villages, *impact.sites, *impact.opd, *impact.services))
