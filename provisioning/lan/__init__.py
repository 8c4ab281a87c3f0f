"""What a router says of the networks behind it, asked on its own command line: data of platforms, and pure reading."""

from provisioning.lan.parts import LanPart
from provisioning.lan.reading import LAN_READERS, read_lan

__all__ = ["LAN_READERS", "LanPart", "read_lan"]
