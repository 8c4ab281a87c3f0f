"""Announced work as the figures of availability count it: ours is planned, a provider's its contract may excuse.

What PLN announced is neither: it stays charged to PLN.
"""

from collections.abc import Iterable

from alerts.maintenance import InventoryReach, Scope, ScopeKind, Window, WorkKind
from alerts.maintenance.behind import behind
from alerts.maintenance.windows import occurrences
from alerts.rootcause.graph import NetworkGraph
from domain.availability import Period, Work
from domain.availability.spans import whole_second_of
from domain.network import Inventory, Link


def works_of(
    windows: Iterable[Window], inventory: Inventory, period: Period
) -> tuple[tuple[Work, ...], tuple[Work, ...]]:
    """(planned, provider_work) of `Records`: each stretch of work in the period, with what it covers by name."""
    own, provider = [], []
    here = [window for window in windows if occurrences(window, period.start, period.until)]
    if not here:
        return (), ()
    graph = NetworkGraph.of(inventory)
    reach = InventoryReach(inventory, lambda off, cut: behind(graph, off, cut))
    for window in here:
        covered = frozenset(name for scope in window.scopes for name in reach.names(scope))
        links = [link for link in inventory.links if _is_worked_on(link, window.scopes)]
        if window.kind is WorkKind.OWN:
            own += _works(window, covered.union(link.name for link in links), period)
        elif window.kind is WorkKind.PROVIDER:
            theirs = [link for link in inventory.links if {link.a_device, link.z_device} & covered]
            names = (link.name for link in (*links, *theirs) if _is_theirs(link, window))
            provider += _works(window, frozenset(names), period)
    return tuple(own), tuple(provider)


def _works(window: Window, names: frozenset[str], period: Period) -> list[Work]:
    spans = occurrences(window, period.start, period.until)
    return [Work((whole_second_of(begin), whole_second_of(end)), names) for begin, end in spans]


def _is_worked_on(link: Link, scopes: Iterable[Scope]) -> bool:
    worked = {scope.name for scope in scopes if scope.kind is ScopeKind.LINK}
    segments = {scope.name for scope in scopes if scope.kind is ScopeKind.SEGMENT}
    return link.name in worked or not segments.isdisjoint(link.segments)


def _is_theirs(link: Link, window: Window) -> bool:
    """Work of one provider excuses no other; who is not named may be anybody."""
    return not window.party or link.provider.casefold() == window.party.casefold()
