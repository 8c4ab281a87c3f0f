"""A segment that we stand on ourselves, asked with scapy: neighbours (LLDP, CDP, MNDP), DHCP servers, ARP.

Bounded in seconds and frames, once, when somebody asks: nothing here polls. scapy is loaded with the first question,
never by importing this package.
"""

from collectors.link.checks import SegmentChecks
from collectors.link.errors import FrameError, InterfaceError, LinkError, RawPacketsError

__all__ = ["FrameError", "InterfaceError", "LinkError", "RawPacketsError", "SegmentChecks"]
