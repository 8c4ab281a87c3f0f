"""Polls one device at a time, for those the sweep does not speak to: SNMP v1, v3 and IPv6. Brings a sweep of one.

What is asked comes from the device's plan in the Fleet; a failure is an outcome, not an exception. When a device is
due is the schedule's business.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from collectors.errors import CollectorError, ExhaustedError, GarbledError, RefusedError, UnauthorisedError
from collectors.snmp.client import SnmpClient
from collectors.snmp.engines import EngineBook
from collectors.snmp.keys import KeyRing
from collectors.snmp.pdu import (
    COUNTER32,
    COUNTER64,
    GAUGE32,
    GET,
    INTEGER,
    NOTHING,
    OCTETS,
    OID,
    TIMETICKS,
    Value,
    Varbind,
    encode_oid,
    encode_varbinds,
    tlv,
    value_of,
)
from domain.polling import Endpoint, Fleet, Kind, Outcome, Plan, Sweep
from domain.time import Clock

_ALL_BITS = (1 << 64) - 1
_LEAST = dict.fromkeys(Kind, 0) | {Kind.INTEGER: -(1 << 63)}
_MOST = dict.fromkeys(Kind, (1 << 32) - 1) | {Kind.INTEGER: (1 << 63) - 1, Kind.COUNTER64: _ALL_BITS}
_TAG_OF_KIND = {
    Kind.INTEGER: INTEGER,
    Kind.COUNTER32: COUNTER32,
    Kind.COUNTER64: COUNTER64,
    Kind.GAUGE32: GAUGE32,
    Kind.TIMETICKS: TIMETICKS,
}
_SHORT = rb"\x01.|\x02..|\x03...|\x04.{4}"
_LONG = _SHORT + rb"|\x05.{5}|\x06.{6}|\x07.{7}|\x08.{8}"
_CONTENT_OF_KIND = dict.fromkeys(_TAG_OF_KIND, _SHORT + rb"|\x05\x00.{4}") | {
    Kind.INTEGER: _LONG,
    Kind.COUNTER64: _LONG + rb"|\x09\x00.{8}",
}
_MOST_FAILURES = 2  # requests in a row without an answer, after which the rest of the poll is given up


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers in a row as nearly all agents write them, one group for length and content of each value.

    signed: those that may be negative. valid: True for each.
    """

    pattern: re.Pattern[bytes]
    signed: tuple[int, ...]
    valid: list[bool]


@dataclass(frozen=True, slots=True)
class Piece:
    """One request of a plan: columns [first, first + len(names)).

    runs: how its answer is read, a text by the octets of its OID. period: table and seconds it is asked apart by.
    """

    first: int
    names: list[bytes]
    oids: list[str]
    varbinds: bytes
    runs: list["Run | bytes"]
    kinds: list[Kind]
    tables: tuple[str, ...]
    period: tuple[str, float]


class SinglePoller:
    """`poll` a device by its index in the fleet. `endpoint_of` tells where and how; `clock` gives the samples' time."""

    def __init__(
        self,
        fleet: Fleet,
        endpoint_of: Callable[[int], Endpoint],
        clock: Clock,
        *,
        attempts: int = 4,
        attempt_seconds: float = 1.0,
        engines: EngineBook | None = None,
        keys: KeyRing | None = None,
    ) -> None:
        self._fleet = fleet
        self._endpoint_of = endpoint_of
        self._clock = clock
        self._attempts = attempts
        self._attempt_seconds = attempt_seconds
        self._engines = engines or EngineBook()
        self._keys = keys or KeyRing()
        self._pieces: dict[int, tuple[Plan, tuple[Piece, ...]]] = {}
        self._prints: dict[int, int] = {}
        self._asked: dict[int, tuple[int, dict[str, float]]] = {}
        fleet.watch(self._forget)

    async def poll(self, device: int) -> Sweep:
        """Whatever the device does is an outcome. Raises KeyError for one without a plan, ExhaustedError if this
        machine could not ask it."""
        plan = self._fleet.plan(device)
        if plan is None:
            raise KeyError(f"{self._fleet.name(device)} has no plan yet: discover it first")
        client = SnmpClient(
            self._endpoint_of(device),
            attempts=self._attempts,
            attempt_seconds=self._attempt_seconds,
            varbinds=plan.budget.varbinds,
            pause_seconds=plan.budget.pause_seconds,
            engines=self._engines,
            keys=self._keys,
        )
        try:
            return await _Poll(self, device, client).run(self._due(device, plan))
        finally:
            client.close()

    def _due(self, device: int, plan: Plan) -> list[Piece]:
        pieces = self._cut(plan)
        if not plan.budget.table_seconds:
            return list(pieces)
        generation, now = int(self._fleet.generation[device]), self._clock.now().steady_seconds
        known = self._asked.get(device)
        asked = known[1] if known is not None and known[0] == generation else {}
        self._asked[device] = (generation, asked)
        due = {table for table, seconds in plan.budget.table_seconds if now - asked.get(table, -seconds) >= seconds}
        asked.update(dict.fromkeys(due, now))
        return [piece for piece in pieces if not piece.period[0] or piece.period[0] in due]

    def _cut(self, plan: Plan) -> tuple[Piece, ...]:
        known = self._pieces.get(id(plan))
        if known is None:
            known = self._pieces[id(plan)] = (plan, tuple(_pieces(plan)))
        return known[1]

    def _forget(self, start: int, stop: int) -> None:
        for cell in range(start, stop) if self._prints else ():
            self._prints.pop(cell, None)

    def text(self, cell: int, octets: bytes) -> tuple[int, bool]:
        """The fingerprint of a text, and whether it is another than at the last poll."""
        value = hash(octets) & _ALL_BITS
        changed = self._prints.get(cell) != value
        self._prints[cell] = value
        return value, changed

    def begin(self, device: int) -> tuple[int, int, float]:
        """Generation and first cell of the device, and the steady second now."""
        fleet = self._fleet
        return int(fleet.generation[device]), int(fleet.start[device]), self._clock.now().steady_seconds

    def now(self) -> tuple[float, float]:
        moment = self._clock.now()
        return moment.unix_seconds, moment.steady_seconds


