"""SNMP PDUs to octets and back (BER as RFC 3417 section 8 restricts it, PDUs of RFC 3416), one message at a time.

For the odd device, discovery and SNMPv3; whole batches are decoded by columns elsewhere. Nothing here does I/O.
Reading never trusts a length: whatever does not fit raises `BerError`.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from domain.polling import Kind

Value: TypeAlias = int | float | bytes | str
"""What an agent answered: numbers, octet strings as bytes, OIDs and IPv4 addresses as dotted text."""

Varbind: TypeAlias = tuple[bytes, int, bytes]
"""OID, tag and content of the value, all as the octets on the wire."""

Take: TypeAlias = Callable[[int, bytes, int, int], bool]
"""Reads variable-bindings by itself: request id, the message, where they start and stop → whether it could."""

GET, GET_NEXT, RESPONSE, GET_BULK, REPORT = 0xA0, 0xA1, 0xA2, 0xA5, 0xA8
INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
IP_ADDRESS, COUNTER32, GAUGE32, TIMETICKS, OPAQUE, COUNTER64, UINTEGER32 = 0x40, 0x41, 0x42, 0x43, 0x44, 0x46, 0x47
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW = 0x80, 0x81, 0x82

UNSIGNED = frozenset((COUNTER32, GAUGE32, TIMETICKS, COUNTER64, UINTEGER32))
NUMBERS = UNSIGNED | {INTEGER}
NOTHING = frozenset((NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB_VIEW, NULL))

TOO_BIG, NO_SUCH_NAME, GEN_ERR, AUTHORIZATION_ERROR = 1, 2, 5, 16
ERROR_WORDS = (
    *("noError", "tooBig", "noSuchName", "badValue", "readOnly", "genErr"),
    *("noAccess", "wrongType", "wrongLength", "wrongEncoding", "wrongValue", "noCreation", "inconsistentValue"),
    *("resourceUnavailable", "commitFailed", "undoFailed", "authorizationError", "notWritable", "inconsistentName"),
)


_KINDS = {
    INTEGER: Kind.INTEGER,
    COUNTER32: Kind.COUNTER32,
    COUNTER64: Kind.COUNTER64,
    GAUGE32: Kind.GAUGE32,
    UINTEGER32: Kind.GAUGE32,
    TIMETICKS: Kind.TIMETICKS,
    OCTETS: Kind.TEXT,
    OPAQUE: Kind.TEXT,  # its number written out
}


class BerError(ValueError):
    """The octets are no message we can read."""


@dataclass(frozen=True, slots=True)
class Pdu:
    """A PDU as it came. For a GETBULK request the two error fields are non-repeaters and max-repetitions."""

    tag: int
    request_id: int
    error_status: int
    error_index: int
    varbinds: list[Varbind]

    @property
    def error_word(self) -> str:
        known = 0 <= self.error_status < len(ERROR_WORDS)
        return ERROR_WORDS[self.error_status] if known else f"error {self.error_status}"


def tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def encode_integer(number: int) -> bytes:
    if 0 <= number < 0x80:
        return bytes((INTEGER, 1, number))
    return tlv(INTEGER, number.to_bytes((number ^ (number >> 63)).bit_length() // 8 + 1, "big", signed=True))


def encode_oid(dotted: str) -> bytes:
    """The OID's content, without tag and length. Raises ValueError for what is no OID."""
    try:
        first, second, *rest = (int(arc) for arc in dotted.split("."))
        return encode_arcs((first * 40 + second, *rest))
    except ValueError:
        raise ValueError(f"{dotted!r} is not an OID: write at least two numbers with dots between them") from None


def encode_arcs(arcs: tuple[int, ...]) -> bytes:
    octets = bytearray()
    for arc in arcs:
        if arc < 0:
            raise ValueError("an OID has no negative number")
        if arc < 0x80:
            octets.append(arc)
            continue
        groups = [arc & 0x7F]
        arc >>= 7
        while arc:
            groups.append(0x80 | (arc & 0x7F))
            arc >>= 7
        octets += bytes(reversed(groups))
    return bytes(octets)


def decode_arcs(octets: bytes) -> tuple[int, ...]:
    """Sub-identifiers as they stand on the wire: of a whole OID the first one is 40·first + second."""
    if octets and max(octets) < 0x80:
        return tuple(octets)
    arcs = []
    arc = 0
    for octet in octets:
        arc = (arc << 7) | (octet & 0x7F)
        if octet < 0x80:
            arcs.append(arc)
            arc = 0
    if octets and octets[-1] >= 0x80:
        raise BerError("an OID ends in the middle of a number")
    return tuple(arcs)


