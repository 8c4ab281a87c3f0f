"""A machine with no socket or buffer left to ask with: nobody is blamed for it, and it goes on when it can."""

import asyncio
import errno
import socket
from typing import Any, NoReturn

import pytest

from collectors.discovery import discover
from collectors.errors import ExhaustedError
from collectors.profiles import shipped_profiles
from collectors.snmp.client import SnmpClient
from collectors.snmp.pdu import OCTETS
from collectors.snmp.single_poller import SinglePoller
from domain.polling import Budget, Column, Endpoint, Fleet, Kind, PlanBook
from domain.time import Moment
from kentongan.run.single_polling import SinglePolling
from tests.unit.collectors.scripted_agent import Rows, number, serving

SYSTEM: Rows = {"1.3.6.1.2.1.1.1.0": (OCTETS, b"a box"), "1.3.6.1.2.1.1.3.0": number(5)}
COLUMN = Column("1.3.6.1.2.1.1.3.0", Kind.INTEGER, "system", "sysUpTime")


class Clock:
    def now(self) -> Moment:
        return Moment(0.0, 0.0)


def none_left(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(*_how: object) -> NoReturn:
        raise OSError(code, "none left")

    monkeypatch.setattr(socket, "socket", refuse)


@pytest.mark.parametrize("code", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM])
def test_without_a_socket_nothing_is_said_of_the_device(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        async with serving(SYSTEM) as (endpoint, agent), SnmpClient(endpoint) as client:
            with monkeypatch.context() as patch:
                none_left(patch, code)
                with pytest.raises(ExhaustedError, match="was not asked"):
                    await discover(client, shipped_profiles())
            assert agent.requests == []
            assert (await client.get(SYSTEM)).keys() == SYSTEM.keys()

    asyncio.run(scene())


def test_a_poll_that_cannot_be_made_has_no_outcome_and_is_told_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet = Fleet()
    device = fleet.put("box", PlanBook().intern([COLUMN], Budget()))

    async def scene() -> None:
        async with serving(SYSTEM) as (endpoint, _agent):
            singles = SinglePolling(SinglePoller(fleet, lambda _device: endpoint, Clock()).poll, 4)
            with monkeypatch.context() as patch:
                none_left(patch, errno.EMFILE)
                for _ in range(3):
                    assert singles.begin(device)
                    while singles.in_flight:
                        await asyncio.sleep(0)
            assert (singles.take(), singles.take_given_up(), singles.exhausted) == ([], [device] * 3, 3)
            singles.begin(device)
            while singles.in_flight:
                await asyncio.sleep(0.001)
            (sweep,) = singles.take()
            assert sweep.raw.tolist() == [5]

    asyncio.run(scene())
    assert "".join(capsys.readouterr()).count("nothing_left_to_ask_with") == 1


@pytest.mark.parametrize("code", [errno.ENOBUFS, errno.ENOMEM, errno.EAGAIN])
def test_a_datagram_for_which_there_is_no_buffer_is_sent_again(code: int) -> None:
    class Crowded:
        """Takes every other datagram."""

        def __init__(self, whole: socket.socket) -> None:
            self.whole, self.sent = whole, 0

        def send(self, datagram: bytes) -> int:
            self.sent += 1
            if self.sent % 2:
                raise OSError(code, "no buffer space available")
            return self.whole.send(datagram)

        def __getattr__(self, name: str) -> Any:
            return getattr(self.whole, name)

    async def scene() -> None:
        async with serving(SYSTEM) as (endpoint, _agent), SnmpClient(endpoint, attempt_seconds=0.05) as client:
            wire = client.dialogue.wire
            wire.open()
            crowded = Crowded(wire._socket)  # type: ignore[arg-type]
            wire._socket = crowded  # type: ignore[assignment]
            assert (await client.get(SYSTEM)).keys() == SYSTEM.keys()
            assert crowded.sent == 2

    asyncio.run(scene())


def test_a_device_whose_time_is_over_is_not_found_out_whole() -> None:
    async def scene(endpoint: Endpoint, seconds: float) -> tuple[bool, list[str]]:
        async with SnmpClient(endpoint) as client:
            found = await discover(client, shipped_profiles(), within_seconds=seconds)
            return found.whole, [error.table for error in found.errors if error.lost]

    async def scenes() -> None:
        async with serving(SYSTEM) as (endpoint, agent):
            assert await scene(endpoint, 60.0) == (True, [])
            asked = len(agent.requests)
            assert await scene(endpoint, 0.0) == (False, ["discovery"])
            assert len(agent.requests) - asked < asked

    asyncio.run(scenes())
