"""What merging two incidents, or splitting one, would bring about: said before it is done. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from hashlib import sha256

from console.ports import Look, Words
from console.views.rows import Speak, shape_of
from console.views.speech import moment, number
from domain.incidents import Incident, why_not_merged, why_not_split
from domain.language import _, n_
from domain.network import Topology
from domain.states import State


@dataclass(frozen=True, slots=True)
class Candidate:
    """An incident into which this one could be merged."""

    id: str
    shape: State
    words: Words
    members: str
    since: str


@dataclass(frozen=True, slots=True)
class Foreseen:
    """lines: what would happen. mark: of what was looked at; another one as soon as that differs. why_not: refused."""

    lines: tuple[str, ...]
    mark: str
    why_not: str = ""


def candidates_of(
    child: Incident, others: Iterable[Incident], look: Look, speak: Speak, zone: tzinfo
) -> tuple[Candidate, ...]:
    """Those that began at about the same time first."""
    today = look.at.astimezone(zone).date()
    fitting = [each for each in others if not why_not_merged(child, each)]
    fitting.sort(key=lambda each: (abs(each.started_at - child.started_at), each.id))
    return tuple(
        Candidate(
            each.id, shape_of(each), speak(each), _devices(len(each.members)), moment(each.started_at, zone, today)
        )
        for each in fitting
    )


def merging(child: Incident, into: Incident, look: Look, zone: tzinfo) -> Foreseen:
    """Into an incident of this look: child ends, into goes on."""
    mark = _mark(child, into)
    if why := why_not_merged(child, into):
        return Foreseen((), mark, why)
    own = {member.name for member in into.members}
    both = own | {member.name for member in child.members}
    lines = [
        _("{into} goes on with {members}; before that it held {before}.").format(
            into=into.id, members=_devices(len(both)), before=number(len(own))
        ),
        _("{id} ends. Its page stays and leads to {into}.").format(id=child.id, into=into.id),
        _("What is found of {cause} from now on belongs to {into}, whatever it is laid to.").format(
            cause=child.cause.name or child.id, into=into.id
        ),
    ]
    if child.started_at < into.started_at:
        today = look.at.astimezone(zone).date()
        lines.append(
            _("{into} then counts from {time}, when {id} began.").format(
                into=into.id, id=child.id, time=moment(child.started_at, zone, today)
            )
        )
    if child.handling.announced:
        lines.append(_("Whoever was told of {id} gets one message that names both numbers.").format(id=child.id))
    else:
        lines.append(_("Nobody is told: nobody was told of {id} either.").format(id=child.id))
    return Foreseen(tuple(lines), mark)


def splitting(incident: Incident, names: Sequence[str]) -> Foreseen:
    """names: of the members that become an incident of their own, the one nearest to the core first."""
    mark = _mark(incident)
    if why := why_not_split(incident, names):
        return Foreseen((), mark, why)
    rest = len(incident.members) - len(names)
    shown, more = names[:10], len(names) - 10
    listed = ", ".join(shown) + (_(" and {count} more").format(count=number(more)) if more > 0 else "")
    return Foreseen(
        (
            _("A new incident begins with {members}: {names}.").format(members=_devices(len(names)), names=listed),
            _("Its cause is said to be {name}, until somebody closes it with another one.").format(name=names[0]),
            _("{id} goes on with {members}.").format(id=incident.id, members=_devices(rest)),
            _("Nothing takes the new one in by itself; it can be merged again by hand."),
            _("People are told of the new one as of any other."),
        ),
        mark,
    )


def nearest_first(names: Sequence[str], look: Look) -> tuple[str, ...]:
    """By how many devices stand between it and the core: the first one is what a fault of all of them would be."""
    uplinks = Topology.without_circles(look.inventory.used_by_name.values()).uplinks

    def depth(name: str) -> int:
        steps = 0
        while ups := uplinks.get(name, ()):
            name, steps = ups[0], steps + 1
        return steps

    return tuple(sorted(dict.fromkeys(names), key=lambda name: (depth(name), name)))


def _mark(*incidents: Incident) -> str:
    text = "|".join(
        f"{each.id} {each.phase} {' '.join(sorted(member.name for member in each.members))}" for each in incidents
    )
    return sha256(text.encode()).hexdigest()[:16]


def _devices(count: int) -> str:
    return n_("{count} device", "{count} devices", count).format(count=number(count))
