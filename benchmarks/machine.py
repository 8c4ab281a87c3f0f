"""The machine a figure was measured on, and what a process has used of it. Linux only."""

import os
import platform
import resource
import sys
from dataclasses import dataclass
from pathlib import Path

POLLER_CORE, TARGET_CORE = 0, 1
MEBIBYTE = 1 << 20


def pin(core: int, pid: int = 0) -> None:
    """Keep a process (0: this one) on one core, where there are several."""
    cores = sorted(os.sched_getaffinity(0) | {POLLER_CORE})
    if os.cpu_count() and (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(pid, {core if core < (os.cpu_count() or 1) else cores[0]})


def cpu_seconds() -> float:
    """User and system time of this process and its threads."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def cpu_seconds_of(pid: int) -> float:
    """User and system time of another process, in ticks of the kernel (10 ms)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mebibytes(pid: int | str = "self") -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEBIBYTE


def peak_mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEBIBYTE


def allow_many_files(count: int) -> None:
    """Peers that keep a socket per device need them."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


@dataclass(frozen=True, slots=True)
class Machine:
    """What stands above a table of figures."""

    processor: str
    cores: int
    memory_gibibytes: float
    kernel: str
    system: str
    python: str
    load_average: float

    @classmethod
    def here(cls) -> "Machine":
        return cls(
            processor=_field(Path("/proc/cpuinfo"), "model name"),
            cores=os.cpu_count() or 1,
            memory_gibibytes=round(int(_field(Path("/proc/meminfo"), "MemTotal").split()[0]) / 2**20, 1),
            kernel=platform.release(),
            system=_system(),
            python=sys.version.split()[0],
            load_average=round(os.getloadavg()[0], 2),
        )


def _field(path: Path, name: str) -> str:
    for line in path.read_text().splitlines():
        key, colon, value = line.partition(":")
        if colon and key.strip() == name:
            return value.strip()
    return "unknown"


def _system() -> str:
    for line in Path("/etc/os-release").read_text().splitlines():
        key, _equals, value = line.partition("=")
        if key == "PRETTY_NAME":
            return value.strip('"')
    return "Linux"
