"""The smallest H.264 that a decoder reads: 64 by 48 pixels of uncompressed macroblocks (ITU-T H.264, I_PCM). Pure.

A bright bar wanders over grey, one step a picture.
"""

from base64 import b64encode
from functools import lru_cache

WIDTH_BLOCKS, HEIGHT_BLOCKS = 4, 3
_GREY, _BRIGHT, _NEUTRAL = 96, 220, 128


class _Bits:
    """Writes bits, with the Exp-Golomb codes of the standard (9.1)."""

    def __init__(self) -> None:
        self._bits: list[str] = []
        self._count = 0

    def put(self, value: int, width: int) -> "_Bits":
        self._bits.append(format(value, f"0{width}b"))
        self._count += width
        return self

    def ue(self, *values: int) -> "_Bits":
        for value in values:
            code = format(value + 1, "b")
            self.put(0, len(code) - 1) if len(code) > 1 else None
            self.put(value + 1, len(code))
        return self

    def align(self) -> "_Bits":
        return self.put(0, -self._count % 8) if self._count % 8 else self

    def raw(self, octets: bytes) -> "_Bits":
        return self.put(int.from_bytes(octets, "big"), 8 * len(octets))

    def unit(self, header: int) -> bytes:
        """With the stop bit, and the emulation prevention of 7.4.1."""
        self.put(1, 1).align()
        text = "".join(self._bits)
        return bytes((header,)) + _escaped(int(text, 2).to_bytes(len(text) // 8, "big"))


def _escaped(payload: bytes) -> bytes:
    out, zeros = bytearray(), 0
    for octet in payload:
        if zeros >= 2 and octet <= 3:
            out.append(3)
            zeros = 0
        out.append(octet)
        zeros = zeros + 1 if octet == 0 else 0
    return bytes(out)


def _sequence() -> bytes:
    bits = _Bits().put(66, 8).put(0xC0, 8).put(10, 8)  # baseline, constrained, level 1
    bits.ue(0, 0, 2, 0).put(0, 1)  # id, frame_num of 4 bits, order by decoding, no reference pictures, no gaps
    bits.ue(WIDTH_BLOCKS - 1, HEIGHT_BLOCKS - 1)
    return bits.put(1, 1).put(1, 1).put(0, 1).put(0, 1).unit(0x67)


def _parameters() -> bytes:
    bits = _Bits().ue(0, 0).put(0, 1).put(0, 1).ue(0, 0, 0).put(0, 1).put(0, 2)
    bits.ue(0, 0, 0)  # quantisers at 26, chroma offset 0
    return bits.put(1, 1).put(0, 1).put(0, 1).unit(0x68)  # the deblocking filter can be turned off


PARAMETER_SETS = (_sequence(), _parameters())


def sprop() -> str:
    """As the SDP tells them (RFC 6184)."""
    return ",".join(b64encode(unit).decode() for unit in PARAMETER_SETS)


def picture(frame: int) -> bytes:
    """One key picture: the bar stands at the block `frame` modulo the width."""
    return _picture(frame % WIDTH_BLOCKS, frame % 2)


@lru_cache(maxsize=2 * WIDTH_BLOCKS)
def _picture(bar: int, identity: int) -> bytes:
    bits = _Bits().ue(0, 7, 0).put(0, 4).ue(identity)  # first block, I slice, parameters, frame_num, idr_pic_id
    bits.put(0, 1).put(0, 1).ue(0).ue(1)  # marking; slice_qp_delta 0; the deblocking filter off
    for block in range(WIDTH_BLOCKS * HEIGHT_BLOCKS):
        bright = block % WIDTH_BLOCKS == bar
        bits.ue(25).align()  # I_PCM
        bits.raw(bytes([_BRIGHT if bright else _GREY] * 256 + [_NEUTRAL] * 128))
    return bits.unit(0x65)
