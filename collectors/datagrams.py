"""Datagrams by the batch: libc's sendmmsg and recvmmsg on numpy arrays, for any datagram or raw IPv4 socket.

Sending gathers each message from parts that lie anywhere (templates are never copied); receiving fills fixed slots and
tells when the kernel saw each datagram. What the octets mean is the caller's business. Linux, 64 bit, little-endian.
"""

import ctypes
import errno
import os
import socket
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from collectors.errors import CollectorError
from domain.language import _

_SO_RCVBUFFORCE = 33
_SO_TIMESTAMPNS = 35
_SO_MEMINFO = 55
_IP_RECVERR = 11
_MSG_DONTWAIT = socket.MSG_DONTWAIT
_MSG_ERRQUEUE = 0x2000
_STAMP = 1 | _SO_TIMESTAMPNS << 32  # cmsg_level SOL_SOCKET, cmsg_type SCM_TIMESTAMPNS, as one little-endian word
_CONTROL_BYTES = 64
_SOCKADDR_BYTES = 16
_FULL = frozenset((errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM))
_PATIENCE = 3  # a pending ICMP error of somebody else is reported to whatever call comes next: ask again

FRONT = 64
"""Octets of padding before the first slot, so that a load a little before a position stays inside the buffer."""

_HEADER = np.dtype(
    [
        ("name", "<u8"),
        ("name_bytes", "<u4"),
        ("_1", "<u4"),
        ("parts", "<u8"),
        ("part_count", "<u8"),
        ("control", "<u8"),
        ("control_bytes", "<u8"),
        ("flags", "<i4"),
        ("_2", "<u4"),
        ("length", "<u4"),
        ("_3", "<u4"),
    ]
)
"""struct mmsghdr of Linux on 64-bit machines."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """One message the kernel refused to send, by its place in the batch and the errno."""

    place: int
    error: int


@dataclass(frozen=True, slots=True)
class Unreachable:
    """An ICMP error that came back. address and port: whom we had asked. error: errno (ECONNREFUSED: port closed)."""

    address: str
    port: int
    error: int


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Datagrams of one call of `receive`; the arrays are views, good until the next call.

    starts, stops: positions in `Datagrams.octets` (of what fits the slot). lengths: octets on the wire.
    sources: family, port and IPv4 address as one 64-bit word, as `source_word` makes it. control: see `stamps`.
    cut: True where octets are missing; None if nowhere.
    """

    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    lengths: NDArray[np.int64]
    sources: NDArray[np.uint64]
    control: NDArray[np.int64]
    cut: NDArray[np.bool_] | None

    def __len__(self) -> int:
        return len(self.starts)

    def without(self, places: NDArray[np.int64]) -> "Arrivals":
        """The others."""
        kept = np.ones(len(self), np.bool_)
        kept[places] = False
        return Arrivals(
            self.starts[kept],
            self.stops[kept],
            self.lengths[kept],
            self.sources[kept],
            self.control[kept],
            None if self.cut is None else self.cut[kept],
        )

    def stamps(self, which: NDArray[np.int64]) -> NDArray[np.float64]:
        """Unix seconds when the kernel took in the datagrams of these places; NaN where it did not tell."""
        control = self.control[which]
        seconds = control[:, 2] + control[:, 3] * 1e-9
        seconds[control[:, 1] != _STAMP] = np.nan
        return seconds


