"""What is dark when some devices are: villages, sites, agencies and applications by name, and who lives there.

Made once per inventory. A site is dark when everything that carries it is; a camera or a UPS carries nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from domain.incidents import Impact, Place
from domain.network import (
    Check,
    Device,
    Inventory,
    RegionLevel,
    Role,
    Service,
    Site,
    SiteKind,
    VillageKind,
    level_of,
    parent_of,
    village_kind,
)

CARRIES_NOTHING = frozenset({Role.CAMERA, Role.NVR, Role.UPS, Role.INVERTER, Role.SENSOR})
AGENCIES = frozenset({SiteKind.OPD, SiteKind.UPTD})


class ImpactBook:
    """`of` names what is dark with these devices. names: region code → name."""

    def __init__(self, inventory: Inventory, names: Mapping[str, str]) -> None:
        self._names = names
        self._sites, self._used, self._at = inventory.site_by_slug, inventory.used_by_name, inventory.used_at_site
        self._villages = {
            code: Place(code, names.get(code, code), names.get(parent_of(code) or "", ""))
            for code in {site.region_code for site in inventory.sites}
            if code is not None and level_of(code) is RegionLevel.VILLAGE
        }
        self._population: dict[str, int] = {}
        for village in sorted(inventory.villages, key=lambda each: each.year or 0):
            if village.population is not None:
                self._population[village.region_code] = village.population
        self._on_host: dict[str, list[Service]] = defaultdict(list)
        self._at_site: dict[str, list[Service]] = defaultdict(list)
        self._services = {service.code: service for service in inventory.services}
        for service in inventory.services:
            if service.host in self._used:
                self._on_host[service.host].append(service)
            elif service.site:
                self._at_site[service.site].append(service)

    def site_of(self, device: str) -> Site | None:
        """Of a device in use."""
        used = self._used.get(device)
        return self._sites.get(used.site) if used else None

    def place(self, slug: str) -> Place | None:
        """A site as it is announced."""
        site = self._sites.get(slug)
        return _place(site, self._names) if site else None

    def of(self, names: Iterable[str]) -> Impact:
        """names: devices that are dark, and codes of services that fail."""
        dark = set(names)
        touched = {self._used[name].site for name in dark if name in self._used}
        sites = [self._sites[slug] for slug in sorted(touched) if slug in self._sites and self._is_dark(slug, dark)]
        codes = sorted({site.region_code for site in sites if site.kind is SiteKind.DESA and site.region_code})
        villages = [self._villages[code] for code in codes if code in self._villages and _is_desa(code)]
        services = {service.code: service for name in sorted(dark) for service in self._on_host.get(name, ())}
        services.update({service.code: service for site in sites for service in self._at_site.get(site.slug, ())})
        services.update({code: self._services[code] for code in sorted(dark) if code in self._services})
        return Impact(
            villages=tuple(villages),
            sites=tuple(_place(site, self._names) for site in sites),
            opd=tuple(_place(site, self._names) for site in sites if site.kind in AGENCIES),
            services=tuple(Place(code, service.name) for code, service in sorted(services.items())),
            devices=sum(name in self._used for name in dark),
            population=sum(self._population.get(village.key, 0) for village in villages),
        )

    def _is_dark(self, slug: str, dark: set[str]) -> bool:
        carriers = [device.name for device in self._at.get(slug, ()) if _carries(device)]
        return bool(carriers) and dark.issuperset(carriers)


def _carries(device: Device) -> bool:
    return device.role not in CARRIES_NOTHING and device.check is not Check.NONE


def _is_desa(code: str) -> bool:
    return level_of(code) is RegionLevel.VILLAGE and village_kind(code) is not VillageKind.KELURAHAN


def _place(site: Site, names: Mapping[str, str]) -> Place:
    code = site.region_code
    while code is not None and level_of(code) is not RegionLevel.DISTRICT:
        code = parent_of(code)
    return Place(site.slug, site.name, names.get(code, "") if code else "")
