"""The wallboard: how many villages are without service, what is open by its impact, every state counted, a map.

With many incidents the worst stand whole and the others are folded by kecamatan.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from console.ports import Look
from console.views.drawing import Drawing, draw
from console.views.hour import FEW_LINES, MOST_LINES, Hour, hour_of
from console.views.incidents import kecamatan_named
from console.views.rows import IncidentRow, Speak, row_of, weight
from console.views.speech import lasting, number, state_word
from domain.incidents import Condition, Incident, Phase
from domain.language import _, n_
from domain.network import SiteKind, Stage
from domain.states import State

FOLDS_ABOVE = 12
WHOLE = 5
"""How many stand whole on a board that is folded."""

CONNECTED = frozenset({Stage.HANDED_OVER, Stage.ACTIVE})
WORST_FIRST = (State.DOWN, State.UNREACHABLE, State.DEGRADED, State.UNKNOWN, State.UP)


@dataclass(frozen=True, slots=True)
class Fold:
    """What else is open in one kecamatan. shape: of the worst. lasts: of the longest."""

    kecamatan: str
    shape: State
    incidents: str
    villages: str
    lasts: str
    rows: tuple[IncidentRow, ...]


@dataclass(frozen=True, slots=True)
class Wall:
    """rows: open incidents that stand whole, the worst first. counts: (state, its word, how many)."""

    answer: str
    second: str
    rows: tuple[IncidentRow, ...]
    folds: tuple[Fold, ...]
    hour: Hour
    counts: tuple[tuple[State, str, str], ...]
    drawing: Drawing


def wall_of(look: Look, lately: Iterable[Incident], speak: Speak, zone: tzinfo) -> Wall:
    """lately: incidents that overlap the last hour, as far as this look shows them."""
    worst_first = sorted(look.open, key=weight, reverse=True)
    whole = len(worst_first) if len(worst_first) <= FOLDS_ABOVE else WHOLE
    states = Counter(state.state for state in look.states.values())
    return Wall(
        _answer(look),
        n_("{count} open incident.", "{count} open incidents.", len(look.open)).format(count=number(len(look.open))),
        tuple(row_of(incident, look, speak, zone) for incident in worst_first[:whole]),
        _folds(worst_first[whole:], look, speak, zone),
        hour_of(lately, look, speak, zone, FEW_LINES if whole < len(worst_first) else MOST_LINES),
        tuple((state, state_word(state), number(states[state])) for state in WORST_FIRST if states[state]),
        draw(look),
    )


def _folds(rest: Sequence[Incident], look: Look, speak: Speak, zone: tzinfo) -> tuple[Fold, ...]:
    by_kecamatan: dict[str, list[Incident]] = defaultdict(list)
    for incident in rest:
        by_kecamatan[_kecamatan(incident, look)].append(incident)
    folds = []
    for kecamatan, found in by_kecamatan.items():
        rows = tuple(row_of(incident, look, speak, zone) for incident in found)
        dark = {
            place.key for each in found if each.condition is Condition.OUTAGE for place in each.impact.villages
        }  # a village that two incidents name is one
        folds.append(
            Fold(
                f"{_('Kec.')} {kecamatan}" if kecamatan else _("Several kecamatan"),
                rows[0].shape,
                n_("{count} incident", "{count} incidents", len(found)).format(count=number(len(found))),
                n_("{count} village", "{count} villages", len(dark)).format(count=number(len(dark))) if dark else "",
                lasting(look.at - min(each.started_at for each in found)),
                rows,
            )
        )
    return tuple(folds)


def _kecamatan(incident: Incident, look: Look) -> str:
    """Where it is, empty where it is in several or in none."""
    named = kecamatan_named(incident, look)
    return named.pop() if len(named) == 1 else ""


def _answer(look: Look) -> str:
    """'16 of 102 villages without service': of the desa that count as connected; an agency has none, but sites."""
    connected = {
        site.region_code or site.slug
        for site in look.inventory.sites
        if site.kind is SiteKind.DESA and site.counts_for_coverage and site.stage in CONNECTED
    }
    dark = {
        place.key
        for incident in look.open
        if incident.condition is Condition.OUTAGE and incident.phase is Phase.OPEN
        for place in incident.impact.villages
    } & connected
    if not connected and not look.sees_all:
        return _answer_of_sites(look)
    if not dark:
        return _("All {count} villages have service").format(count=number(len(connected)))
    return _("{dark} of {count} villages without service").format(dark=number(len(dark)), count=number(len(connected)))


def _answer_of_sites(look: Look) -> str:
    sites = {site.slug for site in look.inventory.sites if site.stage in CONNECTED}
    dark = sites & {
        place.key
        for incident in look.open
        if incident.condition is Condition.OUTAGE and incident.phase is Phase.OPEN
        for place in (*incident.impact.sites, *incident.impact.opd)
    }
    if not dark:
        return _("All {count} sites have service").format(count=number(len(sites)))
    return _("{dark} of {count} sites without service").format(dark=number(len(dark)), count=number(len(sites)))
