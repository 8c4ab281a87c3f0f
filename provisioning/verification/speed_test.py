"""What a test of speed needs: who measures, against whom, and how fast it is to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from domain.changes import Speed
from domain.secrets import SshLogin

IPERF3_PORT: Final = 5201


@dataclass(frozen=True, slots=True)
class Rate:
    """What a service link is to carry, in Mbit/s; None where nobody says."""

    link: str
    down_mbps: float | None = None
    up_mbps: float | None = None


@dataclass(frozen=True, slots=True)
class BandwidthServer:
    """A RouterOS with its bandwidth server switched on, which routers of sites may test against."""

    address: str
    login: SshLogin


@dataclass(frozen=True, slots=True)
class SpeedTest:
    """server: address of an iperf3 server that somebody started at the site ('': none). rates: by device. share: of
    the rate that must be measured. bandwidth: None where routers may not test."""

    speed: Speed
    server: str = ""
    rates: Mapping[str, Rate] = field(default_factory=dict)
    seconds: float = 5.0
    share: float = 0.8
    bandwidth: BandwidthServer | None = None
