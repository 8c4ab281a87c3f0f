"""The sweep against good agents: every value, its time, its traffic, and only what changed."""

import pytest

from domain.polling import Budget, Outcome
from tests import scripted_agents as agents
from tests.unit.collectors.sweep_network import (
    NAME,
    OCTETS_IN,
    STATUS,
    TEMPERATURE,
    UPTIME,
    assert_read,
    columns_of_router,
    table_of_router,
)


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
