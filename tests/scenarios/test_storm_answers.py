"""A storm of answers that are lost, garbled, cut, late, doubled, forged or refused: values and states stay right.

Agents on the loopback, a clock of the test's own. Every agent is either hostile but alive (whatever it does, the third
attempt is answered well) or dead (nothing it sends can be believed), for a few polls at a time; only it knows which.
"""

import random
import time
from dataclasses import dataclass, field
from math import nan

import numpy as np
import pytest

from alerts.states import STATES, StateBoard
from collectors.decode import Decoder
from domain.network import Check, PollClassName
from domain.polling import DEFAULT_CLASSES, Budget, Column, Kind, PingRound, Sweep
from domain.polling.counters import CounterAdvance, CounterBook, Verdict
from domain.states import State
from tests import scripted_agents as agents
from tests.soaking import Soak
from tests.unit.collectors.sweep_network import UPTIME, Network

DEVICES, PORTS = 24, 4
POLL_SECONDS = 60.0
SPEED_BPS = 1e8
EPISODE_POLLS = 5  # three lost ones and the two that follow
FIBRE = DEFAULT_CLASSES[PollClassName.FIBRE]
NAME = "1.3.6.1.2.1.1.5.0"
STATUS = "1.3.6.1.2.1.2.2.1.8"
WIDE, NARROW = "1.3.6.1.2.1.31.1.1.1.6", "1.3.6.1.2.1.2.2.1.10"
NEVER = (Verdict.RESTART, Verdict.DISCONTINUITY, Verdict.BACKWARDS)
"""What may not be made of a counter that only counts. A gap may: after minutes of silence 32 bits are not trusted, and
what is read by a later attempt is booked under the time of the poll's first answer."""
UNHURT = ("well", "twice", "late", "trailing", "forms")
HURT = (
    "lost", "noise", "cut", "too late", "another request", "another community", "another source", "other instances",
    "fewer instances", "another version", "a request",
)  # fmt: skip
CLAIMING = frozenset(("other instances", "fewer instances", "a request"))
"""Answers to the very request that are not what was asked: the sweep believes the second one and calls it garbled."""


def columns_of(wide: bool) -> list[Column]:
    name, kind, oid = ("ifHCInOctets", Kind.COUNTER64, WIDE) if wide else ("ifInOctets", Kind.COUNTER32, NARROW)
    ports = range(1, PORTS + 1)
    return [
        Column(UPTIME, Kind.TIMETICKS, "system", "sysUpTime"),
        Column(NAME, Kind.TEXT, "system", "sysName"),
        *(Column(f"{STATUS}.{i}", Kind.INTEGER, "interfaces", "ifOperStatus", f"e{i}") for i in ports),
        *(Column(f"{oid}.{i}", kind, "interfaces", name, f"e{i}", port_bps=SPEED_BPS) for i in ports),
    ]


