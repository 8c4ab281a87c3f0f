"""BER as SNMP uses it (X.690 with definite lengths, RFC 3416 types): encoding of values, reading of messages.

The lab's own, so that a mistake of the collectors' decoder cannot be right on both sides.
"""

from collections.abc import Iterable, Sequence

from lab.errors import BerError

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TIMETICKS, COUNTER64 = 0x40, 0x41, 0x42, 0x43, 0x46
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW = b"\x80\x00", b"\x81\x00", b"\x82\x00"
GET, GETNEXT, RESPONSE, SET, GETBULK, REPORT = 0xA0, 0xA1, 0xA2, 0xA3, 0xA5, 0xA8

Oid = tuple[int, ...]

_MASK32, _MASK64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF


def length(size: int) -> bytes:
    """The length octets for contents of `size` bytes."""
    if size < 0x80:
        return bytes((size,))
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(octets),)) + octets


def wrap(tag: int, contents: bytes) -> bytes:
    size = len(contents)
    if size < 0x80:
        return bytes((tag, size)) + contents
    return bytes((tag,)) + length(size) + contents


def integer(value: int, tag: int = INTEGER) -> bytes:
    """A signed integer in the fewest octets; a value of the unsigned types gets its leading zero by itself."""
    size = ((value if value >= 0 else ~value).bit_length() >> 3) + 1
    return bytes((tag, size)) + value.to_bytes(size, "big", signed=True)


def counter32(value: int) -> bytes:
    """Wrapped at 2^32, as the agent's own register would."""
    value &= _MASK32
    size = (value.bit_length() >> 3) + 1
    return bytes((COUNTER32, size)) + value.to_bytes(size, "big")


def counter64(value: int) -> bytes:
    value &= _MASK64
    size = (value.bit_length() >> 3) + 1
    return bytes((COUNTER64, size)) + value.to_bytes(size, "big")


def gauge32(value: int) -> bytes:
    """Held at its largest value beyond 2^32 - 1 (RFC 2578, 7.1.7)."""
    return integer(min(max(value, 0), _MASK32), GAUGE32)


def timeticks(value: int) -> bytes:
    """Hundredths of a second, wrapped after 497 days."""
    return integer(value & _MASK32, TIMETICKS)


def octets(value: bytes | str) -> bytes:
    return wrap(OCTETS, value.encode() if isinstance(value, str) else value)


def ip_address(value: bytes) -> bytes:
    return wrap(IP_ADDRESS, value)


def oid_contents(arcs: Sequence[int]) -> bytes:
    """The contents of an OID; the first two arcs share the first sub-identifier."""
    return arcs_contents((arcs[0] * 40 + arcs[1], *arcs[2:]))


def arcs_contents(arcs: Iterable[int]) -> bytes:
    """Sub-identifiers as they stand in an OID, for an index that is put behind a column's OID."""
    out = bytearray()
    for arc in arcs:
        if arc < 0x80:
            out.append(arc)
            continue
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        out.extend(reversed(groups))
    return bytes(out)


def oid(arcs: Sequence[int]) -> bytes:
    return wrap(OID, oid_contents(arcs))


def parse_oid(text: str) -> Oid:
    return tuple(int(arc) for arc in text.strip(".").split("."))


def arcs_of(contents: bytes) -> Oid:
    """The arcs of an OID's contents. Raises BerError when the last sub-identifier is cut off or there is none."""
    if not contents or contents[-1] & 0x80:
        raise BerError("an OID without an end")
    numbers: list[int] = []
    value = 0
    for octet in contents:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            numbers.append(value)
            value = 0
    first = min(numbers[0] // 40, 2)
    return (first, numbers[0] - first * 40, *numbers[1:])


def read(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """The element at `at`: its tag, where its contents begin and where they end.

    Raises BerError when the element does not lie wholly before `end`.
    """
    if at + 2 > end:
        raise BerError("an element that is cut off")
    tag, size = data[at], data[at + 1]
    at += 2
    if size & 0x80:
        count = size & 0x7F
        if not 0 < count <= 4 or at + count > end:
            raise BerError("a length that cannot be read")
        size = int.from_bytes(data[at : at + count], "big")
        at += count
    if at + size > end:
        raise BerError("an element longer than what holds it")
    return tag, at, at + size


def expect(data: bytes, at: int, end: int, wanted: int) -> tuple[int, int]:
    """As `read`, for an element that must have the tag `wanted`."""
    tag, start, stop = read(data, at, end)
    if tag != wanted:
        raise BerError(f"tag {tag:#04x} where {wanted:#04x} belongs")
    return start, stop


def read_integer(data: bytes, at: int, end: int) -> tuple[int, int]:
    """A signed integer and where the next element begins."""
    start, stop = expect(data, at, end, INTEGER)
    if not 0 < stop - start <= 8:
        raise BerError("an integer of no or too many octets")
    return int.from_bytes(data[start:stop], "big", signed=True), stop


def varbind(name: bytes, value: bytes) -> bytes:
    """One binding from an encoded OID and an encoded value."""
    return wrap(SEQUENCE, name + value)
