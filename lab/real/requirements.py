"""What the lab needs of the machine. It only looks; it installs nothing."""

import os
import shutil
from pathlib import Path

SEARCH_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin", "/usr/lib/frr"))
_PROGRAMS = ("ip", "snmpd", "lldpd", "lldpcli", "sshd", "ssh-keygen", "unshare")
_FRR_PROGRAMS = ("zebra", "ospfd", "vtysh")


def program(name: str) -> str:
    """The full path of a program, or its bare name if it is not installed."""
    return shutil.which(name, path=SEARCH_PATH) or name


def missing_requirements(ospf: bool = False) -> tuple[str, ...]:
    """What is not there, in plain words; empty if the lab can be built."""
    wanted = _PROGRAMS + (_FRR_PROGRAMS if ospf else ())
    missing = [f"program {name}" for name in wanted if shutil.which(name, path=SEARCH_PATH) is None]
    if os.geteuid() != 0:
        missing.insert(0, "root")
    if not Path("/proc/self/ns/net").exists():
        missing.append("network namespaces in the kernel")
    return tuple(missing)