def decode_oid(octets: bytes) -> str:
    if not octets:
        return ""
    first, *rest = decode_arcs(octets)
    head = (first // 40, first % 40) if first < 80 else (2, first - 80)
    return ".".join(map(str, (*head, *rest)))


def encode_varbinds(names: list[bytes]) -> bytes:
    """The variable-bindings of a request: each OID content with a NULL."""
    return tlv(SEQUENCE, b"".join(tlv(SEQUENCE, tlv(OID, name) + b"\x05\x00") for name in names))


def encode_pdu(tag: int, request_id: int, varbinds: bytes, second: int = 0, third: int = 0) -> bytes:
    """`varbinds` from `encode_varbinds`; second and third are non-repeaters and max-repetitions of a GETBULK."""
    return tlv(tag, encode_integer(request_id) + encode_integer(second) + encode_integer(third) + varbinds)


def encode_community_message(version: int, community: bytes, pdu: bytes) -> bytes:
    """version: 0 for SNMPv1, 1 for SNMPv2c (RFC 1157, RFC 1901)."""
    return tlv(SEQUENCE, encode_integer(version) + tlv(OCTETS, community) + pdu)


def read_tlv(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """Tag, start and stop of the content at `at`; the content lies inside `end`."""
    if at + 2 > end:
        raise BerError("the message ends too early")
    size = data[at + 1]
    start = at + 2
    if size >= 0x80:
        more = size & 0x7F
        if not 0 < more <= 4 or start + more > end:
            raise BerError("a length of the message cannot be read")
        size = int.from_bytes(data[start : start + more], "big")
        start += more
    stop = start + size
    if stop > end:
        raise BerError("the message ends too early")
    return data[at], start, stop


def expect(data: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    if at + 2 <= end and data[at] == tag and data[at + 1] < 0x80:  # the usual case, without a call
        stop = at + 2 + data[at + 1]
        if stop <= end:
            return at + 2, stop
    got, start, stop = read_tlv(data, at, end)
    if got != tag:
        raise BerError(f"type {got:#04x} where {tag:#04x} belongs")
    return start, stop


def read_integer(data: bytes, at: int, end: int) -> tuple[int, int]:
    """The INTEGER at `at` and where the next thing begins."""
    if at + 2 <= end and data[at] == INTEGER and 0 < data[at + 1] <= 8:  # the usual case, without a call
        stop = at + 2 + data[at + 1]
        if stop <= end:
            return int.from_bytes(data[at + 2 : stop], "big", signed=True), stop
    start, stop = expect(data, at, end, INTEGER)
    if not 0 < stop - start <= 8:
        raise BerError("a number of the header has no sensible length")
    return int.from_bytes(data[start:stop], "big", signed=True), stop


def decode_community_message(data: bytes, take: Take | None = None) -> tuple[int, bytes, Pdu]:
    """Version (0 or 1), community and PDU. Octets behind the message are tolerated, as some agents pad."""
    at, end = expect(data, 0, len(data), SEQUENCE)
    version, at = read_integer(data, at, end)
    if version not in (0, 1):
        raise BerError(f"SNMP version field {version}")
    start, stop = expect(data, at, end, OCTETS)
    return version, data[start:stop], decode_pdu(data, stop, end, take)


def decode_pdu(data: bytes, at: int, end: int, take: Take | None = None) -> Pdu:
    """`take` may have the variable-bindings of a response without error; if it does, the Pdu comes without them."""
    tag, at, end = read_tlv(data, at, end)
    request_id, at = read_integer(data, at, end)
    status, at = read_integer(data, at, end)
    index, at = read_integer(data, at, end)
    start, stop = expect(data, at, end, SEQUENCE)
    if take is not None and tag == RESPONSE and not status and take(request_id, data, start, stop):
        return Pdu(tag, request_id, status, index, [])
    return Pdu(tag, request_id, status, index, _read_varbinds(data, start, stop))


def _read_varbinds(data: bytes, at: int, end: int) -> list[Varbind]:
    """Most varbinds have short lengths only and are read without a call each; the rest as carefully as it takes."""
    varbinds: list[Varbind] = []
    append = varbinds.append
    safe = end - 6  # up to here the octets looked at below are inside the message
    while at < end:
        if at <= safe and data[at] == SEQUENCE and data[at + 2] == OID:
            name = at + 4
            name_stop = name + data[at + 3]
            stop = at + 2 + data[at + 1]
            if data[at + 1] < 0x80 and data[at + 3] < 0x80 and name_stop + 2 <= stop <= end:
                size = data[name_stop + 1]
                if size < 0x80 and name_stop + 2 + size == stop:
                    append((data[name:name_stop], data[name_stop], data[name_stop + 2 : stop]))
                    at = stop
                    continue
        start, stop = expect(data, at, end, SEQUENCE)
        name, name_stop = expect(data, start, stop, OID)
        tag, value, value_stop = read_tlv(data, name_stop, stop)
        append((data[name:name_stop], tag, data[value:value_stop]))
        at = stop
    return varbinds


def value_of(tag: int, content: bytes) -> Value | None:
    """None for 'nothing here' (noSuchObject, noSuchInstance, endOfMibView, NULL) and for types that are no SMI's."""
    if tag in UNSIGNED:
        return int.from_bytes(content, "big") if 0 < len(content) <= 9 else None
    if tag == OCTETS:
        return content
    if tag == INTEGER:
        return int.from_bytes(content, "big", signed=True) if 0 < len(content) <= 8 else None
    if tag == OID:
        return decode_oid(content)
    if tag == IP_ADDRESS:
        return ".".join(map(str, content))
    if tag == OPAQUE:
        return _opaque(content)
    return None


def kind_of(tag: int) -> Kind:
    """How a plan's column holds values of this type."""
    return _KINDS.get(tag, Kind.INTEGER)


def _opaque(content: bytes) -> Value | None:
    """A number wrapped as net-snmp does it (9F and its own tag, a length of one octet, the number); None for others."""
    kind, octets = content[:2], content[3:]
    if len(content) < 4 or content[2] != len(octets):
        return None
    if kind == b"\x9f\x78" and len(octets) == 4:
        return float(struct.unpack(">f", octets)[0])
    if kind == b"\x9f\x79" and len(octets) == 8:
        return float(struct.unpack(">d", octets)[0])
    if kind in (b"\x9f\x76", b"\x9f\x7b") and len(octets) <= 9:
        return int.from_bytes(octets, "big")
    if kind == b"\x9f\x7a" and len(octets) <= 8:
        return int.from_bytes(octets, "big", signed=True)
    return None
