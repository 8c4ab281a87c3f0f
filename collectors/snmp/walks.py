"""Walks of several columns side by side, with the guards an agent may make necessary.

Every OID must come after the one before it, and rows, bytes and seconds are bounded: no agent keeps us for ever.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from collectors.errors import AgentError, CollectorError, EndlessWalkError, WalkTooLongError
from collectors.snmp.dialogue import Dialogue
from collectors.snmp.pdu import (
    END_OF_MIB_VIEW,
    GET_BULK,
    GET_NEXT,
    NO_SUCH_NAME,
    NOTHING,
    TOO_BIG,
    BerError,
    Pdu,
    Value,
    decode_arcs,
    decode_oid,
    encode_oid,
    encode_varbinds,
    kind_of,
    value_of,
)
from domain.language import _
from domain.polling import Kind

VARBINDS = 60  # of one answer, so that it stays near one datagram of an Ethernet


@dataclass(frozen=True, slots=True)
class WalkLimits:
    """Of one walk with all its columns: rows of one column, bytes received, seconds, requests."""

    rows: int = 100_000
    octets: int = 64 << 20
    seconds: float = 300.0
    requests: int = 1_000_000


class _Column:
    """Where the walk of one column stands."""

    __slots__ = ("arcs", "at", "base", "dotted", "odd", "rows", "tag")

    def __init__(self, dotted: str) -> None:
        self.dotted = dotted
        self.base = encode_oid(dotted)
        self.at = self.base
        self.arcs: tuple[int, ...] = ()
        self.rows: list[tuple[str, Value]] = []
        self.tag = 0
        self.odd: dict[str, int] = {}


class Walks:
    """The columns asked for: `rows` by column, `failed` by column."""

    def __init__(self, address: str, columns: Iterable[str], limits: WalkLimits) -> None:
        self._address = address
        self._limits = limits
        self._columns = [_Column(dotted) for dotted in dict.fromkeys(columns)]
        self.rows: dict[str, list[tuple[str, Value]]] = {column.dotted: column.rows for column in self._columns}
        self.failed: dict[str, CollectorError] = {}

    def kinds(self) -> dict[str, Kind]:
        """What values are on the wire: by column, as its first row is, and by whole OID where a row is otherwise."""
        found: dict[str, Kind] = {}
        for column in self._columns:
            found[column.dotted] = kind_of(column.tag)
            found |= {f"{column.dotted}.{index}": kind_of(tag) for index, tag in column.odd.items()}
        return found

    async def run(self, dialogue: Dialogue, *, bulk: bool, repetitions: int, most_repetitions: int) -> None:
        """Walk to the end of all columns, `repetitions` rows at first, more as the columns turn out long.

        Raises what `Dialogue.ask` raises.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._limits.seconds
        octets = dialogue.wire.octets + self._limits.octets
        requests = dialogue.attempts_made + self._limits.requests
        pending = list(self._columns)
        while pending:
            too_much = dialogue.wire.octets > octets or dialogue.attempts_made >= requests
            if too_much or loop.time() > deadline:
                self._give_up(pending, loop.time() > deadline)
                return
            group = pending[: max(1, VARBINDS // repetitions)]
            varbinds = encode_varbinds([column.at for column in group])
            if bulk:
                pdu = await dialogue.ask(GET_BULK, varbinds, 0, repetitions)
            else:
                pdu = await dialogue.ask(GET_NEXT, varbinds)
            if pdu.error_status == TOO_BIG and repetitions > 1:
                repetitions = most_repetitions = repetitions // 2
                continue
            ended = self._failing(pdu, group) if pdu.error_status else self._advance(pdu, group)
            if not ended:
                repetitions = min(most_repetitions, repetitions * 2)
            pending = [column for column in pending if column not in ended]

    def _failing(self, pdu: Pdu, group: list[_Column]) -> list[_Column]:
        """The columns an error-status ends: the one it names, or all of the group if it names none."""
        named = 0 < pdu.error_index <= len(group)
        ended = [group[pdu.error_index - 1]] if named else group
        if pdu.error_status != NO_SUCH_NAME:  # SNMPv1 says noSuchName at the end of its MIB
            for column in ended:
                self.failed[column.dotted] = AgentError(
                    _("{address}: the device answers {word} to a walk of {oid}.").format(
                        address=self._address, word=pdu.error_word, oid=column.dotted
                    )
                )
        return ended

    def _advance(self, pdu: Pdu, group: list[_Column]) -> list[_Column]:
        """Take the rows; returns the columns that came to their end."""
        ended: list[_Column] = []
        for position, (name, tag, content) in enumerate(pdu.varbinds):
            column = group[position % len(group)]
            if column not in ended and self._is_end(column, name, tag, content):
                ended.append(column)
        if not pdu.varbinds:
            for column in group:
                self.failed[column.dotted] = AgentError(
                    _("{address}: an empty answer to a walk of {oid}.").format(address=self._address, oid=column.dotted)
                )
            return group
        return ended

    def _is_end(self, column: _Column, name: bytes, tag: int, content: bytes) -> bool:
        """Whether the column ends here; takes the row if not."""
        if tag == END_OF_MIB_VIEW or not name.startswith(column.base):
            return True
        try:
            arcs = decode_arcs(name[len(column.base) :])
        except BerError as error:
            self.failed[column.dotted] = AgentError(
                _("{address}: {cause} below {oid}.").format(address=self._address, cause=error, oid=column.dotted)
            )
            return True
        if arcs <= column.arcs:
            self.failed[column.dotted] = EndlessWalkError(
                _("{address}: a walk of {oid} does not end: after {before} the device answers {after}.").format(
                    address=self._address, oid=column.dotted, before=decode_oid(column.at), after=decode_oid(name)
                )
            )
            return True
        if len(column.rows) >= self._limits.rows:
            self._give_up([column], late=False)
            return True
        column.arcs, column.at = arcs, name
        if tag not in NOTHING:
            value = value_of(tag, content)
            if value is not None:
                index = ".".join(map(str, arcs))
                column.rows.append((index, value))
                column.tag = column.tag or tag
                if tag != column.tag:
                    column.odd[index] = tag
        return False

    def _give_up(self, columns: list[_Column], late: bool) -> None:
        for column in columns:
            self.failed[column.dotted] = WalkTooLongError(
                _("{address}: the walk of {oid} was given up after {rows} rows ({bound}).").format(
                    address=self._address,
                    oid=column.dotted,
                    rows=len(column.rows),
                    bound=_("too long") if late else _("too much"),
                )
            )
