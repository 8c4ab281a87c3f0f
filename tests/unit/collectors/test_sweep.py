"""The sweep against agents of every kind, good and bad, on the loopback; the clock is the test's own."""

import numpy as np
import pytest

from collectors.datagrams import Datagrams
from collectors.errors import CollectorError
from collectors.snmp.sweep import Sweeper, SweepLimits
from domain.polling import Budget, Column, Endpoint, Fleet, Kind, Outcome, PlanBook, Sweep
from domain.secrets import Secret, SnmpCommunity, SnmpUser, SnmpVersion
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
        self.sweeper = Sweeper(self.fleet, Datagrams(lambda: _loopback_socket()), limits, seed=7)
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


def _loopback_socket():
    from collectors.datagrams import udp_socket

    return udp_socket("127.0.0.1")


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


@pytest.fixture
def network():
    made = Network()
    yield made
    made.close()


# What a good agent is read as


def test_reads_every_value_and_tells_its_time(network):
    device = network.add()
    (poll,) = network.poll()
    assert poll.outcome is Outcome.OK
    assert_read(poll, network.agents[device].table, columns_of_router())
    assert poll.cells == list(range(27))
    assert poll.texts == {1: b"router-1"}
    assert poll.attempts == 1
    assert poll.failed == ()
    assert 1000 <= poll.started <= poll.answered <= network.seconds
    assert poll.answered_at == pytest.approx(1.7e9 + poll.answered)


def test_counts_traffic_with_ip_and_udp_headers(network):
    device = network.add()
    (poll,) = network.poll()
    request = network.agents[device].heard[0]
    sent = len(agents.answer(request, [(oid, network.agents[device].value(oid)) for oid in request.oids]))
    asked = 40 + sum(len(agents.oid_octets(oid)) + 6 for oid in request.oids)
    assert poll.bytes_used == pytest.approx(sent + asked + 56, abs=8)


def test_a_text_is_handed_over_only_when_it_changed(network):
    device = network.add()
    network.poll()
    assert network.poll()[0].texts == {}
    network.agents[device].table[NAME] = agents.text(b"\xff\xfe not UTF-8 \x80")
    (poll,) = network.poll()
    assert poll.texts == {1: b"\xff\xfe not UTF-8 \x80"}
    assert network.poll()[0].texts == {}


def test_values_that_change_their_length_are_read(network):
    device = network.add()
    for power in (1, 7, 8, 15, 16, 31, 32, 33, 40, 55, 56, 63):
        for tick in (2**power - 1, 2**power):
            table = network.agents[device].table
            table[f"{OCTETS_IN}.3"] = agents.number(agents.COUNTER64, tick)
            table[f"{STATUS}.5"] = agents.number(agents.INTEGER, -(tick % 2**31))
            table[NAME] = agents.text(b"n" * (power % 20))
            (poll,) = network.poll()
            assert poll.outcome is Outcome.OK
            assert_read(poll, table, columns_of_router())


def test_many_requests_go_one_after_the_other(network):
    device = network.add(budget=Budget(varbinds=4))
    (poll,) = network.poll()
    assert poll.outcome is Outcome.OK
    assert_read(poll, network.agents[device].table, columns_of_router())
    assert [len(request.oids) for request in network.agents[device].heard] == [4, 4, 4, 4, 4, 4, 3]


def test_a_device_is_given_its_rest_between_two_requests(network):
    network.add(budget=Budget(varbinds=14, pause_seconds=5.0))
    network.begin()
    for _ in range(4):
        network.step(0.1)
    assert len(network.agents[0].heard) == 1
    assert network.sweeper.next_due() <= 1005.3
    (poll,) = network.run(1)
    assert poll.outcome is Outcome.OK
    assert 1005 <= network.seconds < 1008


