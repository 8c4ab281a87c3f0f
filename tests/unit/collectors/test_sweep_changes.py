"""Plans, addresses and devices that change while polls are going on, and how many go on at once."""

import pytest

from collectors.errors import CollectorError
from collectors.snmp.sweep import SweepLimits
from domain.polling import Budget, Endpoint, Outcome
from domain.secrets import Secret, SnmpCommunity, SnmpUser, SnmpVersion
from tests import scripted_agents as agents
from tests.unit.collectors.sweep_network import (
    TEMPERATURE,
    UPTIME,
    Network,
    assert_read,
    columns_of_router,
    table_of_router,
)


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


def test_hundreds_of_silent_devices_do_not_keep_the_others_waiting():
    network = Network(SweepLimits(in_flight=4))
    silent = [network.add(behaviour=lambda agent, request: []) for _ in range(60)]
    alive = [network.add() for _ in range(5)]
    network.begin(*silent, *alive, deadline=48.0)
    polls = network.run(5, within=48.0)
    found = {poll.device: poll.answered for poll in polls}
    network.close()
    assert found.keys() == set(alive)
    assert max(found.values()) <= 1000 + 60 / 4 * 2.0, "each four of them hold the window for their first attempt alone"


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


def test_only_v2c_and_v3_over_ipv4_are_served(network):
    device = network.add()
    secret = Secret("public")
    for endpoint in (
        Endpoint("::1", 161, SnmpCommunity("c", SnmpVersion.V2C, secret)),
        Endpoint("127.0.0.1", 161, SnmpCommunity("c", SnmpVersion.V1, secret)),
        Endpoint("::1", 161, SnmpUser("c", "admin")),
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
