"""What changing a site needs from others. Every method blocks: it is called in a worker's thread."""

from dataclasses import dataclass
from typing import Protocol

from domain.changes.records import DeviceChange, Holder, Job
from domain.polling import Discovery


class JobStore(Protocol):
    """Jobs over restarts. What `put` and `put_device` took is on the disk when they return."""

    def get(self, id_: str) -> Job | None: ...

    def jobs(self, site: str = "") -> tuple[Job, ...]:
        """Newest first."""
        ...

    def put(self, job: Job) -> Job:
        """As it is stored now: who agreed to it, and to what, others may have changed meanwhile."""
        ...

    def device(self, job: str, device: str) -> DeviceChange: ...

    def put_device(self, change: DeviceChange) -> None: ...

    def hold(self, holder: Holder) -> Holder:
        """The one who holds the site now: who asks, or somebody else who still lives."""
        ...


@dataclass(frozen=True, slots=True)
class PingAnswer:
    """rtt_seconds: of those that came back, mean."""

    sent: int
    received: int
    rtt_seconds: float | None = None


class Ping(Protocol):
    """Echo requests from here. octets: of the whole IP packet, which is not to be cut into fragments (0: a small one).
    None: nobody can be pinged from here."""

    def __call__(self, address: str, count: int, octets: int = 0) -> PingAnswer | None: ...


class Probe(Protocol):
    """A device asked by SNMP what it is, with the credential of that name. None: it did not answer."""

    def __call__(self, address: str, credential: str, platform: str = "") -> Discovery | None: ...


@dataclass(frozen=True, slots=True)
class SpeedAnswer:
    """As the far end sees it: down_mbps is what came in there, up_mbps what it sent. None: that way was not measured,
    and trouble says why."""

    down_mbps: float | None = None
    up_mbps: float | None = None
    trouble: str = ""


class Speed(Protocol):
    """TCP against an iperf3 server at that address, one way after the other, so many seconds each; never longer than
    the seconds allow and a little more."""

    def __call__(self, address: str, port: int, seconds: float) -> SpeedAnswer: ...
