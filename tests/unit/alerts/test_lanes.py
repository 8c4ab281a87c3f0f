"""What goes next: in order within a topic, side by side otherwise, at the receiver's pace, around a dead one."""

import random
from datetime import UTC, datetime
from itertools import pairwise

from alerts.dispatch.lanes import Lanes, Limits
from alerts.dispatch.messages import Message, Outgoing
from alerts.dispatch.rate_limits import Backoff, Limit

T0 = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BACKOFF = Backoff(2.0, 300.0, 0.0)


def lanes(limits: Limits | None = None, **options: int) -> Lanes:
    return Lanes(lambda channel: limits or Limits(), BACKOFF, random.Random(1), **options)


def waiting(*names: str) -> list[Outgoing]:
    """`channel/topic`, numbered as they stand."""
    found = []
    for number, name in enumerate(names, 1):
        channel, _slash, topic = name.partition("/")
        found.append(Outgoing(number, Message(f"{topic}-{number}@{channel}", topic, channel, "opened", "new", T0)))
    return found


def numbers(taken: tuple[Outgoing, ...]) -> list[int]:
    return [outgoing.number for outgoing in taken]


def test_a_topic_keeps_its_order_and_others_do_not_wait_for_it() -> None:
    queue = lanes()
    rows = waiting("wa:1/a", "wa:1/a", "wa:1/b")
    queue.load(rows, 0.0)
    assert numbers(queue.take(0.0)) == [1, 3]
    assert numbers(queue.take(0.0)) == []
    queue.finished(rows[2], answered=True)
    assert numbers(queue.take(0.0)) == []
    queue.finished(rows[0], answered=True)
    assert numbers(queue.take(0.0)) == [2]


def test_what_is_in_the_air_is_not_taken_again_after_a_load() -> None:
    queue = lanes()
    rows = waiting("wa:1/a", "wa:1/a")
    queue.load(rows, 0.0)
    queue.take(0.0)
    queue.load(rows, 1.0)
    assert numbers(queue.take(1.0)) == []
    queue.finished(rows[0], answered=True)
    queue.load(rows[1:], 2.0)
    assert numbers(queue.take(2.0)) == [2]


def test_a_dead_receiver_is_tried_by_one_message_ever_more_seldom() -> None:
    queue = lanes()
    rows = waiting("wa:1/a", "wa:1/b", "wa:1/c", "mailto:x/a")
    queue.load(rows, 0.0)
    assert numbers(queue.take(0.0)) == [1, 2, 3, 4]
    queue.finished(rows[3], answered=True)
    now, attempts = 0.0, []
    for outgoing in rows[:3]:
        queue.put_back(outgoing, "nobody there", now)
    while now < 3600:
        for outgoing in queue.take(now):
            attempts.append(now)
            queue.put_back(outgoing, "nobody there", now)
        assert queue.wake_at(now) > now
        now = queue.wake_at(now)
    assert len(attempts) < 25, "an hour of a dead receiver costs a couple of dozen attempts"
    assert queue.down(3600.0)["wa:1"][1] == "nobody there"
    steps = [later - earlier for earlier, later in pairwise(attempts)]
    assert steps == sorted(steps)
    assert steps[-1] == 300.0


def test_when_it_answers_all_go_on_at_once() -> None:
    queue = lanes(per_channel=4)
    rows = waiting("wa:1/a", "wa:1/b", "wa:1/c")
    queue.load(rows, 0.0)
    for outgoing in queue.take(0.0):
        queue.put_back(outgoing, "down", 0.0)
    now = queue.wake_at(0.0)
    (probe,) = queue.take(now)
    queue.finished(probe, answered=True)
    assert len(queue.take(now)) == 2
    assert queue.down(now) == {}


def test_what_the_receiver_asks_for_is_obeyed() -> None:
    queue = lanes()
    rows = waiting("telegram:-1/a")
    queue.load(rows, 0.0)
    queue.take(0.0)
    queue.put_back(rows[0], "HTTP 429", 10.0, wait_seconds=33.0)
    assert queue.take(42.9) == ()
    assert queue.wake_at(42.9) == 43.0
    assert numbers(queue.take(43.0)) == [1]


def test_limits_of_a_bot_and_of_a_group() -> None:
    queue = lanes(Limits((Limit(30, 1.0),), (Limit(20, 60.0),)), at_once=1000, per_channel=1000)
    rows = waiting(*(f"telegram:-{group}/{n}" for group in range(3) for n in range(40)))
    queue.load(rows, 0.0)
    sent: list[tuple[float, str]] = []
    now = 0.0
    while len(sent) < len(rows):
        for outgoing in queue.take(now):
            sent.append((now, outgoing.message.channel))
            queue.finished(outgoing, answered=True)
        if len(sent) < len(rows):
            assert queue.wake_at(now) > now
            now = queue.wake_at(now)
    for at, channel in sent:
        assert sum(1 for other, _name in sent if at - 1.0 < other <= at) <= 30
        assert sum(1 for other, name in sent if name == channel and at - 60.0 < other <= at) <= 20


def test_no_more_in_the_air_than_allowed_and_everybody_has_a_turn() -> None:
    queue = lanes(at_once=4, per_channel=4)
    rows = waiting(*(f"wa:{receiver}/{n}" for receiver in range(3) for n in range(8)))
    queue.load(rows, 0.0)
    seen: dict[str, int] = {}
    left = {outgoing.number: outgoing for outgoing in rows}
    while left:
        taken = queue.take(0.0)
        assert 0 < len(taken) <= 4
        for outgoing in taken:
            seen[outgoing.message.channel] = seen.get(outgoing.message.channel, 0) + 1
            del left[outgoing.number]
            queue.finished(outgoing, answered=True)
        if len(left) == 24 - 12:
            assert len(seen) == 3


def test_back_off_grows_to_its_cap_with_jitter() -> None:
    dice = random.Random(3)
    backoff = Backoff(2.0, 300.0, 0.2)
    waits = [backoff.seconds(failures, dice) for failures in (1, 2, 3, 10, 500)]
    assert waits[0] < waits[1] < waits[2]
    assert all(240.0 <= wait <= 360.0 for wait in waits[3:])
    assert len({backoff.seconds(10, dice) for _turn in range(20)}) > 10
