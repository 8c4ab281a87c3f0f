"""The fast loop of reachability: who is due gets an echo request, what came back becomes rounds."""

import numpy as np
import structlog
from numpy.typing import NDArray

from collectors.icmp import Pinger, Pings, choose
from collectors.schedule import Schedule
from domain.polling import PingRound, PollClass
from domain.polling.strips import with_room
from domain.time import Moment

FIRST_WITHIN_SECONDS = 60.0

log = structlog.get_logger(__name__)


class Echoes:
    """Devices with an address and a cadence. Where the machine allows no ping at all, nobody is asked."""

    def __init__(self) -> None:
        self.schedule = Schedule(FIRST_WITHIN_SECONDS)
        self._pinger: Pings | None = None
        self._timeout_seconds: NDArray[np.float64] = np.zeros(0)

    def start(self) -> None:
        choice = choose()
        self._pinger = choice.open()
        if self._pinger is None:
            log.warning("no_ping", why=choice.why)
        else:
            self._pinger.start()

    def stop(self) -> None:
        if self._pinger is not None:
            self._pinger.stop()

    @property
    def receive_drops(self) -> int:
        return self._pinger.receive_drops if isinstance(self._pinger, Pinger) else 0

    def put(self, device: int, name: str, address: str, poll_class: PollClass, now: Moment) -> None:
        if self._pinger is None:
            return
        if device >= len(self._timeout_seconds):
            self._timeout_seconds = with_room(self._timeout_seconds, device + 1, poll_class.icmp_timeout_seconds)
        self._timeout_seconds[device] = poll_class.icmp_timeout_seconds
        self._pinger.assign(device, address)
        self.schedule.put(device, name, poll_class.icmp_seconds, now)

    def remove(self, device: int) -> None:
        if self._pinger is not None:
            self._pinger.release(device)
        self.schedule.remove(device)

    def ask(self, devices: NDArray[np.int64], now: Moment) -> None:
        """Ask these at once, out of turn, unless they are being asked already."""
        self._begin(self.schedule.claim(devices, now), now)

    def turn(self, now: Moment) -> list[PingRound]:
        """Rounds that ended."""
        if self._pinger is None:
            return []
        self._begin(self.schedule.due(now), now)
        ended: list[PingRound] = []
        while (pings := self._pinger.step(now)) is not None:
            self.schedule.finished(pings.device, now)
            ended.append(pings)
        return ended

    def _begin(self, devices: NDArray[np.int64], now: Moment) -> None:
        """One round for each patience among them."""
        if self._pinger is None or not len(devices):
            return
        patience = self._timeout_seconds[devices]
        for timeout in np.unique(patience).tolist():
            self._pinger.round(devices[patience == timeout], now, timeout)
