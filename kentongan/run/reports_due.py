"""Looks each minute whether a report is due, and has it made by a process of its own: no PDF holds up the poller.

The process is `kentongan report send`; what it puts into the outbox is sent from here. One that fails is told of once,
and tried again after a while.
"""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog

from domain.time import Moment
from kentongan.errors import KentonganError
from kentongan.installation import Installation
from kentongan.reporting.sending import ReportSending

log = structlog.get_logger(__name__)

AGAIN_SECONDS: Final = 900.0
MOST_SECONDS: Final = 900.0


class ReportsDue:
    """`look` each minute with a clock that is trusted. program: what makes them; tests give another one."""

    def __init__(self, installation: Installation, wake: Callable[[], None], program: tuple[str, ...] = ()) -> None:
        file = installation.loaded.file
        config = ("--config", str(file)) if file else ()
        self._program = program or (sys.executable, "-m", "kentongan", *config, "report", "send")
        self._sending = ReportSending(installation)
        self._wake = wake
        self._not_before = float("-inf")
        self._failing = False

    async def look(self, now: Moment) -> None:
        if now.steady_seconds < self._not_before:
            return
        if not await asyncio.to_thread(self._is_due, now.utc):
            return
        done, said = await self._run()
        self._wake()
        if done:
            self._failing = False
            log.info("reports_sent")
            return
        self._not_before = now.steady_seconds + AGAIN_SECONDS
        (log.debug if self._failing else log.warning)("reports_not_sent", reason=said, again_seconds=AGAIN_SECONDS)
        self._failing = True

    def _is_due(self, now: datetime) -> bool:
        """A file that cannot be read counts as due: the process says what is wrong with it."""
        try:
            return bool(self._sending.waiting(now))
        except KentonganError:
            return True

    async def _run(self) -> tuple[bool, str]:
        """Whether it ended well, and the last it said."""
        process = await asyncio.create_subprocess_exec(
            *self._program,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(MOST_SECONDS):
                _out, said = await process.communicate()
        except (TimeoutError, asyncio.CancelledError):
            process.kill()
            await process.wait()
            raise
        return process.returncode == 0, said.decode("utf-8", "replace").strip()[-500:]
