"""Plans a site as a dry run: gathers what is known, and calls profiles, addresses, rendering and difference in turn.

Takes nothing and stores nothing: the address plan is only asked what it would give.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from collectors.store.plans import DeviceFacts
from domain.addressing import AddressPlan
from domain.intent import (
    Configuration,
    DeviceIntent,
    Difference,
    KeptConfigurations,
    Platform,
    SecretHole,
    SiteIntent,
    SitePlan,
    SubnetIntent,
    Value,
    VlanIntent,
)
from domain.language import _
from domain.network import Device, Inventory, PollClassName, Site, Stage
from domain.polling import PollClass
from kentongan.planning.devices import Known, chosen, known_devices, platform_of
from kentongan.planning.heartbeat import HeartbeatParts
from kentongan.planning.layers import SiteLayers, district_of
from kentongan.planning.traffic import traffic_of, watched_of
from kentongan.planning.tunnel import agree_on_tunnel
from kentongan.planning.warnings import Circumstances, warnings_of
from kentongan.planning.way_in import LoginOf, nobody_looked
from provisioning.difference import compare
from provisioning.errors import IntentError, MissingVariableError, UngivenError
from provisioning.profiles import (
    CheckedLayer,
    DeviceProfile,
    ElsewhereProfile,
    Layer,
    ProvisioningFolder,
    Resolved,
    SiteProfile,
    SiteProfiles,
    Variable,
    require,
    resolve,
)
from provisioning.profiles.assembling import (
    device_name,
    label_of,
    links_of,
    requests_of,
    subnets_of,
    vlans_of,
)
from provisioning.profiles.layers import where_missing
from provisioning.rendering import render, variables_read

ROUTEROS_VERSION = "routeros_version"
ROUTEROS_NOW = 7


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is read once for all plans. secret_is_known: whether the vault has it; None: nobody looked. admin_login:
    what the credential of that name logs in with."""

    inventory: Inventory
    profiles: SiteProfiles
    folder: ProvisioningFolder
    classes: Mapping[PollClassName, PollClass]
    heartbeat: HeartbeatParts
    region_names: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, DeviceFacts] = field(default_factory=dict)
    secret_is_known: Callable[[SecretHole], bool] | None = None
    admin_login: LoginOf = nobody_looked


@dataclass(frozen=True, slots=True)
class _Ground:
    """What stands of one site before its devices are looked at."""

    site: Site
    profile: SiteProfile
    declared: Mapping[str, Variable]
    layers: tuple[CheckedLayer, ...]
    like: str
    subnets: tuple[SubnetIntent, ...]


