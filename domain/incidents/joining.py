"""Which incidents people may merge, and which they may split: only what the machine would not undo at the next event.

It thinks anew at every event. What it then finds belongs to an incident of the same condition alone; of what somebody
complains about (a degraded link, an application) it knows each complaint by its cause and its reason, and has no
members that it could leave with another incident.
"""

from collections.abc import Collection

from domain.incidents.incidents import BY_SIGHT, Condition, Incident
from domain.language import _

NEVER = frozenset({Condition.BLIND})


def why_not_merged(child: Incident, into: Incident) -> str:
    """A sentence; empty where the child may end in the other one."""
    if child.id == into.id:
        return _("An incident cannot be merged into itself. Name another one.")
    for each in (child, into):
        if not each.is_open:
            return _("Incident {id} is not open any more. See: kentongan incidents show {id}").format(id=each.id)
    if child.condition is not into.condition or child.condition in NEVER:
        return _("{id} and {into} are not of one kind, and would part again by themselves.").format(
            id=child.id, into=into.id
        )
    if child.condition not in BY_SIGHT and child.reason != into.reason:
        return _("{id} and {into} are about different complaints, and would part again by themselves.").format(
            id=child.id, into=into.id
        )
    return ""


def why_not_split(incident: Incident, names: Collection[str]) -> str:
    """A sentence; empty where these members may become an incident of their own."""
    members = [member.name for member in incident.members]
    if not incident.is_open:
        return _("Incident {id} is not open any more. See: kentongan incidents show {id}").format(id=incident.id)
    if incident.condition not in BY_SIGHT:
        return _("{id} is one complaint and has no parts that could stay apart.").format(id=incident.id)
    unknown = sorted(set(names) - set(members))
    if not names or unknown or len(set(names)) == len(members):
        return _("Name some, not all, of the members of {id}. They are: {names}").format(
            id=incident.id, names=", ".join(members)
        )
    return ""
