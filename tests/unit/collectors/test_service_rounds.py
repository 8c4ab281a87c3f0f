"""When services are asked, and that one that hangs or breaks holds up no other."""

import asyncio
from collections import Counter

import pytest

from collectors.services import ServiceRounds, Timetable
from domain.services import CheckKind, PlannedCheck, ServiceCheck, ServiceOutcome, ServiceWord, TcpCheck
from domain.time import Moment


def plan(*codes: str, interval: float = 60) -> list[PlannedCheck]:
    return [PlannedCheck(TcpCheck(code, "127.0.0.1", 1), interval) for code in codes]


def test_each_is_due_once_an_interval_and_spread() -> None:
    table, given = Timetable(), Counter[str]()
    table.replace({f"app-{n}": 60.0 for n in range(115)}, 0.0)
    busiest = 0
    for second in range(600):
        due = table.due(float(second))
        busiest = max(busiest, len(due))
        given.update(code for code, _late in due)
    assert set(given.values()) <= {9, 10}
    assert len(given) == 115
    assert busiest <= 8


def test_a_long_sleep_gives_each_once() -> None:
    table = Timetable()
    table.replace({"a": 60.0}, 0.0)
    assert len(table.due(100_000.0)) == 1
    assert table.due(100_000.0) == []
    assert len(table.due(100_060.0)) == 1


def test_soon_comes_before_its_turn_and_not_after() -> None:
    table = Timetable()
    table.replace({"a": 60.0}, 0.0)
    (first,) = table.due(60.0)
    assert first[0] == "a"
    table.soon("a", 61.0)
    table.soon("a", 5_000.0)
    table.soon("stranger", 61.0)
    assert table.due(60.9) == []
    assert [code for code, _late in table.due(61.0)] == ["a"]
    assert table.due(120.9) == []
    assert len(table.due(121.0)) == 1


def test_who_goes_is_not_given_out_and_who_stays_keeps_its_turn() -> None:
    table = Timetable()
    table.replace({"a": 60.0, "b": 60.0}, 0.0)
    table.replace({"a": 60.0}, 30.0)
    assert [code for code, _late in table.due(60.0)] == ["a"]
    table.replace({"a": 10.0}, 60.0)
    assert len(table.due(70.0)) == 1
    assert len(table) == 1


class Clock:
    """A clock that runs a thousand times too fast: a minute is 60 ms."""

    def now(self) -> Moment:
        seconds = asyncio.get_running_loop().time() * 1_000
        return Moment(seconds, seconds)


def outcome(check: ServiceCheck, now: Moment) -> ServiceOutcome:
    return ServiceOutcome(check.code, CheckKind.TCP, now)


def test_no_more_at_once_than_allowed_and_none_twice() -> None:
    async def run() -> tuple[int, ServiceRounds]:
        at_once, most, running = 0, 0, Counter[str]()
        enough = asyncio.Event()

        async def ask(check: ServiceCheck, now: Moment) -> ServiceOutcome:
            nonlocal at_once, most
            at_once, running[check.code] = at_once + 1, running[check.code] + 1
            assert running[check.code] == 1
            most = max(most, at_once)
            await asyncio.sleep(0.002)
            at_once, running[check.code] = at_once - 1, running[check.code] - 1
            return outcome(check, now)

        def take(_outcome: ServiceOutcome) -> bool:
            if rounds.counts.made >= 60:
                enough.set()
            return False

        rounds = ServiceRounds(ask, take, Clock(), at_once=3, longest_wait_seconds=0.002)
        rounds.replace(plan(*(f"app-{n}" for n in range(20)), interval=20))
        await rounds.start()
        await asyncio.wait_for(enough.wait(), 10)
        await rounds.stop()
        return most, rounds

    most, rounds = asyncio.run(run())
    assert most == 3
    assert rounds.counts.failed == 0


def test_a_fault_of_our_own_costs_one_check_and_a_hang_one_slot() -> None:
    async def run() -> dict[str, ServiceWord]:
        seen: dict[str, ServiceWord] = {}
        done = asyncio.Event()

        async def ask(check: ServiceCheck, now: Moment) -> ServiceOutcome:
            if check.code == "broken":
                raise ZeroDivisionError
            if check.code == "hangs":
                await asyncio.sleep(3_600)
            return outcome(check, now)

        def take(result: ServiceOutcome) -> bool:
            seen[result.code] = result.word
            if rounds.counts.made > 10 and rounds.counts.skipped and "broken" in seen:
                done.set()
            return False

        rounds = ServiceRounds(ask, take, Clock(), at_once=2, longest_wait_seconds=0.002)
        rounds.replace(plan("broken", "hangs", "good", interval=5))
        await rounds.start()
        await asyncio.wait_for(done.wait(), 10)
        await rounds.stop()
        await rounds.stop()
        return seen

    assert asyncio.run(run()) == {"broken": ServiceWord.NOT_CHECKABLE, "good": ServiceWord.OK}


@pytest.mark.parametrize("wants", [True, False])
def test_who_doubts_asks_again_soon(wants: bool) -> None:
    async def run() -> int:
        asked = 0
        begun = asyncio.Event()

        async def ask(check: ServiceCheck, now: Moment) -> ServiceOutcome:
            nonlocal asked
            asked += 1
            begun.set()
            return outcome(check, now)

        rounds = ServiceRounds(
            ask, lambda result: wants and asked < 3, Clock(), again_seconds=5, longest_wait_seconds=0.002
        )
        rounds.replace(plan("a", interval=86_000))
        await rounds.start()
        rounds.ask_soon(["a"])
        await asyncio.wait_for(begun.wait(), 5)
        await asyncio.sleep(0.1)
        await rounds.stop()
        return asked

    assert asyncio.run(run()) == (3 if wants else 1)
