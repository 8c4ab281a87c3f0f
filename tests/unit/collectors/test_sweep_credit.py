"""Answers that may not be believed: counted by name, never credited."""

import pytest

from domain.polling import Budget, Outcome
from tests import scripted_agents as agents
from tests.unit.collectors.sweep_network import (
    NAME,
    assert_read,
    columns_of_router,
    table_of_router,
)


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
