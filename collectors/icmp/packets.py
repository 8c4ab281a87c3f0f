"""Echo requests and replies as octets (RFC 792, RFC 4443), a round at a time. Pure.

Payload of 56 octets, as ping sends: the round's token, its number, the place of the device in it, padding. Who does
not know the token of a round cannot answer it.
"""

import numpy as np
from numpy.typing import NDArray

PACKET_BYTES = 64
HEAD_BYTES = 24
"""What of a reply is looked at: ICMP header, token, round, place."""

REQUEST4, REPLY4 = 8, 0
REQUEST6, REPLY6 = 128, 129

_LAYOUT = np.dtype(
    [
        ("type", "u1"),
        ("code", "u1"),
        ("checksum", ">u2"),
        ("identifier", ">u2"),
        ("sequence", ">u2"),
        ("token", "<u8"),
        ("round", "<u4"),
        ("place", "<u4"),
    ]
)


def requests(count: int, identifier: int, token: int, round_: int, request_type: int) -> NDArray[np.uint8]:
    """Echo requests for places 0 … count - 1, shape (count, 64)."""
    packets = np.zeros((count, PACKET_BYTES), np.uint8)
    packets[:, HEAD_BYTES:] = np.arange(PACKET_BYTES - HEAD_BYTES, dtype=np.uint8)
    place = np.arange(count)
    head = np.zeros(count, _LAYOUT)
    head["type"] = request_type
    head["identifier"] = identifier
    head["sequence"] = place & 0xFFFF
    head["token"] = token
    head["round"] = round_
    head["place"] = place
    packets[:, :HEAD_BYTES] = head.view(np.uint8).reshape(count, HEAD_BYTES)
    packets[:, 2:4] = checksum(packets).astype(">u2")[:, None].view(np.uint8)
    return packets


def checksum(packets: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """The Internet checksum (RFC 1071) of each row; 0 for rows that hold a right one."""
    total = packets.view(">u2").astype(np.uint32).sum(axis=1, dtype=np.uint32)
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    folded: NDArray[np.uint16] = (~total & 0xFFFF).astype(np.uint16)
    return folded


def heads(octets: NDArray[np.uint8]) -> NDArray[np.void]:
    """The first 24 octets of each ICMP message, shape (n, 24), as fields: type, identifier, token, round, place."""
    return np.ascontiguousarray(octets).view(_LAYOUT).reshape(len(octets))
