"""The rim: a simulated device's SSH server on the loopback, refused or silent as the device's state has it.

`serve` runs in the caller's event loop, `running_cli` in a thread of its own for callers that block (netmiko).
"""

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import asyncssh
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lab.cli.conversation import Login
from lab.cli.device import SimulatedDevice
from lab.cli.session import Session
from lab.cli.upload import FolderOf
from lab.cli.wire import BrokenOffError, Wire

_OLD_KEX = ("diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1")
_OLD_CIPHERS = ("aes128-cbc", "3des-cbc")
_OLD_MACS = ("hmac-sha1",)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a simulated device listens. `host_key` is its public key as known_hosts writes it: `ssh-ed25519 AAAA…`;
    `netmiko` the name of the driver that understands it."""

    host: str
    port: int
    host_key: str
    user: str
    password: str
    netmiko: str


class CliServer:
    """Listens while the device is up and lets its manager in; connections are refused otherwise."""

    def __init__(self, device: SimulatedDevice, *, host: str = "127.0.0.1", port: int = 0, old: bool = False) -> None:
        self._device = device
        self._host = host
        self._old = old
        self._rsa: asyncssh.SSHKey | None = None
        self._reserved = _bound(host, port)
        self.port: int = self._reserved.getsockname()[1]
        self._listener: asyncssh.SSHAcceptor | None = None
        self._served = b""
        self._doors: set[_Door] = set()
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._turning = asyncio.Lock()
        self._turns: set[asyncio.Task[None]] = set()
        self._sessions: set[asyncio.Task[None]] = set()
        self._stopped = False

    @property
    def device(self) -> SimulatedDevice:
        return self._device

    @property
    def doors(self) -> "set[_Door]":
        return self._doors

    async def start(self) -> None:
        self._device.watch(self._woken)
        await self._turn()

    async def stop(self) -> None:
        self._stopped = True
        self._device.unwatch(self._woken)
        if self._timer is not None:
            self._timer.cancel()
        for turn in tuple(self._turns):
            turn.cancel()
        async with self._turning:
            self._hush()
            await self._close()
        for session in tuple(self._sessions):
            session.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)
        self._reserved.close()

    def host_key(self) -> asyncssh.SSHKey:
        if self._old:
            if self._rsa is None:
                self._rsa = asyncssh.generate_private_key("ssh-rsa", key_size=2048)
            return self._rsa
        key = Ed25519PrivateKey.from_private_bytes(self._device.key_material())
        return asyncssh.import_private_key(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))

    def _woken(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has gone before the device
            self._loop.call_soon_threadsafe(self._begin_turn)

    def _begin_turn(self) -> None:
        if self._stopped:
            return
        turn = self._loop.create_task(self._turn())
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)

    async def _turn(self) -> None:
        """Bring the listener, the sessions and the timer to what the device says now."""
        async with self._turning:
            wait = self._device.settle()
            if self._device.dark:
                self._hush()
            for door in self._doors:
                door.changed()
            if self._device.admits(established=False):
                await self._listen()
            else:
                await self._close()
            if self._timer is not None:
                self._timer.cancel()
            self._timer = None if wait is None else self._loop.call_later(wait + 0.002, self._begin_turn)

    def _hush(self) -> None:
        for door in tuple(self._doors):
            door.slam()

    async def _listen(self) -> None:
        key = self.host_key()
        public = key.public_data
        if self._listener is not None:
            if self._served != public:
                self._listener.update(server_host_keys=[key])  # nobody is refused meanwhile
                self._served = public
            return
        self._served = public
        files = FolderOf(self._device) if self._device.traits.files else None
        self._listener = await asyncssh.listen(
            sock=_bound(self._host, self.port, listening=True),
            server_factory=lambda: _Door(self),
            server_host_keys=[key],
            server_version=self._device.traits.ssh_version,
            process_factory=self._converse,
            sftp_factory=files.session if files else None,
            allow_scp=files is not None,
            encoding="utf-8",
            errors="replace",
            line_editor=False,
            login_timeout=30,
            **self._algorithms(),
        )

    def _algorithms(self) -> dict[str, tuple[str, ...]]:
        if not self._old:
            return {}
        return {
            "kex_algs": _OLD_KEX,
            "encryption_algs": _OLD_CIPHERS,
            "mac_algs": _OLD_MACS,
            "signature_algs": ("ssh-rsa",),
        }

    async def _close(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.shield(listener.wait_closed()), 0.05)

    async def _converse(self, process: "asyncssh.SSHServerProcess[str]") -> None:
        task = asyncio.current_task()
        assert task is not None
        self._sessions.add(task)
        task.add_done_callback(self._sessions.discard)
        connection = process.channel.get_connection()
        door = next((each for each in self._doors if each.connection is connection), None)
        name = str(process.get_extra_info("username"))
        user, _plus, options = name.partition("+") if self._device.traits.plus_options else (name, "", "")
        columns, rows, *_pixels = process.get_terminal_size()
        login = Login(user, self._device.manager, options, columns or 80, rows or 24)
        wire = Wire(process, self._device)
        if door is not None:
            door.wires.append(wire)
        console = self._device.open(login)
        session = Session(process, self._device, console, wire, user)
        try:
            await (session.interact() if process.command is None else session.execute(process.command))
            process.exit(0)
        except (BrokenOffError, ConnectionError, asyncssh.Error):
            connection.abort()
        finally:
            self._device.close(console)


class _Door(asyncssh.SSHServer):
    """One connection: who may in, and what is to be told when the device changes."""

    def __init__(self, server: CliServer) -> None:
        self._server = server
        self.connection: asyncssh.SSHServerConnection | None = None
        self.wires: list[Wire] = []

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.connection = conn
        self._server.doors.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.doors.discard(self)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return self._server.device.accepts(self._user(username), password)

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return self._server.device.trusts(self._user(username), key.export_public_key().decode().strip())

    def changed(self) -> None:
        for wire in self.wires:
            wire.changed()

    def slam(self) -> None:
        if self.connection is not None:
            self.connection.abort()

    def _user(self, name: str) -> str:
        return name.partition("+")[0] if self._server.device.traits.plus_options else name


def _bound(host: str, port: int, *, listening: bool = False) -> socket.socket:
    """Two sockets share the port: one only keeps it for us while the device refuses connections."""
    made = socket.socket()
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind((host, port))
        if listening:
            made.listen(16)
            made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made


@asynccontextmanager
async def serve(
    device: SimulatedDevice,
    *,
    user: str = "",
    password: str = "",
    public_key: str = "",
    host: str = "127.0.0.1",
    port: int = 0,
    old: bool = False,
) -> AsyncIterator[Address]:
    """The device's SSH server while the block runs. `user` with `password` or `public_key` is set up on the device.

    `old`: an ssh-rsa host key and only SHA-1 key exchange and CBC ciphers, as village gear has them.
    """
    user = user or device.traits.user
    device.model.add_login(user, password, public_key)
    server = CliServer(device, host=host, port=port, old=old)
    await server.start()
    try:
        public = " ".join(server.host_key().export_public_key().decode().split()[:2])
        yield Address(host, server.port, public, user, password, device.traits.netmiko)
    finally:
        await server.stop()


@contextmanager
def running_cli(
    device: SimulatedDevice,
    *,
    user: str = "",
    password: str = "",
    public_key: str = "",
    host: str = "127.0.0.1",
    port: int = 0,
    old: bool = False,
) -> Iterator[Address]:
    """As `serve`, in a thread with its own event loop, for callers that block."""
    started: list[Address | BaseException] = []
    ready, stop = threading.Event(), threading.Event()
    loop = asyncio.new_event_loop()

    async def run() -> None:
        leave = asyncio.Event()
        stopping.append(lambda: loop.call_soon_threadsafe(leave.set))
        async with serve(
            device, user=user, password=password, public_key=public_key, host=host, port=port, old=old
        ) as address:
            started.append(address)
            ready.set()
            await leave.wait()

    stopping: list[object] = []

    def work() -> None:
        try:
            loop.run_until_complete(run())
        except BaseException as error:
            started.append(error)
        finally:
            ready.set()
            loop.close()

    thread = threading.Thread(target=work, name=f"cli-{device.seed}", daemon=True)
    thread.start()
    ready.wait()
    first = started[0]
    if isinstance(first, BaseException):
        thread.join()
        raise first
    try:
        yield first
    finally:
        stop.set()
        stopping[0]()  # type: ignore[operator]
        thread.join()
