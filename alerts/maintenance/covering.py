"""What a piece of work covers: what is worked on and all that lies behind it; and whether it silences an incident."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol, assert_never

from alerts.maintenance.windows import Scope, ScopeKind, Window, active
from domain.incidents import Incident
from domain.network import Inventory, lies_in

Behind = Callable[[frozenset[str], frozenset[str]], frozenset[str]]
"""(devices off, links cut) → every device that then has no way left, the ones off left out. Asked of the topology."""


class Reach(Protocol):
    """Made once per inventory and topology."""

    def names(self, scope: Scope) -> frozenset[str]:
        """Devices, and codes of services, that the work may darken."""
        ...


class InventoryReach:
    """Implements Reach. Answers are kept: windows live long and are asked at every step."""

    def __init__(self, inventory: Inventory, behind: Behind) -> None:
        self._behind = behind
        self._at_site, self._sites = inventory.used_at_site, inventory.site_by_slug
        self._fed: dict[str, set[str]] = defaultdict(set)
        for site in inventory.sites:
            if site.power_feeder:
                self._fed[site.power_feeder].add(site.slug)
        self._over: dict[str, set[str]] = defaultdict(set)
        for link in inventory.links:
            for segment in link.segments:
                self._over[segment].add(link.name)
        self._services = inventory.services
        self._answers: dict[Scope, frozenset[str]] = {}

    def names(self, scope: Scope) -> frozenset[str]:
        if scope not in self._answers:
            devices, links = self._touched(scope)
            dark = devices | self._behind(devices, links)
            sites = {site for site, here in self._at_site.items() if all(device.name in dark for device in here)}
            codes = {
                each.code for each in self._services if each.host in dark or (not each.host and each.site in sites)
            }
            self._answers[scope] = dark | codes
        return self._answers[scope]

    def _touched(self, scope: Scope) -> tuple[frozenset[str], frozenset[str]]:
        """(devices that go off, links that are cut)."""
        match scope.kind:
            case ScopeKind.DEVICE:
                return frozenset({scope.name}), frozenset()
            case ScopeKind.SITE:
                return self._of_sites((scope.name,)), frozenset()
            case ScopeKind.LINK:
                return frozenset(), frozenset({scope.name})
            case ScopeKind.SEGMENT:
                return frozenset(), frozenset(self._over.get(scope.name, ()))
            case ScopeKind.FEEDER:
                return self._of_sites(self._fed.get(scope.name, ())), frozenset()
            case ScopeKind.AREA:
                slugs = [
                    slug
                    for slug, site in self._sites.items()
                    if site.region_code and lies_in(site.region_code, scope.name)
                ]
                return self._of_sites(slugs), frozenset()
            case _:
                assert_never(scope.kind)

    def _of_sites(self, slugs: Iterable[str]) -> frozenset[str]:
        return frozenset(device.name for slug in slugs for device in self._at_site.get(slug, ()))


def silencing(incident: Incident, windows: Iterable[Window], now: datetime, reach: Reach) -> str:
    """The window that mutes its pages, or "". Only if all that is dark is covered: a wider fault is news.

    Several windows may cover it together; the one that covers most is named.
    """
    dark = {member.name for member in (incident.dark or incident.members)}
    shares: list[tuple[int, str]] = []
    covered: set[str] = set()
    for window in windows:
        if not active(window, now):
            continue
        here = {name for scope in window.scopes for name in reach.names(scope)} & dark
        covered |= here
        if here:
            shares.append((len(here), window.id))
    if not dark or not dark <= covered:
        return ""
    return max(shares, key=lambda share: (share[0], share[1]))[1] if shares else ""
