"""Twenty-four mixed shapes by ten seeds: every value of the sweep is the one gufo-snmp reads from the same agents."""

import random
import selectors
import threading
import time

import numpy as np
import pytest
from gufo.snmp.sync import SnmpSession

from collectors.datagrams import Datagrams, udp_socket
from collectors.snmp.sweep import Sweeper, SweepLimits
from domain.polling import Budget, Column, Endpoint, Fleet, Kind, Outcome, PlanBook, Sweep, concatenate
from domain.secrets import Secret, SnmpCommunity, SnmpVersion
from domain.time import Moment
from tests import scripted_agents as agents

pytestmark = pytest.mark.real

SHAPES, SEEDS, ROUNDS = 24, 10, 2
TAGS = {
    Kind.INTEGER: agents.INTEGER,
    Kind.COUNTER32: agents.COUNTER32,
    Kind.COUNTER64: agents.COUNTER64,
    Kind.GAUGE32: agents.GAUGE32,
    Kind.TIMETICKS: agents.TIMETICKS,
    Kind.TEXT: agents.OCTETS,
}
ROOTS = (
    "1.3.6.1.2.1.2.2.1",
    "1.3.6.1.2.1.31.1.1.1",
    "1.3.6.1.4.1.14988.1.1.19.1.1",
    "1.3.6.1.4.1.3902.1082.500.20.2.2.2.1",
)


def random_shape(chance: random.Random) -> list[Column]:
    columns = [Column("1.3.6.1.2.1.1.3.0", Kind.TIMETICKS, "system", "sysUpTime")]
    for column in range(chance.randint(1, 6)):
        kind, root = chance.choice(list(Kind)), chance.choice(ROOTS)
        first = chance.choice((1, 120, 16380, 285278465))
        columns += [
            Column(f"{root}.{column + 1}.{first + row}", kind, f"table{column}", f"q{column}", str(row))
            for row in range(chance.randint(1, 16))
        ]
    return columns


class ServingThread:
    """Lets the agents answer while clients that block are asking them."""

    def __init__(self, served: list[agents.ScriptedAgent]) -> None:
        self._selector = selectors.DefaultSelector()
        for agent in served:
            self._selector.register(agent.socket, selectors.EVENT_READ, agent)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._selector.close()

    def _serve(self) -> None:
        while not self._ended.is_set():
            for key, _ in self._selector.select(0.05):
                key.data.serve()


def poll(sweeper: Sweeper, devices: int) -> Sweep:
    now = Moment(time.monotonic(), time.time())
    assert len(sweeper.begin(np.arange(devices), now, 20.0)) == 0
    found: list[Sweep] = []
    waiting = selectors.DefaultSelector()
    waiting.register(sweeper.fileno(), selectors.EVENT_READ)
    while sum(map(len, found)) < devices:
        sweep = sweeper.step(Moment(time.monotonic(), time.time()))
        found += [] if sweep is None else [sweep]
        waiting.select(0.05)
    waiting.close()
    return concatenate(found)


def read_by_gufo(agent: agents.ScriptedAgent, columns: list[Column]) -> dict[str, object]:
    values: dict[str, object] = {}
    with SnmpSession(addr=agent.address, port=agent.port, community="public", timeout=5) as session:
        for first in range(0, len(columns), 15):
            values |= session.get_many([column.oid for column in columns[first : first + 15]])
    return values


def assert_same(
    sweep: Sweep, row: int, columns: list[Column], wanted: dict[str, object], texts: dict[int, bytes]
) -> None:
    first, stop = sweep.bounds[row], sweep.bounds[row + 1]
    assert stop - first == len(columns)
    for place, column in enumerate(columns, int(first)):
        raw, valid, cell = int(sweep.raw[place]), bool(sweep.valid[place]), int(sweep.cell[place])
        value = wanted.get(column.oid)
        assert valid == (value is not None), column
        if isinstance(value, bytes):
            assert texts[cell] == value, column
        elif value is not None:
            assert raw == int(value) & (2**64 - 1), column  # type: ignore[call-overload]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_every_value_equals_what_gufo_snmp_reads(seed: int) -> None:
    chance = random.Random(seed)
    shapes = [random_shape(chance) for _ in range(SHAPES)]
    fleet, plans = Fleet(), PlanBook()
    sweeper = Sweeper(fleet, Datagrams(lambda: udp_socket("127.0.0.1")), SweepLimits(), seed)
    served: list[agents.ScriptedAgent] = []
    access = SnmpCommunity("test", SnmpVersion.V2C, Secret("public"))
    for number, columns in enumerate(shapes):
        port = served[0].port if served else 0
        agent = agents.ScriptedAgent(f"127.78.{seed}.{number + 1}", {}, port, form=chance.choice((0, 0, 1, 2)))
        served.append(agent)
        device = fleet.put(f"device-{number}", plans.intern(columns, Budget(varbinds=chance.choice((7, 20, 40)))))
        sweeper.assign(device, Endpoint(agent.address, agent.port, access))
    sweeper.start()
    texts: dict[int, bytes] = {}
    try:
        for _ in range(ROUNDS):
            for agent, columns in zip(served, shapes, strict=True):
                for column in columns:
                    if column.oid not in agent.table or chance.random() < 0.3:
                        agent.table[column.oid] = agents.random_value(chance, TAGS[column.kind])
            with ServingThread(served):
                sweep = poll(sweeper, SHAPES)
                texts |= sweep.texts
                for row, device in enumerate(sweep.device.tolist()):
                    assert sweep.outcome[row] in (Outcome.OK, Outcome.PARTIAL)
                    assert_same(sweep, row, shapes[device], read_by_gufo(served[device], shapes[device]), texts)
    finally:
        sweeper.stop()
        for agent in served:
            agent.close()
    assert sweeper.counts.credited == sweeper.counts.answers
