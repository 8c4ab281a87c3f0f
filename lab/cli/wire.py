"""What a session's output goes through on its way out: the ordered faults, and silence while we are locked out."""

import asyncio

import asyncssh

from lab.cli.device import SimulatedDevice


class BrokenOffError(Exception):
    """The connection is to be dropped now: a fault was ordered, or the device went dark."""


class Wire:
    """`send` takes text with bare newlines. Nothing is lost while the device keeps us out: it comes when we may in
    again, as TCP would bring it."""

    def __init__(self, process: "asyncssh.SSHServerProcess[str]", device: SimulatedDevice) -> None:
        self._process = process
        self._device = device
        self._open = asyncio.Event()
        self._open.set()
        self.lines_sent = 0
        self.lines_typed = 0

    def changed(self) -> None:
        """The device may have opened or closed its door."""
        if self._device.admits(established=True):
            self._open.set()
        else:
            self._open.clear()

    async def send(self, text: str) -> None:
        if not text:
            return
        await self._open.wait()
        faults = self._device.faults
        if not faults.seconds_per_line and faults.drops_after_output_lines is None:
            self._write(text)
            return
        for line in text.splitlines(keepends=True):
            if faults.seconds_per_line:
                await asyncio.sleep(faults.seconds_per_line)
            self._write(line)
            self.lines_sent += line.endswith("\n")
            if faults.drops_after_output_lines is not None and self.lines_sent >= faults.drops_after_output_lines:
                await self._process.stdout.drain()
                raise BrokenOffError

    async def heard(self) -> None:
        """Wait until what the manager sends reaches the device at all."""
        await self._open.wait()

    def _write(self, text: str) -> None:
        self._process.stdout.write(text.replace("\r\n", "\n").replace("\n", "\r\n"))