def _pieces(plan: Plan) -> list[Piece]:
    """Requests in the order of the plan; tables with a period of their own are asked apart."""
    periods = dict(plan.budget.table_seconds)
    groups: list[list[int]] = []
    last = None
    for place, column in enumerate(plan.columns):
        group = column.table if column.table in periods else ""
        if group != last or len(groups[-1]) == plan.budget.varbinds:
            groups.append([])
        groups[-1].append(place)
        last = group
    pieces = []
    for places in groups:
        columns = [plan.columns[place] for place in places]
        names = [encode_oid(column.oid) for column in columns]
        table = columns[0].table
        pieces.append(
            Piece(
                places[0],
                names,
                [column.oid for column in columns],
                encode_varbinds(names),
                _runs(names, [column.kind for column in columns]),
                [column.kind for column in columns],
                tuple(dict.fromkeys(column.table for column in columns)),
                (table, periods[table]) if table in periods else ("", 0.0),
            )
        )
    return pieces


def _runs(names: list[bytes], kinds: list[Kind]) -> list[Run | bytes]:
    runs: list[Run | bytes] = []
    pattern, signed = b"", []
    count = 0
    for name, kind in zip([*names, b""], [*kinds, Kind.TEXT], strict=True):
        if kind is not Kind.TEXT:
            head = tlv(OID, name) + bytes((_TAG_OF_KIND[kind],))
            pattern += b"0." + re.escape(head) + b"(" + _CONTENT_OF_KIND[kind] + b")"
            if kind is Kind.INTEGER:
                signed.append(count)
            count += 1
            continue
        if count:
            runs.append(Run(re.compile(pattern, re.DOTALL), tuple(signed), [True] * count))
            pattern, signed, count = b"", [], 0
        if name:
            runs.append(tlv(OID, name))
    return runs


