"""The wallboard: how many villages are without service, what is open by its impact, every state counted, a map."""

from collections import Counter
from dataclasses import dataclass
from datetime import tzinfo

from console.ports import Look
from console.views.drawing import Drawing, draw
from console.views.rows import IncidentRow, Speak, row_of, weight
from console.views.speech import number, state_word
from domain.incidents import Condition, Phase
from domain.language import _, n_
from domain.network import SiteKind, Stage
from domain.states import State

MOST_ROWS = 30
CONNECTED = frozenset({Stage.HANDED_OVER, Stage.ACTIVE})
WORST_FIRST = (State.DOWN, State.UNREACHABLE, State.DEGRADED, State.UNKNOWN, State.UP)


@dataclass(frozen=True, slots=True)
class Wall:
    """rows: open incidents, the worst first. more: how many stand in no row. counts: (state, its word, how many)."""

    answer: str
    second: str
    rows: tuple[IncidentRow, ...]
    more: int
    counts: tuple[tuple[State, str, str], ...]
    drawing: Drawing


def wall_of(look: Look, speak: Speak, zone: tzinfo) -> Wall:
    worst_first = sorted(look.open, key=weight, reverse=True)
    rows = tuple(row_of(incident, look, speak, zone) for incident in worst_first[:MOST_ROWS])
    states = Counter(state.state for state in look.states.values())
    return Wall(
        _answer(look),
        n_("{count} open incident.", "{count} open incidents.", len(look.open)).format(count=number(len(look.open))),
        rows,
        len(look.open) - len(rows),
        tuple((state, state_word(state), number(states[state])) for state in WORST_FIRST if states[state]),
        draw(look),
    )


def _answer(look: Look) -> str:
    """'16 of 102 villages without service': of the desa that count as connected."""
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
    if not dark:
        return _("All {count} villages have service").format(count=number(len(connected)))
    return _("{dark} of {count} villages without service").format(dark=number(len(dark)), count=number(len(connected)))
