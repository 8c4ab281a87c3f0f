"""Which device of the inventory is meant by an entry of a profile, and what the inventory already says of it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.intent import Platform
from domain.language import _
from domain.network import Device, DeviceStatus, Role
from provisioning.errors import IntentError
from provisioning.profiles import DeviceProfile, Layer, LayerValues, SiteProfile
from provisioning.profiles.assembling import device_name

ALIVE = (DeviceStatus.PLANNED, DeviceStatus.IN_USE)
RECORDS = "devices.csv"


@dataclass(frozen=True, slots=True)
class Known:
    """The devices of an inventory, looked up by name and by site; what is lost or on a shelf is left out."""

    by_name: Mapping[str, Device] = field(default_factory=dict)
    by_site: Mapping[str, tuple[Device, ...]] = field(default_factory=dict)


def known_devices(devices: Iterable[Device]) -> Known:
    by_name: dict[str, Device] = {}
    by_site: dict[str, list[Device]] = {}
    for device in devices:
        if device.status in ALIVE:
            by_name[device.name] = device
            by_site.setdefault(device.site, []).append(device)
    return Known(by_name, {site: tuple(found) for site, found in by_site.items()})


def chosen(profile: SiteProfile, site: str, known: Known) -> tuple[dict[str, Device | None], tuple[Device, ...]]:
    """Key → the planned device of the inventory, by its name, else the first of its role; and those that are left."""
    left = list(known.by_site.get(site, ()))
    found: dict[str, Device | None] = {}
    for entry in profile.devices:
        name = device_name(entry.name, site)
        device = next((each for each in left if each.name == name), None)
        found[entry.key] = device
        if device is not None:
            left.remove(device)
    for entry in profile.devices:
        if found[entry.key] is None:
            device = next((each for each in left if each.role is entry.role), None)
            found[entry.key] = device
            if device is not None:
                left.remove(device)
    return found, tuple(left)


def platform_of(entry: DeviceProfile, device: Device | None, said: object) -> Platform | None:
    """devices.csv goes before the variable, the variable before the profile. Raises IntentError for one that the
    profile does not allow."""
    if not entry.platforms:
        return None
    wanted = (device.platform if device else "") or (str(said) if said else "")
    if not wanted:
        return entry.platforms[0]
    platform = next((each for each in entry.platforms if each.value == wanted), None)
    if platform is None:
        raise IntentError(
            _("{device} is to be a {platform}, which the profile does not allow. It takes: {platforms}.").format(
                device=device.name if device else entry.key,
                platform=wanted,
                platforms=", ".join(each.value for each in entry.platforms),
            )
        )
    return platform


def recorded_values(site: str, known: Known) -> LayerValues:
    """What devices.csv says of the site's place in the network: ONU, OLT, the PoP's router."""
    values: dict[str, object] = {}
    here = known.by_site.get(site, ())
    for device in here:
        for name, value in (
            ("olt", device.olt),
            ("olt_port", device.olt_port),
            ("onu_id", device.onu_id),
            ("onu_serial", device.serial if device.role is Role.ONU else ""),
        ):
            if value:
                values.setdefault(name, value)
    olt = known.by_name.get(str(values.get("olt", "")))
    ups = [name for device in (*here, *([olt] if olt else [])) for name in device.uplink]
    for name in ups:
        above = known.by_name.get(name)
        if above is not None and above.site != site and above.role is Role.ROUTER:
            values.setdefault("upstream", name)
    return LayerValues(Layer.SITE, RECORDS, values)
