"""Rounds of echoes over a wire of our own making: pace, lateness, forgeries, refusals, and no device falsely lost."""

import errno
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from collectors.errors import CollectorError
from collectors.icmp import Pinger
from collectors.icmp.fping import read_answers
from collectors.icmp.packets import HEAD_BYTES, REPLY4, REQUEST4, checksum, requests
from collectors.icmp.raw_sockets import BATCH, Replies, Sent
from domain.polling import PingRound
from domain.time import Moment


@dataclass
class Hands:
    """A clock that is moved by hand, and hardly by the code that runs."""

    steady: float = 1000.0
    wall: float = 1_800_000_000.0

    def now(self) -> Moment:
        self.steady += 1e-6
        return Moment(self.steady, self.wall + self.steady)


@dataclass
class FakeWire:
    """Answers after `delay` seconds. forge: what becomes of a reply (heads, sources) before it is handed over."""

    hands: Hands
    delay: Callable[[int], float | None] = lambda _last: 0.01
    refuse: Callable[[int], int] = lambda _last: 0
    full_after: int = 10**9
    forge: Callable[[np.ndarray, np.ndarray], None] = lambda _head, _source: None
    stamped: bool = True
    times: int = 1
    waiting: list[tuple[float, np.ndarray, np.ndarray]] = field(default_factory=list)
    sent: int = 0
    receive_drops: int = 0

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def send(self, packets: np.ndarray, addresses: np.ndarray) -> Sent:
        refused = {}
        assert len(packets) <= BATCH
        for place, (packet, address) in enumerate(zip(packets, addresses, strict=True)):
            if self.sent >= self.full_after:
                return Sent(place, refused)
            self.sent += 1
            if error := self.refuse(int(address[3])):
                refused[place] = error
            elif (delay := self.delay(int(address[3]))) is not None:
                head = packet[:HEAD_BYTES].copy()
                head[0] = REPLY4
                self.waiting += [(self.hands.steady + delay, head, address.copy())] * self.times
        return Sent(len(packets), refused)

    def receive(self) -> Replies:
        come = [each for each in self.waiting if each[0] <= self.hands.steady][:BATCH]
        self.waiting = [each for each in self.waiting if not any(each is other for other in come)]
        heads = np.array([each[1] for each in come], np.uint8).reshape(len(come), HEAD_BYTES)
        sources = np.array([each[2] for each in come], np.uint8).reshape(len(come), 16)
        for head, source in zip(heads, sources, strict=True):
            self.forge(head, source)
        stamps = np.array([self.hands.wall + each[0] if self.stamped else np.nan for each in come])
        return Replies(heads, sources, stamps, len(come) == BATCH)


def pinger(wire: FakeWire, count: int, **options: float) -> Pinger:
    made = Pinger([f"10.0.{k // 256}.{k % 256}" for k in range(count)], wires={4: wire}, clock=wire.hands, **options)
    made.start()
    return made


def run(made: Pinger, hands: Hands, seconds: float, tick: float = 0.05) -> list[PingRound]:
    rounds = []
    for _ in range(round(seconds / tick)):
        hands.steady += tick
        while (done := made.step(hands.now())) is not None:
            rounds.append(done)
    return rounds


def test_every_answer_has_its_round_trip_and_its_device() -> None:
    hands = Hands()
    made = pinger(FakeWire(hands, delay=lambda last: 0.001 * (last + 1)), 200)
    made.round(np.arange(199, -1, -1), hands.now())
    (done,) = run(made, hands, 2)
    assert done.device.tolist() == list(range(199, -1, -1))
    assert np.allclose(done.rtt_seconds, 0.001 * (done.device + 1), atol=1e-4)
    assert done.sent_steady == pytest.approx(1000, abs=0.1)
    assert done.sent_at == pytest.approx(hands.wall + 1000, abs=0.1)
    assert made.strangers == 0


def test_the_silent_are_lost_after_the_timeout_and_not_before() -> None:
    hands = Hands()
    made = pinger(FakeWire(hands, delay=lambda last: None if last % 2 else 0.01), 10, timeout_seconds=3.0)
    made.round(np.arange(10), hands.now())
    assert run(made, hands, 2.9) == []
    (done,) = run(made, hands, 0.3)
    assert np.isnan(done.rtt_seconds).tolist() == [False, True] * 5


