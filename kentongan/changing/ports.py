"""What checks and steps may ask, wired: echoes, SNMP, logins, and who on this machine still lives."""

import asyncio
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from collectors.errors import CollectorError
from collectors.icmp.choice import choose
from collectors.probe import probe
from collectors.profiles import Profiles
from domain.changes import Holder, PingAnswer
from domain.polling import Discovery, Endpoint
from domain.secrets import Credential, SnmpCommunity, SnmpUser
from kentongan.clock import SystemClock

HEADERS = 28  # octets of IPv4 and ICMP before the data
HEADERS_6 = 48
PROBE_SECONDS = 3.0


class Echoes:
    """Implements Ping: our own pinger, and the system's `ping` where the size matters."""

    def __call__(self, address: str, count: int, octets: int = 0) -> PingAnswer | None:
        return self._sized(address, count, octets) if octets else self._plain(address, count)

    def _plain(self, address: str, count: int) -> PingAnswer | None:
        pings, clock = choose().open([address]), SystemClock()
        if pings is None:
            return None
        seen: list[float] = []
        pings.start()
        try:
            for _turn in range(count):
                pings.round(np.array([0]), clock.now(), 1.0)
                until = time.monotonic() + 3
                while (done := pings.step(clock.now())) is None and time.monotonic() < until:
                    time.sleep(0.005)
                if done is not None and not np.isnan(done.rtt_seconds[0]):
                    seen.append(float(done.rtt_seconds[0]))
        finally:
            pings.stop()
        return PingAnswer(count, len(seen), sum(seen) / len(seen) if seen else None)

    def _sized(self, address: str, count: int, octets: int) -> PingAnswer | None:
        program = shutil.which("ping")
        if program is None:
            return None
        words = [program, "-n", "-q", "-M", "do", "-c", str(count), "-i", "0.2", "-W", "2"]
        data = octets - (HEADERS_6 if ":" in address else HEADERS)
        done = subprocess.run(
            [*words, "-s", str(data), address], capture_output=True, text=True, timeout=60, check=False
        )
        counted = [part for part in done.stdout.split(",") if "received" in part]
        return PingAnswer(count, int(counted[0].split()[0]) if counted else 0)


@dataclass(frozen=True, slots=True)
class SnmpProbe:
    """Implements Probe."""

    credentials: Mapping[str, Credential]
    profiles: Callable[[], Profiles]
    ports: Mapping[str, int]

    def __call__(self, address: str, credential: str, platform: str = "") -> Discovery | None:
        access = self.credentials.get(credential)
        if not isinstance(access, SnmpUser | SnmpCommunity):
            return None
        endpoint = Endpoint(address, self.ports.get(address, 161), access)
        try:
            return asyncio.run(probe(endpoint, PROBE_SECONDS, self.profiles(), platform))
        except CollectorError:
            return None


def here() -> tuple[str, str]:
    """This machine's boot and this process, so that nobody after us is taken for us."""
    return f"{socket.gethostname()} {_boot()}", f"{os.getpid()} {_started(os.getpid())}"


def lives(holder: Holder) -> bool | None:
    """None: it works on another machine."""
    machine, _process = here()
    if holder.machine.partition(" ")[0] != machine.partition(" ")[0]:
        return None
    pid, _space, started = holder.process.partition(" ")
    return holder.machine == machine and _started(int(pid)) == started


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _started(pid: int) -> str:
    """Its start in clock ticks since boot (proc(5), stat, field 22); '' if it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