def test_a_table_with_a_period_is_left_out_until_its_time_comes(network):
    network.add(budget=Budget(table_seconds=(("health", 3600.0),)))
    columns = columns_of_router()
    (first,) = network.poll()
    assert len(first.cells) == len(columns)
    network.seconds += 60
    (second,) = network.poll()
    assert second.outcome is Outcome.OK
    assert len(second.cells) == len(columns) - 1
    network.seconds += 3600
    assert len(network.poll()[0].cells) == len(columns)


def test_what_is_not_there_is_invalid_and_makes_the_poll_partial(network):
    device = network.add()
    network.poll()
    table = network.agents[device].table
    for tag in (agents.NO_SUCH_OBJECT, agents.NO_SUCH_INSTANCE, agents.END_OF_MIB):
        for oid in (NAME, f"{OCTETS_IN}.4", TEMPERATURE):
            table[oid] = (tag, b"")
        for _ in range(2):  # once by the exact lane, once by memory
            (poll,) = network.poll()
            assert poll.outcome is Outcome.PARTIAL
            assert_read(poll, {**table, NAME: (tag, b"")}, columns_of_router())
            assert poll.valid.count(False) == 3
            assert poll.failed == ()
    table[NAME] = agents.text(b"router-1")
    assert network.poll()[0].texts == {1: b"router-1"}


def test_the_same_answer_twice_in_a_row_is_read_without_the_exact_lane(network):
    network.add()
    network.poll()
    before = network.counts.one_by_one
    network.poll()
    assert network.counts.one_by_one == before


@pytest.mark.parametrize("form", [agents.LONG_81, agents.LONG_82])
def test_agents_that_write_long_lengths_are_read_in_batches_too(network, form):
    device = network.add(form=form)
    network.poll()
    before = network.counts.one_by_one
    (poll,) = network.poll()
    assert poll.outcome is Outcome.OK
    assert_read(poll, network.agents[device].table, columns_of_router())
    assert network.counts.one_by_one == before


def test_mixed_shapes_in_one_batch(network):
    shapes = [columns_of_router()[: 3 + i] for i in range(20)]
    for i, columns in enumerate(shapes):
        network.add(table_of_router(i + 1), columns, form=(agents.SHORT, agents.LONG_81, agents.LONG_82)[i % 3])
    for _ in range(3):
        for poll in network.poll():
            assert poll.outcome is Outcome.OK
            assert_read(poll, network.agents[poll.device].table, shapes[poll.device])


def test_numbers_of_another_numeric_type_are_taken_if_they_fit(network):
    device = network.add()
    table = network.agents[device].table
    table[f"{STATUS}.1"] = agents.number(agents.GAUGE32, 2)
    table[f"{OCTETS_IN}.1"] = agents.number(agents.COUNTER32, 4294967295)
    table[f"{OCTETS_IN}.2"] = agents.number(agents.INTEGER, -5)
    table[UPTIME] = (agents.TIMETICKS, b"\xff\xff\xff\xff")  # without the zero in front
    for _ in range(2):
        (poll,) = network.poll()
        assert (poll.raw[2], poll.valid[2]) == (2, True)
        assert (poll.raw[14], poll.valid[14]) == (4294967295, True)
        assert (poll.raw[15], poll.valid[15]) == (0, False)
        assert (poll.raw[0], poll.valid[0]) == (0xFFFFFFFF, True)


@pytest.mark.parametrize(
    "value",
    [
        (agents.TIMETICKS, b""),
        (agents.TIMETICKS, b"\x01\0\0\0\0"),
        (agents.COUNTER64, b"\x01" + b"\0" * 8),
        (agents.OCTETS, b"17"),
        (agents.NULL, b""),
        (agents.OPAQUE, b"\x9f\x78\x04\x41\x20\0\0"),
        (0x30, b"\x30\0"),
    ],
)
def test_what_is_no_number_is_no_value(network, value):
    device = network.add()
    network.agents[device].table[UPTIME] = value
    for _ in range(2):
        (poll,) = network.poll()
        assert (poll.raw[0], poll.valid[0]) == (0, False)
        assert poll.outcome is Outcome.PARTIAL
        assert all(poll.valid[1:])


