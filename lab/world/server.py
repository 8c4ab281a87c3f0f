"""The rim: one UDP socket for all of 127/8 on lo, the control socket, signals. One thread, no waiting but in select."""

import os
import selectors
import signal
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType

from domain.language import _
from lab.errors import PortTakenError
from lab.world.agents import Agents
from lab.world.course import Course, Undisturbed
from lab.world.darkness import Darkness
from lab.world.desk import Desk
from lab.world.model import World
from lab.world.orders import Orders

_BATCH = 256
_LONGEST_DATAGRAM = 65_535
_BUFFER_BYTES = 8 << 20
_SO_RCVBUFFORCE, _SO_SNDBUFFORCE, _IP_PKTINFO = 33, 32, 8  # Linux; Python does not name them
_PKTINFO = struct.Struct("=I4s4s")
_ANCILLARY = socket.CMSG_SPACE(_PKTINFO.size)
_LOOK_ROUND_SECONDS = 1.0


class SteadyClock:
    """The wall's time at the start, carried on by the monotonic clock: a clock that is set does not shake counters."""

    def __init__(self) -> None:
        self._start = time.time() - time.monotonic()

    def __call__(self) -> float:
        return self._start + time.monotonic()


class Server:
    """Serves one world until `stop` or until its parent is gone. Use as a context manager."""

    def __init__(
        self,
        world: World,
        port: int,
        control: Path,
        darkness: Darkness,
        clock: Callable[[], float],
        course: Course | None = None,
    ) -> None:
        """course: what happens by itself; without one nothing does but what orders have begun."""
        self._world, self._port, self._clock = world, port, clock
        self._course = course or Undisturbed(world)
        self._agents = Agents(world)
        self._darkness = darkness
        self._orders = Orders(world, self._counts)
        self._desk = Desk(control, self._obey)
        self._requests = self._answers = 0
        self._stopping = False
        self._selector = selectors.DefaultSelector()
        self._socket: socket.socket | None = None
        self._wake_read, self._wake_write = -1, -1

    def __enter__(self) -> "Server":
        """Raises PortTakenError when the port or the control socket is somebody else's."""
        self._socket = _open_socket(self._port)
        self._agents.prepare()
        self._selector.register(self._socket, selectors.EVENT_READ, self._drain)
        try:
            self._desk.open(self._selector)
        except BaseException:
            self._socket.close()
            raise
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        self._selector.register(self._wake_read, selectors.EVENT_READ, self._woken)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._darkness.end()
        self._desk.close()
        self._selector.close()
        if self._socket is not None:
            self._socket.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def stop(self, signal_number: int = 0, frame: FrameType | None = None) -> None:
        """Ends `run` soon; may be called from a signal handler."""
        self._stopping = True
        os.write(self._wake_write, b"x")

    def stop_on_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.stop)

    def run(self, parent: int | None = None) -> None:
        """Serve until told to stop, or until the process `parent` is no longer ours."""
        while not self._stopping:
            for key, _mask in self._selector.select(self._patience()):
                key.data()
            if self._course.do(self._clock()):
                self.show_darkness()
            if parent is not None and os.getppid() != parent:
                break

    def _patience(self) -> float:
        due = self._course.next_at
        return _LOOK_ROUND_SECONDS if due is None else min(max(due - self._clock(), 0.0), _LOOK_ROUND_SECONDS)

    def _drain(self) -> None:
        assert self._socket is not None
        receive, send, answer = self._socket.recvmsg, self._socket.sendmsg, self._agents.answer
        for _turn in range(_BATCH):
            try:
                data, ancillary, _flags, sender = receive(_LONGEST_DATAGRAM, _ANCILLARY)
            except BlockingIOError:
                return
            if not ancillary or not sender[0].startswith("127."):
                continue
            self._requests += 1
            _index, _local, asked = _PKTINFO.unpack_from(ancillary[0][2])
            reply = answer(socket.inet_ntoa(asked), data, self._clock())
            if reply is None:
                continue
            info = _PKTINFO.pack(0, asked, asked)
            try:
                send((reply,), ((socket.IPPROTO_IP, _IP_PKTINFO, info),), 0, sender)
                self._answers += 1
            except OSError:  # the asker has gone, or its buffer is full: a network loses datagrams
                continue

    def _woken(self) -> None:
        os.read(self._wake_read, 64)

    def _obey(self, line: bytes) -> dict[str, object]:
        before = self._world.dark
        answer = self._orders.obey(line, self._clock())
        if self._world.dark != before:
            self.show_darkness()
        return answer

    def show_darkness(self) -> None:
        nodes = self._world.wiring.nodes
        self._darkness.set(nodes[at].device.address for at in self._world.dark)

    def _counts(self) -> dict[str, object]:
        return {
            "requests": self._requests,
            "answers": self._answers,
            "port": self._port,
            "pingDarkened": self._darkness.active,
        }


def _open_socket(port: int) -> socket.socket:
    """All of 127/8 on the port: bound to lo, so that nothing from outside can reach it."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
        opened.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
        for forced, plain in ((_SO_RCVBUFFORCE, socket.SO_RCVBUF), (_SO_SNDBUFFORCE, socket.SO_SNDBUF)):
            try:
                opened.setsockopt(socket.SOL_SOCKET, forced, _BUFFER_BYTES)
            except PermissionError:
                opened.setsockopt(socket.SOL_SOCKET, plain, _BUFFER_BYTES)
        opened.setblocking(False)
        opened.bind(("", port))
    except OSError as error:
        opened.close()
        raise PortTakenError(
            _("UDP port {port} cannot be had ({error}): choose another with --port").format(port=port, error=error)
        ) from error
    return opened
