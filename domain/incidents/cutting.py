"""An incident for somebody who sees a part of the kabupaten: what lies outside is neither named nor counted.

That something is dark is said; that the fault lies elsewhere too. Not where: names outside are for those who see them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from domain.incidents.causes import Cause, CauseKind
from domain.incidents.incidents import Impact, Incident, Place
from domain.incidents.verdicts import Evidence
from domain.network import Inventory

PLAIN: Final = frozenset(
    {"before", "after", "unit", "port", "count", "of", "value", "limit", "days", "change", "until", "ends", "status"}
)
"""Values of evidence that name nobody."""


class Cutter:
    """inventory: the part that is seen. elsewhere: the words that stand for a cause that is not."""

    def __init__(self, inventory: Inventory, elsewhere: str) -> None:
        self._elsewhere = elsewhere
        self._places = {*inventory.site_by_slug, *(site.region_code or "" for site in inventory.sites)}
        self._names = {*inventory.used_by_name, *inventory.site_by_slug}
        self._of: Mapping[CauseKind, set[str]] = {
            CauseKind.LINK: {link.name for link in inventory.links},
            CauseKind.SEGMENT: {name for link in inventory.links for name in link.segments},
            CauseKind.PROVIDER: {link.provider for link in inventory.links}
            | {contract.provider for contract in inventory.contracts},
            CauseKind.FEEDER: {site.power_feeder for site in inventory.sites},
            CauseKind.SERVICE: {service.code for service in inventory.services} | self._names,
            CauseKind.POLLER: {device.zone for device in inventory.devices} | {""},
        }
        self._known = self._names.union(*self._of.values())

    def sees(self, cause: Cause) -> bool:
        return cause.name in self._of.get(cause.kind, self._names)

    def incident(self, given: Incident) -> Incident:
        """What was given itself, if nothing of it lies outside."""
        members = tuple(each for each in given.members if self._knows(each.name))
        impact = self._impact(given.impact, len(members))
        cause = given.cause if self.sees(given.cause) else Cause(given.cause.kind, self._elsewhere)
        whole = cause == given.cause and members == given.members and impact == given.impact
        before, verdict, liable = given.preliminary_verdict, given.verdict, given.liable
        if liable is not None and liable.name and liable.name not in self._of[CauseKind.PROVIDER]:
            liable = replace(liable, name="")
        cut = replace(
            given,
            cause=cause,
            members=members,
            verdict=replace(verdict, evidence=self._evidence(verdict.evidence, whole=whole)),
            preliminary_verdict=replace(before, evidence=()) if before else None,
            indistinct=tuple(each for each in given.indistinct if self.sees(each)),
            suspects=tuple(each for each in given.suspects if self.sees(each.cause)),
            liable=liable,
            impact=impact,
            detail=", ".join(each for each in given.detail.split(", ") if each in self._known),
        )
        return given if cut == given else cut

    def _knows(self, name: str) -> bool:
        return name in self._names or name in self._of[CauseKind.SERVICE]

    def _evidence(self, given: Iterable[Evidence], *, whole: bool) -> tuple[Evidence, ...]:
        return tuple(
            each if whole else replace(each, values={k: v for k, v in each.values.items() if k in PLAIN})
            for each in given
            if each.subject in self._known
        )

    def _impact(self, impact: Impact, devices: int) -> Impact:
        """Devices and people are sums: of a part nobody knows them."""

        def seen(places: Iterable[Place], known: set[str]) -> tuple[Place, ...]:
            return tuple(place for place in places if place.key in known)

        found = replace(
            impact,
            villages=seen(impact.villages, self._places),
            sites=seen(impact.sites, self._places),
            opd=seen(impact.opd, self._places),
            services=seen(impact.services, self._of[CauseKind.SERVICE]),
        )
        return found if found == impact else replace(found, devices=min(devices, impact.devices), population=0)
