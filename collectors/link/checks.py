"""Implements LinkChecks: the questions themselves, each bounded in seconds and frames."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network
from typing import Final, TypeVar

from collectors.link import interfaces
from collectors.link.errors import FrameError, LinkError
from collectors.link.filters import arp_frames, neighbour_frames, udp_frames
from collectors.link.mndp import PORT
from domain.lan import AddressHolders, DhcpOffer, LinkLimits, Neighbour
from domain.language import _

MOST_ADDRESSES: Final = 1024
_AT_ONCE: Final = 64
_PAUSE_SECONDS: Final = 0.02
_DISCOVERS: Final = 3
_CLIENT_PORT: Final = 68

_Read = TypeVar("_Read")


class SegmentChecks:
    """Needs CAP_NET_RAW. Raises LinkError's leaves. unreadable: frames that broke their own protocol until now."""

    def __init__(self) -> None:
        self.unreadable = 0

    def neighbours(self, interface: str, limits: LinkLimits) -> tuple[Neighbour, ...]:
        # scapy costs half a second and 57 MB; who only imports this class does not pay for it.
        from collectors.link.neighbours import read_neighbour, request
        from collectors.link.segment import Segment

        found: dict[tuple[str, str, str, str], Neighbour] = {}
        with Segment(interface, neighbour_frames(PORT)) as segment:
            segment.send(request(segment.mac))
            frames = segment.frames(limits.seconds, limits.frames)
            for each in self._read(frames, lambda octets: read_neighbour(octets, interface)):
                found[each.protocol, each.name, each.mac, each.port] = each
        return tuple(found[key] for key in sorted(found))

    def dhcp_offers(self, interface: str, limits: LinkLimits) -> tuple[DhcpOffer, ...]:
        from collectors.link.dhcp import discover, read_offer
        from collectors.link.segment import Segment

        exchange = secrets.randbits(32)
        found: dict[tuple[str, str], DhcpOffer] = {}
        with Segment(interface, udp_frames(_CLIENT_PORT)) as segment:
            for _turn in range(_DISCOVERS):
                segment.send(discover(segment.mac, exchange))
                frames = segment.frames(limits.seconds / _DISCOVERS, limits.frames // _DISCOVERS)
                for each in self._read(frames, lambda octets: read_offer(octets, exchange)):
                    found.setdefault((each.server, each.mac), each)
        return tuple(found[key] for key in sorted(found))

    def holders(self, interface: str, network: IPv4Network, limits: LinkLimits) -> tuple[AddressHolders, ...]:
        from collectors.link.arp import probe, read_answer
        from collectors.link.segment import Segment

        addresses = _hosts(network)
        found: dict[IPv4Address, set[str]] = defaultdict(set)

        def listen(seconds: float, most: int) -> int:
            answers = list(self._read(segment.frames(seconds, most), read_answer))
            for address, mac in answers:
                if address in network:
                    found[address].add(mac)
            return most - len(answers)

        with Segment(interface, arp_frames()) as segment:
            left = limits.frames
            for _turn in range(2):  # an answer may be lost, and two hosts that answer at once are what is looked for
                for at in range(0, len(addresses), _AT_ONCE):
                    for address in addresses[at : at + _AT_ONCE]:
                        segment.send(probe(segment.mac, address))
                    left = listen(_PAUSE_SECONDS, left)
                left = listen(limits.seconds / 2, left)
            own = interfaces.address_of(interface)
            if own is not None and own.ip in network:
                found[own.ip].add(segment.mac.hex(":"))
        return tuple(AddressHolders(address, tuple(sorted(macs))) for address, macs in sorted(found.items()))

    def networks(self) -> dict[str, tuple[IPv4Network, ...]]:
        return interfaces.networks()

    def _read(self, frames: Iterable[bytes], read: Callable[[bytes], _Read | None]) -> Iterable[_Read]:
        for octets in frames:
            try:
                said = read(octets)
            except FrameError:
                self.unreadable += 1
                continue
            if said is not None:
                yield said


def _hosts(network: IPv4Network) -> list[IPv4Address]:
    if network.num_addresses > MOST_ADDRESSES:
        raise LinkError(
            _("{network} has more than {most} addresses. Name a smaller network, for example a /24.").format(
                network=network, most=MOST_ADDRESSES
            )
        )
    return list(network.hosts())
