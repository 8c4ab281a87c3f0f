"""SNMPv3 engines of the devices met so far: an id and a clock each (RFC 3414 section 2.2). Asks nobody."""

from dataclasses import dataclass

from domain.polling import Endpoint

WINDOW_SECONDS = 150
"""How far a message's time may lie behind the engine's (RFC 3414 section 2.2.3)."""

_MOST = (1 << 31) - 1


@dataclass(slots=True)
class Engine:
    """What is known of a device's SNMP engine: its id and its clock, as of steady second `at`."""

    engine_id: bytes
    boots: int = 0
    time: int = 0
    at: float = 0.0

    def time_now(self, steady_seconds: float) -> int:
        return (self.time + int(steady_seconds - self.at)) & _MOST

    def set_clock(self, boots: int, time: int, steady_seconds: float) -> None:
        self.boots, self.time, self.at = boots, time, steady_seconds

    def keeps_time(self, boots: int, time: int, steady_seconds: float) -> bool:
        """Whether an authentic message of this clock is no old one (RFC 3414 section 3.2, 7b); the latest sets ours."""
        if boots > self.boots or (boots == self.boots and time > self.time):
            self.set_clock(boots, time, steady_seconds)
        return boots == self.boots < _MOST and time >= self.time_now(steady_seconds) - WINDOW_SECONDS


class EngineBook:
    """By address and port. One book serves the whole process."""

    def __init__(self) -> None:
        self._engines: dict[tuple[str, int], Engine] = {}

    def get(self, endpoint: Endpoint) -> Engine | None:
        return self._engines.get((endpoint.address, endpoint.port))

    def put(self, endpoint: Endpoint, engine: Engine) -> None:
        self._engines[(endpoint.address, endpoint.port)] = engine

    def forget(self, endpoint: Endpoint) -> None:
        self._engines.pop((endpoint.address, endpoint.port), None)
