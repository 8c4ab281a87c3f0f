"""What the simulated devices answer, without a network: single questions by SNMP in memory, polls in columns.

A question goes through the lab's own agents as bytes. A poll reads the same tables by the device's plan: what is fixed
in a table is encoded once, what changes is asked for each time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from collectors.snmp.client import SnmpClient
from collectors.snmp.fingerprints import fingerprint
from collectors.snmp.wire import Wire
from domain.polling import Endpoint, Fleet, Kind, Outcome, Plan, Sweep
from kentongan.history.clock import FastClock
from lab.world import ber
from lab.world.agents import Agents
from lab.world.mibs import table_of
from lab.world.model import World
from lab.world.table import Table
from lab.world.view import View

T = TypeVar("T")
_MASK = 0xFFFFFFFFFFFFFFFF
_ROUND_TRIP_SECONDS, _BYTES_A_CELL, _BYTES_A_POLL = 0.004, 34, 90


class PaperWire(Wire):
    """A Wire whose other end is an agent in this process; opens no socket."""

    def __init__(self, endpoint: Endpoint, agents: Agents, clock: FastClock) -> None:
        super().__init__(endpoint.address, endpoint.port)
        self._address, self._agents, self._clock = endpoint.address, agents, clock

    def open(self) -> None: ...

    def close(self) -> None: ...

    async def exchange(self, datagram: bytes, accept: Callable[[bytes], T | None], seconds: float) -> T | None:
        answer = self._agents.answer(self._address, datagram, self._clock.unix_seconds)
        self.octets += len(datagram) + len(answer or b"")
        return None if answer is None else accept(answer)


def on_paper(
    ordinary: Callable[[Endpoint], SnmpClient], world: World, clock: FastClock
) -> Callable[[Endpoint], SnmpClient]:
    """Clients like the ordinary ones that ask the world's agents."""
    agents = Agents(world)

    def client(endpoint: Endpoint) -> SnmpClient:
        made = ordinary(endpoint)
        made.dialogue.wire = PaperWire(endpoint, agents, clock)
        return made

    return client


Value = Callable[[View], bytes | None]


@dataclass(frozen=True, slots=True)
class _Reader:
    """One device's plan. raw, valid: of what is fixed. moving: place, kind and maker of what changes."""

    plan: Plan
    raw: NDArray[np.uint64]
    valid: NDArray[np.bool_]
    texts: dict[int, bytes]
    moving: tuple[tuple[int, Kind, Value], ...]


class Gear:
    """`sweep` polls devices of the fleet at one moment; who is dark in the world is silent."""

    def __init__(self, world: World, fleet: Fleet) -> None:
        self._world, self._fleet = world, fleet
        self._tables: dict[int, Table] = {}
        self._readers: dict[int, _Reader] = {}
        self._said: dict[tuple[int, int], bytes] = {}

    def node(self, device: int) -> int:
        """In the world."""
        return self._world.wiring.by_name[self._fleet.name(device)]

    def answers(self, device: int) -> bool:
        return self._world.answers(self.node(device))

    def sweep(self, devices: NDArray[np.int64], steady: float, unix: float) -> Sweep:
        """One poll of each. Devices without a plan are not to be asked."""
        count = len(devices)
        answers = np.array([self.answers(device) for device in devices.tolist()], np.bool_)
        outcome = np.where(answers, np.uint8(Outcome.OK), np.uint8(Outcome.SILENT))
        raws, valids, sizes = list[NDArray[np.uint64]](), list[NDArray[np.bool_]](), np.zeros(count, np.int64)
        texts: dict[int, bytes] = {}
        for row in np.flatnonzero(answers).tolist():
            device = int(devices[row])
            raw, valid = self._read(device, unix, texts)
            raws.append(raw)
            valids.append(valid)
            sizes[row] = len(raw)
            if not valid.all():
                outcome[row] = Outcome.PARTIAL
        start = self._fleet.start[devices].astype(np.int64)
        rows = np.arange(count).repeat(sizes)
        within = np.arange(int(sizes.sum())) - (np.cumsum(sizes) - sizes).repeat(sizes)
        return Sweep(
            device=devices,
            generation=self._fleet.generation[devices],
            outcome=outcome,
            started=np.full(count, steady),
            answered_at=np.where(answers, unix, nan),
            answered_steady=np.where(answers, steady, nan),
            round_trip=np.full(count, _ROUND_TRIP_SECONDS),
            attempts=np.ones(count, np.int64),
            bytes_used=_BYTES_A_POLL + _BYTES_A_CELL * sizes,
            row=rows,
            cell=start.repeat(sizes) + within,
            raw=np.concatenate(raws) if raws else np.zeros(0, np.uint64),
            valid=np.concatenate(valids) if valids else np.zeros(0, np.bool_),
            texts=texts,
        )

    def _read(self, device: int, unix: float, texts: dict[int, bytes]) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
        reader = self._reader(device, unix)
        raw, valid = reader.raw.copy(), reader.valid.copy()
        view = self._world.view(self.node(device), unix)
        first = int(self._fleet.start[device])
        for place, octets in reader.texts.items():
            self._say(device, first + place, octets, texts)
        for place, kind, make in reader.moving:
            value = make(view)
            if value is None:
                continue
            number, said = _decoded(value, kind)
            raw[place], valid[place] = number, True
            if said is not None:
                self._say(device, first + place, said, texts)
        return raw, valid

    def _say(self, device: int, cell: int, octets: bytes, texts: dict[int, bytes]) -> None:
        """Only what has changed travels."""
        if self._said.get((device, cell)) != octets:
            self._said[device, cell] = texts[cell] = octets

    def _reader(self, device: int, unix: float) -> _Reader:
        plan = self._fleet.plan(device)
        assert plan is not None
        known = self._readers.get(device)
        if known is not None and known.plan is plan:
            return known
        node = self.node(device)
        table = self._table(node)
        idle = {each.name for each in self._world.wiring.nodes[node].interfaces if not each.ends}
        view = self._world.view(node, unix)
        count = len(plan.columns)
        raw, valid, texts = np.zeros(count, np.uint64), np.zeros(count, np.bool_), dict[int, bytes]()
        moving = []
        for place, column in enumerate(plan.columns):
            value = table.lookup(ber.oid(ber.parse_oid(column.oid)))
            if value is not None and not isinstance(value, bytes) and column.table == "interfaces":
                value = value(view) if column.instance in idle else value  # nothing will ever be plugged in there
            if isinstance(value, bytes):
                number, octets = _decoded(value, column.kind)
                raw[place], valid[place] = number, True
                if octets is not None:
                    texts[place] = octets
            elif value is not None:
                moving.append((place, column.kind, value))
        made = self._readers[device] = _Reader(plan, raw, valid, texts, tuple(moving))
        return made

    def _table(self, node: int) -> Table:
        known = self._tables.get(node)
        if known is None:
            known = self._tables[node] = table_of(self._world.wiring.nodes[node], self._world.wiring)
        return known


def _decoded(element: bytes, kind: Kind) -> tuple[int, bytes | None]:
    """The 64 bits of a cell, and the octets of a text."""
    if element[1] < 0x80:
        contents = element[2:]
    else:
        _tag, start, stop = ber.read(element, 0, len(element))
        contents = element[start:stop]
    if kind is Kind.TEXT:
        return fingerprint(contents), contents
    return int.from_bytes(contents, "big", signed=kind is Kind.INTEGER) & _MASK, None
