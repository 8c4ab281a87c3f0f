"""Requests made once: each plan is cut into GETs whose octets are kept, so that a poll only stamps a request-id.

Devices whose plans ask the same OIDs share one script, whatever their interfaces are called. SNMPv2c over UDP
(RFC 1901, RFC 3416). Sends nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from collectors.snmp import pdu
from collectors.snmp.lines import LONGEST_OF_KIND, VALUE_AT, WIDE, Asked, LineTable
from domain.polling import Column, Kind, Plan

ANSWER_BYTES = 1300
"""What an answer may weigh by our estimate, so that it fits the 1,472 octets of one Ethernet frame."""

_TEXT_BYTES = 32  # a guess at the usual text; a longer one may make the agent say tooBig, which halves the request
_FRAME_BYTES = 40  # of an answer around its varbinds, without the community
_STATUS = b"\x02\x01\x00\x02\x01\x00"
_BLOCK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Script:
    """The requests of one poll: rows first … stop-1 of the book."""

    first: int
    stop: int


class Arena:
    """Octets at addresses that never move."""

    def __init__(self) -> None:
        self._blocks: list[NDArray[np.uint8]] = []
        self._left = 0
        self._interned: dict[bytes, int] = {}

    def keep(self, octets: bytes) -> int:
        """The address of a copy; the same octets are kept once."""
        address = self._interned.get(octets)
        if address is None:
            address = self._interned[octets] = self._place(octets)
        return address

    def _place(self, octets: bytes) -> int:
        if len(octets) > self._left:
            self._blocks.append(np.zeros(max(_BLOCK_BYTES, len(octets)), np.uint8))
            self._left = len(self._blocks[-1])
        block = self._blocks[-1]
        at = len(block) - self._left
        block[at : at + len(octets)] = np.frombuffer(octets, np.uint8)
        self._left -= len(octets)
        return int(block.ctypes.data) + at


class TemplateBook:
    """All requests as rows. Arrays are indexed by row (`greeting` rows: by community) and grow by doubling.

    parts: three (address, octets) pairs; the middle one is the request-id's, whose address the sender fills in.
    """

    def __init__(self) -> None:
        self.lines = LineTable()
        self.used = 0
        self.parts: NDArray[np.uint64] = np.zeros((16, 3, 2), np.uint64)
        self.octets: NDArray[np.int64] = np.zeros(16, np.int64)
        self.columns: NDArray[np.int64] = np.zeros(16, np.int64)
        self.first_line: NDArray[np.int64] = np.zeros(16, np.int64)
        self.first_place: NDArray[np.int64] = np.zeros(16, np.int64)
        self.predictable: NDArray[np.bool_] = np.zeros(16, np.bool_)
        self.has_text: NDArray[np.bool_] = np.zeros(16, np.bool_)
        self.deep: NDArray[np.bool_] = np.zeros(16, np.bool_)
        self.greeting: NDArray[np.int64] = np.zeros(16, np.int64)
        self.expected_greeting: NDArray[np.uint64] = np.zeros((4, 4), np.uint64)
        self.mask_greeting: NDArray[np.uint64] = np.zeros((4, 4), np.uint64)
        self.asked: list[tuple[Asked, ...]] = []
        self.community: list[bytes] = []
        self.period: list[tuple[str, float]] = []
        """Row → table and least seconds between two polls of it, ('', 0) for what is asked at every poll."""
        self._arena = Arena()
        self._greetings: dict[bytes, int] = {}
        self._scripts: dict[object, Script] = {}
        self._by_plan: dict[tuple[int, bytes, int], tuple[Plan, Script]] = {}
        self._first_lines: dict[object, int] = {}
        self._oids: dict[str, bytes] = {}
        self._free: list[int] = []

    def script(self, plan: Plan, community: bytes, varbinds: int) -> Script:
        """The requests of a plan of at least one column, with at most `varbinds` columns each."""
        known = self._by_plan.get((id(plan), community, varbinds))
        if known is None:
            known = (plan, self._intern(plan, community, varbinds))
            self._by_plan[id(plan), community, varbinds] = known
        return known[1]

    def _intern(self, plan: Plan, community: bytes, varbinds: int) -> Script:
        periods = dict(plan.budget.table_seconds)
        numbers = accumulate((column.kind is Kind.TEXT for column in plan.columns), initial=0)
        columns = tuple(
            Asked(self._oid(column), column.kind, place, column.table, number)
            for place, (column, number) in enumerate(zip(plan.columns, numbers, strict=False))
        )
        slices = tuple(cut(columns, community, min(varbinds, plan.budget.varbinds), periods))
        key = (slices, community, tuple(periods.items()))
        script = self._scripts.get(key)
        if script is None:
            first = self.used
            for piece in slices:
                table = piece[0].table
                self._write(self._append(), piece, community, (table, periods[table]) if table in periods else ("", 0))
            script = self._scripts[key] = Script(first, self.used)
        return script

    def loose(self, columns: Sequence[Asked], community: bytes) -> int:
        """A row for one odd request (after an error); give it back with `release`."""
        row = self._free.pop() if self._free else self._append()
        self._write(row, tuple(columns), community, ("", 0), loose=True)
        return row

    def release(self, row: int) -> None:
        self._free.append(row)

    def _oid(self, column: Column) -> bytes:
        octets = self._oids.get(column.oid)
        if octets is None:
            octets = self._oids[column.oid] = pdu.encode_oid(column.oid)
        return octets

    def _append(self) -> int:
        if self.used == len(self.octets):
            for name, held in vars(self).items():
                if isinstance(held, np.ndarray) and len(held) == self.used and not name.endswith("_greeting"):
                    setattr(self, name, np.concatenate([held, np.zeros_like(held)]))
        self.used += 1
        self.asked.append(())
        self.community.append(b"")
        self.period.append(("", 0))
        return self.used - 1

    def _write(
        self, row: int, columns: tuple[Asked, ...], community: bytes, period: tuple[str, float], loose: bool = False
    ) -> None:
        head, rest = request_octets([column.oid for column in columns], community)
        self.parts[row] = ((self._arena.keep(head), len(head)), (0, 4), (self._arena.keep(rest), len(rest)))
        self.octets[row] = len(head) + 4 + len(rest)
        self.columns[row] = len(columns)
        self.first_place[row] = columns[0].place
        self.predictable[row] = not loose and len(community) <= WIDE - 5 and all(c.predictable for c in columns)
        self.has_text[row] = any(column.kind is Kind.TEXT for column in columns)
        self.deep[row] = any(column.header_size > VALUE_AT for column in columns)
        self.greeting[row] = self._greet(community)
        self.asked[row] = columns
        self.community[row] = community
        self.period[row] = period
        if self.predictable[row]:
            if columns not in self._first_lines:
                self._first_lines[columns] = self.lines.add(columns)
            self.first_line[row] = self._first_lines[columns]

    def _greet(self, community: bytes) -> int:
        """The line that version and community of an answer must equal."""
        number = self._greetings.setdefault(community, len(self._greetings))
        if number == len(self.expected_greeting):
            self.expected_greeting = np.concatenate([self.expected_greeting, np.zeros_like(self.expected_greeting)])
            self.mask_greeting = np.concatenate([self.mask_greeting, np.zeros_like(self.mask_greeting)])
        octets = (pdu.encode_integer(1) + pdu.tlv(pdu.OCTETS, community))[:WIDE]
        self.expected_greeting[number] = np.frombuffer(octets.ljust(WIDE, b"\0"), "<u8")
        self.mask_greeting[number] = np.frombuffer((b"\xff" * len(octets)).ljust(WIDE, b"\0"), "<u8")
        return number


def cut(
    columns: Iterable[Asked], community: bytes, varbinds: int, periods: dict[str, float]
) -> Iterator[tuple[Asked, ...]]:
    """Slices in the order of the plan: at most `varbinds` columns, about ANSWER_BYTES of answer, and what has a period
    of its own asked apart."""
    piece: list[Asked] = []
    weight = 0
    last_group = ""
    for column in columns:
        group = column.table if column.table in periods else ""
        more = column.header_size + (_TEXT_BYTES if column.kind is Kind.TEXT else LONGEST_OF_KIND[column.kind])
        limit = ANSWER_BYTES - _FRAME_BYTES - len(community)
        if piece and (len(piece) == varbinds or weight + more > limit or group != last_group):
            yield tuple(piece)
            piece, weight = [], 0
        piece.append(column)
        weight += more
        last_group = group
    if piece:
        yield tuple(piece)


def request_octets(oids: Sequence[bytes], community: bytes) -> tuple[bytes, bytes]:
    """A GetRequest as what comes before and after its request-id of four octets."""
    rest = _STATUS + pdu.encode_varbinds(list(oids))
    inside = pdu.tlv(pdu.GET, bytes(6) + rest)
    body = pdu.encode_integer(1) + pdu.tlv(pdu.OCTETS, community) + inside
    message = pdu.tlv(pdu.SEQUENCE, body)
    at = len(message) - len(rest) - 6
    return message[:at] + b"\x02\x04", rest