def test_a_text_of_60_kib_is_read(network):
    device = network.add(columns=columns_of_router()[:2])
    octets = bytes(range(256)) * 240
    network.agents[device].table[NAME] = agents.text(octets)
    (poll,) = network.poll()
    assert poll.outcome is Outcome.OK
    assert poll.texts == {1: octets}
    assert network.poll()[0].texts == {}


def test_two_answers_of_60_kib_in_one_batch_are_both_read_in_the_end(network):
    octets = b"x" * 30000
    for _ in range(2):
        device = network.add(columns=columns_of_router()[:2])
        network.agents[device].table[NAME] = agents.text(octets)
    polls = network.poll()
    assert [poll.outcome for poll in polls] == [Outcome.OK, Outcome.OK]
    assert network.counts.cut == 1


# Agents that say no


def with_status(status: int, tables: tuple[str, ...], index: int = 0):
    def behave(agent, request):
        if any(oid.startswith(tables) for oid in request.oids):
            where = index or next(i for i, oid in enumerate(request.oids, 1) if oid.startswith(tables))
            values = [(oid, (agents.NULL, b"")) for oid in request.oids]
            return [agents.answer(request, values, status=status, index=where)]
        return agents.well_behaved(agent, request)

    return behave


@pytest.mark.parametrize("status", [3, 4, 5, 6, 13, 16, 99])
def test_a_table_that_fails_costs_only_itself(network, status):
    device = network.add(behaviour=with_status(status, (STATUS,)))
    (poll,) = network.poll()
    assert poll.outcome is Outcome.PARTIAL
    assert poll.failed == ("interfaces",)
    assert poll.valid == [True, True] + [False] * 24 + [True]
    assert sum(network.counts.errors.values()) == 2
    assert poll.raw[26] == 2**64 - 42
    assert network.poll()[0].failed == ("interfaces",)
    assert network.agents[device].heard


def test_an_agent_that_fails_everything_is_there_but_tells_nothing(network):
    network.add(behaviour=with_status(5, ("1.",)))
    (poll,) = network.poll()
    assert poll.outcome is Outcome.PARTIAL
    assert poll.failed == ("health", "interfaces", "system")
    assert not any(poll.valid)


def test_no_such_name_of_an_old_agent_costs_that_instance(network):
    device = network.add(behaviour=with_status(2, (f"{STATUS}.3", TEMPERATURE)))
    (poll,) = network.poll()
    assert poll.outcome is Outcome.PARTIAL
    assert [place for place, valid in enumerate(poll.valid) if not valid] == [4, 26]
    assert poll.failed == ()
    assert network.agents[device].heard


def too_big(most: int):
    def behave(agent, request):
        if len(request.oids) > most:
            return [agents.answer(request, [], status=1)]
        return agents.well_behaved(agent, request)

    return behave


def test_too_big_is_asked_in_halves_and_remembered(network):
    device = network.add(behaviour=too_big(8))
    (poll,) = network.poll()
    assert poll.outcome is Outcome.OK
    assert_read(poll, network.agents[device].table, columns_of_router())
    network.agents[device].heard.clear()
    (poll,) = network.poll()
    assert poll.outcome is Outcome.OK
    assert max(len(request.oids) for request in network.agents[device].heard) <= 8


def test_an_agent_for_which_everything_is_too_big_ends(network):
    network.add(behaviour=too_big(0))
    (poll,) = network.poll()
    assert poll.outcome is Outcome.PARTIAL
    assert not any(poll.valid)


# Agents that do not answer


def test_silence_is_asked_six_times_within_the_interval_and_nothing_else_is_asked(network):
    device = network.add(behaviour=lambda agent, request: [], budget=Budget(varbinds=5))
    (poll,) = network.poll(deadline=60.0)
    assert poll.outcome is Outcome.SILENT
    assert poll.attempts == 6
    assert poll.cells == []
    assert np.isnan(poll.answered)
    assert len(network.agents[device].heard) == 6
    assert len({tuple(request.oids) for request in network.agents[device].heard}) == 1
    assert 1050 < network.seconds < 1060.5