def udp_socket(address: str = "", port: int = 0) -> socket.socket:
    """An unbound-to-peer UDP socket for IPv4 that is told of ICMP errors."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
    opened.bind((address, port))
    return opened


def socket_address(address: str, port: int) -> NDArray[np.uint8]:
    """struct sockaddr_in, 16 octets. Raises CollectorError for what is no IPv4 address or port."""
    try:
        octets = struct.pack("<H", socket.AF_INET) + struct.pack(">H", port) + socket.inet_pton(socket.AF_INET, address)
    except (OSError, struct.error):
        raise CollectorError(
            _("{address} port {port} is no IPv4 address and UDP port: mend the device's address").format(
                address=address, port=port
            )
        ) from None
    return np.frombuffer(octets.ljust(_SOCKADDR_BYTES, b"\0"), np.uint8)


class Datagrams:
    """One socket and the arrays for its batches. Opens nothing before `start`.

    To send: write pointers to sockaddrs into `names` and (pointer, octets) pairs into `parts` for the first n messages
    of the batch, keep what they point to alive, call `send(n)`. To receive: `receive()`, then read `octets`.
    """

    def __init__(
        self,
        open_socket: Callable[[], socket.socket] = udp_socket,
        *,
        batch: int = 256,
        parts: int = 3,
        slot_bytes: int = 2048,
        spill_bytes: int = 65536,
        buffer_bytes: int = 16 << 20,
    ) -> None:
        if sys.byteorder != "little" or ctypes.sizeof(ctypes.c_void_p) != 8:
            raise CollectorError(_("the fast poller runs on 64-bit little-endian machines only"))
        self._open_socket = open_socket
        self._buffer_bytes = buffer_bytes
        self._socket: socket.socket | None = None
        self._libc = ctypes.CDLL(None, use_errno=True)
        self.batch = batch
        self.slot_bytes = slot_bytes
        self.granted_bytes = 0
        """What the kernel granted for receiving, as it counts (about 2.3 KiB for an answer of 800 octets)."""
        self.errors_pending = False
        """An ICMP error has been seen: call `unreachable`."""
        self._fd = -1
        self._prepare_sending(batch, parts)
        self._prepare_receiving(batch, slot_bytes, spill_bytes)

    def _prepare_sending(self, batch: int, parts: int) -> None:
        self._out = np.zeros(batch, _HEADER)
        self.parts: NDArray[np.uint64] = np.zeros((batch, parts, 2), np.uint64)
        self._out["name_bytes"] = _SOCKADDR_BYTES
        self._out["parts"] = self.parts.ctypes.data + np.arange(batch) * parts * 16
        self._out["part_count"] = parts
        self.names: NDArray[np.uint64] = self._out["name"]
        self._out_at = self._out.ctypes.data

    def _prepare_receiving(self, batch: int, slot_bytes: int, spill_bytes: int) -> None:
        # Slots a power of two apart would all compete for the same few sets of the processor's cache.
        stride = slot_bytes + 64
        self._memory = np.zeros(FRONT + batch * stride + 64, np.uint8)
        self.octets: NDArray[np.uint8] = self._memory[FRONT:]
        self._view = self.octets.data
        self._spill = np.zeros(max(spill_bytes, 1), np.uint8)
        self._starts = np.arange(batch, dtype=np.int64) * stride
        slots = np.zeros((batch, 2, 2), np.uint64)
        slots[:, 0, 0] = self._memory.ctypes.data + FRONT + self._starts
        slots[:, 0, 1] = slot_bytes
        slots[:, 1, 0] = self._spill.ctypes.data  # shared: an octet string of 60 KiB is rare, and one at a time
        slots[:, 1, 1] = spill_bytes
        self._slots = slots
        self._sources = np.zeros((batch, 2), np.uint64)
        self._control = np.zeros((batch, _CONTROL_BYTES // 8), np.int64)
        self._in = np.zeros(batch, _HEADER)
        self._in["name"] = self._sources.ctypes.data + np.arange(batch) * _SOCKADDR_BYTES
        self._in["parts"] = slots.ctypes.data + np.arange(batch) * 32
        self._in["part_count"] = 2
        self._in["control"] = self._control.ctypes.data + np.arange(batch) * _CONTROL_BYTES
        self._in["name_bytes"] = _SOCKADDR_BYTES
        self._in["control_bytes"] = _CONTROL_BYTES
        self._in_at = self._in.ctypes.data
        self._in_lengths = self._in["length"]
        self._in_flags = self._in["flags"]
        self._in_control_bytes = self._in["control_bytes"]
        self._in_name_bytes = self._in["name_bytes"]

    def windows(self, dtype: str, octets: int, before: int = 0) -> NDArray[Any]:
        """A view of the slots in which item i is the `octets` octets that begin `before` in front of position i."""
        items = len(self.octets) - octets
        return np.ndarray((items,), dtype, self._memory.data, FRONT - before, (1,))

    def start(self) -> None:
        """Open the socket. Raises OSError where that is not allowed."""
        opened = self._open_socket()
        opened.setblocking(False)
        opened.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        try:
            opened.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, self._buffer_bytes)
        except PermissionError:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._buffer_bytes)
        self.granted_bytes = opened.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        self._socket = opened
        self._fd = opened.fileno()

    def stop(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        self._fd = -1

    def fileno(self) -> int:
        return self._fd

    @property
    def receive_drops(self) -> int:
        """Datagrams this socket lost because its receive buffer was full, since `start`."""
        if self._socket is None:
            return 0
        return int(struct.unpack("9I", self._socket.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, 36))[8])

    def send(self, count: int) -> tuple[int, list[Unsent]]:
        """Send the first `count` messages. Returns how many were dealt with (fewer: the socket is full, the rest has
        not been sent) and which of those the kernel refused."""
        done = refusals = 0
        unsent: list[Unsent] = []
        while done < count:
            sent = self._libc.sendmmsg(
                self._fd, ctypes.c_void_p(self._out_at + done * _HEADER.itemsize), count - done, _MSG_DONTWAIT
            )
            if sent > 0:
                done += sent
                self.errors_pending |= done < count  # what stopped it is told to nobody, see sendmmsg(2)
                refusals = 0
                continue
            error = ctypes.get_errno()
            if error in _FULL:
                break
            if error == errno.EINTR:
                continue
            self._check(error)
            self.errors_pending = True
            refusals += 1
            if refusals == _PATIENCE:
                unsent.append(Unsent(done, error))
                done += 1
                refusals = 0
        return done, unsent

    def receive(self) -> Arrivals:
        """Take in up to `batch` datagrams without waiting; fewer than `batch` means that there are no more."""
        count = self._receive_some(self._in_at, self.batch, 0)
        lengths = self._in_lengths[:count].astype(np.int64)
        starts = self._starts[:count]
        cut = None
        stored = lengths
        if count and lengths[lengths.argmax()] > self.slot_bytes:
            stored = np.minimum(lengths, self.slot_bytes)
            cut = (self._in_flags[:count] & socket.MSG_TRUNC) != 0
            cut[np.flatnonzero(lengths > self.slot_bytes)[:-1]] = True  # the spill holds the last one's octets
        return Arrivals(starts, starts + stored, lengths, self._sources[:count, 0], self._control[:count], cut)

    def message(self, arrivals: Arrivals, place: int) -> bytes:
        """The whole datagram, also one that is larger than a slot."""
        head = self.octets[arrivals.starts[place] : arrivals.stops[place]].tobytes()
        beyond = int(arrivals.lengths[place]) - self.slot_bytes
        return head + self._spill[:beyond].tobytes() if beyond > 0 else head

    def replace(self, start: int, octets: bytes) -> int:
        """Lay a message over the one that begins at `start`, no longer than that was; returns where it stops."""
        within = octets[: self.slot_bytes]
        self._view[start : start + len(within)] = within
        beyond = octets[self.slot_bytes :]
        self._spill[: len(beyond)] = np.frombuffer(beyond, np.uint8)
        return start + len(within)

    def _receive_some(self, headers_at: int, batch: int, flags: int) -> int:
        for _attempt in range(64):
            count = self._libc.recvmmsg(self._fd, ctypes.c_void_p(headers_at), batch, _MSG_DONTWAIT | flags, None)
            if count >= 0:
                self._in_control_bytes[:count] = _CONTROL_BYTES
                self._in_name_bytes[:count] = _SOCKADDR_BYTES
                return int(count)
            error = ctypes.get_errno()
            if error == errno.EAGAIN:
                return 0
            if error != errno.EINTR:
                self._check(error)
                self.errors_pending = True
        return 0

    def unreachable(self) -> list[Unreachable]:
        """The ICMP errors that have come back since the last call (IP_RECVERR, see ip(7)); empties `errors_pending`."""
        self.errors_pending = False
        found: list[Unreachable] = []
        while self._socket is not None:
            try:
                _octets, ancillary, _flags, asked = self._socket.recvmsg(64, 512, _MSG_ERRQUEUE | _MSG_DONTWAIT)
            except OSError:  # EAGAIN: there are no more
                break
            found += _icmp_errors(ancillary, asked)
        return found

    def _check(self, error: int) -> None:
        if error in (errno.EBADF, errno.ENOTSOCK, errno.EFAULT):
            raise CollectorError(
                _("the poller's socket is not open ({error}): start it before polling").format(error=os.strerror(error))
            )


def _icmp_errors(ancillary: list[tuple[int, int, bytes]], asked: Any) -> list[Unreachable]:
    return [
        Unreachable(asked[0], asked[1], struct.unpack_from("I", octets)[0])
        for level, kind, octets in ancillary
        if level == socket.IPPROTO_IP and kind == _IP_RECVERR and asked
    ]


def source_word(address: NDArray[np.uint8]) -> int:
    """The first eight octets of a sockaddr_in as `Arrivals.sources` shows them."""
    return int(address[:8].view(np.uint64)[0])