@dataclass
class Stormy:
    """One agent: its counters, its mood, and every value it has told truly since its poll began."""

    storm: "Storm"
    number: int
    wide: bool
    dead: bool = False
    hurt: dict[tuple[str, ...], int] = field(default_factory=dict)
    told: dict[str, set[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chance = self.storm.chance
        self.rates = [chance.uniform(0, 0.3) * SPEED_BPS / 8 for _ in range(PORTS)]
        self.bases = [chance.choice((0, 2**32 - 10**8, 2**53, 2**63)) + chance.randrange(10**6) for _ in range(PORTS)]
        self.booted = chance.choice((3600, 86400, 42_949_672.96 - 4000))  # some pass day 497

    def value(self, oid: str, at: float) -> agents.Value:
        if oid == UPTIME:
            return agents.number(agents.TIMETICKS, int(100 * (self.booted + at)) % 2**32)
        if oid == NAME:
            return agents.text(b"stormy-%d" % self.number)
        column, _, port = oid.rpartition(".")
        if column == STATUS:
            return agents.number(agents.INTEGER, 1)
        count = self.bases[int(port) - 1] + int(self.rates[int(port) - 1] * at)
        return (
            agents.number(agents.COUNTER64, count % 2**64)
            if self.wide
            else agents.number(agents.COUNTER32, count % 2**32)
        )

    def truth(self, request: agents.Request) -> list[tuple[str, agents.Value]]:
        values = [(oid, self.value(oid, self.storm.network.seconds)) for oid in request.oids]
        for oid, (tag, octets) in values:
            if tag != agents.OCTETS:
                self.told.setdefault(oid, set()).add(int.from_bytes(octets, "big"))
        return values

    def answer(self, agent: agents.ScriptedAgent, request: agents.Request) -> list[bytes]:
        chance, asked = self.storm.chance, tuple(request.oids)
        if self.dead:
            return self.hurting(chance.choice(HURT), agent, request)
        if self.hurt.get(asked, 0) >= 2 or chance.random() < 0.5:
            self.hurt.pop(asked, None)
            return self.unhurt(chance.choice(UNHURT), agent, request)
        how = chance.choice(HURT)
        while how in CLAIMING and asked in self.hurt:
            how = chance.choice(HURT)
        self.hurt[asked] = self.hurt.get(asked, 0) + 1
        return self.hurting(how, agent, request)

    def unhurt(self, how: str, agent: agents.ScriptedAgent, request: agents.Request) -> list[bytes]:
        chance, values = self.storm.chance, self.truth(request)
        self.storm.done[how] = self.storm.done.get(how, 0) + 1
        message = agents.answer(request, values, form=chance.choice((0, 1, 2)) if how == "forms" else agents.SHORT)
        match how:
            case "twice":
                return [message] * chance.randint(2, 5)
            case "late":
                self.storm.later.append(
                    (self.storm.network.seconds + chance.uniform(0.3, 1.5), agent, message, request)
                )
                return []
            case "trailing":
                return [message + chance.randbytes(chance.randint(1, 9))]
        return [message]

    def hurting(self, how: str, agent: agents.ScriptedAgent, request: agents.Request) -> list[bytes]:
        chance = self.storm.chance
        self.storm.done[how] = self.storm.done.get(how, 0) + 1
        values = [(oid, self.value(oid, self.storm.network.seconds)) for oid in request.oids]
        good = agents.answer(request, values)
        match how:
            case "noise":
                return [chance.randbytes(chance.choice((0, 1, 7, 60, 400, 3000))) for _ in range(chance.randint(1, 3))]
            case "cut":
                return [good[: chance.randrange(len(good))]]
            case "too late":
                self.storm.later.append((self.storm.network.seconds + POLL_SECONDS * 1.2, agent, good, request))
            case "another request":
                bit = chance.choice((0, 3, 9, 19, 27, 28, 29, 30))  # of the device, or far from all attempts of a poll
                return [agents.answer(request, values, request_id=request.request_id ^ 1 << bit)]
            case "another community":
                return [agents.answer(request, values, community=b"private")]
            case "another source":
                other = chance.choice([each for each in self.storm.network.agents.values() if each is not agent])
                other.socket.sendto(good, request.source)
            case "other instances":
                return [agents.answer(request, [(f"{oid}.7", value) for oid, value in values])]
            case "fewer instances":
                return [agents.answer(request, values[1:])]
            case "another version":
                return [agents.answer(request, values, version=0)]
            case "a request":
                return [agents.answer(request, values, tag=0xA0)]
        return []


class Storm:
    """Agents, the sweep that polls them, and what is made of it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.network = Network()
        self.later: list[tuple[float, agents.ScriptedAgent, bytes, agents.Request]] = []
        self.done: dict[str, int] = {}
        self.polls = self.values = self.changes = 0
        self.stormy: list[Stormy] = []
        fleet = self.network.fleet
        self.counters, self.decoder, self.board = CounterBook(fleet), Decoder(fleet), StateBoard(fleet)
        for number in range(DEVICES):
            one = Stormy(self, number, wide=number % 3 != 0)
            self.stormy.append(one)
            budget = Budget(varbinds=chance.choice((3, 5, 40)))
            device = self.network.add({}, columns_of(one.wide), budget, behaviour=one.answer)
            assert device == number
            check = Check.SNMP if number % 4 == 3 else Check.ICMP_SNMP
            self.board.put(device, check, FIBRE, self.network.now())

    def episode(self) -> None:
        """A few polls of everybody; then every state is what the device is."""
        for one in self.stormy:
            one.dead = self.chance.random() < 0.3
        for _ in range(EPISODE_POLLS):
            self.poll()
        for one in self.stormy:
            state = STATES[self.board.codes[one.number]]
            reason = self.board.state(one.number).reason
            if one.dead:
                assert state in (State.DEGRADED, State.DOWN), (one.number, state, reason)
                assert reason in ("snmp-silent", "snmp-garbled"), (one.number, state, reason)
            else:
                assert (state, reason) == (State.UP, "answers"), (one.number, state, reason)

    def poll(self) -> None:
        began = self.network.seconds
        for one in self.stormy:
            one.told.clear()
            one.hurt.clear()
        self.ping()
        assert self.network.begin(*range(DEVICES), deadline=0.8 * POLL_SECONDS) == []
        ended: set[int] = set()
        while len(ended) < DEVICES:
            assert self.network.seconds < began + POLL_SECONDS, f"polls that never ended: {set(range(DEVICES)) - ended}"
            for _ in range(4):
                sweep = self.network.step()
                if sweep is not None and len(sweep):
                    ended |= self.take(sweep)
            self.network.seconds += 0.1
            self.send_late()
        while self.network.seconds < began + POLL_SECONDS:  # answers of the last poll, for which nobody waits
            self.network.seconds += 2.0
            self.send_late()
            sweep = self.network.step()
            assert sweep is None or not len(sweep)
        self.polls += DEVICES

    def ping(self) -> None:
        """They answer echo, dead or not: it is their SNMP that storms."""
        devices = np.arange(DEVICES)
        self.board.observe_pings(
            PingRound(devices, nan, np.full(DEVICES, 0.01), self.network.seconds), self.network.now()
        )

    def send_late(self) -> None:
        due = [each for each in self.later if each[0] <= self.network.seconds]
        self.later = [each for each in self.later if each[0] > self.network.seconds]
        for _at, agent, message, request in due:
            agent.socket.sendto(message, request.source)

    def take(self, sweep: Sweep) -> set[int]:
        devices = sweep.device.tolist()
        advance = self.counters.advance(sweep)
        self.decoder.read(sweep)
        self.board.observe_sweep(sweep, self.network.now())
        self.changes += len(self.board.step(self.network.now()).changes)
        self.check_values(sweep)
        self.check_counters(sweep, advance)
        return set(devices)

    def check_values(self, sweep: Sweep) -> None:
        fleet = self.network.fleet
        for at, cell in enumerate(sweep.cell.tolist()):
            one = self.stormy[int(sweep.device[sweep.row[at]])]
            plan = fleet.plan(one.number)
            assert plan is not None
            column = plan.columns[cell - int(fleet.start[one.number])]
            assert sweep.valid[at] <= (not one.dead), f"believed what a dead agent said of {column.oid}"
            if sweep.valid[at] and column.kind is not Kind.TEXT:
                assert int(sweep.raw[at]) in one.told[column.oid], f"{one.number} never said that of {column.oid}"
                self.values += 1
        for octets in sweep.texts.values():
            assert octets.startswith(b"stormy-")

    def check_counters(self, sweep: Sweep, advance: CounterAdvance) -> None:
        assert not advance.restarted.any()
        assert not np.isin(advance.verdict, NEVER).any(), advance.counts
        rate = advance.rate[~np.isnan(advance.rate)]
        assert not ((rate < 0) | (rate > 1.05 * SPEED_BPS / 8)).any()


@pytest.mark.soak
@pytest.mark.timeout(120)
def test_a_storm_of_answers_makes_no_false_value_and_no_false_state(soak: Soak, chance: random.Random) -> None:
    storm = Storm(chance)
    began = time.monotonic()
    episodes = 0
    try:
        while episodes < 5 or time.monotonic() < began + 60 * soak.minutes:
            storm.episode()
            episodes += 1
    finally:
        storm.network.close()
    assert set(storm.done) == {*UNHURT, *HURT}, "some way of storming never came up"
    counts = storm.network.counts
    assert min(counts.late, counts.duplicate, counts.unknown, counts.truncated, counts.malformed) > 0
    assert min(counts.wrong_source, counts.wrong_oid, counts.wrong_community, counts.wrong_version) > 0
    assert counts.credited <= sum(storm.done[how] for how in UNHURT)
    soak.found(
        f"{storm.polls:,} polls of {DEVICES} agents in {episodes} episodes, {sum(storm.done.values()):,} requests "
        f"answered in {len(storm.done)} ways: {storm.values:,} values, none false; {storm.changes:,} changes of state, "
        "every state right"
    )
