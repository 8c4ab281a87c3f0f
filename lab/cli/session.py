"""One SSH session: characters in, echo and answers out, paging between; the console decides what is said."""

import asyncio
import re

import asyncssh

from lab.cli.conversation import Console, Helping, Narrow, Reply
from lab.cli.device import SimulatedDevice
from lab.cli.terminal import Happening, LineEditor
from lab.cli.wire import BrokenOffError, Wire

_ASKS = "are you sure? [y/N] "
_ROWS = 24


class Session:
    """Lives as long as the process's channel. Raises BrokenOffError when the connection is to be cut off."""

    def __init__(
        self,
        process: "asyncssh.SSHServerProcess[str]",
        device: SimulatedDevice,
        console: Console,
        wire: Wire,
        user: str,
    ) -> None:
        self._process = process
        self._device = device
        self._console = console
        self._wire = wire
        self._user = user
        self._editor = LineEditor()
        self._waiting = ""
        self._unsure: str | None = None
        self._pages: list[str] = []

    async def interact(self) -> None:
        await self._wire.send(self._console.greeting())
        await self._prompt()
        while text := await self._read():
            await self._wire.heard()
            for happening, value in self._editor.feed(text):
                if not await self._happen(happening, value):
                    return

    async def execute(self, command: str) -> None:
        """`ssh host 'command'`: the answers without prompts or paging."""
        for line in command.splitlines():
            reply = self._device.take(self._console, self._user, line)
            await self._wire.send(self._cut(reply.text))
            if reply.restarts or reply.ends:
                return

    async def _read(self) -> str:
        while True:
            try:
                return await self._process.stdin.read(4096)
            except asyncssh.TerminalSizeChanged:
                continue
            except (asyncssh.BreakReceived, asyncssh.SignalReceived):
                return "\x03"

    async def _happen(self, happening: Happening, value: str) -> bool:
        """False when the session is over."""
        match happening:
            case Happening.ECHO:
                if not self._pages:
                    await self._wire.send(value)
            case Happening.INTERRUPT:
                self._pages, self._unsure = [], None
                await self._wire.send("^C\n" if self._editor.hidden else "\n")
                await self._after(self._device.take(self._console, self._user, "\x03"))
            case Happening.END:
                return False
            case Happening.HELP | Happening.COMPLETE:
                await self._help(happening, value)
            case Happening.KEY | Happening.LINE:
                return await self._answer(happening, value)
        return True

    async def _help(self, happening: Happening, line: str) -> None:
        """The words that may come next, and the line again; or what is missing of the only one."""
        words = self._console.following(line) if isinstance(self._console, Helping) else []
        if happening is Happening.COMPLETE:
            begun = "" if line.endswith(" ") else (line.split() or [""])[-1]
            if len(words) == 1 and not words[0].startswith("<"):
                await self._wire.send(self._editor.complete(words[0][len(begun) :] + " "))
            return
        rows = "".join(f"  {word}\n" for word in words) or "  <cr>\n"
        await self._wire.send(f"?\n{rows}\n{self._console.prompt()}{line}")

    async def _answer(self, happening: Happening, value: str) -> bool:
        if self._pages:
            await self._turn(value)
            return True
        if happening is Happening.KEY:
            await self._wire.send(value + "\n")
        self._wire.lines_typed += 1
        self._count(value)
        if self._unsure is not None:
            line, self._unsure = self._unsure, None
            if not value.lower().startswith("y"):
                await self._prompt()
                return True
            value = line
        elif self._device.faults.asks and re.search(self._device.faults.asks, value):
            self._unsure = value
            self._editor.wants_key = self._editor.hidden = False
            await self._wire.send(_ASKS)
            return True
        return await self._after(self._device.take(self._console, self._user, value), typed=value)

    def _count(self, typed: str) -> None:
        faults, lines = self._device.faults, self._wire.lines_typed
        if faults.drops_after_lines is not None and lines > faults.drops_after_lines:
            raise BrokenOffError
        if faults.reboots_after_lines is not None and lines > faults.reboots_after_lines:
            self._device.order(reboots_after_lines=None)
            self._device.take(self._console, self._user, typed)
            self._device.reboot()
            raise BrokenOffError

    async def _after(self, reply: Reply, typed: str = "") -> bool:
        self._wire.changed()
        if self._device.faults.hangs_at and re.search(self._device.faults.hangs_at, typed):
            await asyncio.Event().wait()
        text = self._cut(reply.text)
        rows = self._console.pager().rows or (_ROWS if self._device.faults.pages else 0)
        if (reply.paged or self._device.faults.pages) and rows and text.count("\n") > rows:
            self._pages = text.splitlines(keepends=True)
            await self._turn(" ")
            return True
        await self._wire.send(text)
        if reply.restarts or reply.ends:
            await asyncio.sleep(0)
            return False
        await self._prompt()
        await self._wire.send(reply.late)
        return True

    def _cut(self, text: str) -> str:
        limit = self._device.faults.truncates_output_lines
        lines = text.splitlines(keepends=True)
        return text if limit is None or len(lines) <= limit else "".join(lines[:limit])

    async def _turn(self, key: str) -> None:
        """Space: a screen; Enter: a line; anything else: enough."""
        pager = self._console.pager()
        if self._editor.wants_key:
            await self._wire.send(pager.wipe)
        count = (pager.rows or _ROWS) if key == " " else 1 if key == "" else 0
        shown, self._pages = self._pages[:count], self._pages[count:] if count else []
        await self._wire.send("".join(shown))
        self._editor.wants_key = bool(self._pages)
        if self._pages:
            await self._wire.send(pager.prompt)
        else:
            await self._prompt()

    async def _prompt(self) -> None:
        self._editor.wants_key = self._console.wants_key()
        self._editor.hidden = self._console.hides_input()
        self._editor.helps = isinstance(self._console, Helping)
        self._editor.columns = self._console.columns() if isinstance(self._console, Narrow) else 0
        self._editor.prompt = self._console.prompt()
        await self._wire.send(self._editor.prompt)