def test_a_retry_that_is_answered_loses_nothing(network):
    lost = {"left": 4}

    def lossy(agent, request):
        lost["left"] -= 1
        return [] if lost["left"] >= 0 else agents.well_behaved(agent, request)

    network.add(behaviour=lossy)
    (poll,) = network.poll()
    assert poll.outcome is Outcome.OK
    assert poll.attempts == 5
    assert network.counts.retries == 4


def test_an_answer_to_an_earlier_attempt_is_accepted(network):
    held: list = []
    device = network.add(behaviour=lambda agent, request: held.append(request) or [])
    network.begin()
    network.step()
    network.step(3.0)
    network.step()
    assert len(held) == 2
    agent = network.agents[device]
    agent.socket.sendto(agents.well_behaved(agent, held[0])[0], held[0].source)
    (poll,) = network.run(1)
    assert poll.outcome is Outcome.OK
    assert poll.attempts == 2


def test_a_device_that_falls_silent_half_way_is_partial(network):
    device = network.add(budget=Budget(varbinds=9))
    network.poll()
    network.seconds = 1000.0
    agent = network.agents[device]
    agent.heard.clear()
    agent.behaviour = lambda agent, request: agents.well_behaved(agent, request) if UPTIME in request.oids else []
    (poll,) = network.poll()
    assert poll.outcome is Outcome.PARTIAL
    assert poll.valid == [True] * 9 + [False] * 18
    assert poll.failed == ("health", "interfaces")
    assert network.seconds < 1062
    assert len(network.agents[device].heard) <= 1 + 4 + 6


def test_one_request_that_is_never_answered_costs_its_table(network):
    """As behind a path that drops what is larger than its MTU."""
    columns = columns_of_router()
    columns[2:14] = [
        Column(column.oid, column.kind, f"part{i // 4}", column.quantity, column.instance)
        for i, column in enumerate(columns[2:14])
    ]
    network.add(
        columns=columns,
        behaviour=lambda agent, request: [] if f"{STATUS}.6" in request.oids else agents.well_behaved(agent, request),
        budget=Budget(varbinds=6, table_seconds=(("part1", 0.001),)),
    )
    (poll,) = network.poll()
    assert poll.outcome is Outcome.PARTIAL
    assert poll.failed == ("part1",)
    assert poll.valid.count(False) == 4


def test_a_closed_port_is_told_from_silence(network):
    device = network.add()
    network.agents[device].close()
    (poll,) = network.poll(deadline=60.0)
    assert poll.outcome is Outcome.REFUSED
    assert network.seconds < 1006
    assert network.counts.refused >= 2


def test_others_are_polled_beside_closed_ports_and_silence(network):
    for number in range(30):
        device = network.add(behaviour=(lambda agent, request: []) if number % 3 == 1 else agents.well_behaved)
        if number % 3 == 2:
            network.agents[device].close()
    network.agents = {**network.agents}
    kinds = [Outcome.OK, Outcome.SILENT, Outcome.REFUSED]
    closed = {device: agent for device, agent in network.agents.items() if device % 3 == 2}
    for device in closed:
        del network.agents[device]
    network.begin(*range(30))
    polls = network.run(30)
    assert {poll.device: poll.outcome for poll in polls} == {number: kinds[number % 3] for number in range(30)}


# Answers that may not be believed


def garbage(agent, request):
    return [b"", b"\0", b"hello", b"\x30\x84\xff\xff\xff\xff", b"\x30\x82\x01", bytes(range(256)) * 5, b"\x30" * 1400]


def test_garbage_is_counted_and_the_device_called_garbled(network):
    network.add(behaviour=garbage)
    (poll,) = network.poll()
    assert poll.outcome is Outcome.GARBLED
    assert poll.cells == []
    assert network.counts.malformed + network.counts.truncated >= 7
    assert network.counts.credited == 0


