"""The sweep against agents that say no, say nothing, or are not there."""

import numpy as np
import pytest

from domain.polling import Budget, Column, Outcome
from tests import scripted_agents as agents
from tests.unit.collectors.sweep_network import (
    STATUS,
    TEMPERATURE,
    UPTIME,
    assert_read,
    columns_of_router,
)


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


@pytest.mark.parametrize("seconds", [30.0, 600.0])
def test_answers_that_lay_there_while_the_process_stood_still_are_taken(network, seconds):
    alive, silent = network.add(), network.add(behaviour=lambda agent, request: [])
    network.begin(deadline=48.0)
    network.step()
    network.seconds += seconds
    polls = {poll.device: poll for poll in network.run(2, within=60)}
    assert polls[alive].outcome is Outcome.OK
    assert polls[alive].attempts == 1
    assert polls[silent].outcome is Outcome.SILENT
    assert network.poll(alive, deadline=48.0)[0].outcome is Outcome.OK


def test_a_socket_that_takes_nothing_for_a_while_costs_no_poll(network, monkeypatch):
    devices = [network.add() for _ in range(20)]
    whole = network.sweeper._datagrams.send
    monkeypatch.setattr(network.sweeper._datagrams, "send", lambda count: (0, []))  # ENOBUFS, see Datagrams.send
    network.begin(deadline=48.0)
    for _ in range(40):
        assert network.step(0.25) is None
    assert network.counts.socket_full >= 40
    monkeypatch.setattr(network.sweeper._datagrams, "send", whole)
    polls = network.run(20, within=30)
    assert {poll.device for poll in polls} == set(devices)
    assert all(poll.outcome is Outcome.OK and poll.attempts == 1 for poll in polls)


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


def test_noise_that_may_be_from_anybody_does_not_cost_a_device_its_second_answer(network):
    """Two answers that are not what was asked end a request; what nobody can read only raises a doubt."""
    answers = iter((b"\x30\x05noise", "wrong", "good"))

    def behave(agent, request):
        how = next(answers)
        if how == "good":
            return agents.well_behaved(agent, request)
        return [
            how if how != "wrong" else agents.answer(request, [(oid + ".7", agent.value(oid)) for oid in request.oids])
        ]

    network.add(behaviour=behave)
    (poll,) = network.poll()
    assert poll.outcome is Outcome.OK
    assert poll.attempts == 3


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
