"""Batches of datagrams on the loopback: parts gathered, slots filled, errors told apart."""

import errno
import socket
import time

import numpy as np
import pytest

from collectors.datagrams import Datagrams, socket_address, source_word, udp_socket
from collectors.errors import CollectorError

LOOPBACK = "127.79.0.1"


@pytest.fixture
def datagrams():
    made = Datagrams(lambda: udp_socket("127.0.0.1"), batch=8, slot_bytes=64, spill_bytes=1024)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def peer():
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.bind((LOOPBACK, 0))
    opened.setblocking(False)
    yield opened
    opened.close()


def own_port(datagrams: Datagrams) -> int:
    return socket.socket(fileno=socket.dup(datagrams.fileno())).getsockname()[1]


def fill(datagrams: Datagrams, messages: list[tuple[tuple[str, int], tuple[bytes, bytes, bytes]]]) -> list[object]:
    """Point the first messages of the batch at these; what is returned must stay alive until they are sent."""
    kept: list[object] = []
    for place, (to, parts) in enumerate(messages):
        address = socket_address(*to).copy()
        arrays = [np.frombuffer(part or b"\0", np.uint8) for part in parts]
        datagrams.names[place] = address.ctypes.data
        datagrams.parts[place] = [(array.ctypes.data, len(part)) for array, part in zip(arrays, parts, strict=True)]
        kept += [address, arrays]
    return kept


def test_parts_are_gathered_into_one_datagram_each(datagrams, peer):
    kept = fill(datagrams, [(peer.getsockname(), (b"head", b"%d" % i, b"tail" * i)) for i in range(8)])
    assert datagrams.send(8) == (8, [])
    assert [peer.recv(100) for _ in range(8)] == [b"head%d" % i + b"tail" * i for i in range(8)]
    assert kept


def test_arrivals_tell_octets_source_and_time(datagrams, peer):
    before = time.time()
    for number in range(3):
        peer.sendto(b"message %d" % number, ("127.0.0.1", own_port(datagrams)))
    arrivals = datagrams.receive()
    assert [datagrams.message(arrivals, place) for place in range(3)] == [b"message 0", b"message 1", b"message 2"]
    assert arrivals.sources.tolist() == [source_word(socket_address(*peer.getsockname()))] * 3
    assert arrivals.lengths.tolist() == [9, 9, 9]
    stamps = arrivals.stamps(np.arange(3))
    assert before - 0.05 <= stamps.min() <= stamps.max() <= time.time() + 0.05
    assert arrivals.cut is None
    assert len(datagrams.receive()) == 0


def test_more_than_a_batch_is_left_for_the_next_call(datagrams, peer):
    for number in range(11):
        peer.sendto(bytes([number]), ("127.0.0.1", own_port(datagrams)))
    assert [len(datagrams.receive()) for _ in range(3)] == [8, 3, 0]


def test_the_last_large_datagram_is_whole_and_earlier_ones_are_marked_cut(datagrams, peer):
    large = [bytes([65 + i]) * size for i, size in enumerate((10, 500, 64, 900))]
    for octets in large:
        peer.sendto(octets, ("127.0.0.1", own_port(datagrams)))
    arrivals = datagrams.receive()
    assert arrivals.lengths.tolist() == [10, 500, 64, 900]
    assert arrivals.cut is not None
    assert arrivals.cut.tolist() == [False, True, False, False]
    assert datagrams.message(arrivals, 3) == large[3]


def test_what_is_larger_than_slot_and_spill_is_cut(datagrams, peer):
    peer.sendto(b"x" * 1200, ("127.0.0.1", own_port(datagrams)))
    arrivals = datagrams.receive()
    assert arrivals.cut is not None
    assert arrivals.cut.tolist() == [True]


def test_a_closed_port_does_not_cost_the_rest_of_the_batch(datagrams, peer):
    closed = (LOOPBACK, 9)
    targets = [closed, peer.getsockname(), closed, closed, peer.getsockname()]
    kept = fill(datagrams, [(to, (b"a", b"b", b"c")) for to in targets])
    assert datagrams.send(5) == (5, [])
    assert [peer.recv(10) for _ in range(2)] == [b"abc", b"abc"]
    assert len(datagrams.receive()) == 0
    assert datagrams.errors_pending
    found = datagrams.unreachable()
    assert [(error.address, error.port, error.error) for error in found] == [(*closed, errno.ECONNREFUSED)] * 3
    assert datagrams.unreachable() == []
    assert not datagrams.errors_pending
    assert kept


def test_a_message_the_kernel_refuses_does_not_cost_the_rest(datagrams, peer):
    good = peer.getsockname()
    forbidden = ("255.255.255.255", 9)
    kept = fill(datagrams, [(to, (octets, b"", b"")) for to, octets in ((good, b"1"), (forbidden, b"2"), (good, b"3"))])
    done, unsent = datagrams.send(3)
    assert done == 3
    assert [(one.place, one.error) for one in unsent] == [(1, errno.EACCES)]
    assert [peer.recv(10) for _ in range(2)] == [b"1", b"3"]
    assert kept


def test_a_receive_buffer_that_is_full_is_counted():
    datagrams = Datagrams(lambda: udp_socket("127.0.0.1"), batch=8, buffer_bytes=4096)
    datagrams.start()
    assert 4096 <= datagrams.granted_bytes <= 16384
    assert datagrams.receive_drops == 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for _ in range(100):
            sender.sendto(b"x" * 1000, ("127.0.0.1", own_port(datagrams)))
    assert datagrams.receive_drops >= 80
    datagrams.stop()
    assert datagrams.receive_drops == 0


def test_it_opens_nothing_before_it_is_started():
    datagrams = Datagrams()
    assert datagrams.fileno() == -1
    with pytest.raises(CollectorError):
        datagrams.receive()


@pytest.mark.parametrize(("address", "port"), [("::1", 161), ("host", 161), ("10.0.0.256", 161), ("10.0.0.1", 65536)])
def test_what_is_no_address_says_so(address, port):
    with pytest.raises(CollectorError, match=str(port)):
        socket_address(address, port)
