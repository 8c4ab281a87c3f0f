"""A sweep, agents on the loopback and a clock that is the test's own: what the tests of the sweep stand on."""

import numpy as np

from collectors.datagrams import Datagrams, udp_socket
from collectors.snmp.sweep import Sweeper, SweepLimits
from domain.polling import Budget, Column, Endpoint, Fleet, Kind, Outcome, PlanBook, Sweep
from domain.secrets import Secret, SnmpCommunity, SnmpVersion
from domain.time import Moment
from tests import scripted_agents as agents

UPTIME = "1.3.6.1.2.1.1.3.0"
NAME = "1.3.6.1.2.1.1.5.0"
INTERFACES = 12
OCTETS_IN = "1.3.6.1.2.1.31.1.1.1.6"
STATUS = "1.3.6.1.2.1.2.2.1.8"
TEMPERATURE = "1.3.6.1.4.1.14988.1.1.3.10.0"


def columns_of_router() -> list[Column]:
    return [
        Column(UPTIME, Kind.TIMETICKS, "system", "sysUpTime"),
        Column(NAME, Kind.TEXT, "system", "sysName"),
        *(Column(f"{STATUS}.{i}", Kind.INTEGER, "interfaces", "ifOperStatus", f"e{i}") for i in range(1, 13)),
        *(Column(f"{OCTETS_IN}.{i}", Kind.COUNTER64, "interfaces", "ifHCInOctets", f"e{i}") for i in range(1, 13)),
        Column(TEMPERATURE, Kind.INTEGER, "health", "sensor.temperature", "board"),
    ]


def table_of_router(seed: int = 1) -> dict[str, agents.Value]:
    return {
        UPTIME: agents.number(agents.TIMETICKS, 123456 + seed),
        NAME: agents.text(b"router-%d" % seed),
        **{f"{STATUS}.{i}": agents.number(agents.INTEGER, 1 + i % 2) for i in range(1, 13)},
        **{f"{OCTETS_IN}.{i}": agents.number(agents.COUNTER64, seed * 10**i) for i in range(1, 13)},
        TEMPERATURE: agents.number(agents.INTEGER, -42),
    }


class Network:
    """A sweeper, its agents, and a clock that only moves when the test says so."""

    def __init__(self, limits: SweepLimits | None = None) -> None:
        self.fleet = Fleet()
        self.plans = PlanBook()
        self.sweeper = Sweeper(self.fleet, Datagrams(lambda: udp_socket("127.0.0.1")), limits, seed=7)
        self.sweeper.start()
        self.agents: dict[int, agents.ScriptedAgent] = {}
        self.seconds = 1000.0
        self.port = 0

    def add(self, table=None, columns=None, budget=None, silent=False, **how) -> int:
        number = len(self.agents)
        agent = agents.ScriptedAgent(
            f"127.77.{number // 250}.{number % 250 + 1}",
            table if table is not None else table_of_router(),
            self.port,
            **how,
        )
        self.port = agent.port
        plan = self.plans.intern(columns or columns_of_router(), budget or Budget())
        device = self.fleet.put(f"device-{number}", plan)
        self.agents[device] = agent
        self.assign(device)
        return device

    def assign(self, device: int, community: str = "public") -> None:
        agent = self.agents[device]
        access = SnmpCommunity("test", SnmpVersion.V2C, Secret(community))
        self.sweeper.assign(device, Endpoint(agent.address, agent.port, access))

    def now(self) -> Moment:
        return Moment(self.seconds, 1.7e9 + self.seconds)

    def begin(self, *devices: int, deadline: float = 60.0) -> list[int]:
        chosen = devices or tuple(self.agents)
        return self.sweeper.begin(np.array(chosen), self.now(), deadline).tolist()

    def step(self, seconds: float = 0.0, serve: bool = True) -> Sweep | None:
        self.seconds += seconds
        sweep = self.sweeper.step(self.now())
        if serve:
            for agent in self.agents.values():
                agent.serve()
        return sweep

    def run(self, polls: int | None = None, within: float = 70.0, tick: float = 0.25) -> list["Poll"]:
        """Step until so many polls have ended, or until `within` seconds have passed."""
        wanted = len(self.agents) if polls is None else polls
        found: list[Poll] = []
        end = self.seconds + within
        while len(found) < wanted and self.seconds < end:
            for _ in range(8):
                sweep = self.step()
                found += [] if sweep is None else polls_of(sweep)
            self.seconds += tick
        return found

    def poll(self, *devices: int, deadline: float = 60.0) -> list["Poll"]:
        assert self.begin(*devices, deadline=deadline) == []
        return sorted(self.run(len(devices) or None), key=lambda poll: poll.device)

    def close(self) -> None:
        self.sweeper.stop()
        for agent in self.agents.values():
            agent.close()

    @property
    def counts(self):
        return self.sweeper.counts


class Poll:
    """One row of a sweep, with its cells."""

    def __init__(self, sweep: Sweep, row: int) -> None:
        first, stop = sweep.bounds[row], sweep.bounds[row + 1]
        self.device = int(sweep.device[row])
        self.outcome = Outcome(sweep.outcome[row])
        self.generation = int(sweep.generation[row])
        self.started = float(sweep.started[row])
        self.answered = float(sweep.answered_steady[row])
        self.answered_at = float(sweep.answered_at[row])
        self.attempts = int(sweep.attempts[row])
        self.bytes_used = int(sweep.bytes_used[row])
        self.cells = sweep.cell[first:stop].tolist()
        self.raw = sweep.raw[first:stop].tolist()
        self.valid = sweep.valid[first:stop].tolist()
        self.texts = {cell: octets for cell, octets in sweep.texts.items() if cell in self.cells}
        self.failed = sweep.failed_tables.get(row, ())


def polls_of(sweep: Sweep) -> list[Poll]:
    return [Poll(sweep, row) for row in range(len(sweep))]


def expected_raw(table: dict[str, agents.Value], columns: list[Column]) -> list[int | None]:
    """What the numbers must be; None for texts and for what is not there."""
    found: list[int | None] = []
    for column in columns:
        tag, content = table.get(column.oid, (agents.NO_SUCH_INSTANCE, b""))
        if tag >= 0x80 or column.kind is Kind.TEXT:
            found.append(None)
        else:
            found.append(int.from_bytes(content, "big", signed=True) & (2**64 - 1))
    return found


def assert_read(poll: Poll, table: dict[str, agents.Value], columns: list[Column]) -> None:
    for column, raw, valid, expected in zip(columns, poll.raw, poll.valid, expected_raw(table, columns), strict=True):
        if column.kind is not Kind.TEXT:
            assert (raw, valid) == (expected or 0, expected is not None), column
