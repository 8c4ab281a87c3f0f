"""Conversations by SSH: the implementation of `domain.shell`. What is said to which platform is not known here."""

from collectors.ssh.shells import SshShells
from collectors.ssh.turns import Turns

__all__ = ["SshShells", "Turns"]
