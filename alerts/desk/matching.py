"""Which open incident each fault belongs to, and which incidents a fault takes in. Pure; arrival has no order.

Same cause: the same incident. The same dark devices under a better explanation: the same incident, its cause changed.
A fault that reaches further towards the centre takes in what is open behind it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from alerts.desk.faults import BY_SIGHT, Fault, Sight, key_of
from domain.incidents import Incident


@dataclass(frozen=True, slots=True)
class Match:
    """home: the open incident the fault belongs to, "" for none yet. takes_in: incidents that end in it.

    members: of the fault, without those that stay with an older incident of their own.
    """

    fault: Fault
    members: frozenset[str]
    home: str = ""
    takes_in: tuple[str, ...] = ()


def match(
    faults: Sequence[Fault], open_: Mapping[str, Incident], holder: Mapping[str, str], sight: Sight, late_seconds: float
) -> tuple[Match, ...]:
    """open_: incidents by id. holder: for the names that open outages hold, which incident does."""
    homes = _homes_by_key(faults, open_)
    taken = set(homes.values())
    for fault in faults:
        if fault.key not in homes:
            home = _better_explained(fault, open_, holder, sight, taken)
            if home:
                homes[fault.key] = home
                taken.add(home)
    return tuple(_match(fault, homes.get(fault.key, ""), taken, open_, holder, sight, late_seconds) for fault in faults)


def _homes_by_key(faults: Iterable[Fault], open_: Mapping[str, Incident]) -> dict[object, str]:
    by_key = {key_of(incident): id_ for id_, incident in open_.items()}
    for id_, incident in open_.items():  # what people merged by hand
        for cause in incident.handling.adopted:
            by_key.setdefault((incident.condition, cause, key_of(incident)[2]), id_)
    return {fault.key: by_key[fault.key] for fault in faults if fault.key in by_key}


def _better_explained(
    fault: Fault, open_: Mapping[str, Incident], holder: Mapping[str, str], sight: Sight, taken: set[str]
) -> str:
    """The incident that holds all of the fault's roots, dark all the while, and that no fault claims by its cause."""
    if fault.condition not in BY_SIGHT or not fault.roots:
        return ""
    owners = {holder.get(root, "") for root in fault.roots}
    if len(owners) != 1:
        return ""
    owner = owners.pop()
    if not owner or owner in taken or open_[owner].condition is not fault.condition:
        return ""
    incident = open_[owner]
    if incident.handling.apart or len(incident.dark) < len(incident.members):
        return ""  # some are back: what it named was right and is being mended, this is something else
    others = {member.name for member in incident.dark} - fault.members
    return "" if any(sight.dark(name) for name in others) and len(others) > len(fault.members) else owner


def _match(
    fault: Fault,
    home: str,
    taken: set[str],
    open_: Mapping[str, Incident],
    holder: Mapping[str, str],
    sight: Sight,
    late_seconds: float,
) -> Match:
    if fault.condition not in BY_SIGHT:
        return Match(fault, fault.members, home)
    owned = Counter(holder[name] for name in fault.members if holder.get(name, home) != home)
    stays = _stays_apart(fault, home, open_, holder, sight, late_seconds) if owned else frozenset()
    takes_in = []
    for owner in sorted(owned):
        incident = open_[owner]
        dark = {member.name for member in incident.dark}
        if len(dark) < len(incident.members):
            continue  # some are back: it is being mended, and ends by itself
        if owner not in taken and dark and dark <= fault.members and not dark & stays:
            takes_in.append(owner)
    return Match(fault, fault.members - stays, home, tuple(takes_in))


def _stays_apart(
    fault: Fault,
    home: str,
    open_: Mapping[str, Incident],
    holder: Mapping[str, str],
    sight: Sight,
    late_seconds: float,
) -> frozenset[str]:
    """Roots of a shared cause that are already known as a fault of their own and fell long before the others.

    And what people split off by hand.
    """
    by_hand = frozenset(
        name for name in fault.members if (own := holder.get(name, home)) != home and open_[own].handling.apart
    )
    held = {name for name in fault.roots if holder.get(name, home) != home}
    if not fault.is_shared or not held:
        return by_hand
    fresh = [sight.since(name).steady_seconds for name in fault.roots - held]
    if not fresh:
        return by_hand
    fell = min(fresh)
    return by_hand | frozenset(name for name in held if sight.since(name).steady_seconds + late_seconds < fell)
