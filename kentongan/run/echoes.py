"""The fast loop of reachability: who is due gets an echo request, what came back becomes rounds."""

import numpy as np
from numpy.typing import NDArray

from collectors.schedule import Schedule
from domain.polling import PingRound
from domain.time import Moment


class Echoes:
    def __init__(self) -> None:
        self.schedule = Schedule()
        self.receive_drops = 0

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def put(self, device: int, name: str, address: str, interval_seconds: float, now: Moment) -> None:
        self.schedule.put(device, name, interval_seconds, now)

    def remove(self, device: int) -> None:
        self.schedule.remove(device)

    def ask(self, devices: NDArray[np.int64]) -> None: ...

    def turn(self, now: Moment) -> list[PingRound]:
        return []
