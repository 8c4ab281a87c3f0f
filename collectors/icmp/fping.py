"""Echo requests through the fping program, for a process without CAP_NET_RAW: fping carries the capability itself.

Slower (a thousand addresses a second) and started at most once a second with all that has gathered. The same methods
as the Pinger; the same silence about what a lost echo means.
"""

import re
import subprocess
import tempfile
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from math import nan
from typing import IO

import numpy as np
from numpy.typing import NDArray

from collectors.errors import CollectorError
from collectors.icmp.pinger import TIMEOUT_SECONDS
from domain.language import _
from domain.polling import PingRound
from domain.time import Moment

PAUSE_SECONDS = 1.0
"""Between two starts of the program."""

_MILLISECONDS_BETWEEN = 1  # the least that fping allows without being root
_SPARE_SECONDS = 30.0
_LINE = re.compile(r"^(\S+)\s+: (?:(-)|([\d.]+))")


@dataclass(slots=True)
class _Run:
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    began: Moment
    device: NDArray[np.int64]
    address: list[str]
    ends_by: float


class FpingPinger:
    """One process at a time; rounds gather while it runs."""

    def __init__(
        self, addresses: Sequence[str] = (), *, program: str = "fping", timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._program = program
        self._timeout = timeout_seconds
        self._addresses: dict[int, str] = {}
        self._waiting: list[NDArray[np.int64]] = []
        self._patience = 0.0  # of those that wait
        self._run: _Run | None = None
        self._started_at = float("-inf")
        self._ready: deque[PingRound] = deque()
        self.strangers = 0
        self.refused: Counter[str] = Counter()
        self.receive_drops = 0
        for device, address in enumerate(addresses):
            self.assign(device, address)

    def start(self) -> None:
        """Nothing to open: the program is started with the first round."""

    def stop(self) -> None:
        if self._run is not None:
            self._run.process.kill()
            self._run.process.wait()
            self._run.output.close()
        self._run = None
        self._waiting = []

    def assign(self, device: int, address: str) -> None:
        """Raises CollectorError for what is no address literal."""
        try:
            self._addresses[device] = str(ip_address(address))
        except ValueError:
            raise CollectorError(
                _("{address} is no IPv4 or IPv6 address: mend the device's address").format(address=address)
            ) from None

    def release(self, device: int) -> None:
        self._addresses.pop(device, None)
        if self._run is not None:
            self._run.device[self._run.device == device] = -1

    def round(self, devices: NDArray[np.int64], now: Moment, timeout_seconds: float | None = None) -> None:
        """The program knows one timeout for all: the longest of the rounds that have gathered."""
        if len(devices):
            self._waiting.append(devices)
            self._patience = max(self._patience, self._timeout if timeout_seconds is None else timeout_seconds)

    def step(self, now: Moment) -> PingRound | None:
        """Start the program or take in what it found, whichever is due; never waits for it."""
        if self._run is not None:
            self._take(self._run, now)
        if self._run is None and self._waiting and now.steady_seconds - self._started_at >= PAUSE_SECONDS:
            self._launch(now)
        return self._ready.popleft() if self._ready else None

    def _launch(self, now: Moment) -> None:
        device = np.unique(np.concatenate(self._waiting)).astype(np.int64)
        self._waiting = []
        patience, self._patience = self._patience, 0.0
        address = [self._addresses.get(each, "") for each in device.tolist()]
        self._started_at = now.steady_seconds
        output = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the run; a pipe could fill up
        command = [self._program, "-C1", "-q", f"-i{_MILLISECONDS_BETWEEN}", f"-t{round(patience * 1000)}"]
        with tempfile.TemporaryFile() as targets:
            targets.write("\n".join(sorted({each for each in address if each})).encode() + b"\n")
            targets.seek(0)
            try:
                process = subprocess.Popen(command, stdin=targets, stdout=subprocess.DEVNULL, stderr=output)
            except OSError as error:
                output.close()
                self.refused[type(error).__name__] += len(device)
                self._tell(device, np.full(len(device), nan), now)
                return
        ends_by = now.steady_seconds + patience + len(address) * _MILLISECONDS_BETWEEN / 1000 + _SPARE_SECONDS
        self._run = _Run(process, output, now, device, address, ends_by)

    def _take(self, run: _Run, now: Moment) -> None:
        if run.process.poll() is None:
            if now.steady_seconds < run.ends_by:
                return
            run.process.kill()  # hangs: what it has not said is lost
            run.process.wait()
        self._run = None
        run.output.seek(0)
        rtt = read_answers(run.output.read().decode("ascii", "replace"))
        run.output.close()
        self._tell(run.device, np.array([rtt.get(each, nan) for each in run.address]), run.began)

    def _tell(self, device: NDArray[np.int64], rtt: NDArray[np.float64], began: Moment) -> None:
        told = device >= 0
        self._ready.append(PingRound(device[told], began.unix_seconds, rtt[told], began.steady_seconds))


def read_answers(text: str) -> dict[str, float]:
    """Address → round trip in seconds, of what `fping -C1 -q` writes; who is missing did not answer."""
    found = (_LINE.match(line) for line in text.splitlines())
    return {each[1]: float(each[3]) / 1000 for each in found if each and each[3]}
