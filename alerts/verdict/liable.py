"""Who is liable: from the verdict, the cause, and what the inventory says of owners, providers, meters and feeders.

Pure. Downtime is charged to exactly one party. What cannot be known is UNKNOWN and waits for a person; the machine's
word and the person's are both kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, assert_never

from domain.incidents import Cause, CauseKind, ClosingCause, EvidenceKind, Liable, Party, Verdict, VerdictKind
from domain.network import Contract, Device, Inventory, Link, Operator, PowerSource, Segment, Service, Site, SiteKind

OURS: Final = Liable(Party.OURS)
UNKNOWN: Final = Liable(Party.UNKNOWN)
_OURSELVES: Final = frozenset({"", "diskominfo", "kominfo", "kita", "ours", "pemkab", "pemda", "pemkot"})
_OUR_PLACES: Final = frozenset({SiteKind.DATACENTER, SiteKind.POP, SiteKind.TOWER, SiteKind.POLE, SiteKind.CCTV})


@dataclass(frozen=True, slots=True)
class Belongings:
    """The inventory by name, as far as it tells whose something is. Made once per inventory."""

    links: Mapping[str, Link] = field(default_factory=dict)
    segments: Mapping[str, Segment] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=dict)
    devices: Mapping[str, Device] = field(default_factory=dict)
    services: Mapping[str, Service] = field(default_factory=dict)
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    providers: frozenset[str] = frozenset()  # casefolded

    @classmethod
    def of(cls, inventory: Inventory) -> "Belongings":
        named = [*(link.provider for link in inventory.links), *(each.provider for each in inventory.contracts)]
        return cls(
            {link.name: link for link in inventory.links},
            {segment.name: segment for segment in inventory.segments},
            inventory.site_by_slug,
            inventory.used_by_name,
            {service.code: service for service in inventory.services},
            {contract.id: contract for contract in inventory.contracts},
            frozenset(name.casefold() for name in named if name),
        )

    def site_of(self, cause: Cause, members: Iterable[str]) -> Site | None:
        """The place where the cause is: its own, or the one that all members share."""
        if cause.kind is CauseKind.SITE:
            return self.sites.get(cause.name)
        names = [cause.name] if cause.kind is CauseKind.DEVICE else list(members)
        slugs = {self.devices[name].site for name in names if name in self.devices}
        return self.sites.get(slugs.pop()) if len(slugs) == 1 else None


def liable_for(
    verdict: Verdict, cause: Cause, belongings: Belongings, members: Iterable[str] = (), *, planned: bool = False
) -> Liable:
    """members: the devices that are dark. planned: our own announced work."""
    if planned:
        return Liable(Party.PLANNED)
    match verdict.kind:
        case VerdictKind.POWER:
            return _of_power(verdict, cause, belongings, tuple(members))
        case VerdictKind.FIBRE | VerdictKind.RADIO | VerdictKind.DEVICE:
            return _owner(cause, belongings, tuple(members))
        case VerdictKind.PROVIDER:
            return _provider(cause, belongings, tuple(members))
        case VerdictKind.SERVICE:
            service = belongings.services.get(cause.name)
            return OURS if service is None else _party(service.owner, belongings, Party.OWNER)
        case VerdictKind.MANAGEMENT | VerdictKind.POLLER:
            return OURS
        case VerdictKind.UNDETERMINED:
            return UNKNOWN
        case _:
            assert_never(verdict.kind)


def liable_by_people(
    closing: ClosingCause, machine: Liable, cause: Cause, belongings: Belongings, members: Iterable[str] = ()
) -> Liable:
    """Whose it is by what the people found who mended it. A provider answers to us for its own line, whoever dug."""
    match closing:
        case ClosingCause.PLN:
            return Liable(Party.PLN)
        case ClosingCause.TOKEN_HABIS | ClosingCause.DICABUT_PENGGUNA:
            site = belongings.site_of(cause, members)
            return Liable(Party.OWNER, (site.organisation or site.name) if site else "")
        case ClosingCause.ISOLIR | ClosingCause.KONFIGURASI:
            return OURS
        case ClosingCause.PETIR:
            return Liable(Party.FORCE)
        case ClosingCause.PROVIDER:
            return _provider(cause, belongings, tuple(members))
        case ClosingCause.GALIAN | ClosingCause.VANDAL | ClosingCause.PENCURIAN:
            return _unless_the_provider(Party.THIRD, cause, belongings, members)
        case ClosingCause.POHON | ClosingCause.RADIO_CUACA:
            return _unless_the_provider(Party.FORCE, cause, belongings, members)
        case ClosingCause.TIKUS:
            return _owner(cause, belongings, tuple(members))
        case ClosingCause.TIDAK_DITEMUKAN:
            return machine
        case _:
            assert_never(closing)


def _unless_the_provider(party: Party, cause: Cause, belongings: Belongings, members: Iterable[str]) -> Liable:
    owner = _owner(cause, belongings, tuple(members))
    return owner if owner.party is Party.PROVIDER else Liable(party)


def _of_power(verdict: Verdict, cause: Cause, belongings: Belongings, members: tuple[str, ...]) -> Liable:
    said = {each.kind for each in verdict.evidence}
    site = belongings.site_of(cause, members)
    feeder = cause.name if cause.kind is CauseKind.FEEDER else site.power_feeder if site else ""
    if cause.kind is CauseKind.FEEDER:
        return Liable(Party.PLN, feeder)
    if site and (EvidenceKind.FEEDER_LIT in said or (site.power and PowerSource.PLN not in site.power)):
        return _of_premises(site)  # the feeder is alive: the token, the breaker, the plug; or it never was PLN's
    if {EvidenceKind.FEEDER_DARK, EvidenceKind.PLN_NOTICE} & said:
        return Liable(Party.PLN, feeder)
    return UNKNOWN


def _of_premises(site: Site) -> Liable:
    if site.operator is Operator.PROVIDER:
        return Liable(Party.PROVIDER, site.organisation)
    if site.operator is Operator.BAKTI:
        return Liable(Party.PROVIDER, "BAKTI")
    if site.kind in _OUR_PLACES and site.operator is not Operator.DESA:
        return OURS
    return Liable(Party.OWNER, site.organisation or site.name)


def _owner(cause: Cause, belongings: Belongings, members: tuple[str, ...]) -> Liable:
    match cause.kind:
        case CauseKind.LINK:
            link = belongings.links.get(cause.name)
            if link is None:
                return UNKNOWN
            if link.provider:
                return Liable(Party.PROVIDER, link.provider)
            return _party(link.owner, belongings, Party.PROVIDER)
        case CauseKind.SEGMENT:
            segment = belongings.segments.get(cause.name)
            return UNKNOWN if segment is None else _party(segment.owner, belongings, Party.PROVIDER)
        case CauseKind.PROVIDER:
            return Liable(Party.PROVIDER, cause.name)
        case CauseKind.FEEDER:
            return Liable(Party.PLN, cause.name)
        case CauseKind.SERVICE:
            service = belongings.services.get(cause.name)
            return UNKNOWN if service is None else _party(service.owner, belongings, Party.OWNER)
        case CauseKind.DEVICE | CauseKind.SITE:
            device = belongings.devices.get(cause.name) if cause.kind is CauseKind.DEVICE else None
            if device is not None and device.owner:
                return _party(device.owner, belongings, Party.OWNER)
            return _operator(belongings.site_of(cause, members))
        case CauseKind.MANAGEMENT | CauseKind.POLLER:
            return OURS
        case _:
            assert_never(cause.kind)


def _operator(site: Site | None) -> Liable:
    if site is None:
        return UNKNOWN
    match site.operator:
        case None | Operator.DISKOMINFO:
            return OURS
        case Operator.PROVIDER:
            return Liable(Party.PROVIDER, site.organisation)
        case Operator.BAKTI:
            return Liable(Party.PROVIDER, "BAKTI")
        case Operator.DESA:
            return Liable(Party.OWNER, site.organisation or site.name)
        case _:
            assert_never(site.operator)


def _provider(cause: Cause, belongings: Belongings, members: tuple[str, ...]) -> Liable:
    if cause.kind is CauseKind.PROVIDER:
        return Liable(Party.PROVIDER, cause.name)
    link = belongings.links.get(cause.name) if cause.kind is CauseKind.LINK else None
    if link is not None:
        contract = belongings.contracts.get(link.contract)
        return Liable(Party.PROVIDER, link.provider or (contract.provider if contract else ""))
    # A modem or a site that is named as the cause hangs on the lines of one provider, or nobody knows which.
    lines = {
        link.provider
        for link in belongings.links.values()
        if link.provider and {link.a_device, link.z_device} & {cause.name, *members}
    }
    return Liable(Party.PROVIDER, lines.pop() if len(lines) == 1 else "")


def _party(owner: str, belongings: Belongings, otherwise: Party) -> Liable:
    """An owner as the files name it: us, PLN, a provider we know, or `otherwise` by its name."""
    plain = owner.strip().casefold()
    if plain in _OURSELVES:
        return OURS
    if plain == "pln":
        return Liable(Party.PLN)
    return Liable(Party.PROVIDER if plain in belongings.providers else otherwise, owner.strip())
