"""One device polled into a sweep of one: outcomes, kinds of values, tables asked rarely, texts told once."""

import asyncio
import socket

import numpy as np

from collectors.snmp import pdu
from collectors.snmp.single_poller import SinglePoller
from domain.polling import Budget, Column, Endpoint, Fleet, Kind, Outcome, PlanBook, Sweep
from domain.secrets import Secret, SnmpCommunity, SnmpVersion
from domain.time import Moment
from tests.unit.collectors.scripted_agent import ADDRESS, Answer, Rows, ScriptedAgent, number, serving, text

BASE = "1.3.6.1.4.1.99999"
VALUES: list[tuple[Kind, tuple[int, bytes], int]] = [
    (Kind.TIMETICKS, number(4294967295, pdu.TIMETICKS), 4294967295),
    (Kind.INTEGER, number(-1), 2**64 - 1),
    (Kind.INTEGER, number(127), 127),
    (Kind.INTEGER, number(-4000), 2**64 - 4000),
    (Kind.COUNTER32, number(4294967295, pdu.COUNTER32), 4294967295),
    (Kind.COUNTER64, number(2**64 - 1, pdu.COUNTER64), 2**64 - 1),
    (Kind.COUNTER64, (pdu.COUNTER64, b"\x00"), 0),
    (Kind.COUNTER64, number(77, pdu.COUNTER32), 77),  # another numeric type is taken if it fits
    (Kind.GAUGE32, number(1000, pdu.GAUGE32), 1000),
]
ROWS: Rows = {f"{BASE}.{i}": value for i, (_kind, value, _raw) in enumerate(VALUES)}


class SteppingClock:
    """Moves on by a minute whenever a test says so."""

    def __init__(self) -> None:
        self.minutes = 0

    def now(self) -> Moment:
        return Moment(self.minutes * 60.0, 1.7e9 + self.minutes * 60.0)


def polls(
    columns: list[Column],
    rows: Rows,
    times: int = 1,
    script: Answer | None = None,
    budget: Budget | None = None,
    version: SnmpVersion = SnmpVersion.V2C,
) -> tuple[Fleet, list[Sweep], list[pdu.Pdu]]:
    fleet, clock = Fleet(), SteppingClock()
    fleet.put("other", PlanBook().intern([Column("1.3.6", Kind.INTEGER, "t", "q")], Budget()))
    device = fleet.put("box", PlanBook().intern(columns, budget or Budget(varbinds=4)))

    async def run() -> tuple[list[Sweep], list[pdu.Pdu]]:
        async with serving(rows, script, version) as (endpoint, agent):
            poller = SinglePoller(fleet, lambda _device: endpoint, clock, attempts=2, attempt_seconds=0.1)
            sweeps = []
            for _time in range(times):
                sweeps.append(await poller.poll(device))
                clock.minutes += 1
            return sweeps, agent.requests

    sweeps, requests = asyncio.run(run())
    return fleet, sweeps, requests


def columns_of(count: int = len(VALUES), table: str = "t") -> list[Column]:
    return [Column(f"{BASE}.{i}", VALUES[i][0], table, "q") for i in range(count)]


def test_every_kind_of_value() -> None:
    fleet, (sweep,), requests = polls(columns_of(), ROWS)
    assert sweep.raw.tolist() == [raw for _kind, _value, raw in VALUES]
    assert sweep.valid.all()
    assert sweep.outcome.tolist() == [Outcome.OK]
    assert sweep.cell.tolist() == list(range(1, 1 + len(VALUES)))
    assert sweep.device.tolist() == [fleet.index("box")]
    assert sweep.generation[0] == fleet.generation[fleet.index("box")]
    assert [len(request.varbinds) for request in requests] == [4, 4, 1]
    assert sweep.attempts.tolist() == [3]
    assert sweep.bytes_used[0] > 300
    assert sweep.answered_at.tolist() == [1.7e9]
    assert 0 < sweep.round_trip[0] < 1
    assert sweep.failed_tables == {}
    assert sweep.bounds.tolist() == [0, len(VALUES)]


def test_what_does_not_fit_its_column_is_no_value() -> None:
    rows = {
        f"{BASE}.0": number(2**40, pdu.COUNTER64),
        f"{BASE}.1": text(b"on"),
        f"{BASE}.2": (pdu.NULL, b""),
        f"{BASE}.3": number(-1),
    }
    kinds = (Kind.COUNTER32, Kind.INTEGER, Kind.INTEGER, Kind.GAUGE32, Kind.INTEGER)
    _fleet, (sweep,), _requests = polls([Column(f"{BASE}.{i}", kind, "t", "q") for i, kind in enumerate(kinds)], rows)
    assert not sweep.valid.any()
    assert sweep.raw.tolist() == [0] * 5
    assert sweep.outcome.tolist() == [Outcome.PARTIAL]


