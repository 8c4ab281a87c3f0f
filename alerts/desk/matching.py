"""Which open incident each fault belongs to, and which incidents a fault takes in. Pure; arrival has no order.

Same cause: the same incident. The same dark devices under a better explanation: the same incident, its cause changed.
A fault that reaches further towards the centre takes in what is open behind it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from alerts.desk.faults import BY_SIGHT, Fault, Key, StateView
from domain.incidents import Incident


@dataclass(frozen=True, slots=True)
class Match:
    """home: the open incident the fault belongs to, "" for none yet. takes_in: incidents that end in it.

    members: of the fault, without those that stay with an older incident of their own. adopts: people merged what it
    is about into its home, and it goes by another cause now.
    """

    fault: Fault
    members: frozenset[str]
    home: str = ""
    takes_in: tuple[str, ...] = ()
    adopts: bool = False


def match(
    faults: Sequence[Fault],
    claimed: set[str],
    home_of: Callable[[Key], str],
    open_: Mapping[str, Incident],
    holder: Mapping[str, str],
    view: StateView,
    late_seconds: float,
) -> tuple[Match, ...]:
    """claimed: incidents that other faults belong to. home_of: the open incident of a key, "" for none.

    open_: incidents by id. holder: for the names that open outages hold, which incident does.
    """
    homes = {fault.key: home for fault in faults if (home := home_of(fault.key))}
    taken = claimed.union(homes.values())
    adopting = set()
    for fault in faults:
        if fault.key not in homes:
            holds = _holds_its_roots(fault, open_, holder)
            home = holds if holds and _better_explains(fault, open_[holds], view, holds in taken) else ""
            if holds and not home and open_[holds].handling.adopted:
                adopting.add(fault.key)
                home = holds
            if home:
                homes[fault.key] = home
                taken.add(home)
    found = (_match(fault, homes.get(fault.key, ""), taken, open_, holder, view, late_seconds) for fault in faults)
    return tuple(replace(each, adopts=True) if each.fault.key in adopting else each for each in found)


def _holds_its_roots(fault: Fault, open_: Mapping[str, Incident], holder: Mapping[str, str]) -> str:
    """The incident that holds all of the fault's roots, dark all the while."""
    if fault.condition not in BY_SIGHT or not fault.roots:
        return ""
    owners = {holder.get(root, "") for root in fault.roots}
    owner = owners.pop() if len(owners) == 1 else ""
    if not owner or open_[owner].condition is not fault.condition:
        return ""
    incident = open_[owner]
    if incident.handling.apart or len(incident.dark) < len(incident.members):
        return ""  # some are back: what it named was right and is being mended, this is something else
    return owner


def _better_explains(fault: Fault, incident: Incident, view: StateView, taken: bool) -> bool:
    """Whether it is what the incident is about: taken: another fault claims that one by its cause."""
    others = {member.name for member in incident.dark} - fault.members
    return not taken and not (any(view.dark(name) for name in others) and len(others) > len(fault.members))


def _match(
    fault: Fault,
    home: str,
    taken: set[str],
    open_: Mapping[str, Incident],
    holder: Mapping[str, str],
    view: StateView,
    late_seconds: float,
) -> Match:
    if fault.condition not in BY_SIGHT:
        return Match(fault, fault.members, home)
    owned = Counter(holder[name] for name in fault.members if holder.get(name, home) != home)
    stays = _stays_apart(fault, home, open_, holder, view, late_seconds) if owned else frozenset()
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
    view: StateView,
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
    fresh = [view.since(name).steady_seconds for name in fault.roots - held]
    if not fresh:
        return by_hand
    fell = min(fresh)
    return by_hand | frozenset(name for name in held if view.since(name).steady_seconds + late_seconds < fell)
