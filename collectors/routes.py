"""The kernel's main routing table as /proc/net shows it, and the route that serves an address. Pure."""

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_UP = 0x0001
_REJECT = 0x0200


@dataclass(frozen=True, slots=True)
class Route:
    """gateway: '' where the network is reached directly."""

    network: IPv4Network | IPv6Network
    interface: str
    gateway: str
    metric: int


def parse_ipv4_routes(text: str) -> tuple[Route, ...]:
    """/proc/net/route: hexadecimal words in the machine's (little-endian) order, one heading line."""
    return tuple(_read(text.splitlines()[1:], _ipv4_route))


def parse_ipv6_routes(text: str) -> tuple[Route, ...]:
    """/proc/net/ipv6_route: no heading, addresses in network order."""
    return tuple(_read(text.splitlines(), _ipv6_route))


def best_route(routes: Sequence[Route], address: str) -> Route | None:
    """The longest prefix that holds the address, of these the lowest metric."""
    target = ip_address(address)
    serving = [route for route in routes if route.network.version == target.version and target in route.network]
    return max(serving, key=lambda route: (route.network.prefixlen, -route.metric), default=None)


def _read(lines: Iterable[str], parse: Callable[[list[str]], Route | None]) -> Iterator[Route]:
    for line in lines:
        try:
            route = parse(line.split())
        except (ValueError, IndexError, struct.error):
            continue  # not a line as we know them: what is unknown serves nobody
        if route is not None:
            yield route


def _ipv4_route(words: list[str]) -> Route | None:
    interface, network, gateway, flags, _references, _use, metric, mask = words[:8]
    if not int(flags, 16) & _UP or int(flags, 16) & _REJECT:
        return None
    length = int(mask, 16).bit_count()
    via = "" if int(gateway, 16) == 0 else str(_ipv4(gateway))
    return Route(IPv4Network((int(_ipv4(network)), length)), interface, via, int(metric))


def _ipv4(word: str) -> IPv4Address:
    return IPv4Address(struct.unpack(">I", struct.pack("<I", int(word, 16)))[0])


def _ipv6_route(words: list[str]) -> Route | None:
    network, length, gateway, metric, flags, interface = words[0], words[1], words[4], words[5], words[8], words[9]
    if not int(flags, 16) & _UP or int(flags, 16) & _REJECT:
        return None
    via = "" if int(gateway, 16) == 0 else str(IPv6Address(int(gateway, 16)))
    return Route(IPv6Network((int(network, 16), int(length, 16))), interface, via, int(metric, 16))