class _Poll:
    """One poll of one device, while it runs."""

    def __init__(self, poller: SinglePoller, device: int, client: SnmpClient) -> None:
        self._poller = poller
        self._device = device
        self._client = client
        self._generation, self._start, self._began = poller.begin(device)
        self._cells: list[int] = []
        self._raw: list[int] = []
        self._valid: list[bool] = []
        self._texts: dict[int, bytes] = {}
        self._failed: dict[str, None] = {}
        self._answered: tuple[float, float] | None = None
        self._outcome = Outcome.OK
        self._failures = 0

    async def run(self, pieces: list[Piece]) -> Sweep:
        for piece in pieces:
            if self._outcome > Outcome.PARTIAL or self._failures >= _MOST_FAILURES:
                self._miss(piece)
                continue
            try:
                await self._ask(piece)
            except ExhaustedError:
                raise
            except CollectorError as error:
                self._note(error)
                self._miss(piece)
        if self._outcome is Outcome.OK and not all(self._valid):
            self._outcome = Outcome.PARTIAL
        return self._sweep()

    async def _ask(self, piece: Piece) -> None:
        taken = len(self._raw)

        def take(_request_id: int, data: bytes, at: int, end: int) -> bool:
            del self._raw[taken:], self._valid[taken:], self._cells[taken:]
            return self._take(piece, data, at, end)

        pdu = await self._client.dialogue.ask(GET, piece.varbinds, take=take)
        if self._answered is None:
            self._answered = self._poller.now()
        self._failures = 0
        if len(self._raw) != taken + len(piece.names):
            del self._raw[taken:], self._valid[taken:], self._cells[taken:]
            if pdu.error_status or [name for name, _tag, _content in pdu.varbinds] != piece.names:
                await self._ask_again(piece)
            else:
                self._take_one_by_one(piece, pdu.varbinds)

    def _take(self, piece: Piece, data: bytes, at: int, end: int) -> bool:
        """Values straight from the octets, while these are laid out as nearly all answers are."""
        cell = self._start + piece.first
        self._cells.extend(range(cell, cell + len(piece.names)))
        for run in piece.runs:
            if isinstance(run, Run):
                found = run.pattern.match(data, at, end)
                if found is None:
                    return False
                numbers = [int.from_bytes(content[1:], "big") for content in found.groups()]
                for i in run.signed:
                    if numbers[i] >= 0x80:
                        content = found.group(i + 1)
                        numbers[i] = int.from_bytes(content[1:], "big", signed=True) & _ALL_BITS
                self._raw += numbers
                self._valid += run.valid
                at = found.end()
            else:
                stop = at + 2 + data[at + 1]
                value = at + 4 + len(run)
                plain = data.startswith(run, at + 2) and data[at + 1] < 0x80 and value <= stop <= end
                if not plain or data[value - 2] != OCTETS or value + data[value - 1] != stop:
                    return False
                number, good = self._odd(len(self._raw), Kind.TEXT, data[value:stop])
                self._raw.append(number)
                self._valid.append(good)
                at = stop
        return at == end

    def _take_one_by_one(self, piece: Piece, varbinds: list[Varbind]) -> None:
        cell = self._start + piece.first
        self._cells.extend(range(cell, cell + len(varbinds)))
        for kind, (_name, tag, content) in zip(piece.kinds, varbinds, strict=True):
            number, good = self._odd(len(self._raw), kind, None if tag in NOTHING else value_of(tag, content))
            self._raw.append(number)
            self._valid.append(good)

    async def _ask_again(self, piece: Piece) -> None:
        """After an error-status or an answer to something else: as much as the device gives."""
        answer = await self._client.ask(piece.oids)
        for place, (oid, kind) in enumerate(zip(piece.oids, piece.kinds, strict=True)):
            self._cells.append(self._start + piece.first + place)
            number, good = self._odd(len(self._raw), kind, answer.values.get(oid))
            self._raw.append(number)
            self._valid.append(good)
        if not answer.values:
            self._failed.update(dict.fromkeys(piece.tables))

    def _odd(self, at: int, kind: Kind, value: Value | None) -> tuple[int, bool]:
        """The 64 bits of a value in the column's kind, and whether it is one."""
        if kind is Kind.TEXT:
            if value is None:
                return 0, False
            octets = value if isinstance(value, bytes) else str(value).encode()
            cell = self._cells[at]
            number, changed = self._poller.text(cell, octets)
            if changed:
                self._texts[cell] = octets
            return number, True
        if not isinstance(value, int) or not _LEAST[kind] <= value <= _MOST[kind]:
            return 0, False
        return value & _ALL_BITS, True

    def _miss(self, piece: Piece) -> None:
        count = len(piece.names)
        self._cells.extend(range(self._start + piece.first, self._start + piece.first + count))
        self._raw.extend([0] * count)
        self._valid.extend([False] * count)
        self._failed.update(dict.fromkeys(piece.tables))

    def _note(self, error: CollectorError) -> None:
        if self._answered is not None:
            self._failures += 1
            return
        match error:
            case RefusedError():
                self._outcome = Outcome.REFUSED
            case UnauthorisedError():
                self._outcome = Outcome.UNAUTHORISED
            case GarbledError():
                self._outcome = Outcome.GARBLED
            case _:
                self._outcome = Outcome.SILENT

    def _sweep(self) -> Sweep:
        dialogue = self._client.dialogue
        answered = self._answered or (np.nan, np.nan)
        trip = dialogue.first_round_trip
        return Sweep(
            device=np.array([self._device], np.int64),
            generation=np.array([self._generation], np.int64),
            outcome=np.array([self._outcome], np.uint8),
            started=np.array([self._began]),
            answered_at=np.array([answered[0]]),
            answered_steady=np.array([answered[1]]),
            round_trip=np.array([np.nan if trip is None or self._answered is None else trip]),
            attempts=np.array([dialogue.attempts_made], np.int64),
            bytes_used=np.array([dialogue.wire.octets], np.int64),
            row=np.zeros(len(self._cells), np.int64),
            cell=np.array(self._cells, np.int64),
            raw=np.array(self._raw, np.uint64),
            valid=np.array(self._valid, np.bool_),
            texts=self._texts,
            failed_tables={0: tuple(self._failed)} if self._failed else {},
        )
