"""Are we blind ourselves? Whether this machine still has a way out, before anybody else is called dark.

Blind is: nobody answers, and every way out that we would need lacks its route or its carrier. A gateway that is dead
while our own carrier is up is somebody's device and no blindness. Asks nobody anything over the network.
"""

import errno
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol

from collectors.routes import Route, best_route, parse_ipv4_routes, parse_ipv6_routes
from domain.time import Moment

QUIET_SECONDS = 5.0
"""Nobody has answered for this long: only then the way out is looked at."""

LOOK_SECONDS = 1.0
SAMPLE = 8
"""Addresses of the fleet whose ways are looked at, spread over it."""


class WayOut(StrEnum):
    """How our own end of the way to one address is."""

    OPEN = "open"
    LOCAL = "local"  # the address is on this machine: no cable can be missing
    NO_ROUTE = "no-route"
    NO_CARRIER = "no-carrier"


@dataclass(frozen=True, slots=True)
class Finding:
    """address: whom we would ask. interface, gateway: '' where not known or not needed."""

    address: str
    way: WayOut
    interface: str = ""
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """carrier: the interface says its link is up. physical: there is hardware behind it (no bridge, no tunnel)."""

    carrier: bool
    physical: bool


class PathReader(Protocol):
    """What the machine says about itself. Tests hand in their own."""

    def source(self, address: str) -> str | None:
        """The address the kernel would send from; None where it has no way."""
        ...

    def routes(self) -> Sequence[Route]: ...

    def links(self) -> Mapping[str, "Link"]:
        """By interface; without the loopback."""
        ...


class SystemPaths:
    """Reads /proc/net and /sys/class/net, and asks the kernel by a UDP socket that sends nothing."""

    def __init__(self, proc: Path = Path("/proc/net"), interfaces: Path = Path("/sys/class/net")) -> None:
        self._proc = proc
        self._interfaces = interfaces

    def source(self, address: str) -> str | None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                return str(probe.getsockname()[0])
        except OSError as error:
            if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.ENETDOWN):
                return None
            return ""  # refused for another reason, by a policy perhaps: that is no missing way

    def routes(self) -> Sequence[Route]:
        return (*parse_ipv4_routes(_read(self._proc / "route")), *parse_ipv6_routes(_read(self._proc / "ipv6_route")))

    def links(self) -> Mapping[str, Link]:
        try:
            folders = sorted(self._interfaces.iterdir())
        except OSError:
            return {}
        # reading `carrier` of an interface that is switched off is an error: no carrier
        return {
            each.name: Link(_read(each / "carrier").strip() == "1", (each / "device").exists())
            for each in folders
            if each.name != "lo"
        }


def look(addresses: Iterable[str], reader: PathReader) -> tuple[Finding, ...]:
    """How the way to each address begins."""
    routes, links = reader.routes(), reader.links()
    return tuple(_look_at(address, reader.source(address), routes, links) for address in addresses)


def _look_at(address: str, source: str | None, routes: Sequence[Route], links: Mapping[str, Link]) -> Finding:
    if source is None:
        return Finding(address, WayOut.NO_ROUTE)
    if source == address or (source and ip_address(source).is_loopback):
        return Finding(address, WayOut.LOCAL)
    route = best_route(routes, address)
    link = links.get(route.interface) if route else None
    if route is None or link is None:
        # a rule or a table of its own leads there: any link that is up may be the one
        way = WayOut.OPEN if not links or any(each.carrier for each in links.values()) else WayOut.NO_CARRIER
        return Finding(address, way)
    # a tunnel says it is up whatever becomes of the cable it runs over
    cables = [each.carrier for each in links.values() if each.physical]
    carried = link.carrier and (link.physical or not cables or any(cables))
    return Finding(address, WayOut.OPEN if carried else WayOut.NO_CARRIER, route.interface, route.gateway)


def no_way_out(findings: Sequence[Finding]) -> bool:
    """True only if there are ways to look at and every one is closed at our end."""
    return bool(findings) and all(finding.way in (WayOut.NO_ROUTE, WayOut.NO_CARRIER) for finding in findings)


class OwnPath:
    """Remembers the last look, so that it can be asked at every tick. `aim` it at the fleet first."""

    def __init__(self, reader: PathReader | None = None) -> None:
        self._reader = reader or SystemPaths()
        self._addresses: tuple[str, ...] = ()
        self._looked_at = float("-inf")
        self.findings: tuple[Finding, ...] = ()

    def aim(self, addresses: Sequence[str]) -> None:
        """Addresses of the fleet; a few of them stand for all. Names are left out. Without any we are never blind."""
        stride = max(len(addresses) // SAMPLE, 1)
        self._addresses = tuple(address for address in addresses[::stride][:SAMPLE] if _is_literal(address))
        self._looked_at = float("-inf")

    def is_blind(self, now: Moment, last_answer: float) -> bool:
        """last_answer: steady seconds of the newest sign of life of anybody (-inf: none yet)."""
        at = now.steady_seconds
        if at - last_answer < QUIET_SECONDS:
            return False
        if at - self._looked_at >= LOOK_SECONDS:
            self._looked_at = at
            self.findings = look(self._addresses, self._reader)
        return no_way_out(self.findings)


def _is_literal(address: str) -> bool:
    try:
        ip_address(address)
    except ValueError:
        return False
    return True


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
