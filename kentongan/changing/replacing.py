"""A device replaced by another unit: what will be told to whom, worked out from intent or from the last backup.

Tells nobody anything and writes nothing; the steps of the job are in `swapping`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from collectors.store import DeviceFacts
from domain.changes import Job, JobKind, JobState
from domain.intent import Configuration, DeviceIntent, Platform, Section, SiteIntent, SitePlan
from domain.language import _
from domain.network import Check, Device, DeviceStatus, Inventory, Role, Site
from domain.network.units import is_same_unit
from kentongan.changing.swap import of_plain, on_shelf, renewed
from kentongan.errors import UsageError
from kentongan.planning.sources import provisioning_folder
from provisioning.difference.statements import read_statements
from provisioning.profiles import Layer, LayerValues, ProvisioningFolder
from provisioning.profiles.assembling import label_of

if TYPE_CHECKING:
    from kentongan.changing.changes import SiteChanges

MASK: Final = "***"
FROM_BACKUP: Final = frozenset({Platform.ROUTEROS, Platform.IOS, Platform.VRP})
"""Platforms of which a backup holds in one text all that a new unit has to be told."""


class Source(StrEnum):
    """Where the new unit's configuration comes from."""

    INTENT = "intent"
    BACKUP = "backup"
    NONE = "none"  # Kentongan tells this device nothing


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a person orders. contact, login: where the new unit answers before it is told, and by which stored login.
    already: the hardware was exchanged and told by hand; it is only written down.
    """

    device: str
    serial: str
    model: str = ""
    platform: str = ""
    fate: DeviceStatus = DeviceStatus.SPARE
    contact: str = ""
    login: str = ""
    reason: str = ""
    already: bool = False

    def as_order(self) -> dict[str, str]:
        words = ("device", "serial", "model", "platform", "contact", "login", "reason")
        return {**{word: getattr(self, word) for word in words}, "fate": self.fate.value}


@dataclass(frozen=True, slots=True)
class Prepared:
    """row: of the inventory. before: the same with what discovery knows beside. new: as it will be. told: devices, in
    their order. lacking: lines of the backup that hold secrets, which a person has to type. order: what the job is.
    """

    kind: JobKind
    source: Source
    row: Device
    before: Device
    new: Device
    plan: SitePlan
    told: tuple[str, ...]
    order: Mapping[str, str]
    profile: str = ""
    lacking: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default_factory=tuple)


class OverlaidFolder(ProvisioningFolder):
    """Variables of a site and of its device, with the old unit's serial read as the new one's."""

    def __init__(self, folder: ProvisioningFolder, old: str, new: str) -> None:
        self._folder = folder
        self._old = old
        self._new = new
        super().__init__(folder.profiles.parent)

    def read(self, layer: Layer, name: str = "") -> LayerValues:
        values = self._folder.read(layer, name)
        if layer not in (Layer.SITE, Layer.DEVICE) or not self._old:
            return values
        return replace(values, values={**values.values, **serials_in(values.values, self._old, self._new)})


def serials_in(values: Mapping[str, object], old: str, new: str) -> dict[str, object]:
    """The variables that hold a unit's serial, with another one."""
    return {name: new for name, value in values.items() if isinstance(value, str) and value and is_same(value, old)}


def is_same(value: str, serial: str) -> bool:
    return bool(serial) and is_same_unit(value, serial)


def prepare(changes: "SiteChanges", wanted: Replacement) -> Prepared:
    """Raises UsageError with what to do instead, and ProvisioningError for what the plan lacks."""
    inventory = changes.installation.inventory.read()
    row = _row(inventory, wanted)
    before = _known(changes, row, wanted)
    shelf = on_shelf(inventory, wanted.device, wanted.serial)
    new = renewed(before, wanted.serial, wanted.model, wanted.platform, shelf)
    order = wanted.as_order() | {"old_serial": before.serial}
    if wanted.already:
        kind, source = JobKind.SWAPPED, Source.NONE
        return Prepared(kind, source, row, before, new, SitePlan(_bare(inventory, new)), (), order | {"source": source})
    profile = profile_told(changes, before.site)
    if profile:
        plan, told = _by_intent(changes, inventory, before, new, profile, "")
        if told or not _is_told(before):
            source = Source.INTENT if told else Source.NONE
            kind = JobKind.REPLACE if told else JobKind.SWAPPED
            notes = () if told else (_nothing_told(before),)
            order |= {"source": source}
            return Prepared(kind, source, row, before, new, plan, told, order, profile, notes=notes)
    return _without_intent(changes, inventory, row, before, new, order)