def test_garbage_before_the_answer_does_no_harm(network):
    device = network.add(behaviour=lambda agent, request: garbage(agent, request) + agents.well_behaved(agent, request))
    (poll,) = network.poll()
    assert poll.outcome is Outcome.OK
    assert_read(poll, network.agents[device].table, columns_of_router())


def test_truncated_answers_are_counted_as_such(network):
    network.add(behaviour=lambda agent, request: [agents.well_behaved(agent, request)[0][:-30]])
    (poll,) = network.poll()
    assert poll.outcome is Outcome.GARBLED
    assert network.counts.truncated == 6


def mangled(**what):
    def behave(agent, request):
        return [agents.answer(request, [(oid, agent.value(oid)) for oid in request.oids], **what)]

    return behave


@pytest.mark.parametrize(
    ("behaviour", "name"),
    [
        (mangled(version=0), "wrong_version"),
        (mangled(community=b"private"), "wrong_community"),
        (mangled(community=b"p" * 200), "wrong_community"),
        (mangled(tag=0xA0), "malformed"),
        (
            lambda agent, request: [
                agents.answer(request, [(oid[:-1] + "9", agent.value(oid)) for oid in request.oids])
            ],
            "wrong_oid",
        ),
        (
            lambda agent, request: [agents.answer(request, [(oid, agent.value(oid)) for oid in request.oids[1:]])],
            "wrong_oid",
        ),
        (
            lambda agent, request: [agents.answer(request, [(oid, agent.value(oid)) for oid in (*request.oids, NAME)])],
            "wrong_oid",
        ),
        (
            lambda agent, request: [
                agents.answer(request, [(oid, agent.value(oid)) for oid in reversed(request.oids)])
            ],
            "wrong_oid",
        ),
    ],
)
@pytest.mark.parametrize("known", [False, True])
def test_an_answer_with_something_wrong_is_never_credited(network, behaviour, name, known):
    device = network.add()
    if known:  # the layout is remembered
        network.poll()
    credited = network.counts.credited
    network.agents[device].behaviour = behaviour
    (poll,) = network.poll()
    assert poll.outcome is Outcome.GARBLED
    assert poll.cells == []
    assert getattr(network.counts, name) == 2
    assert network.counts.credited == credited


def test_a_wrong_request_id_is_never_credited(network):
    network.add(
        behaviour=lambda agent, request: [
            agents.answer(request, [(oid, agent.value(oid)) for oid in request.oids], request_id=wrong)
            for wrong in (
                request.request_id ^ 1 << 30,
                request.request_id + 7,
                0,
                -1,
                2**31 - 1,
                request.request_id + (7 << 20),
            )
        ]
    )
    (poll,) = network.poll()
    assert poll.outcome is Outcome.SILENT
    assert network.counts.credited == 0
    assert network.counts.unknown + network.counts.late == 36


def test_someone_elses_address_or_port_is_never_credited(network):
    other = agents.ScriptedAgent("127.77.9.9", {})
    device = network.add()
    neighbour = agents.ScriptedAgent(network.agents[device].address, {})

    def from_elsewhere(agent, request):
        message = agents.well_behaved(agent, request)[0]
        for sender in (other, neighbour):
            sender.socket.sendto(message, request.source)
        return []

    network.agents[device].behaviour = from_elsewhere
    (poll,) = network.poll()
    other.close()
    neighbour.close()
    assert poll.outcome is Outcome.SILENT
    assert network.counts.wrong_source == 12
    assert network.counts.credited == 0


def test_one_device_cannot_answer_for_another(network):
    first, second = network.add(), network.add(table_of_router(5))
    network.agents[second].behaviour = lambda agent, request: (
        network.agents[first].socket.sendto(agents.well_behaved(agent, request)[0], request.source) and []
    )
    polls = network.poll()
    assert [poll.outcome for poll in polls] == [Outcome.OK, Outcome.SILENT]
    assert_read(polls[0], network.agents[first].table, columns_of_router())


