"""What the inventory knows around an incident: where its things stand, whose they are, who answers for them.

Made once per inventory; holds no time and asks nobody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from alerts.dispatch.areas import Area
from alerts.texts import Spot, Surroundings
from domain.incidents import CauseKind, Condition, Incident
from domain.incidents.cutting import Cutter
from domain.network import Inventory, Link, RegionLevel, Site, level_of, parent_of


class Directory:
    """names: region code → name."""

    def __init__(self, inventory: Inventory, names: Mapping[str, str]) -> None:
        self.inventory = inventory
        self._names = names
        self._parts: dict[Area, Directory] = {}
        self._cutters: dict[str, Cutter] = {}
        self._spots: dict[str, Spot] = {}
        self._sites, self._devices = inventory.site_by_slug, inventory.used_by_name
        self._links = {link.name: link for link in inventory.links}
        self._wan = {link.a_device: link for link in inventory.links if link.provider or not link.z_device}
        self._services = {service.code: service for service in inventory.services}
        self._contracts = {contract.id: contract for contract in inventory.contracts}
        self._over: dict[str, list[str]] = {}
        for link in inventory.links:
            for segment in link.segments:
                self._over.setdefault(segment, []).append(link.name)

    def around(self, incident: Incident) -> Surroundings:
        """Everything a text, a map link or a list of recipients needs to know of it."""
        at = {member.name: site for member in incident.members if (site := self._site(member.name))}
        dark = list({site.slug: site for site in at.values()}.values())
        place = self._place_of_cause(incident, dark)
        named = {each.subject for each in incident.verdict.evidence}
        named.update(each.key for each in (*incident.impact.sites, *incident.impact.opd))
        at.update({name: site for name in named - at.keys() if (site := self._site(name))})
        spots = {name: self._spot(site) for name, site in at.items()}
        if place is not None:
            spots[incident.cause.name] = self._spot(place)
        link = self._circuit(incident, place)
        contract = self._contracts.get((link.contract if link else "") or (place.contract if place else ""))
        return Surroundings(
            spots=spots,
            area=self._area(incident, dark, place),
            regions=self._regions(incident, dark, place),
            owners=self._owners(incident),
            provider=(link.provider if link else "") or (contract.provider if contract else ""),
            circuit_id=link.circuit_id if link else "",
            contract=contract.id if contract else (link.contract if link else ""),
            sla_percent=contract.sla_percent if contract else None,
            noc_phone=contract.noc_phone if contract else "",
            noc_email=contract.noc_email if contract else "",
            access_note=place.access_note if place else "",
            latitude=place.latitude if place else None,
            longitude=place.longitude if place else None,
        )

    def within(self, area: Area) -> "Directory":
        """Of what lies in an area alone."""
        part = self._parts.get(area)
        if part is None:
            part = self._parts[area] = Directory(area.part(self.inventory), self._names)
        return part

    def seen(self, incident: Incident, whole: Surroundings, elsewhere: str) -> tuple[Incident, Surroundings]:
        """An incident of the whole kabupaten, and what lies around it, as far as it lies in here.

        whole: around all of it. elsewhere: the words that stand for a cause that lies outside.
        """
        cutter = self._cutters.get(elsewhere)
        if cutter is None:
            cutter = self._cutters[elsewhere] = Cutter(self.inventory, elsewhere)
        cut = cutter.incident(incident)
        around = self.around(cut)
        is_part = (cut.cause, cut.members, cut.impact) != (incident.cause, incident.members, incident.impact)
        around = replace(around, is_part=is_part, area=around.area if around.area == whole.area else "")
        if cut.cause == incident.cause:
            return cut, around
        spots = {name: spot for name, spot in around.spots.items() if name != elsewhere}
        return cut, Surroundings(spots, regions=around.regions, owners=around.owners, is_part=True, is_outside=True)

    def site(self, name: str) -> Site | None:
        """Of a device, or a site by its slug."""
        return self._site(name)

    def kecamatan(self, site: Site) -> str:
        """Its name, or an empty text."""
        code = self._district(site)
        return self._names.get(code, "") if code else ""

    def district(self, site: Site) -> str:
        """The code of its kecamatan, or an empty text."""
        return self._district(site)

    # -- parts --------------------------------------------------------------------------------------------------------

    def _site(self, name: str) -> Site | None:
        device = self._devices.get(name)
        return self._sites.get(name) or (self._sites.get(device.site) if device else None)

    def _spot(self, site: Site) -> Spot:
        spot = self._spots.get(site.slug)
        if spot is None:
            spot = self._spots[site.slug] = Spot(site.slug, site.name, self.kecamatan(site), site.kind)
        return spot

    def _district(self, site: Site) -> str:
        code: str | None = site.region_code
        while code is not None and level_of(code) is not RegionLevel.DISTRICT:
            code = parent_of(code)
        return code or ""

    def _place_of_cause(self, incident: Incident, dark: Iterable[Site]) -> Site | None:
        """Where somebody would go: of a link the end that is dark, of a segment or feeder the first dark site."""
        cause = incident.cause
        match cause.kind:
            case CauseKind.DEVICE | CauseKind.SITE | CauseKind.MANAGEMENT:
                return self._site(cause.name)
            case CauseKind.LINK:
                return self._end(self._links.get(cause.name), {site.slug for site in dark}, dark_end=True)
            case CauseKind.SERVICE:
                service = self._services.get(cause.name)
                return self._site((service.host or service.site) if service else "")
            case CauseKind.SEGMENT:
                names = self._over.get(cause.name, ())
                slugs = {site.slug for site in dark}
                found = (self._end(self._links[name], slugs, dark_end=True) for name in names)
                return next((site for site in found if site and site.slug in slugs), next(iter(dark), None))
            case CauseKind.FEEDER | CauseKind.PROVIDER:
                return next(iter(dark), None)
            case CauseKind.POLLER:
                return None

    def _end(self, link: Link | None, dark: set[str], *, dark_end: bool) -> Site | None:
        if link is None:
            return None
        ends = [site for name in (link.z_device, link.a_device) if name and (site := self._site(name))]
        wanted = [site for site in ends if (site.slug in dark) is dark_end]
        return next(iter(wanted or ends), None)

    def _area(self, incident: Incident, dark: Iterable[Site], place: Site | None) -> str:
        """The kecamatan whose team goes: of a link that of the end which still lives, for the work begins there."""
        if incident.cause.kind is CauseKind.LINK:
            slugs = {site.slug for site in dark}
            place = self._end(self._links.get(incident.cause.name), slugs, dark_end=False) or place
        return self.kecamatan(place) if place else ""

    def _regions(self, incident: Incident, dark: Iterable[Site], place: Site | None) -> tuple[str, ...]:
        if incident.condition in (Condition.BLIND, Condition.MANAGEMENT):
            return ()
        codes = {site.region_code for site in dark if site.region_code}
        codes |= {place.region_code} if place and place.region_code else set()
        return tuple(sorted(codes))

    def _owners(self, incident: Incident) -> tuple[str, ...]:
        if incident.condition is not Condition.SERVICE:
            return ()
        codes = {incident.cause.name, *(member.name for member in incident.members)}
        owners = {self._services[code].owner for code in codes if code in self._services}
        return tuple(sorted(owner for owner in owners if owner))

    def _circuit(self, incident: Incident, place: Site | None) -> Link | None:
        """The link that is the cause, or the provider's circuit of the place."""
        if incident.cause.kind is CauseKind.LINK and incident.cause.name in self._links:
            return self._links[incident.cause.name]
        names = (incident.cause.name, *(member.name for member in incident.members))
        here = [name for name in names if place and name in self._devices and self._devices[name].site == place.slug]
        found = (self._wan.get(name) for name in here)
        return next((link for link in found if link), None)