def plan_of_replacement(changes: "SiteChanges", job: Job) -> SitePlan:
    """The same at any time while the job runs and afterwards; version and model as the new unit told them."""
    inventory = changes.installation.inventory.read()
    kept = changes.store.kept(job.id)
    before = of_plain(kept["device"])
    new = new_of(job, kept)
    match Source(job.order["source"]):
        case Source.INTENT:
            plan, _told = _by_intent(changes, inventory, before, new, job.profile, kept.get("version", ""))
        case Source.BACKUP:
            plan = SitePlan(_bare(inventory, new), configurations=(_from_text(before, kept["backup"])[0],))
        case Source.NONE:
            plan = SitePlan(_bare(inventory, new))
    return replace(plan, configurations=tuple(each for each in plan.configurations if each.device in job.devices))


def new_of(job: Job, kept: Mapping[str, Any]) -> Device:
    shelf = of_plain(kept["shelf"]) if kept.get("shelf") else None
    model = job.order["model"] or kept.get("model", "")
    return renewed(of_plain(kept["device"]), job.order["serial"], model, job.order["platform"], shelf)


def profile_told(changes: "SiteChanges", site: str) -> str:
    """The profile by which the site is known to have been planned; '' for a site that nobody planned."""
    built = (
        job.profile
        for job in changes.store.jobs(site)
        if job.kind is JobKind.BUILD and job.state is JobState.DONE and job.profile
    )
    return next(built, "") or provisioning_folder(changes.installation.loaded.folder).profile_of(site)


def _row(inventory: Inventory, wanted: Replacement) -> Device:
    device = next((each for each in inventory.devices if each.name == wanted.device), None)
    if device is None:
        raise UsageError(_("There is no device {name}. See: kentongan devices").format(name=wanted.device))
    if device.status is not DeviceStatus.IN_USE:
        raise UsageError(
            _("{device} is {status}; only a device in use is replaced. Its row is in devices.csv.").format(
                device=device.name, status=device.status.value
            )
        )
    if is_same(wanted.serial, device.serial):
        raise UsageError(
            _("{device} has the serial {serial} already.").format(device=device.name, serial=device.serial)
        )
    return device


def _known(changes: "SiteChanges", row: Device, wanted: Replacement) -> Device:
    """With what the old unit said of itself when it was discovered, where the inventory says nothing."""
    facts = changes.installation.plans.facts().get(row.name)
    if facts is None:
        return row
    serial = "" if is_same(facts.serial, wanted.serial) else facts.serial
    return replace(
        row,
        serial=row.serial or serial,
        model=row.model or (facts.model if serial or not wanted.already else ""),
        platform=row.platform or facts.platform,
    )


def _by_intent(
    changes: "SiteChanges", inventory: Inventory, before: Device, new: Device, profile: str, version: str
) -> tuple[SitePlan, tuple[str, ...]]:
    """The plan with the new unit, and who has to be told: itself, and whoever knows it by its serial (its OLT)."""
    installation = changes.installation
    folder = provisioning_folder(installation.loaded.folder)
    now = installation.clock.now().utc
    facts = installation.plans.facts()
    if version:
        held = facts.get(before.name, DeviceFacts(0.0))
        facts = {**facts, before.name: replace(held, version=version)}

    def planned(row: Device, overlay: ProvisioningFolder) -> SitePlan:
        devices = tuple(row if each.name == row.name else each for each in inventory.devices)
        planner = changes.planner(inventory=replace(inventory, devices=devices), folder=overlay, facts=facts)
        return planner.plan(before.site, now, profile=profile)

    after = planned(new, OverlaidFolder(folder, before.serial, new.serial))
    was = {each.device: each.fingerprint for each in _plan_before(planned, before, new, folder).configurations}
    told = tuple(
        each.device
        for each in after.configurations
        if each.device == new.name or was.get(each.device) != each.fingerprint
    )
    return after, told