def test_duplicates_are_counted_and_taken_once(network):
    network.add(behaviour=lambda agent, request: agents.well_behaved(agent, request) * 3, budget=Budget(varbinds=9))
    (poll,) = network.poll()
    assert poll.outcome is Outcome.OK
    assert network.counts.credited == 3
    network.step(0.1)
    assert network.counts.duplicate == 6


def test_a_late_answer_is_not_taken_for_the_next_poll(network):
    held: list = []
    device = network.add(behaviour=lambda agent, request: held.append(request) or [])
    (poll,) = network.poll(deadline=10.0)
    assert poll.outcome is Outcome.SILENT
    agent = network.agents[device]
    old = agents.answer(held[-1], [(oid, agents.number(agents.COUNTER64, 666)) for oid in held[-1].oids])
    agent.behaviour = lambda agent, request: [old, *agents.well_behaved(agent, request)]
    (poll,) = network.poll()
    assert_read(poll, agent.table, columns_of_router())
    assert network.counts.late == 1


# Changes while polls are going on


def test_a_plan_that_changes_in_flight_drops_the_poll_and_the_next_one_is_right(network):
    device = network.add(behaviour=lambda agent, request: [], budget=Budget(varbinds=9))
    network.begin()
    network.step()
    shorter = columns_of_router()[:5]
    network.fleet.put("device-0", network.plans.intern(shorter, Budget()))
    network.agents[device].behaviour = agents.well_behaved
    (poll,) = network.poll()
    assert poll.generation == network.fleet.generation[device] == 2
    assert_read(poll, network.agents[device].table, shorter)
    assert network.counts.superseded == 1
    assert network.sweeper.in_flight == 0


def test_an_answer_to_a_plan_that_is_gone_is_not_written_anywhere(network):
    held: list = []
    device = network.add(behaviour=lambda agent, request: held.append(request) or [])
    network.begin()
    network.step()
    network.fleet.put("device-0", None)
    other = network.add(table_of_router(3))  # takes over the cells
    agent = network.agents[device]
    agent.socket.sendto(agents.well_behaved(agent, held[0])[0], held[0].source)
    assert network.step(0.1) is None
    assert network.counts.superseded == 1
    (poll,) = network.poll(other)
    assert poll.cells == list(range(27))
    assert_read(poll, network.agents[other].table, columns_of_router())


def test_a_text_of_a_poll_that_was_dropped_is_not_told_of_the_new_owner(network):
    agent_of = network.agents
    device = network.add(budget=Budget(varbinds=9))
    agent_of[device].behaviour = lambda agent, request: (
        agents.well_behaved(agent, request) if UPTIME in request.oids else []
    )
    network.begin()
    network.step()
    network.step()
    network.fleet.put("device-0", None)
    other = network.add(columns=columns_of_router()[::-1])
    (poll,) = network.poll(other)
    assert poll.cells == list(range(27))
    assert poll.texts == {25: b"router-1"}


def test_cells_that_get_a_new_owner_carry_nothing_over(network):
    first = network.add()
    network.poll()
    request_of_old = network.agents[first].heard[-1]
    network.fleet.remove("device-0")
    agent = agents.ScriptedAgent("127.77.8.1", table_of_router(), network.port)  # even its name is the same
    agent.table[TEMPERATURE] = (agents.NO_SUCH_INSTANCE, b"")
    new = network.fleet.put("newcomer", network.plans.intern(columns_of_router(), Budget()))
    network.agents[first].close()
    network.agents = {new: agent}
    assert new == first
    assert network.begin(new) == [new], "the old device's address must not be used for the new one"
    network.assign(new)
    (poll,) = network.poll(new)
    assert poll.texts == {poll.cells[1]: b"router-1"}
    assert poll.valid.count(False) == 1
    assert agent.heard[-1].request_id != request_of_old.request_id