def test_a_round_may_have_a_patience_of_its_own() -> None:
    hands = Hands()
    made = pinger(FakeWire(hands, delay=lambda last: 0.5 if last == 1 else None), 3, timeout_seconds=3.0)
    made.round(np.array([0, 1]), hands.now(), 0.3)
    made.round(np.array([2]), hands.now())
    (done,) = run(made, hands, 0.4)
    assert done.device.tolist() == [0, 1]
    assert np.isnan(done.rtt_seconds).all(), "what comes later than its round waits is lost"
    assert [each.device.tolist() for each in run(made, hands, 3.0)] == [[2]]


def test_a_late_answer_is_lost_and_belongs_to_no_later_round() -> None:
    hands = Hands()
    made = pinger(FakeWire(hands, delay=lambda _last: 3.5), 1, timeout_seconds=3.0)
    made.round(np.array([0]), hands.now())
    first = run(made, hands, 3.2)
    made.round(np.array([0]), hands.now())
    rounds = first + run(made, hands, 3.4)
    assert [bool(np.isnan(done.rtt_seconds[0])) for done in rounds] == [True, True]
    assert made.strangers == 1


def test_a_round_is_sent_at_its_pace_and_the_rest_waits() -> None:
    hands = Hands()
    wire = FakeWire(hands)
    made = pinger(wire, 2000, packets_per_second=1000.0)
    made.round(np.arange(2000), hands.now())
    run(made, hands, 0.5)
    assert 450 <= wire.sent <= 800, "0.5 s at the pace, and a quarter of a second to catch up"
    (done,) = run(made, hands, 3)
    assert not np.isnan(done.rtt_seconds).any()


def test_a_full_socket_is_tried_again() -> None:
    hands = Hands()
    wire = FakeWire(hands, full_after=300)
    made = pinger(wire, 400)
    made.round(np.arange(400), hands.now())
    assert run(made, hands, 1) == []
    wire.full_after = 10**9
    (done,) = run(made, hands, 1)
    assert not np.isnan(done.rtt_seconds).any()
    assert wire.sent == 400


def test_what_the_kernel_will_not_send_is_lost_and_counted() -> None:
    hands = Hands()
    refuse = {3: errno.EPERM, 4: errno.ENETUNREACH, 5: errno.EHOSTUNREACH}
    made = pinger(FakeWire(hands, refuse=lambda last: refuse.get(last, 0)), 8)
    made.round(np.arange(8), hands.now())
    (done,) = run(made, hands, 0.2)
    assert np.flatnonzero(np.isnan(done.rtt_seconds)).tolist() == [3, 4, 5], "and nobody waits for them"
    assert made.refused == {"EPERM": 1, "ENETUNREACH": 1, "EHOSTUNREACH": 1}


def break_token(head: np.ndarray, _source: np.ndarray) -> None:
    head[8] ^= 1


def break_round(head: np.ndarray, _source: np.ndarray) -> None:
    head[16] ^= 1


def break_place(head: np.ndarray, _source: np.ndarray) -> None:
    head[20:24] = 255


def break_identifier(head: np.ndarray, _source: np.ndarray) -> None:
    head[4] ^= 1


def break_type(head: np.ndarray, _source: np.ndarray) -> None:
    head[0] = REQUEST4


def swap_place(head: np.ndarray, _source: np.ndarray) -> None:
    head[20] ^= 1


def break_source(_head: np.ndarray, source: np.ndarray) -> None:
    source[3] ^= 1


@pytest.mark.parametrize(
    "forge", [break_token, break_round, break_place, break_identifier, break_type, swap_place, break_source]
)
def test_a_reply_that_is_not_ours_to_the_octet_is_nobodys(forge: Callable[[np.ndarray, np.ndarray], None]) -> None:
    hands = Hands()
    made = pinger(FakeWire(hands, forge=forge), 2, timeout_seconds=1.0)
    made.round(np.arange(2), hands.now())
    (done,) = run(made, hands, 2)
    assert np.isnan(done.rtt_seconds).all()
    assert made.strangers == 2


