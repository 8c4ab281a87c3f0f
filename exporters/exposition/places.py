"""What the inventory says, as text: sites, links, contracts, applications. Written when the inventory changes, not at a
scrape; it carries no timestamp."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from domain.network import Contract, Inventory, Link, RegionLevel, Service, Site, level_of, parent_of
from exporters.catalogue import Metric
from exporters.catalogue import places as catalogue
from exporters.exposition.labels import label_set
from exporters.exposition.uplinks import uplinks

MOST_SITES: Final = 20_000
"""A kabupaten has hundreds. Of a country nothing is shown: its map is the coverage's, not a panel's."""

_BYTES_PER_MEGABIT: Final = 1_000_000 / 8
_BYTES_PER_GIGABYTE: Final = 1e9
Sample = tuple[tuple[str, ...], float]


def places_text(inventory: Inventory, region_names: Mapping[str, str], zone: tzinfo = UTC) -> bytes:
    """All lines in text format 0.0.4. region_names: code → name. zone: in which a contract's last day ends."""
    withheld = len(inventory.sites) > MOST_SITES
    families: dict[Metric, Iterable[Sample]] = {catalogue.PLACES_WITHHELD: [((), float(withheld))]}
    if not withheld:
        families |= _families(inventory, region_names, zone)
    return b"".join(_family(metric, samples) for metric, samples in families.items())


def _families(inventory: Inventory, names: Mapping[str, str], zone: tzinfo) -> dict[Metric, Iterable[Sample]]:
    sites, links, contracts = inventory.sites, inventory.links, inventory.contracts
    providers = {contract.id: contract.provider for contract in contracts}
    return {
        catalogue.SITE_INFO: [(_site(site, names), 1.0) for site in sites],
        catalogue.SITE_LATITUDE: [((site.slug,), site.latitude) for site in sites if site.latitude is not None],
        catalogue.SITE_LONGITUDE: [((site.slug,), site.longitude) for site in sites if site.longitude is not None],
        catalogue.LINK_INFO: [(labels, 1.0) for link in links for labels in _ends(link, inventory, providers)],
        catalogue.SITE_UPLINK: [(labels, 1.0) for labels in uplinks(inventory)],
        catalogue.LINK_CAPACITY: [
            ((link.name,), link.capacity_mbps * _BYTES_PER_MEGABIT) for link in links if link.capacity_mbps
        ],
        catalogue.LINK_COMMITTED: [
            ((link.name, direction), rate * _BYTES_PER_MEGABIT)
            for link in links
            for direction, rate in (("receive", link.cir_down_mbps), ("transmit", link.cir_up_mbps))
            if rate
        ],
        catalogue.LINK_QUOTA: [((link.name,), link.quota_gb * _BYTES_PER_GIGABYTE) for link in links if link.quota_gb],
        catalogue.CONTRACT_SLA: [
            ((each.id, each.provider), each.sla_percent / 100) for each in contracts if each.sla_percent is not None
        ],
        catalogue.CONTRACT_END: [((each.id, each.provider), _end(each, zone)) for each in contracts if each.ends_on],
        catalogue.SERVICE_INFO: [(_service(service), 1.0) for service in inventory.services],
    }


def place_of(code: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Desa and kecamatan of a region's code, by name; "" for what it does not lie in."""
    if not code:
        return "", ""
    match level_of(code):
        case RegionLevel.VILLAGE:
            return names.get(code, code), names.get(parent_of(code) or "", "")
        case RegionLevel.DISTRICT:
            return "", names.get(code, code)
        case _:
            return "", ""


def _site(site: Site, names: Mapping[str, str]) -> tuple[str, ...]:
    desa, kecamatan = place_of(site.region_code or "", names)
    criticality = "" if site.criticality is None else str(site.criticality)
    kind, stage = site.kind.value, site.stage.value
    return site.slug, site.name, kind, site.organisation, desa, kecamatan, stage, criticality


def _ends(link: Link, inventory: Inventory, providers: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """A link is written down from the side that it serves: its a end."""
    devices = inventory.used_by_name
    served = devices[link.a_device].site if link.a_device in devices else ""
    provider = link.provider or providers.get(link.contract, "")
    tail = (served, link.medium.value, link.purpose.value, provider, link.contract)
    for end, device, interface, peer in (
        ("a", link.a_device, link.a_interface, link.z_device),
        ("z", link.z_device, link.z_interface, link.a_device),
    ):
        if device in devices and interface:
            yield (link.name, end, device, interface, peer, *tail)


def _end(contract: Contract, zone: tzinfo) -> float:
    assert contract.ends_on is not None
    after = contract.ends_on + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=zone).timestamp()


def _service(service: Service) -> tuple[str, ...]:
    return service.code, service.name, service.class_.value, service.owner, service.host


def _family(metric: Metric, samples: Iterable[Sample]) -> bytes:
    lines = "".join(
        f"{metric.name}{label_set(zip(metric.labels, labels, strict=True))} {value!r}\n" for labels, value in samples
    )
    return metric.header + lines.encode() if lines else b""
