"""The discovery queue: bounded, each device once, failures as outcomes."""

import asyncio

import pytest

from collectors.errors import SilentError, UnauthorisedError
from domain.network import Device, PollClassName, Role
from domain.polling import DEFAULT_CLASSES, Outcome
from domain.polling.facts import Discovery
from kentongan.run.discovering import Discoverer
from kentongan.run.roster import Member


def member(name: str) -> Member:
    return Member(Device(name, "site", Role.ROUTER), DEFAULT_CLASSES[PollClassName.FIBRE], None)


class Network:
    """Answers when told to; remembers how many were asked at once."""

    def __init__(self) -> None:
        self.release = asyncio.Event()
        self.asked: list[str] = []
        self.now = 0
        self.most = 0

    async def ask(self, who: Member) -> Discovery:
        self.asked.append(who.device.name)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await self.release.wait()
        finally:
            self.now -= 1
        match who.device.name:
            case "silent":
                raise SilentError("no answer")
            case "locked":
                raise UnauthorisedError("wrong user")
            case "mad":
                raise ZeroDivisionError
        raise SilentError("all others too")


def test_each_device_once_and_never_more_than_allowed() -> None:
    async def scene() -> None:
        network = Network()
        discoverer = Discoverer(network.ask, 2, lambda: 0.0)
        for name in ("a", "b", "c", "a", "b"):
            discoverer.want(member(name))
        await asyncio.sleep(0)
        assert network.asked == ["a", "b"]
        assert discoverer.queue_length == 3
        network.release.set()
        while discoverer.queue_length:
            await asyncio.sleep(0)
        assert network.asked == ["a", "b", "c"]
        assert network.most == 2
        assert [found.member.device.name for found in discoverer.take()] == ["a", "b", "c"]
        assert discoverer.take() == []

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("name", "outcome"),
    [("silent", Outcome.SILENT), ("locked", Outcome.UNAUTHORISED), ("mad", Outcome.GARBLED)],
)
def test_a_failure_is_an_outcome(name: str, outcome: Outcome) -> None:
    async def scene() -> Outcome:
        network = Network()
        network.release.set()
        discoverer = Discoverer(network.ask, 2, lambda: 0.0)
        discoverer.want(member(name))
        while discoverer.queue_length:
            await asyncio.sleep(0)
        return discoverer.take()[0].outcome

    assert asyncio.run(scene()) is outcome


def test_a_full_queue_counts_what_it_drops() -> None:
    async def scene() -> int:
        network = Network()
        discoverer = Discoverer(network.ask, 1, lambda: 0.0, limit=2)
        for name in ("a", "b", "c", "d", "e"):
            discoverer.want(member(name))
        await discoverer.stop()
        return discoverer.dropped

    assert asyncio.run(scene()) == 2