def test_a_removed_device_leaves_no_poll_behind(network):
    network.add(behaviour=lambda agent, request: [])
    network.add()
    network.begin()
    network.step()
    network.fleet.remove("device-0")
    polls = network.run(2, within=65)
    assert [poll.device for poll in polls] == [1]
    assert network.sweeper.in_flight == 0


def test_a_withdrawn_device_is_not_asked_any_more(network):
    device = network.add(behaviour=lambda agent, request: [])
    network.begin()
    network.step()
    network.sweeper.withdraw(device)
    assert network.sweeper.in_flight == 0
    heard = len(network.agents[device].heard)
    network.step(10.0)
    network.step()
    assert len(network.agents[device].heard) == heard
    assert network.begin(device) == [device]


def test_a_device_in_flight_cannot_begin_again(network):
    device = network.add(behaviour=lambda agent, request: [])
    assert network.begin() == []
    assert network.begin(device) == [device]
    network.step()
    assert network.begin(device) == [device]
    assert network.counts.rejected == 2


def test_a_new_community_is_used_from_the_next_poll_on(network):
    device = network.add()
    network.poll()
    network.agents[device].community = b"geheim"
    network.assign(device, "geheim")
    (poll,) = network.poll()
    assert poll.outcome is Outcome.OK


@pytest.mark.parametrize("community", ["", "ö" * 30, "c" * 200])
def test_any_community_works(network, community):
    device = network.add()
    network.agents[device].community = community.encode()
    network.assign(device, community)
    for _ in range(2):
        assert network.poll()[0].outcome is Outcome.OK


def test_a_wall_clock_that_jumps_moves_no_sample(network):
    """Kernel stamps tell today's time, the test's clock another: the samples stay within the step."""
    network.add()
    (poll,) = network.poll()
    assert poll.started <= poll.answered <= network.seconds


# How many at once


def test_no_more_are_in_flight_than_the_window_allows():
    network = Network(SweepLimits(in_flight=3))
    for _ in range(10):
        network.add(behaviour=lambda agent, request: [])
    network.begin(deadline=10.0)
    network.step()
    assert sum(len(agent.heard) for agent in network.agents.values()) == 3
    assert network.sweeper.in_flight == 3
    assert network.sweeper.queued == 7
    polls = network.run(10, within=100)
    network.close()
    assert len(polls) == 10
    assert all(poll.outcome is Outcome.SILENT for poll in polls)
    assert all(poll.attempts == 6 for poll in polls), "a poll that waited for its turn has all its attempts"


def test_polls_begin_no_faster_than_the_pace():
    network = Network(SweepLimits(polls_per_second=100.0))
    for _ in range(50):
        network.add()
    network.begin()
    started = []
    for _ in range(10):
        network.step(0.05)
        started.append(network.counts.polls)
    network.close()
    assert started[0] == 10
    assert started[1] == 15
    assert started[-1] == 50


def test_only_v2c_over_ipv4_is_served(network):
    device = network.add()
    secret = Secret("public")
    for endpoint in (
        Endpoint("::1", 161, SnmpCommunity("c", SnmpVersion.V2C, secret)),
        Endpoint("127.0.0.1", 161, SnmpCommunity("c", SnmpVersion.V1, secret)),
        Endpoint("127.0.0.1", 161, SnmpUser("c", "admin")),
        Endpoint("router.example", 161, SnmpCommunity("c", SnmpVersion.V2C, secret)),
        Endpoint("127.0.0.1", 70000, SnmpCommunity("c", SnmpVersion.V2C, secret)),
    ):
        with pytest.raises(CollectorError):
            network.sweeper.assign(device, endpoint)


def test_a_device_without_a_plan_or_an_endpoint_is_handed_back(network):
    network.add()
    bare = network.fleet.put("undiscovered", None)
    planned = network.fleet.put("unassigned", network.plans.intern(columns_of_router(), Budget()))
    assert network.begin(0, bare, planned) == [bare, planned]