def test_answers_that_come_twice_count_once() -> None:
    hands = Hands()
    made = pinger(FakeWire(hands, times=3), 5)
    made.round(np.arange(5), hands.now())
    (done,) = run(made, hands, 1)
    assert not np.isnan(done.rtt_seconds).any()
    assert made.strangers == 10


@pytest.mark.parametrize("jump", [-3600.0, 3600.0, -1.5e8])
def test_a_wall_clock_that_jumps_under_way_spoils_no_round_trip(jump: float) -> None:
    hands = Hands()
    made = pinger(FakeWire(hands, delay=lambda _last: 0.02), 3)
    made.round(np.arange(3), hands.now())
    made.step(hands.now())
    hands.wall += jump
    hands.steady += 0.3
    (done,) = run(made, hands, 1, tick=0.01)
    assert (done.rtt_seconds >= 0).all()
    assert (done.rtt_seconds < 0.5).all()


def test_answers_that_lay_there_while_the_process_stood_still_are_no_loss() -> None:
    hands = Hands()
    made = pinger(FakeWire(hands, delay=lambda last: 0.02 if last < 90 else None), 100)
    made.round(np.arange(100), hands.now())
    made.step(hands.now())
    hands.steady += 30  # stopped, and taken up again
    done = made.step(hands.now())
    assert done is not None
    assert np.isnan(done.rtt_seconds).tolist() == [False] * 90 + [True] * 10
    assert np.nanmax(done.rtt_seconds) < 0.05, "nor was the way so long"


def test_without_a_stamp_of_the_kernel_the_tick_measures() -> None:
    hands = Hands()
    made = pinger(FakeWire(hands, delay=lambda _last: 0.02, stamped=False), 1)
    made.round(np.arange(1), hands.now())
    (done,) = run(made, hands, 1, tick=0.05)
    assert 0.02 <= done.rtt_seconds[0] <= 0.06


def test_rounds_overlap_and_each_is_told_once() -> None:
    hands = Hands()
    made = pinger(FakeWire(hands, delay=lambda last: None if last == 7 else 0.01), 20, timeout_seconds=3.0)
    told = []
    for _ in range(5):
        made.round(np.arange(20), hands.now())
        told += run(made, hands, 1.0)
    told += run(made, hands, 4.0)
    assert [np.flatnonzero(np.isnan(done.rtt_seconds)).tolist() for done in told] == [[7]] * 5


def test_a_released_device_is_told_no_more_and_one_without_an_address_is_lost() -> None:
    hands = Hands()
    made = pinger(FakeWire(hands, delay=lambda _last: None), 3, timeout_seconds=1.0)
    made.round(np.array([0, 1, 500]), hands.now())
    made.step(hands.now())
    made.release(1)
    made.release(10_000)
    (done,) = run(made, hands, 2)
    assert done.device.tolist() == [0, 500]
    made.round(np.array([1]), hands.now())
    (done,) = run(made, hands, 0.1)
    assert np.isnan(done.rtt_seconds).all()


def test_an_address_that_is_none_is_refused_in_words() -> None:
    with pytest.raises(CollectorError, match="router-a"):
        Pinger(["router-a"])


def test_packets_carry_a_right_checksum_and_their_place() -> None:
    packets = requests(70_000, 0xBEEF, 2**64 - 5, 0xFFFFFFFF, REQUEST4)
    assert packets.shape == (70_000, 64)
    assert not checksum(packets).any()
    assert packets[69_999, :2].tolist() == [8, 0]
    assert int.from_bytes(packets[69_999, 6:8].tobytes(), "big") == 69_999 & 0xFFFF
    assert int.from_bytes(packets[69_999, 20:24].tobytes(), "little") == 69_999


def test_what_fping_writes_is_read() -> None:
    text = (
        "127.0.0.1  : 0.041\n10.9.9.9   : -\nfd00::1    : 12.5\nICMP Host Unreachable from 10.0.0.1 for ICMP Echo\n\n"
    )
    assert read_answers(text) == {"127.0.0.1": pytest.approx(4.1e-5), "fd00::1": pytest.approx(0.0125)}
