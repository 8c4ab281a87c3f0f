"""Polls devices the sweep does not speak to (SNMP v1, IPv6), each in a dialogue of its own, many at a time.

Each poll brings a sweep of one; the tick joins them, so that behind this there is one path.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from collectors.errors import ExhaustedError
from domain.polling import Sweep

log = structlog.get_logger(__name__)

Poll = Callable[[int], Awaitable[Sweep]]


class SinglePolling:
    """`begin` devices by their index in the fleet, `take` the sweeps that ended. `poll` makes failures outcomes."""

    def __init__(self, poll: Poll, at_once: int) -> None:
        self._poll = poll
        self._at_once = asyncio.Semaphore(at_once)
        self._running: dict[int, asyncio.Task[None]] = {}
        self._ended: deque[Sweep] = deque()
        self._given_up: list[int] = []
        self.broken = 0
        self.exhausted = 0
        """Polls for which this machine had nothing left to ask with."""

    @property
    def in_flight(self) -> int:
        return len(self._running)

    def begin(self, device: int) -> bool:
        """False if the device's last poll still runs."""
        if device in self._running:
            return False
        task = asyncio.create_task(self._run(device))
        self._running[device] = task
        task.add_done_callback(lambda _task: self._running.pop(device, None))
        return True

    def cancel(self, device: int) -> None:
        task = self._running.get(device)
        if task:
            task.cancel()

    def take(self) -> list[Sweep]:
        ended = list(self._ended)
        self._ended.clear()
        return ended

    def take_given_up(self) -> list[int]:
        """Devices whose poll ended without a sweep: broken or cancelled. They are free again."""
        given_up, self._given_up = self._given_up, []
        return given_up

    async def stop(self) -> None:
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _run(self, device: int) -> None:
        try:
            async with self._at_once:
                self._ended.append(await self._poll(device))
        except asyncio.CancelledError:
            self._given_up.append(device)
            raise
        except ExhaustedError as error:
            self._given_up.append(device)
            if not self.exhausted:
                log.warning("nothing_left_to_ask_with", error=str(error))
            self.exhausted += 1
        except Exception:
            # One device's nonsense costs its poll, not the service.
            self._given_up.append(device)
            self.broken += 1
            log.exception("poll_broke", device=device)
