"""One answer to values, in plain Python: the reference the batch lane must agree with, and the lane for odd answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from collectors.snmp import pdu
from collectors.snmp.fingerprints import fingerprint
from collectors.snmp.lines import ABSENT, LONGEST_OF_KIND, PADDED_OF_KIND, SHORTEST_OF_KIND, TAG_OF_KIND, UNKNOWN, Asked
from collectors.snmp.memory import CellMemory
from domain.polling import Kind

_LEAST = dict.fromkeys(Kind, 0) | {Kind.INTEGER: -(1 << 63)}
_MOST = dict.fromkeys(Kind, (1 << 32) - 1) | {Kind.INTEGER: (1 << 63) - 1, Kind.COUNTER64: (1 << 64) - 1}
_ALL_BITS = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Interpreted:
    """One value: its layout code, whether it is one, its 64 bits, and the octets of a text."""

    code: int
    valid: bool
    raw: int
    text: bytes | None = None


def interpret(asked: Asked, tag: int, content: bytes) -> Interpreted:
    """What an answered value means for the column that was asked.

    A number of another numeric type is taken if it fits the column's range; a text column takes whatever can be
    written as text. Exceptions, NULL, integers without octets and numbers out of range are no values.
    """
    if ABSENT <= tag <= ABSENT + 2:
        return Interpreted(tag if not content else UNKNOWN, False, 0)
    code = len(content) if _predictable(asked, tag, content) else UNKNOWN
    value = _value(tag, content)
    if asked.kind is Kind.TEXT:
        text = _as_text(value)
        return Interpreted(code, False, 0) if text is None else Interpreted(code, True, fingerprint(text), text)
    if not isinstance(value, int) or not _LEAST[asked.kind] <= value <= _MOST[asked.kind]:
        return Interpreted(code, False, 0)
    return Interpreted(code, True, value & _ALL_BITS)


def _predictable(asked: Asked, tag: int, content: bytes) -> bool:
    kind, length = asked.kind, len(content)
    return (
        tag == TAG_OF_KIND[kind]
        and SHORTEST_OF_KIND[kind] <= length <= min(asked.longest, LONGEST_OF_KIND[kind])
        and not (length == PADDED_OF_KIND[kind] and content[0])
    )


def _value(tag: int, content: bytes) -> pdu.Value | None:
    try:
        return pdu.value_of(tag, content)
    except pdu.BerError:  # an OID cut off inside a number
        return None


def _as_text(value: pdu.Value | None) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    return f"{value}".encode()


def answers_what_was_asked(columns: Sequence[Asked], varbinds: Sequence[pdu.Varbind]) -> bool:
    """The same OIDs in the same order, no more and no fewer."""
    return len(columns) == len(varbinds) and all(
        column.oid == varbind[0] for column, varbind in zip(columns, varbinds, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Places:
    """Where the values of one device go: its first cell, its desk, its first place for texts."""

    start: int
    desk: int
    texts: int


def store(
    memory: CellMemory,
    places: Places,
    columns: Sequence[Asked],
    varbinds: Sequence[pdu.Varbind],
    texts: dict[int, bytes],
) -> None:
    """Write the values of one answer; octets of texts that changed go into `texts`, by cell."""
    for column, (_oid, tag, content) in zip(columns, varbinds, strict=True):
        found = interpret(column, tag, content)
        memory.code[places.start + column.place] = found.code
        memory.desks.raw[places.desk + column.place] = found.raw
        memory.desks.valid[places.desk + column.place] = found.valid
        if column.kind is Kind.TEXT:
            place = places.texts + column.number
            if found.text is not None and memory.prints[place] != found.raw:
                texts[places.start + column.place] = found.text
            memory.prints[place] = found.raw
