"""What stands between a device's configuration as it was read and as it is wanted. Pure."""

from provisioning.difference.compare import compare

__all__ = ["compare"]
