"""Who can say something about an incident, and what they say now. Gathers; judges nothing.

Facts come in as they are heard (polls, looks at OLTs, heartbeats); `about` makes the list for one incident.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alerts.evidence.ports import LinkPorts
from alerts.evidence.readings import ReadingBook
from alerts.evidence.uptimes import UptimeBook
from alerts.states import BoardSight
from alerts.verdict import Boot, boot_of, booting_witnesses
from domain.incidents import CauseKind, Condition, Evidence, EvidenceKind, Incident, Phase
from domain.network import Device, DeviceStatus, Inventory, Link, PowerSource, Role, Site
from domain.polling import DownCause, OnuReading

ON_BATTERY = "On battery"
BACKUP = frozenset({PowerSource.UPS, PowerSource.SOLAR, PowerSource.GENERATOR})
MANY = 6
"""So many witnesses of one kind are named one by one; more are counted."""

_ONU_SAYS = {
    DownCause.POWER: EvidenceKind.ONU_DYING_GASP,
    DownCause.FIBRE: EvidenceKind.ONU_LOSS_OF_SIGNAL,
    DownCause.SIGNAL: EvidenceKind.ONU_LOSS_OF_SIGNAL,
    DownCause.DEACTIVATED: EvidenceKind.ONU_DEACTIVATED,
    DownCause.REPLACED: EvidenceKind.ONU_DEACTIVATED,
}


@dataclass(slots=True)
class Witnesses:
    """`know` an inventory, then ask `about` incidents. reported: by incident or device, what others told us."""

    sight: BoardSight
    ports: LinkPorts
    uptimes: UptimeBook
    readings: ReadingBook
    _devices: Mapping[str, Device] = field(default_factory=dict)
    _sites: Mapping[str, Site] = field(default_factory=dict)
    _links: Mapping[str, Link] = field(default_factory=dict)
    _links_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _at_site: Mapping[str, tuple[Device, ...]] = field(default_factory=dict)
    _on_feeder: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _onus: dict[str, tuple[OnuReading, datetime]] = field(default_factory=dict)
    _beats: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)
    _reported: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)

    def know(self, inventory: Inventory) -> None:
        used = [device for device in inventory.devices if device.status is DeviceStatus.IN_USE]
        self._devices = {device.name: device for device in used}
        self._sites = {site.slug: site for site in inventory.sites}
        self._links = {link.name: link for link in inventory.links}
        self._links_of = _grouped(
            (end, link.name) for link in inventory.links for end in (link.a_device, link.z_device)
        )
        at_site: dict[str, list[Device]] = defaultdict(list)
        for device in used:
            at_site[device.site].append(device)
        self._at_site = {slug: tuple(devices) for slug, devices in at_site.items()}
        self._on_feeder = _grouped((site.power_feeder, site.slug) for site in inventory.sites)
        self.ports.know(inventory.links)

    def note_onus(self, readings: Mapping[str, OnuReading], at: datetime) -> None:
        """By device: what its OLT said of it."""
        self._onus.update({name: (reading, at) for name, reading in readings.items()})

    def note_beat(self, site: str, said: tuple[Evidence, ...]) -> None:
        """What the heartbeat of a site says now, in place of what it said before."""
        self._beats[site] = said

    def note_report(self, name: str, evidence: Evidence) -> None:
        """Another system or a person says something of a device."""
        self._reported[name] = (*self._reported.get(name, ())[-MANY:], evidence)

    def about(self, incident: Incident) -> tuple[Evidence, ...]:
        """Everything that is known now, weightiest sort first."""
        match incident.condition:
            case Condition.OUTAGE:
                return tuple(self._about_outage(incident))
            case Condition.MANAGEMENT:
                lost = Evidence(
                    EvidenceKind.MANAGEMENT_LOST,
                    incident.cause.name,
                    incident.started_at,
                    {"count": str(len(incident.members))},
                )
                return (lost, *self._of_beats(incident))
            case Condition.BLIND:
                return (Evidence(EvidenceKind.OWN_PATH_LOST, "kentongan", incident.started_at),)
            case Condition.DEGRADED | Condition.SERVICE:
                return tuple(evidence for name in self._named(incident) for evidence in self._reported.get(name, ()))

    def of_return(self, incident: Incident) -> tuple[Evidence, ...]:
        """What the members that are back say of the time before: their boots."""
        return tuple(_counted(self._of_boots(incident)))

    def _about_outage(self, incident: Incident) -> Iterable[Evidence]:
        yield from self._of_power(incident)
        yield from _counted(self._of_onus(incident))
        yield from _counted(self._of_boots(incident))
        yield from self._of_links(incident)
        yield from self._of_neighbours(incident)
        yield from self._of_beats(incident)
        if len(incident.members) > 1:
            sites = {self._devices[each.name].site for each in incident.members if each.name in self._devices}
            dark = {self._devices[each.name].site for each in incident.dark if each.name in self._devices}
            if incident.phase is Phase.OPEN and dark == sites and len(sites) > 1:
                values = {"count": str(len(dark)), "of": str(len(sites))}
                yield Evidence(EvidenceKind.ALL_BEHIND_DARK, incident.cause.name, incident.started_at, values)
        for name in self._named(incident):
            yield from self._reported.get(name, ())

    def _of_onus(self, incident: Incident) -> Iterable[Evidence]:
        for member in incident.members:
            reading, at = self._onus.get(member.name, (None, None))
            if reading is None or at is None or at < member.since:
                continue  # of an earlier outage
            if reading.online:
                if member.back_at is None:
                    yield Evidence(EvidenceKind.ONU_ONLINE, member.name, at)
            elif reading.down_cause in _ONU_SAYS:
                yield Evidence(_ONU_SAYS[reading.down_cause], member.name, at)

    def _of_boots(self, incident: Incident) -> Iterable[Evidence]:
        """Only of members that are back and have been polled since."""
        boots: dict[str, Boot] = {}
        for member in incident.members:
            if member.back_at is None:
                continue
            after, before = self.uptimes.last(member.name), self.uptimes.before(member.name)
            boots[member.name] = boot_of(member.since, member.back_at, after, before)
        if not boots:
            return ()
        alone = len(incident.members) == 1 and self._neighbours_lit(incident.members[0].name)
        at = max(member.back_at for member in incident.members if member.back_at is not None)
        return booting_witnesses(boots, at, alone)

    def _of_power(self, incident: Incident) -> Iterable[Evidence]:
        """The UPS of the dark places and of their neighbours on the feeder, and those on it that have no UPS."""
        slugs = self._slugs(incident)
        feeders = {self._sites[slug].power_feeder for slug in slugs if slug in self._sites} - {""}
        near = slugs | {slug for feeder in feeders for slug in self._on_feeder.get(feeder, ())}
        for slug in sorted(near):
            for device in self._at_site.get(slug, ()):
                if device.role is Role.UPS and self.sight.lit(device.name):
                    yield from self._of_ups(device.name)
        if incident.cause.kind is CauseKind.FEEDER:
            return
        for feeder in sorted(feeders):
            others = [slug for slug in self._on_feeder[feeder] if slug not in slugs and not self._is_backed(slug)]
            dark = [slug for slug in others if self._is_dark(slug)]
            lit = [slug for slug in others if self._is_lit(slug)]
            if dark and not lit:
                yield Evidence(EvidenceKind.FEEDER_DARK, feeder, None, {"count": str(len(dark) + len(slugs))})
            elif lit:
                yield Evidence(EvidenceKind.FEEDER_LIT, feeder, None, {"count": str(len(lit))})

    def _of_ups(self, name: str) -> Iterable[Evidence]:
        for reading in self.readings.of(name, "runtime"):
            if reading.name == ON_BATTERY and reading.now is not None:
                kind = EvidenceKind.UPS_ON_BATTERY if reading.now > 0 else EvidenceKind.UPS_ON_MAINS
                yield Evidence(kind, name, None, {"seconds": f"{reading.now:.0f}"})

    def _of_links(self, incident: Incident) -> Iterable[Evidence]:
        """Ports and light at the lit ends of the links that lead into the dark."""
        for name in self._border(incident):
            link = self._links[name]
            yield from self.ports.witnesses(name)
            ends = ((link.a_device, link.a_interface), (link.z_device, link.z_interface))
            for device, interface in ends:
                if device and interface and self.sight.lit(device):
                    yield from self._of_light(device, interface)

    def _of_light(self, device: str, interface: str) -> Iterable[Evidence]:
        for reading in self.readings.of(device, "dbm", interface):
            if "rx" not in reading.name.lower():
                continue
            values = {"port": interface}
            if reading.now is None and reading.before is not None:
                yield Evidence(EvidenceKind.RX_LOST, device, None, values | {"before": f"{reading.before:.1f}"})
            elif reading.now is not None:
                yield Evidence(EvidenceKind.RX_PRESENT, device, None, values | {"value": f"{reading.now:.1f}"})

    def _of_neighbours(self, incident: Incident) -> Iterable[Evidence]:
        if incident.cause.kind is CauseKind.DEVICE and self._neighbours_lit(incident.cause.name):
            yield Evidence(EvidenceKind.SILENT_ALONE, incident.cause.name, incident.started_at)

    def _of_beats(self, incident: Incident) -> Iterable[Evidence]:
        said = [each for slug in sorted(self._slugs(incident)) for each in self._beats.get(slug, ())]
        return _counted(said)

    def _border(self, incident: Incident) -> list[str]:
        """The link that is the cause, or links between a dark member and something lit."""
        if incident.cause.kind is CauseKind.LINK and incident.cause.name in self._links:
            return [incident.cause.name]
        names = {name for member in incident.members[:MANY] for name in self._links_of.get(member.name, ())}
        return sorted(name for name in names if self._leads_out(self._links[name]))

    def _leads_out(self, link: Link) -> bool:
        return self.sight.lit(link.a_device) or self.sight.lit(link.z_device)

    def _neighbours_lit(self, name: str) -> bool:
        device = self._devices.get(name)
        others = [each for each in self._at_site.get(device.site, ()) if each.name != name] if device else []
        return any(self.sight.lit(each.name) for each in others)

    def _slugs(self, incident: Incident) -> set[str]:
        return {self._devices[each.name].site for each in incident.members if each.name in self._devices}

    def _named(self, incident: Incident) -> Iterable[str]:
        yield incident.cause.name
        yield from (member.name for member in incident.members if member.name != incident.cause.name)

    def _is_backed(self, slug: str) -> bool:
        site = self._sites.get(slug)
        return site is None or not BACKUP.isdisjoint(site.power)

    def _is_dark(self, slug: str) -> bool:
        return any(self.sight.dark(each.name) for each in self._at_site.get(slug, ())) and not self._is_lit(slug)

    def _is_lit(self, slug: str) -> bool:
        return any(self.sight.lit(each.name) for each in self._at_site.get(slug, ()))


def _counted(evidence: Iterable[Evidence]) -> Iterable[Evidence]:
    """One by one while they are few, else one line a kind with their number."""
    by_kind: dict[EvidenceKind, list[Evidence]] = defaultdict(list)
    for each in evidence:
        by_kind[each.kind].append(each)
    for kind, all_of_it in by_kind.items():
        if len(all_of_it) <= 1:
            yield from all_of_it
        else:
            first = all_of_it[0]
            yield Evidence(kind, first.subject, first.at, {**first.values, "count": str(len(all_of_it))})


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        if key:
            groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}
