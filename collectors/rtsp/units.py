"""Takes H.264 (RFC 6184) and H.265 (RFC 7798) out of RTP packets, as a byte stream that a decoder reads. Pure.

Packets that were lost leave a hole that decoders bridge; nothing is put in order, for what is watched is a few seconds.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable, Sequence

from collectors.rtsp.sdp import Media

_START = b"\x00\x00\x00\x01"
_SETS = re.compile(r"sprop-(?:parameter-sets|vps|sps|pps)=([A-Za-z0-9+/=,]+)")
DECODABLE = {"H264": "h264", "H265": "hevc"}


def byte_stream(media: Media, packets: Sequence[bytes]) -> bytes:
    """The parameter sets of the description, then every unit in the order it came. Empty for other codecs."""
    if media.codec not in DECODABLE:
        return b""
    units = _h264 if media.codec == "H264" else _h265
    out = bytearray()
    for unit in _described(media):
        out += _START + unit
    for begins, piece in units(payload for packet in packets if (payload := _payload(packet))):
        out += (_START if begins else b"") + piece
    return bytes(out)


def _payload(packet: bytes) -> bytes:
    """Behind contributors, extension and padding (RFC 3550 section 5)."""
    if len(packet) < 12:
        return b""
    at = 12 + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10 and len(packet) >= at + 4:
        at += 4 + 4 * int.from_bytes(packet[at + 2 : at + 4], "big")
    end = len(packet) - (packet[-1] if packet[0] & 0x20 else 0)
    return packet[at:end]


def _described(media: Media) -> list[bytes]:
    units = []
    for match in _SETS.finditer(" ".join(media.lines)):
        for text in match[1].split(","):
            try:
                units.append(b64decode(text))
            except binascii.Error:
                continue
    return units


def _h264(payloads: Iterable[bytes]) -> Iterable[tuple[bool, bytes]]:
    """(a unit begins here, its octets)."""
    for payload in payloads:
        kind = payload[0] & 0x1F
        if kind == 24:  # several whole ones
            yield from ((True, unit) for unit in _aggregated(payload[1:]))
        elif kind == 28 and len(payload) > 2:  # a fragment
            if payload[1] & 0x80:
                yield True, bytes(((payload[0] & 0xE0) | (payload[1] & 0x1F),))
            yield False, payload[2:]
        elif kind < 24:
            yield True, payload


def _h265(payloads: Iterable[bytes]) -> Iterable[tuple[bool, bytes]]:
    for payload in payloads:
        kind = (payload[0] >> 1) & 0x3F
        if kind == 48:
            yield from ((True, unit) for unit in _aggregated(payload[2:]))
        elif kind == 49 and len(payload) > 3:
            if payload[2] & 0x80:
                yield True, bytes(((payload[0] & 0x81) | ((payload[2] & 0x3F) << 1), payload[1]))
            yield False, payload[3:]
        elif kind < 48:
            yield True, payload


def _aggregated(rest: bytes) -> Iterable[bytes]:
    while len(rest) > 2:
        size = int.from_bytes(rest[:2], "big")
        if size:
            yield rest[2 : 2 + size]
        rest = rest[2 + size :]
