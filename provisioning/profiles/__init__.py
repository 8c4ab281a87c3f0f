"""Kinds of sites as data, the variables they need, and the layers that give them values."""

from provisioning.profiles.folder import ProvisioningFolder
from provisioning.profiles.layers import CheckedLayer, LayerValues, Resolved, check_layer, require, resolve
from provisioning.profiles.loader import SiteProfiles, site_profiles
from provisioning.profiles.schema import DeviceProfile, ElsewhereProfile, SiteProfile, SubnetProfile
from provisioning.profiles.variables import Kind, Layer, Variable, Word, check

__all__ = [
    "CheckedLayer",
    "DeviceProfile",
    "ElsewhereProfile",
    "Kind",
    "Layer",
    "LayerValues",
    "ProvisioningFolder",
    "Resolved",
    "SiteProfile",
    "SiteProfiles",
    "SubnetProfile",
    "Variable",
    "Word",
    "check",
    "check_layer",
    "require",
    "resolve",
    "site_profiles",
]
