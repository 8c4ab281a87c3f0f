"""What people order an open incident to be, by command line, console or a reply from a phone. Pure.

Each order is an Act of a person; what it brings about is decided by the desk, and both go into the timeline.
"""

from dataclasses import dataclass, replace

from alerts.desk.desk import Decision, Desk
from alerts.errors import AlertError
from domain.incidents import Act, ActKind, Cause, CauseKind, why_not_merged, why_not_split
from domain.language import _
from domain.time import Moment

ONLY_WHILE_OPEN = frozenset({ActKind.ACKNOWLEDGED, ActKind.DONE, ActKind.MERGED, ActKind.SPLIT, ActKind.ASSIGNED})


class OrderRefusedError(AlertError):
    """The order cannot be carried out; nothing has changed."""


@dataclass(frozen=True, slots=True)
class Obeyed:
    """still_dark: what contradicts 'done'; the incident then stays open, and the word is kept."""

    decision: Decision
    still_dark: tuple[str, ...] = ()


def obey(desk: Desk, act: Act, now: Moment) -> Obeyed:
    """Raises OrderRefusedError. Whether an incident that is not open exists at all is the caller's to know."""
    if act.kind in ONLY_WHILE_OPEN and desk.get(act.incident) is None:
        raise OrderRefusedError(
            _("Incident {id} is not open any more. See: kentongan incidents show {id}").format(id=act.incident)
        )
    still_dark: tuple[str, ...] = ()
    match act.kind:
        case ActKind.DONE:
            ended = desk.finish(act.incident, now)
            decision, still_dark = (Decision(), ended) if isinstance(ended, tuple) else (ended, ())
        case ActKind.MERGED:
            decision = _merge(desk, act, now)
        case ActKind.SPLIT:
            decision = _split(desk, act, now)
        case _:
            decision = Decision()
    return Obeyed(replace(decision, acts=(act, *decision.acts)), still_dark)


def _merge(desk: Desk, act: Act, now: Moment) -> Decision:
    child, into = desk.get(act.incident), desk.get(act.values.get("into", ""))
    assert child is not None, "an order of those that need an open incident"
    if into is None:
        raise OrderRefusedError(
            _("Incident {id} is not open; name another one to merge into. See: kentongan incidents").format(
                id=act.values.get("into", "")
            )
        )
    if why := why_not_merged(child, into):
        raise OrderRefusedError(why)
    return desk.merge(child.id, into.id, now)


def _split(desk: Desk, act: Act, now: Moment) -> Decision:
    """values: members; kind and name of the cause, by default the first member itself."""
    incident = desk.get(act.incident)
    assert incident is not None, "an order of those that need an open incident"
    names = [name for name in act.values.get("members", "").split("|") if name]
    if why := why_not_split(incident, names):
        raise OrderRefusedError(why)
    cause = Cause(CauseKind(act.values.get("kind", CauseKind.DEVICE.value)), act.values.get("name") or names[0])
    return desk.split(incident.id, names, cause, now)
