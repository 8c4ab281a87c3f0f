"""The acceptance sheet of a site, put together from its plan, the inventory, the change that built it and its checks.

Writes nothing; whoever calls it hands the sheet to a writer of documents.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from domain.changes import Checked, Job, JobState, Outcome, StepKind
from domain.documents import (
    AcceptanceSheet,
    SheetDevice,
    SheetLink,
    SheetPlace,
    SheetSpeed,
    SheetSubnet,
    Signer,
    SignerPart,
)
from domain.intent import DeviceIntent, SiteIntent
from domain.language import _
from domain.network import Device, DeviceStatus, Inventory, Link, LinkPurpose, Operator, Site, VillageKind, village_kind

LEVELS = frozenset({"optical-level", "onu-level", "signal"})
SPEED = "throughput"
THERE = frozenset({DeviceStatus.PLANNED, DeviceStatus.IN_USE})


def acceptance_sheet(
    intent: SiteIntent,
    inventory: Inventory,
    regions: Mapping[str, str],
    now: datetime,
    job: Job | None = None,
    checks: tuple[Checked, ...] = (),
) -> AcceptanceSheet:
    """now: aware, in the zone of the kabupaten; of a job that has ended, its end counts, so that the sheet repeats
    itself. checks: of the last verification; what the profile wants beside them was not checked. regions: code → name.
    """
    site = inventory.site_by_slug[intent.slug]
    place = _place(site, regions)
    ended = job.changed_at.astimezone(now.tzinfo) if job and job.state is JobState.DONE and job.changed_at else None
    verified = job.step(StepKind.VERIFY) if job else None
    looked = verified.ended_at if verified and checks else None
    links = _links(intent, inventory)
    return AcceptanceSheet(
        place=place,
        made_at=ended or now,
        is_final=ended is not None,
        document_no=site.document_no,
        job=job.id if job else "",
        actor=job.actor if job else "",
        approvers=job.approvers if job else (),
        reason=job.reason if job else "",
        devices=tuple(_devices(intent, inventory, checks)),
        subnets=tuple(_subnets(intent)),
        links=tuple(_link(link, checks) for link in links),
        speeds=tuple(_speed(link, checks) for link in links if link.purpose is LinkPurpose.SERVICE),
        checks=(*checks, *_unasked(intent.checks, checks)),
        checked_at=looked.astimezone(now.tzinfo) if looked else None,
        signers=_signers(site, place),
    )


def _place(site: Site, regions: Mapping[str, str]) -> SheetPlace:
    code = site.region_code or ""
    parts = code.split(".")
    names = [regions.get(".".join(parts[:count]), "") if len(parts) >= count else "" for count in (2, 3, 4)]
    village = names[2] or (code if len(parts) == 4 else "")
    return SheetPlace(
        site=site.slug,
        name=site.name,
        kind=site.kind,
        village=village,
        is_kelurahan=len(parts) == 4 and village_kind(code) is VillageKind.KELURAHAN,
        district=names[1] or (".".join(parts[:3]) if len(parts) >= 3 else ""),
        regency=names[0],
        region_code=code,
        organisation=site.organisation,
        address=site.address,
        latitude=site.latitude,
        longitude=site.longitude,
    )


def _devices(intent: SiteIntent, inventory: Inventory, checks: Iterable[Checked]) -> Iterator[SheetDevice]:
    """The office's own rows first; what the device itself told fills what they leave open."""
    rows = {each.name: each for each in inventory.devices if each.site == intent.slug and each.status in THERE}
    wanted = {each.name: each for each in intent.devices if not each.elsewhere}
    told = {each.device: each.evidence for each in checks if each.name == "snmp"}
    for name in dict.fromkeys((*wanted, *rows)):
        yield _device(name, rows.get(name), wanted.get(name), told.get(name, {}))