class SitePlanner:
    """Plans any number of sites from one look at what is known."""

    def __init__(self, known: Knowledge, addresses: AddressPlan, kept: KeptConfigurations) -> None:
        self._known = known
        self._addresses = addresses
        self._kept = kept
        self._devices: Known = known_devices(known.inventory.devices)
        self._layers = SiteLayers(known.profiles, known.folder, self._devices)

    def plan(self, slug: str, now: datetime, *, like: str = "", profile: str = "") -> SitePlan:
        """Raises ProvisioningError with what is missing and where it would stand."""
        site = self._site(slug)
        if like:
            self._site(like)
        kind = self.profile_for(site, like, profile)
        region = site.region_code or ""
        given = self._addresses.allocate(requests_of(kind, slug, region), now, dry_run=True)
        declared = self._known.profiles.variables_of(kind)
        ground = _Ground(site, kind, declared, self._layers.of_site(kind, site, like), like, subnets_of(kind, given))
        devices, left = self._device_intents(ground)
        intent = self._intent(ground, devices, vlans_of(kind, given))
        configurations = tuple(self._rendered(intent, device, declared) for device in devices if device.platform)
        kept = {each.device: self._kept.latest(each.device) for each in configurations}
        differences: dict[str, Difference] = {
            each.device: compare(each, text.text) for each in configurations if (text := kept[each.device]) is not None
        }
        watched = watched_of(devices, self._known.classes)
        traffic = traffic_of(intent, watched, self._beat_seconds(intent, configurations), self._quota(intent))
        plan = SitePlan(intent, given, configurations, differences, watched, traffic)
        ages = {name: now - text.read_at for name, text in kept.items() if text is not None and text.read_at}
        circumstances = Circumstances(
            site,
            left,
            self._known.classes[kind.poll_class],
            self._known.secret_is_known,
            self._known.facts,
            ages,
            self._known.admin_login,
        )
        return replace(plan, warnings=warnings_of(plan, circumstances))

    def profile_for(self, site: Site, like: str = "", named: str = "") -> SiteProfile:
        """The one that is named, else the site's own file's, else that of the site it is to be like, else the only one
        for its kind. Raises IntentError with the choice."""
        profiles = self._known.profiles
        named = (
            named or self._known.folder.profile_of(site.slug) or (self._known.folder.profile_of(like) if like else "")
        )
        if named:
            return profiles.get(named)
        fitting = [each for each in profiles if site.kind in each.kinds]
        if len(fitting) == 1:
            return fitting[0]
        raise IntentError(
            _("Which kind of site is {site}? Name a profile: --profile {names}.").format(
                site=site.slug, names=_(" or ").join(each.profile for each in fitting or profiles)
            )
        )

    # -- what is known -----------------------------------------------------------------------------------------------

    def _site(self, slug: str) -> Site:
        site = self._known.inventory.site_by_slug.get(slug)
        if site is None:
            raise IntentError(
                _(
                    "There is no site {site}. Write it into sites.csv with the stage planned, then: kentongan import"
                ).format(site=slug)
            )
        return site

    # -- devices -----------------------------------------------------------------------------------------------------

    def _device_intents(self, ground: _Ground) -> tuple[tuple[DeviceIntent, ...], tuple[Device, ...]]:
        profile, slug = ground.profile, ground.site.slug
        found, left = chosen(profile, slug, self._devices)
        names = {
            entry.key: (device.name if device else device_name(entry.name, slug))
            for entry in profile.devices
            for device in (found[entry.key],)
        }
        common = resolve(ground.declared, ground.layers)
        for other in profile.elsewhere:
            names[other.key] = str(require(common, ground.declared, [other.device], slug)[other.device])
        elsewhere = [self._elsewhere(ground, other, names[other.key]) for other in profile.elsewhere]
        here = [self._here(ground, entry, found[entry.key], names, common) for entry in profile.devices]
        return agree_on_tunnel([*elsewhere, *here]), left

    def _here(
        self, ground: _Ground, entry: DeviceProfile, device: Device | None, names: Mapping[str, str], common: Resolved
    ) -> DeviceIntent:
        name = names[entry.key]
        platform = platform_of(entry, device, common.values.get(f"{entry.key}_platform"))
        version, variables = self._variables(ground, name, entry.key, platform, entry.parts)
        return DeviceIntent(
            entry.key,
            name,
            entry.role,
            platform,
            version,
            entry.parts if platform else (),
            variables,
            address=(device.address if device else "") or _address(ground.subnets, entry),
            check=entry.check,
            poll_class=entry.poll_class or ground.profile.poll_class,
            uplink=tuple(names[key] for key in entry.uplink),
            model=device.model if device else "",
            serial=device.serial if device else "",
        )

    def _elsewhere(self, ground: _Ground, entry: ElsewhereProfile, name: str) -> DeviceIntent:
        device = self._devices.by_name.get(name)
        facts = self._known.facts.get(name)
        said = (device.platform if device else "") or (facts.platform if facts else "")
        platform = next((each for each in entry.platforms if each.value == said), None)
        if device is None or platform is None:
            raise IntentError(
                _(
                    "{variable} names {device}, which is {platform} in devices.csv. For {site} it must be one of: "
                    "{platforms}."
                ).format(
                    variable=entry.device,
                    device=name,
                    platform=(said or _("without a platform")) if device else _("not"),
                    site=ground.site.slug,
                    platforms=", ".join(each.value for each in entry.platforms),
                )
            )
        version, variables = self._variables(ground, name, "", platform, entry.parts)
        return DeviceIntent(
            entry.key, name, entry.role, platform, version, entry.parts, variables, True, device.address
        )

    def _variables(
        self, ground: _Ground, name: str, key: str, platform: Platform | None, parts: Sequence[str]
    ) -> tuple[int, Mapping[str, Value]]:
        if platform is None:
            return 0, {}
        layers = [*ground.layers, *self._layers.of_device(ground.profile, name, key, ground.like)]
        version = self._version(name, platform, resolve(ground.declared, layers, platform), here=bool(key))
        resolved = resolve(ground.declared, layers, platform, version)
        given = self._known.heartbeat.of(platform, version, ground.site.slug)
        return version, require(resolved, ground.declared, variables_read(platform, parts, given), name)

    def _version(self, name: str, platform: Platform, resolved: Resolved, *, here: bool) -> int:
        """The measured one; else what is said of the site, or of a device elsewhere itself."""
        if platform is not Platform.ROUTEROS:
            return 0
        facts = self._known.facts.get(name)
        major = facts.version.split(".")[0] if facts else ""
        if major.isdigit():
            return int(major)
        said = resolved.values.get(ROUTEROS_VERSION)
        own = here or resolved.origins[ROUTEROS_VERSION].layer is Layer.DEVICE
        return said if own and isinstance(said, int) else ROUTEROS_NOW

    # -- the whole ---------------------------------------------------------------------------------------------------

    def _intent(self, ground: _Ground, devices: tuple[DeviceIntent, ...], vlans: tuple[VlanIntent, ...]) -> SiteIntent:
        site, profile = ground.site, ground.profile
        names = {device.key: device.name for device in devices}
        district = self._known.region_names.get(district_of(site.region_code or ""), "")
        return SiteIntent(
            site.slug,
            label_of(site.name, district if site.region_code and site.region_code.count(".") == 3 else ""),
            site.kind,
            profile.profile,
            site.region_code,
            district,
            profile.medium,
            devices,
            links_of(profile, names, site.slug),
            ground.subnets,
            vlans,
            profile.services,
            profile.checks,
            profile.heartbeat,
            site.stage is Stage.SUSPENDED,
        )

    def _rendered(self, site: SiteIntent, device: DeviceIntent, declared: Mapping[str, Variable]) -> Configuration:
        assert device.platform is not None
        given = self._known.heartbeat.of(device.platform, device.version, site.slug)
        try:
            made = render(site, device, given)
            return replace(made, scope=site.slug) if device.elsewhere else made
        except UngivenError as error:
            layer = declared[error.name].layer
            name = {
                Layer.SITE: site.slug,
                Layer.DEVICE: device.name,
                Layer.KECAMATAN: district_of(site.region_code or ""),
            }.get(layer, "")
            places = {layer: str(self._known.folder.path_of(layer, name))}
            raise MissingVariableError(
                _("{device}: {missing}").format(
                    device=device.name,
                    missing=where_missing(error.name, declared[error.name], Resolved({}, {}, places)),
                )
            ) from error

    def _beat_seconds(self, intent: SiteIntent, configurations: Sequence[Configuration]) -> float | None:
        pushes = any(section.part == "heartbeat" for each in configurations for section in each.sections)
        return self._known.heartbeat.interval_seconds if intent.heartbeat and pushes else None

    def _quota(self, intent: SiteIntent) -> float | None:
        names = {device.name for device in intent.devices if not device.elsewhere}
        quotas = [link.quota_gb for link in self._known.inventory.links if link.a_device in names and link.quota_gb]
        return min(quotas, default=None)


def _address(subnets: Sequence[SubnetIntent], entry: DeviceProfile) -> str:
    return next(
        (str(each.hosts[entry.key]) for each in subnets if each.key == entry.address and entry.key in each.hosts), ""
    )