def test_a_text_is_told_when_it_changes() -> None:
    names = iter([b"a", b"a", b"b" * 300])

    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes:
        agent.rows[pdu.encode_oid(f"{BASE}.9")] = text(next(names))
        return agent.answer(request)

    columns = [Column(f"{BASE}.8", Kind.GAUGE32, "t", "q"), Column(f"{BASE}.9", Kind.TEXT, "t", "q")]
    _fleet, sweeps, _requests = polls(columns, ROWS, times=3, script=script)
    assert [dict(sweep.texts) for sweep in sweeps] == [{2: b"a"}, {}, {2: b"b" * 300}]
    assert sweeps[0].raw[1] == sweeps[1].raw[1] != sweeps[2].raw[1]
    assert all(sweep.valid.all() for sweep in sweeps)


def test_a_table_is_asked_as_often_as_the_budget_allows() -> None:
    columns = [*columns_of(2), *(Column(f"{BASE}.{i}", VALUES[i][0], "optics", "q") for i in (4, 5))]
    budget = Budget(varbinds=4, table_seconds=(("optics", 120.0),))
    _fleet, sweeps, _requests = polls(columns, ROWS, times=4, budget=budget)
    assert [sweep.cell.tolist() for sweep in sweeps] == [[1, 2, 3, 4], [1, 2], [1, 2, 3, 4], [1, 2]]
    assert all(sweep.outcome[0] == Outcome.OK for sweep in sweeps)


def test_a_table_that_fails_costs_itself() -> None:
    bad = {pdu.encode_oid(f"{BASE}.{i}") for i in range(4, 8)}

    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes:
        hit = next((i for i, (name, *_) in enumerate(request.varbinds) if name in bad), None)
        return agent.answer(request) if hit is None else agent.error(request, pdu.GEN_ERR, hit + 1)

    columns = [*columns_of(4), *(Column(f"{BASE}.{i}", VALUES[i][0], "optics", "q") for i in range(4, 9))]
    _fleet, (sweep,), _requests = polls(columns, ROWS, script=script)
    assert sweep.valid.tolist() == [True] * 4 + [False] * 4 + [True]
    assert sweep.failed_tables == {0: ("optics",)}
    assert sweep.outcome.tolist() == [Outcome.PARTIAL]


def test_a_device_that_falls_silent_in_the_middle() -> None:
    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes | None:
        return agent.answer(request) if len(agent.requests) == 1 else None

    _fleet, (sweep,), requests = polls(columns_of(), ROWS, script=script, budget=Budget(varbinds=2))
    assert sweep.valid.tolist() == [True, True] + [False] * 7
    assert sweep.outcome.tolist() == [Outcome.PARTIAL]
    assert len(requests) == 5  # one answered, two tables of two attempts, the rest given up


def test_outcomes_of_a_device_that_answers_nothing() -> None:
    _fleet, (silent,), _requests = polls(columns_of(), ROWS, script=lambda _agent, _data, _request: None)
    assert silent.outcome.tolist() == [Outcome.SILENT]
    assert np.isnan(silent.answered_at).all()
    assert not silent.valid.any()
    assert silent.failed_tables == {0: ("t",)}
    _fleet, (garbled,), _requests = polls(columns_of(), ROWS, script=lambda _agent, data, _request: data[:-5])
    assert garbled.outcome.tolist() == [Outcome.GARBLED]
    _fleet, (locked,), _requests = polls(
        columns_of(), ROWS, script=lambda agent, _data, request: agent.error(request, pdu.AUTHORIZATION_ERROR, 0)
    )
    assert locked.outcome.tolist() == [Outcome.UNAUTHORISED]


def test_a_closed_port() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind((ADDRESS, 0))
        port = closed.getsockname()[1]
    fleet = Fleet()
    device = fleet.put("box", PlanBook().intern(columns_of(), Budget()))
    access = SnmpCommunity("", SnmpVersion.V1, Secret("public"))
    poller = SinglePoller(fleet, lambda _device: Endpoint(ADDRESS, port, access), SteppingClock(), attempt_seconds=5)
    assert asyncio.run(poller.poll(device)).outcome.tolist() == [Outcome.REFUSED]


def test_version_1_leaves_out_what_is_not_there() -> None:
    rows = {oid: value for oid, value in ROWS.items() if not oid.endswith((".2", ".5"))}
    _fleet, (sweep,), _requests = polls(columns_of(), rows, version=SnmpVersion.V1)
    assert sweep.valid.tolist() == [True, True, False, True, True, False, True, True, True]
    assert sweep.outcome.tolist() == [Outcome.PARTIAL]
