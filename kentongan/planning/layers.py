"""The layers of variables of one site and of its devices, read once and checked once for any number of plans."""

from collections.abc import Mapping
from dataclasses import replace

from domain.network import Site, level_of, parent_of
from domain.network.regions import RegionLevel
from kentongan.planning.devices import Known, chosen, recorded_values
from provisioning.profiles import (
    CheckedLayer,
    Layer,
    LayerValues,
    ProvisioningFolder,
    SiteProfile,
    SiteProfiles,
    Variable,
    check_layer,
)
from provisioning.profiles.assembling import device_name


class SiteLayers:
    """Reads files of the folder when they are first asked for. Raises VariableError and SiteProfileError."""

    def __init__(self, profiles: SiteProfiles, folder: ProvisioningFolder, devices: Known) -> None:
        self._profiles = profiles
        self._folder = folder
        self._devices = devices
        self._read: dict[tuple[str, Layer, str], CheckedLayer] = {}

    def of_site(self, profile: SiteProfile, site: Site, like: str = "") -> tuple[CheckedLayer, ...]:
        """Weakest first. like: the site whose values stand under this one's own, but for what is its own alone."""
        declared = self._profiles.variables_of(profile)
        layers = [self._layer(profile, Layer.KABUPATEN)]
        if district := district_of(site.region_code or ""):
            layers.append(self._layer(profile, Layer.KECAMATAN, district))
        source = self._profiles.sources[profile.profile]
        layers.append(check_layer(declared, LayerValues(Layer.PROFILE, source, profile.values)))
        if like:
            layers.append(_impersonal(self._layer(profile, Layer.SITE, like), declared))
        recorded = recorded_values(site.slug, self._devices)
        known = {name: value for name, value in recorded.values.items() if name in declared}
        layers.append(check_layer(declared, replace(recorded, values=known)))
        layers.append(self._layer(profile, Layer.SITE, site.slug))
        return tuple(layers)

    def of_device(self, profile: SiteProfile, name: str, key: str = "", like: str = "") -> tuple[CheckedLayer, ...]:
        """key: of a device at the site, whose twin at the site `like` lends its values; '' for one elsewhere."""
        own = self._layer(profile, Layer.DEVICE, name)
        if not like or not key:
            return (own,)
        twin = chosen(profile, like, self._devices)[0][key]
        entry = next(each for each in profile.devices if each.key == key)
        other = twin.name if twin else device_name(entry.name, like)
        return (_impersonal(self._layer(profile, Layer.DEVICE, other), self._profiles.variables_of(profile)), own)

    def _layer(self, profile: SiteProfile, layer: Layer, name: str = "") -> CheckedLayer:
        key = (profile.profile, layer, name)
        if key not in self._read:
            self._read[key] = check_layer(self._profiles.variables_of(profile), self._folder.read(layer, name))
        return self._read[key]


def district_of(code: str) -> str:
    """Code of the kecamatan that a site with this region's code lies in, or ''."""
    if not code or level_of(code) not in (RegionLevel.VILLAGE, RegionLevel.DISTRICT):
        return ""
    return code if level_of(code) is RegionLevel.DISTRICT else parent_of(code) or ""


def _impersonal(layer: CheckedLayer, declared: Mapping[str, Variable]) -> CheckedLayer:
    """Without what belongs to one site alone: serials, keys, ports."""
    return replace(layer, values={name: value for name, value in layer.values.items() if not declared[name].personal})
