"""How pollers of other makes are driven: one coroutine for each device, so many at once or evenly over a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

Poll = Callable[[str], Awaitable[int]]
"""Polls one address and returns how many values came."""


class Drive:
    """Counts what came. An exception is a lost poll."""

    def __init__(self, poll: Poll) -> None:
        self._poll = poll
        self.polls = 0
        self.lost = 0
        self.values = 0

    async def _one(self, address: str) -> None:
        try:
            count = await self._poll(address)
            self.values += count
        except Exception as error:
            self.lost += 1
            if self.lost == 1:
                print(f"first lost poll: {address}: {type(error).__name__}: {error}", flush=True)
        self.polls += 1

    async def flat_out(self, addresses: Sequence[str], at_once: int) -> None:
        waiting = iter(addresses)

        async def work() -> None:
            for address in waiting:
                await self._one(address)

        await asyncio.gather(*(work() for _ in range(at_once)))

    async def paced(self, addresses: Sequence[str], seconds: float) -> None:
        """Begin them evenly over so many seconds, in order; ends when the last has ended."""
        began = time.monotonic()
        running: set[asyncio.Task[None]] = set()
        for number, address in enumerate(addresses):
            rest = began + number * seconds / len(addresses) - time.monotonic()
            if rest > 0:
                await asyncio.sleep(rest)
            task = asyncio.create_task(self._one(address))
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)
        await asyncio.sleep(max(0.0, began + seconds - time.monotonic()))
