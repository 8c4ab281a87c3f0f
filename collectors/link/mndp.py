"""MikroTik's neighbour discovery (MNDP): datagrams to UDP 5678, as octets and as a record. Opens nothing.

Source: MikroTik documentation, "Neighbor discovery" and MNDP of RouterOS 2.9 (broadcast to UDP 5678 every 60 seconds);
the layout on the wire is as devices send it: two octets of header, a sequence number, then fields of type, length and
value in network order. The uptime alone is little-endian. A datagram without fields asks everybody to speak at once.
"""

import struct
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from collectors.link.errors import FrameError

PORT: Final = 5678
REQUEST: Final = bytes(4)

_MAC, _IDENTITY, _VERSION, _PLATFORM, _UPTIME, _SOFTWARE_ID = 1, 5, 7, 8, 10, 11
_BOARD, _UNPACK, _IPV6, _INTERFACE, _IPV4 = 12, 14, 15, 16, 17
_HEAD: Final = struct.Struct(">HH")
_LENGTHS: Final = {_MAC: 6, _UPTIME: 4, _UNPACK: 1, _IPV6: 16, _IPV4: 4}


@dataclass(frozen=True, slots=True)
class MndpMessage:
    """What one interface of a router tells. Absent fields are empty or None. others: fields of types that we do not
    know, in their order. header: the first two octets, whose meaning is not documented.
    """

    sequence: int = 0
    mac: str = ""
    identity: str = ""
    version: str = ""
    platform: str = ""
    uptime_seconds: int | None = None
    software_id: str = ""
    board: str = ""
    unpack: int | None = None
    ipv6: IPv6Address | None = None
    interface: str = ""
    ipv4: IPv4Address | None = None
    header: int = 0
    others: tuple[tuple[int, bytes], ...] = field(default=())

    @property
    def is_request(self) -> bool:
        """It tells nothing: somebody wants to hear."""
        return not (self.mac or self.identity)


def read_mndp(octets: bytes) -> MndpMessage:
    """One datagram. Raises FrameError; of a field that stands twice the first counts."""
    if len(octets) < _HEAD.size:
        raise FrameError(f"MNDP: {len(octets)} octets are less than a header")
    header, sequence = _HEAD.unpack_from(octets)
    fields, others = _fields(octets)

    def text(kind: int) -> str:
        return fields.get(kind, b"").decode("utf-8", "replace")

    return MndpMessage(
        sequence=sequence,
        mac=fields[_MAC].hex(":") if _MAC in fields else "",
        identity=text(_IDENTITY),
        version=text(_VERSION),
        platform=text(_PLATFORM),
        uptime_seconds=int.from_bytes(fields[_UPTIME], "little") if _UPTIME in fields else None,
        software_id=text(_SOFTWARE_ID),
        board=text(_BOARD),
        unpack=fields[_UNPACK][0] if _UNPACK in fields else None,
        ipv6=IPv6Address(fields[_IPV6]) if _IPV6 in fields else None,
        interface=text(_INTERFACE),
        ipv4=IPv4Address(fields[_IPV4]) if _IPV4 in fields else None,
        header=header,
        others=tuple(others),
    )


def _fields(octets: bytes) -> tuple[dict[int, bytes], list[tuple[int, bytes]]]:
    known: dict[int, bytes] = {}
    others: list[tuple[int, bytes]] = []
    at = _HEAD.size
    while at + _HEAD.size <= len(octets):
        kind, length = _HEAD.unpack_from(octets, at)
        at += _HEAD.size
        value = octets[at : at + length]
        if len(value) < length:
            raise FrameError(f"MNDP: field {kind} says {length} octets and has {len(value)}")
        if length != _LENGTHS.get(kind, length):
            raise FrameError(f"MNDP: field {kind} has {length} octets instead of {_LENGTHS[kind]}")
        at += length
        if kind in _KNOWN:
            known.setdefault(kind, value)
        else:
            others.append((kind, value))
    return known, others  # up to three octets may be left: requests are padded


def write_mndp(message: MndpMessage) -> bytes:
    """The datagram that says this. Raises FrameError for what does not fit into it."""
    texts = {
        _IDENTITY: message.identity,
        _VERSION: message.version,
        _PLATFORM: message.platform,
        _SOFTWARE_ID: message.software_id,
        _BOARD: message.board,
        _INTERFACE: message.interface,
    }
    fields = {kind: text.encode("utf-8", "replace") for kind, text in texts.items() if text}
    try:
        if message.mac:
            fields[_MAC] = bytes.fromhex(message.mac.replace(":", ""))
        if message.uptime_seconds is not None:
            fields[_UPTIME] = message.uptime_seconds.to_bytes(4, "little")
        if message.unpack is not None:
            fields[_UNPACK] = message.unpack.to_bytes(1, "big")
        if message.ipv6 is not None:
            fields[_IPV6] = message.ipv6.packed
        if message.ipv4 is not None:
            fields[_IPV4] = message.ipv4.packed
        all_ = [*sorted(fields.items()), *message.others]
        body = b"".join(_HEAD.pack(kind, len(value)) + value for kind, value in all_)
        return _HEAD.pack(message.header, message.sequence) + body
    except (ValueError, OverflowError, struct.error) as error:
        raise FrameError(f"MNDP: {error}") from None


_KNOWN: Final = frozenset(
    {_MAC, _IDENTITY, _VERSION, _PLATFORM, _UPTIME, _SOFTWARE_ID, _BOARD, _UNPACK, _IPV6, _INTERFACE, _IPV4}
)
