"""Who can say something about an incident, and what they say now. Gathers; judges nothing.

Facts come in as they are heard (polls, looks at OLTs, heartbeats); `about` makes the list for one incident.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from alerts.desk.faults import Key, key_of
from alerts.evidence.fades import Fade, FadeBook
from alerts.evidence.mains import MainsBook
from alerts.evidence.ports import LinkPorts
from alerts.evidence.readings import ReadingBook
from alerts.evidence.uptimes import UptimeBook
from alerts.states import BoardView
from alerts.verdict import Boot, boot_of, booting_witnesses
from domain.incidents import Cause, CauseKind, Condition, Evidence, EvidenceKind, Incident, Phase
from domain.network import Device, Inventory, Link, Medium, PowerSource, Role, Site
from domain.polling import DownCause, OnuReading

ON_BATTERY = "On battery"
LEFT = re.compile(r"left|remain", re.IGNORECASE)
VOLTAGE_LOW = "voltage-low"
BACKUP = frozenset({PowerSource.UPS, PowerSource.SOLAR, PowerSource.GENERATOR})
MANY = 6
"""So many witnesses of one kind are named one by one; more are counted."""

LIGHT_FADED_DB: Final = 3.0
"""Half of the light: connectors and weather do less within half an hour."""

RADIO_FADED_DB: Final = 8.0
"""More than a link plays by itself within half an hour; rain and a mast that bends do it."""

NEAR_FALL: Final = timedelta(minutes=10)
"""A supply that went within this of the first miss went with it."""

STEADY: Final = timedelta(minutes=10)
"""Times that a battery will last until are told to this step, so that they do not change with every poll."""

_ONU_SAYS = {
    DownCause.POWER: EvidenceKind.ONU_DYING_GASP,
    DownCause.FIBRE: EvidenceKind.ONU_LOSS_OF_SIGNAL,
    DownCause.SIGNAL: EvidenceKind.ONU_LOSS_OF_SIGNAL,
    DownCause.DEACTIVATED: EvidenceKind.ONU_DEACTIVATED,
    DownCause.REPLACED: EvidenceKind.ONU_DEACTIVATED,
}


class Complaints(Protocol):
    """What is known of faults that are no outage: `DegradedWatch`."""

    def stands(self, key: Key) -> bool: ...

    def evidence(self, key: Key) -> tuple[Evidence, ...]:
        """Also of one that has just gone."""
        ...


@dataclass(slots=True)
class Witnesses:
    """`know` an inventory, then ask `about` incidents. reported: by incident or device, what others told us.

    fades, mains: of `DegradedWatch`, which feeds them; None where nothing of the kind is read. complaints: what it
    found of a fault that is no outage.
    """

    view: BoardView
    ports: LinkPorts
    uptimes: UptimeBook
    readings: ReadingBook
    fades: FadeBook | None = None
    mains: MainsBook | None = None
    complaints: Complaints | None = None
    _devices: Mapping[str, Device] = field(default_factory=dict)
    _sites: Mapping[str, Site] = field(default_factory=dict)
    _links: Mapping[str, Link] = field(default_factory=dict)
    _links_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _at_site: Mapping[str, tuple[Device, ...]] = field(default_factory=dict)
    _on_feeder: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _onus: dict[str, tuple[OnuReading, datetime]] = field(default_factory=dict)
    _beats: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)

    def know(self, inventory: Inventory) -> None:
        self._devices, self._sites = inventory.used_by_name, inventory.site_by_slug
        self._at_site = inventory.used_at_site
        self._links = {link.name: link for link in inventory.links}
        self._links_of = _grouped(
            (end, link.name) for link in inventory.links for end in (link.a_device, link.z_device)
        )
        self._on_feeder = _grouped((site.power_feeder, site.slug) for site in inventory.sites)
        self.ports.know(inventory.links)

    def note_onus(self, readings: Mapping[str, OnuReading], at: datetime) -> None:
        """By device: what its OLT said of it."""
        self._onus.update({name: (reading, at) for name, reading in readings.items()})

    def note_beat(self, site: str, said: tuple[Evidence, ...]) -> None:
        """What the heartbeat of a site says now, in place of what it said before."""
        self._beats[site] = said

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
                return self.complaints.evidence(key_of(incident)) if self.complaints else ()

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
        """What tells of the mains at the dark places and at their neighbours on the feeder; those that have no UPS."""
        slugs = self._slugs(incident)
        feeders = {self._sites[slug].power_feeder for slug in slugs if slug in self._sites} - {""}
        near = slugs | {slug for feeder in feeders for slug in self._on_feeder.get(feeder, ())}
        said = [each for slug in sorted(near) for each in self._of_mains(slug, incident)]
        # the battery that ends first stands for them all
        yield from _counted(sorted(said, key=lambda each: each.values.get("until", "~")))
        if incident.cause.kind is CauseKind.FEEDER:
            fell = slugs.intersection(self._on_feeder.get(incident.cause.name, ()))
            if fell:
                yield Evidence(EvidenceKind.FEEDER_DARK, incident.cause.name, None, {"count": str(len(fell))})
            return
        for feeder in sorted(feeders):
            others = [slug for slug in self._on_feeder[feeder] if slug not in slugs and not self._is_backed(slug)]
            dark = [slug for slug in others if self._is_dark(slug)]
            lit = [slug for slug in others if self._is_lit(slug)]
            if dark and not lit:
                yield Evidence(EvidenceKind.FEEDER_DARK, feeder, None, {"count": str(len(dark) + len(slugs))})
            elif lit:
                yield Evidence(EvidenceKind.FEEDER_LIT, feeder, None, {"count": str(len(lit))})

    def _of_mains(self, slug: str, incident: Incident) -> Iterable[Evidence]:
        for device in self._at_site.get(slug, ()):
            told = self.mains is not None and self.mains.tells(device.name)
            if told:
                yield from self._of_signs(device.name, incident)
            elif device.role is Role.UPS and self.view.lit(device.name):
                yield from self._of_ups(device.name)
            low = Condition.DEGRADED, Cause(CauseKind.DEVICE, device.name), VOLTAGE_LOW
            if self.complaints is not None and self.complaints.stands(low):
                values = next((each.values for each in self.complaints.evidence(low)), {})
                kept = {name: values[name] for name in ("value", "limit") if name in values}
                yield Evidence(EvidenceKind.VOLTAGE_LOW, device.name, None, kept)

    def _of_signs(self, name: str, incident: Incident) -> Iterable[Evidence]:
        """One word a device. Of one that is dark itself its last one counts if that was 'lost'; the other is stale."""
        assert self.mains is not None
        words = list(self.mains.of(name))
        lit = self.view.lit(name)
        steady = [word.mains for word in words if not word.by_change]
        went = [word for word in words if word.by_change and not word.mains and _is_near(word.changed_at, incident)]
        if False in steady:
            yield Evidence(EvidenceKind.UPS_ON_BATTERY, name, None, self._lasts_until(name))
        elif went:
            yield Evidence(EvidenceKind.VOLTAGE_LOW, name, went[0].changed_at, {"port": went[0].instance})
        elif steady and lit:
            yield Evidence(EvidenceKind.UPS_ON_MAINS, name)

    def _of_ups(self, name: str) -> Iterable[Evidence]:
        """Of a UPS whose signs nobody named."""
        for reading in self.readings.of(name, "runtime"):
            if reading.name == ON_BATTERY and reading.now is not None:
                if reading.now > 0:
                    yield Evidence(EvidenceKind.UPS_ON_BATTERY, name, None, self._lasts_until(name))
                else:
                    yield Evidence(EvidenceKind.UPS_ON_MAINS, name)

    def _lasts_until(self, name: str) -> dict[str, str]:
        """When its battery will be empty, as it said itself with its last answer."""
        last = self.uptimes.last(name)
        left = [each.now for each in self.readings.of(name, "runtime") if LEFT.search(each.name) and each.now]
        if last is None or not left:
            return {}
        step = STEADY.total_seconds()
        until = (last.at.timestamp() + min(left)) // step * step
        return {"until": datetime.fromtimestamp(until, UTC).isoformat()}

    def _of_links(self, incident: Incident) -> Iterable[Evidence]:
        """Ports and light at the lit ends of the links that lead into the dark; signals of radios at both ends."""
        for name in self._border(incident):
            link = self._links[name]
            yield from self.ports.witnesses(name)
            ends = ((link.a_device, link.a_interface), (link.z_device, link.z_interface))
            for device, interface in ends:
                if device and interface and self.view.lit(device):
                    yield from self._of_light(device, interface)
            if link.medium is Medium.RADIO:
                yield from (each for device, _interface in ends if device for each in self._of_signal(device))

    def _of_light(self, device: str, interface: str) -> Iterable[Evidence]:
        fades = {fade.sensor: fade for fade in self.fades.light(device, interface)} if self.fades else {}
        for reading in self.readings.of(device, "dbm", interface):
            if "rx" not in reading.name.lower():
                continue
            values, fade = {"port": interface}, fades.get(reading.name)
            faded = fade is not None and fade.fell >= LIGHT_FADED_DB
            if reading.now is None and reading.before is not None:
                yield Evidence(EvidenceKind.RX_LOST, device, None, values | {"before": f"{reading.before:.1f}"})
            elif reading.now is not None and not faded:
                yield Evidence(EvidenceKind.RX_PRESENT, device, None, values | {"value": f"{reading.now:.1f}"})
            if fade is not None and faded:
                yield Evidence(EvidenceKind.RX_FELL, device, None, values | _fall(fade))

    def _of_signal(self, device: str) -> Iterable[Evidence]:
        for fade in self.fades.signal(device) if self.fades else ():
            if fade.fell >= RADIO_FADED_DB:
                yield Evidence(EvidenceKind.RADIO_FADED, device, None, _fall(fade))

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
        return self.view.lit(link.a_device) or self.view.lit(link.z_device)

    def _neighbours_lit(self, name: str) -> bool:
        device = self._devices.get(name)
        others = [each for each in self._at_site.get(device.site, ()) if each.name != name] if device else []
        return any(self.view.lit(each.name) for each in others)

    def _slugs(self, incident: Incident) -> set[str]:
        return {self._devices[each.name].site for each in incident.members if each.name in self._devices}

    def _is_backed(self, slug: str) -> bool:
        site = self._sites.get(slug)
        return site is None or not BACKUP.isdisjoint(site.power)

    def _is_dark(self, slug: str) -> bool:
        return any(self.view.dark(each.name) for each in self._at_site.get(slug, ())) and not self._is_lit(slug)

    def _is_lit(self, slug: str) -> bool:
        return any(self.view.lit(each.name) for each in self._at_site.get(slug, ()))


def _fall(fade: Fade) -> dict[str, str]:
    """In whole dBm for the time before, which is a mean."""
    return {"before": f"{fade.before:.0f}", "after": f"{fade.now:.1f}", "change": f"{fade.fell:.0f}"}


def _is_near(at: datetime | None, incident: Incident) -> bool:
    return at is not None and abs(at - incident.started_at) <= NEAR_FALL


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
