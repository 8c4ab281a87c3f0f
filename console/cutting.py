"""An incident for somebody who sees a part of the kabupaten: what lies outside is neither named nor counted. Pure.

That something is dark is said; that the fault lies elsewhere too. Not where: names outside are for those who see them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from console.ports import Look
from domain.incidents import MACHINE, Act, ActKind, Cause, CauseKind, Evidence, Impact, Incident, NoticeEvent, Place
from domain.language import _

PLAIN: Final = frozenset(
    {"before", "after", "unit", "port", "count", "of", "value", "limit", "days", "change", "until", "ends", "status"}
)
"""Values of evidence that name nobody."""


class Cutter:
    """Of one look that is cut already. Whoever sees everything gets what was given."""

    def __init__(self, look: Look) -> None:
        inventory = look.inventory
        self._sees_all = look.sees_all
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

    def incident(self, given: Incident) -> Incident:
        if self._sees_all:
            return given
        members = tuple(each for each in given.members if self._knows(each.name))
        impact = self._impact(given.impact, len(members))
        cause, verdict = self._cause(given.cause), given.verdict
        whole = cause == given.cause and members == given.members and impact == given.impact
        before = given.preliminary_verdict
        liable = given.liable
        if liable is not None and liable.name and liable.name not in self._of[CauseKind.PROVIDER]:
            liable = replace(liable, name="")
        return replace(
            given,
            cause=cause,
            members=members,
            verdict=replace(verdict, evidence=self._evidence(verdict.evidence, whole=whole)),
            preliminary_verdict=replace(before, evidence=()) if before else None,
            indistinct=tuple(each for each in given.indistinct if self._sees(each)),
            suspects=tuple(each for each in given.suspects if self._sees(each.cause)),
            liable=liable,
            impact=impact,
            detail=given.detail if whole else "",
        )

    def acts(self, given: Iterable[Act]) -> tuple[Act, ...]:
        """What people wrote stays as they wrote it; the machine's lines do not name what is outside."""
        return tuple(given) if self._sees_all else tuple(map(self._act, given))

    def _act(self, act: Act) -> Act:
        if act.actor != MACHINE and act.kind not in (ActKind.MERGED, ActKind.SPLIT, ActKind.ASSIGNED):
            return act
        values = {name: text for name, text in act.values.items() if name in ("until", "why")}
        kind, _blank, name = act.text.partition(" ")
        if kind in set(CauseKind):
            said = act.text if self._sees(Cause(CauseKind(kind), name)) else ""
        else:
            said = act.text if act.text in set(NoticeEvent) or act.actor != MACHINE else ""
        return replace(act, text=said, values=values)

    def _knows(self, name: str) -> bool:
        return name in self._names or name in self._of[CauseKind.SERVICE]

    def _sees(self, cause: Cause) -> bool:
        return cause.name in self._of.get(cause.kind, self._names)

    def _cause(self, cause: Cause) -> Cause:
        return cause if self._sees(cause) else Cause(cause.kind, _("something outside your area"))

    def _evidence(self, given: Iterable[Evidence], *, whole: bool) -> tuple[Evidence, ...]:
        known = {*self._names, *(name for names in self._of.values() for name in names)}
        return tuple(
            each if whole else replace(each, values={k: v for k, v in each.values.items() if k in PLAIN})
            for each in given
            if each.subject in known
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


def cut_incidents(look: Look, given: Iterable[Incident]) -> list[Incident]:
    """Each as this look shows it."""
    cutter = Cutter(look)
    return [cutter.incident(each) for each in given]


def named(look: Look, names: Iterable[str]) -> tuple[str, ...]:
    """Devices, sites and applications of a sentence; those outside are said without their names."""
    if look.sees_all:
        return tuple(names)
    inventory = look.inventory
    known = {*inventory.used_by_name, *inventory.site_by_slug, *(service.code for service in inventory.services)}
    return tuple(dict.fromkeys(name if name in known else _("something outside your area") for name in names))