def _device(name: str, row: Device | None, wanted: DeviceIntent | None, told: Mapping[str, object]) -> SheetDevice:
    known = row or wanted
    assert known is not None  # the name came from one of the two
    return SheetDevice(
        name=name,
        role=known.role,
        model=(row.model if row else "") or (wanted.model if wanted else "") or _text(told, "model"),
        serial=_text(told, "serial") or (row.serial if row else "") or (wanted.serial if wanted else ""),
        mac=row.mac if row else "",
        address=(row.address if row else "") or (wanted.address if wanted else ""),
        version=_text(told, "version"),
    )


def _subnets(intent: SiteIntent) -> Iterator[SheetSubnet]:
    vlans = {vlan.key: vlan.id for vlan in intent.vlans}
    for subnet in intent.subnets:
        first, last = subnet.dhcp_from, subnet.dhcp_to
        yield SheetSubnet(
            subnet.key,
            str(subnet.prefix),
            vlans.get(subnet.vlan),
            str(subnet.gateway) if subnet.gateway else "",
            (str(first), str(last)) if first and last else ("", ""),
        )


def _links(intent: SiteIntent, inventory: Inventory) -> tuple[Link, ...]:
    """Those of the plan and those that the office's rows know of its devices."""
    own = {each.name for each in intent.devices if not each.elsewhere}
    own |= {each.name for each in inventory.devices if each.site == intent.slug and each.status in THERE}
    rows = {each.name: each for each in inventory.links}
    planned = {
        each.name: rows.get(
            each.name,
            Link(
                each.name,
                each.a_device,
                each.a_interface,
                each.z_device,
                each.z_interface,
                purpose=each.purpose,
                medium=each.medium,
            ),
        )
        for each in intent.links
    }
    beside = {each.name: each for each in rows.values() if own & {each.a_device, each.z_device}}
    return tuple((planned | beside).values())


def _link(link: Link, checks: Iterable[Checked]) -> SheetLink:
    ends = (link.a_device, link.z_device)
    level = next((each.evidence for each in checks if each.name in LEVELS and each.device in ends), {})
    return SheetLink(
        name=link.name,
        near_end=" ".join(filter(None, (link.a_device, link.a_interface))),
        far_end=" ".join(filter(None, (link.z_device, link.z_interface))),
        medium=link.medium,
        purpose=link.purpose,
        provider=link.provider,
        circuit_id=link.circuit_id,
        length_km=link.length_km,
        level_dbm=_number(level, "dbm"),
        lowest_dbm=_number(level, "lowest"),
        highest_dbm=_number(level, "highest"),
    )


def _speed(link: Link, checks: Iterable[Checked]) -> SheetSpeed:
    measured = next(
        (each.evidence for each in checks if each.name == SPEED and each.evidence.get("link") == link.name), {}
    )
    return SheetSpeed(
        link.name,
        link.cir_down_mbps or link.capacity_mbps,
        link.cir_up_mbps or link.capacity_mbps,
        _number(measured, "downMbps"),
        _number(measured, "upMbps"),
    )


def _unasked(wanted: Iterable[str], checks: Iterable[Checked]) -> Iterator[Checked]:
    asked = {each.name for each in checks}
    for name in wanted:
        if name not in asked:
            yield Checked(name, Outcome.UNCHECKED, why=_("no result of it is kept"))


def _signers(site: Site, place: SheetPlace) -> tuple[Signer, ...]:
    office = _("Diskominfo {regency}").format(regency=place.regency).strip()
    builder = "" if site.operator in (Operator.PROVIDER, Operator.BAKTI) else office
    return (
        Signer(SignerPart.BUILT, builder),
        Signer(SignerPart.CHECKED, office),
        Signer(SignerPart.ACCEPTED, site.organisation or place.name),
    )


def _text(evidence: Mapping[str, object], name: str) -> str:
    value = evidence.get(name)
    return value if isinstance(value, str) else ""


def _number(evidence: Mapping[str, object], name: str) -> float | None:
    value = evidence.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
