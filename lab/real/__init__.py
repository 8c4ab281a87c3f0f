"""A lab of real daemons in network namespaces: net-snmp, lldpd, OpenSSH and FRR on hosts whose links can be cut.

It needs root and the programs; it never touches the machine's own interfaces, routes or firewall. It does not invent
anything: counters, neighbours and statuses are the kernel's and the daemons' own.
"""

from lab.real.lab import RealLab
from lab.real.layout import Layout, default_layout
from lab.real.namespaces import in_namespace, inside
from lab.real.requirements import missing_requirements
from lab.real.ring import ring_layout
from lab.real.standing import attach, down, up

__all__ = [
    "Layout",
    "RealLab",
    "attach",
    "default_layout",
    "down",
    "in_namespace",
    "inside",
    "missing_requirements",
    "ring_layout",
    "up",
]
