"""Conversations by SSH: the implementation of `domain.shell`. What is said to which platform is not known here."""

from collectors.ssh.device_lock import DeviceLocks
from collectors.ssh.shells import SshShells

__all__ = ["DeviceLocks", "SshShells"]
