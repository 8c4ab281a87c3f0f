"""What is known of each platform's configuration: reading, noise, secrets. The profiles of polling are elsewhere."""

from provisioning.platforms.cleaning import Seal, changed_by, clean, mask
from provisioning.platforms.platform import ConfigPlatform, Layout, Ways
from provisioning.platforms.shipped import PLATFORMS

__all__ = ["PLATFORMS", "ConfigPlatform", "Layout", "Seal", "Ways", "changed_by", "clean", "mask"]
