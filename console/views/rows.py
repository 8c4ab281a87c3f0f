"""One line of an incident, as the wallboard and the list show it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from console.ports import Look, Words
from console.views.speech import clock, lasting, moment, number
from domain.incidents import Condition, Incident, Phase, Urgency
from domain.language import _, n_
from domain.states import State

Speak = Callable[[Incident], Words]
"""An incident in the language of whoever looks."""


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """shape: the state whose colour and shape it has. minor: nobody is without service. figure: of its impact."""

    id: str
    shape: State
    words: Words
    sentence: str
    figure: str
    unit: str
    beside: str
    lasts: str
    since: str
    minor: bool


def shape_of(incident: Incident) -> State:
    match incident.condition:
        case Condition.MANAGEMENT | Condition.BLIND:
            return State.UNKNOWN
        case Condition.DEGRADED:
            return State.DEGRADED
        case _:
            return State.DOWN


def row_shape(incident: Incident) -> State:
    """Of its line in a list: one that is over is well."""
    return State.UP if incident.phase in (Phase.RESOLVED, Phase.MERGED) else shape_of(incident)


def weight(incident: Incident) -> tuple[bool, int, int, int]:
    """What is worse is greater."""
    impact = incident.impact
    dark = incident.condition is Condition.OUTAGE
    return incident.urgency is Urgency.PAGE, dark * len(impact.villages), len(impact.opd), impact.devices


def row_of(incident: Incident, look: Look, speak: Speak, zone: tzinfo) -> IncidentRow:
    words, impact = speak(incident), incident.impact
    villages = len(impact.villages)
    others = [
        n_("{count} agency", "{count} agencies", len(impact.opd)).format(count=number(len(impact.opd))),
        n_("{count} application", "{count} applications", len(impact.services)).format(
            count=number(len(impact.services))
        ),
    ]
    beside = ", ".join(text for text, places in zip(others, (impact.opd, impact.services), strict=True) if places)
    unit = n_("village without service", "villages without service", villages)
    if not villages:
        unit = n_("device concerned", "devices concerned", len(incident.members))
    until = incident.resolved_at or look.at
    return IncidentRow(
        incident.id,
        row_shape(incident),
        words,
        " ".join(f"{_brief(line)}." for line in words.lines[:2]),
        number(villages or len(incident.members)),
        unit,
        beside,
        lasting(until - incident.started_at),
        moment(incident.started_at, zone, look.at.astimezone(zone).date()),
        incident.condition is Condition.DEGRADED or incident.urgency is not Urgency.PAGE,
    )


def _brief(line: str) -> str:
    """The first two of the clauses that a line puts side by side; the incident's page has them all."""
    return "; ".join(line.split("; ")[:2]).rstrip(".")


def standing(incident: Incident, zone: tzinfo) -> str:
    """'back since 18.20, not yet stable', or empty while it simply goes on."""
    if incident.phase is Phase.RETURNING and incident.returning_since:
        return _("back since {time}, not yet stable").format(time=clock(incident.returning_since, zone))
    back = len(incident.members) - len(incident.dark)
    if incident.phase is Phase.OPEN and back:
        return _("{back} of {all} back").format(back=number(back), all=number(len(incident.members)))
    return ""
