"""Asks whether a port takes connections, and whether it greets as it should."""

from collectors.tcp.check import check_tcp

__all__ = ["check_tcp"]