def _plan_before(planned: Any, before: Device, new: Device, folder: ProvisioningFolder) -> SitePlan:
    """With the old serial, also once the variables hold the new one."""
    plan: SitePlan = planned(before, OverlaidFolder(folder, new.serial, before.serial))
    return plan


def _without_intent(
    changes: "SiteChanges",
    inventory: Inventory,
    row: Device,
    before: Device,
    new: Device,
    order: Mapping[str, str],
) -> Prepared:
    bare = SitePlan(_bare(inventory, new))
    if before.role is Role.ONU and before.olt:
        raise UsageError(
            _(
                "{site} was not planned with Kentongan, so that nobody knows what {olt} is to be told. Register "
                "{serial} there by hand, then: kentongan device replace {device} --serial {serial} --already"
            ).format(site=before.site, olt=before.olt, serial=new.serial, device=before.name)
        )
    if not _is_told(before) and not _is_told(new):
        order = {**order, "source": Source.NONE}
        note = _nothing_told(before)
        return Prepared(JobKind.SWAPPED, Source.NONE, row, before, new, bare, (), order, notes=(note,))
    if new.platform != before.platform:
        raise UsageError(
            _(
                "{device} was a {old} and is to be a {new}. A backup says nothing to another platform, and {site} has "
                "no intent. Plan it (kentongan site set {site} profile=…, kentongan site plan {site}) and say it "
                "again; or set the new unit up by hand, then say it with --already."
            ).format(device=before.name, old=before.platform or "?", new=new.platform or "?", site=before.site)
        )
    by_hand = _("Set it up by hand, then: kentongan device replace {device} --serial {serial} --already").format(
        device=before.name, serial=new.serial
    )
    if Platform(before.platform) not in FROM_BACKUP:
        raise UsageError(
            _("A backup of {platform} does not hold everything that a new unit needs. {by_hand}").format(
                platform=before.platform, by_hand=by_hand
            )
        )
    text = changes.config.repository.latest(before.name, before.site)
    if text is None:
        raise UsageError(
            _("Of {device} there is neither an intent nor a backup. {by_hand}").format(
                device=before.name, by_hand=by_hand
            )
        )
    configuration, lacking = _from_text(before, text)
    plan = replace(bare, configurations=(configuration,))
    order = {**order, "source": Source.BACKUP}
    return Prepared(JobKind.REPLACE, Source.BACKUP, row, before, new, plan, (before.name,), order, lacking=lacking)


def _from_text(device: Device, text: str) -> tuple[Configuration, tuple[str, ...]]:
    """A backup as what the new unit is to be, and the lines that it cannot be told because their secrets are masked."""
    platform = Platform(device.platform)
    if platform is Platform.ROUTEROS:
        lines = [each.line for each in read_statements(text.splitlines())]
    else:
        lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    told = tuple(line for line in lines if MASK not in line)
    lacking = tuple(line.strip() for line in lines if MASK in line)
    return Configuration(device.name, platform, 0, (Section("backup", told),)), lacking


def _bare(inventory: Inventory, device: Device) -> SiteIntent:
    """A site of which only this device is known: it must answer."""
    site: Site = inventory.site_by_slug[device.site]
    platform = Platform(device.platform) if _is_told(device) else None
    wanted = DeviceIntent(
        device.name,
        device.name,
        device.role,
        platform,
        address=device.address,
        check=device.check,
        poll_class=device.poll_class,
        model=device.model,
        serial=device.serial,
    )
    checks = ("reachable",) if device.check is not Check.NONE else ()
    return SiteIntent(site.slug, label_of(site.name), site.kind, "", site.region_code, devices=(wanted,), checks=checks)


def _is_told(device: Device) -> bool:
    return device.platform in {each.value for each in Platform}


def _nothing_told(device: Device) -> str:
    return _("Kentongan tells nothing to a {role}; it is only written down.").format(role=device.role.value)
