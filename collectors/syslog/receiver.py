"""The sockets of syslog: UDP (RFC 5426) and TCP (RFC 6587) on one port. What comes in goes to an Intake.

A flood is read in portions, so that the loop's other work goes on between them. TCP from strangers is closed unread.
"""

import asyncio
import contextlib
import socket
import time
from collections import Counter
from collections.abc import Callable
from typing import Final

from collectors.errors import CollectorError
from collectors.syslog.framing import Frames
from collectors.syslog.intake import Intake
from collectors.syslog.messages import MOST_OCTETS
from domain.language import _

PORTION: Final = 128
BUFFER_OCTETS: Final = 4 << 20
MOST_STREAMS: Final = 256
STREAMS_EACH: Final = 4
SILENT_SECONDS: Final = 3600.0
FREE_PORT_TRIES: Final = 16
_MEMINFO: Final = 55  # SO_MEMINFO; its ninth word is what was dropped (Linux, sock_diag.h)
_DROPS_AT: Final = 32


class PortTakenError(CollectorError):
    """Nobody can listen there."""


class SyslogReceiver:
    """`start` in the running loop, `stop` before it ends. port: 0 takes a free one, the same for both."""

    def __init__(
        self,
        intake: Intake,
        host: str,
        port: int,
        *,
        tcp: bool = True,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._intake = intake
        self._host, self._port = host, port
        self._tcp = tcp
        self._steady = steady
        self._udp: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._streams: dict[asyncio.Task[None], str] = {}

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return self._host, self._port

    @property
    def receive_drops(self) -> int:
        """Datagrams that the kernel had no room for."""
        if self._udp is None:
            return 0
        words = self._udp.getsockopt(socket.SOL_SOCKET, _MEMINFO, 36)
        return int.from_bytes(words[_DROPS_AT : _DROPS_AT + 4], "little")

    async def start(self) -> None:
        """Raises PortTakenError."""
        try:
            self._udp, stream = _bound(self._host, self._port, self._tcp)
            self._port = self._udp.getsockname()[1]
            if stream is not None:
                self._server = await asyncio.start_server(self._serve, sock=stream, limit=MOST_OCTETS)
        except OSError as error:
            await self.stop()
            raise PortTakenError(
                _(
                    "Nobody can listen to syslog at {host}, port {port}: {reason}. Set syslog.host and syslog.port in "
                    "kentongan.toml; ports below 1024 need CAP_NET_BIND_SERVICE."
                ).format(host=self._host, port=self._port, reason=error.strerror or error)
            ) from error
        asyncio.get_running_loop().add_reader(self._udp, self._read, self._udp)

    async def stop(self) -> None:
        """Harmless when called again."""
        if self._udp is not None:
            with contextlib.suppress(RuntimeError, ValueError):
                asyncio.get_running_loop().remove_reader(self._udp)
            self._udp.close()
            self._udp = None
        if self._server is not None:
            self._server.close()
            for task in tuple(self._streams):
                task.cancel()
            await asyncio.gather(*self._streams, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    def _read(self, udp: socket.socket) -> None:
        now = self._steady()
        for _turn in range(PORTION):
            try:
                octets, source = udp.recvfrom(MOST_OCTETS)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue  # an ICMP error of something else
            self._intake.take(octets, source[0], now)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername")
        source = peer[0] if peer else ""
        task = asyncio.current_task()
        crowded = len(self._streams) >= MOST_STREAMS or Counter(self._streams.values())[source] >= STREAMS_EACH
        try:
            if task is None or crowded or not self._intake.knows(source):
                return
            self._streams[task] = source
            await self._listen(reader, source)
        except (OSError, TimeoutError):
            return
        finally:
            if task is not None:
                self._streams.pop(task, None)
            writer.close()

    async def _listen(self, reader: asyncio.StreamReader, source: str) -> None:
        frames = Frames()
        while not frames.broken:
            octets = await asyncio.wait_for(reader.read(MOST_OCTETS), SILENT_SECONDS)
            now = self._steady()
            for message in frames.feed(octets):
                self._intake.take(message, source, now)
            if not octets:
                if rest := frames.rest():
                    self._intake.take(rest, source, now)
                return
            await asyncio.sleep(0)
        self._intake.counts.streams_broken += 1


def _bound(host: str, port: int, tcp: bool) -> tuple[socket.socket, socket.socket | None]:
    """Both on one port. A free port for one may be taken for the other: then the next one is tried."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for tries in range(FREE_PORT_TRIES, 0, -1):
        datagrams = _udp(family, host, port)
        if not tcp:
            return datagrams, None
        try:
            taken = datagrams.getsockname()[1]
            both = family == socket.AF_INET6
            return datagrams, socket.create_server((host, taken), family=family, dualstack_ipv6=both)
        except OSError:
            datagrams.close()
            if port or tries == 1:
                raise
    raise AssertionError


def _udp(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    opened = socket.socket(family, socket.SOCK_DGRAM)
    try:
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_OCTETS)
        if family == socket.AF_INET6:
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        opened.bind((host, port))
    except OSError:
        opened.close()
        raise
    return opened
