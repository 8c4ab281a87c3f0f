"""Which way of pinging this process may use, found out by trying, and why."""

import shutil
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from collectors.icmp.fping import FpingPinger
from collectors.icmp.pinger import Pinger
from domain.language import _
from domain.polling import PingRound
from domain.time import Moment

Way = Literal["raw", "fping", "none"]


class Pings(Protocol):
    """What both ways can do. See `Pinger` for the contract."""

    def assign(self, device: int, address: str) -> None: ...

    def release(self, device: int) -> None: ...

    def round(self, devices: NDArray[np.int64], now: Moment, timeout_seconds: float | None = None) -> None: ...

    def step(self, now: Moment) -> PingRound | None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """why: in words for people."""

    way: Way
    why: str
    program: str = ""

    def open(self, addresses: Sequence[str] = ()) -> "Pinger | FpingPinger | None":
        """Not started yet. None where there is no way."""
        match self.way:
            case "raw":
                return Pinger(addresses)
            case "fping":
                return FpingPinger(addresses, program=self.program)
            case "none":
                return None


def choose(program: str = "fping") -> Choice:
    """Opens a raw socket for a moment; else pings this machine once with fping."""
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    except OSError:
        return _choose_fping(program)
    return Choice("raw", _("Pings go out through a raw socket of our own."))


def _choose_fping(program: str) -> Choice:
    found = shutil.which(program)
    if found is None:
        return Choice("none", _("Raw sockets are not allowed here and there is no fping: nobody can be pinged."))
    try:
        done = subprocess.run([found, "-C1", "-q", "127.0.0.1"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        done = None
    if done is None or done.returncode != 0:
        return Choice("none", _("Raw sockets are not allowed here and {program} does not work.").format(program=found))
    why = _("Raw sockets are not allowed here; pings go out through {program}, a thousand addresses a second.")
    return Choice("fping", why.format(program=found), found)
