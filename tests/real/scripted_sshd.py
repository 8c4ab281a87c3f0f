"""An SSH server of one test: says what it is told to, pages, hangs, changes its key, and counts who logs in."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import asyncssh


@dataclass
class ScriptedDevice:
    """answers: what comes back to a line; a line that is not in it is refused as IOS does. `prompt` stands as it is."""

    prompt: str = "sw1#"
    answers: dict[str, str] = field(default_factory=dict)
    page_lines: int = 0
    pager: str = " --More-- "
    erase: str = "\b" * 10 + " " * 10 + "\b" * 10
    enable_password: str = ""
    hangs_at: str = ""
    cuts_at: str = ""
    seconds_per_line: float = 0.0
    echoes_late: str = ""  # before this line comes back, the prompt is written once more
    password: str = "sandi-perangkat"
    key: asyncssh.SSHKey = field(default_factory=lambda: asyncssh.generate_private_key("ssh-ed25519"))
    algorithms: dict[str, list[str]] = field(default_factory=dict)
    logins: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    async def converse(self, process: "asyncssh.SSHServerProcess[str]") -> None:
        try:
            prompt = self.prompt.replace("#", ">") if self.enable_password else self.prompt
            process.stdout.write(f"\r\n{prompt}")
            while True:
                line = await self._line(process)
                self.lines.append(line)
                if line in (self.hangs_at, self.cuts_at) and line:
                    process.stdout.write("sebagian\r\n")
                    if line == self.hangs_at:
                        await asyncio.sleep(3600)
                    process.channel.get_connection().abort()
                    return
                if line in ("exit", "quit"):
                    break
                if line == "enable" and self.enable_password:
                    prompt = await self._raised(process, prompt)
                    process.stdout.write(prompt)
                    continue
                await self._say(process, line)
                process.stdout.write(prompt)
        except (asyncssh.Error, ConnectionError):
            pass
        finally:
            process.exit(0)

    async def _raised(self, process: "asyncssh.SSHServerProcess[str]", prompt: str) -> str:
        process.stdout.write("Password: ")
        given = ""
        while (character := await process.stdin.read(1)) not in ("\r", "\n"):
            given += character
        process.stdout.write("\r\n" if given == self.enable_password else "\r\n% Access denied\r\n")
        return self.prompt if given == self.enable_password else prompt

    async def _line(self, process: "asyncssh.SSHServerProcess[str]") -> str:
        line = ""
        while (character := await process.stdin.read(1)) not in ("\r", "\n"):
            if not character:
                raise ConnectionError
            line += character
            if line == self.echoes_late:
                process.stdout.write(f"\r\n{self.prompt}")
                await asyncio.sleep(0.3)
                process.stdout.write(line)
            elif not self.echoes_late.startswith(line):
                process.stdout.write(character)
        process.stdout.write("\r\n")
        return line

    async def _say(self, process: "asyncssh.SSHServerProcess[str]", line: str) -> None:
        unknown = "" if not line or line.startswith("terminal ") else "% Invalid input detected at '^' marker.\n"
        for number, each in enumerate(self.answers.get(line, unknown).splitlines(), 1):
            process.stdout.write(f"{each}\r\n")
            if self.seconds_per_line:
                await asyncio.sleep(self.seconds_per_line)
            if self.page_lines and number % self.page_lines == 0:
                process.stdout.write(self.pager)
                await process.stdin.read(1)
                process.stdout.write(self.erase)


class _Door(asyncssh.SSHServer):
    def __init__(self, device: ScriptedDevice) -> None:
        self._device = device

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._device.logins.append(password)
        return password == self._device.password


@contextmanager
def running_device(device: ScriptedDevice) -> Iterator[int]:
    """Its port on 127.0.0.1 while the block runs, in a thread with its own event loop."""
    ready, ports = threading.Event(), []
    loop = asyncio.new_event_loop()
    leave: asyncio.Event = asyncio.Event()

    async def run() -> None:
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=lambda: _Door(device),
            server_host_keys=[device.key],
            process_factory=device.converse,
            line_editor=False,
            **device.algorithms,
        )
        ports.append(server.get_port())
        ready.set()
        await leave.wait()
        server.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(leave.set)
        thread.join(10)
        loop.close()
