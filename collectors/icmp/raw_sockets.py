"""Raw sockets that carry echo requests in batches and bring back echo replies only.

IPv4 goes through sendmmsg and recvmmsg; IPv6, which few devices of a kabupaten have, one message at a time. What a
reply means is the pinger's business.
"""

import errno
import os
import socket
import struct
from dataclasses import dataclass
from math import nan
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from collectors.datagrams import Datagrams
from collectors.icmp.packets import HEAD_BYTES, PACKET_BYTES, REPLY4, REPLY6

BATCH = 256
BUFFER_BYTES = 16 << 20
_SLOT_BYTES = 192  # the largest IPv4 header, our 64 octets, and room to see that a reply is longer than asked
_ICMP_FILTER = 1  # socket option of SOL_RAW, see raw(7)
_SOL_RAW = 255
_ICMP6_FILTER = 1
_SO_RCVBUFFORCE = 33
_SO_TIMESTAMPNS = 35


@dataclass(frozen=True, slots=True)
class Sent:
    """done: how many of the batch were dealt with (fewer: the socket is full). refused: place → errno of these."""

    done: int
    refused: dict[int, int]


@dataclass(frozen=True, slots=True)
class Replies:
    """heads: the first octets of each ICMP message, shape (n, 24). sources: 16 octets each, IPv4 in the first four.
    stamps: unix seconds when the kernel took it in, NaN if not told. more: there may be more waiting."""

    heads: NDArray[np.uint8]
    sources: NDArray[np.uint8]
    stamps: NDArray[np.float64]
    more: bool


_NONE = Replies(np.zeros((0, HEAD_BYTES), np.uint8), np.zeros((0, 16), np.uint8), np.zeros(0), False)


class Wire(Protocol):
    """One family's raw socket. `start` raises PermissionError without CAP_NET_RAW."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    @property
    def receive_drops(self) -> int: ...

    def send(self, packets: NDArray[np.uint8], addresses: NDArray[np.uint8]) -> Sent:
        """At most BATCH packets (n, 64) to addresses (n, 16)."""
        ...

    def receive(self) -> Replies: ...


class Wire4:
    """ICMP over IPv4."""

    def __init__(self) -> None:
        self._datagrams = Datagrams(
            _open4, batch=BATCH, parts=1, slot_bytes=_SLOT_BYTES, spill_bytes=2048, buffer_bytes=BUFFER_BYTES
        )
        self._names = np.zeros((BATCH, 16), np.uint8)
        self._names[:, 0] = socket.AF_INET
        self._names_at = self._names.ctypes.data + 16 * np.arange(BATCH, dtype=np.uint64)

    def start(self) -> None:
        self._datagrams.start()

    def stop(self) -> None:
        self._datagrams.stop()

    @property
    def receive_drops(self) -> int:
        return self._datagrams.receive_drops

    def send(self, packets: NDArray[np.uint8], addresses: NDArray[np.uint8]) -> Sent:
        count = len(packets)
        packets = np.ascontiguousarray(packets)  # must outlive the call below
        self._names[:count, 4:8] = addresses[:, :4]
        self._datagrams.names[:count] = self._names_at[:count]
        self._datagrams.parts[:count, 0, 0] = packets.ctypes.data + PACKET_BYTES * np.arange(count, dtype=np.uint64)
        self._datagrams.parts[:count, 0, 1] = PACKET_BYTES
        done, unsent = self._datagrams.send(count)
        return Sent(done, {each.place: each.error for each in unsent})

    def receive(self) -> Replies:
        arrivals = self._datagrams.receive()
        if len(arrivals) == 0:
            return _NONE
        octets = self._datagrams.octets
        more = len(arrivals) == BATCH
        body = arrivals.starts + 4 * (octets[arrivals.starts] & 15).astype(np.int64)  # behind the IPv4 header
        whole = np.flatnonzero(body + PACKET_BYTES == arrivals.stops)
        sources = np.zeros((len(whole), 16), np.uint8)
        words = np.ascontiguousarray(arrivals.sources[whole] >> np.uint64(32)).astype("<u4")
        sources[:, :4] = words.view(np.uint8).reshape(len(whole), 4)
        heads = octets[body[whole, None] + np.arange(HEAD_BYTES)]
        return Replies(heads, sources, arrivals.stamps(whole), more)


class Wire6:
    """ICMPv6. The kernel fills in the checksum (RFC 3542)."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None

    def start(self) -> None:
        opened = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
        opened.setblocking(False)
        blocked = bytearray(b"\xff" * 32)
        blocked[REPLY6 // 8] &= ~(1 << REPLY6 % 8)
        opened.setsockopt(socket.IPPROTO_ICMPV6, _ICMP6_FILTER, bytes(blocked))
        opened.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        try:
            opened.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, BUFFER_BYTES)
        except PermissionError:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        self._socket = opened

    def stop(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    @property
    def receive_drops(self) -> int:
        return 0

    def send(self, packets: NDArray[np.uint8], addresses: NDArray[np.uint8]) -> Sent:
        assert self._socket is not None, "start the wire before sending"
        refused: dict[int, int] = {}
        for place in range(len(packets)):
            try:
                self._socket.sendto(
                    packets[place].tobytes(), (socket.inet_ntop(socket.AF_INET6, addresses[place].tobytes()), 0)
                )
            except OSError as error:
                if error.errno in (errno.EAGAIN, errno.ENOBUFS):
                    return Sent(place, refused)
                refused[place] = error.errno or errno.EIO
        return Sent(len(packets), refused)

    def receive(self) -> Replies:
        assert self._socket is not None, "start the wire before receiving"
        heads, sources = bytearray(), bytearray()
        stamps: list[float] = []
        while len(stamps) < BATCH:
            try:
                octets, ancillary, _flags, source = self._socket.recvmsg(2 * PACKET_BYTES, 64)
            except OSError:
                break
            if len(octets) == PACKET_BYTES:
                heads += octets[:HEAD_BYTES]
                sources += socket.inet_pton(socket.AF_INET6, source[0].partition("%")[0])
                stamps.append(_stamp(ancillary))
        count = len(stamps)
        if count == 0:
            return _NONE
        return Replies(
            np.frombuffer(bytes(heads), np.uint8).reshape(count, HEAD_BYTES),
            np.frombuffer(bytes(sources), np.uint8).reshape(count, 16),
            np.array(stamps),
            count == BATCH,
        )


def _open4() -> socket.socket:
    opened = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
    opened.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("=I", ~(1 << REPLY4) & 0xFFFFFFFF))
    return opened


def _stamp(ancillary: list[tuple[int, int, bytes]]) -> float:
    for level, kind, octets in ancillary:
        if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack("=qq", octets)
            return float(seconds + nanoseconds * 1e-9)
    return nan


def identifier_of_process() -> int:
    """The ICMP identifier our requests carry."""
    return os.getpid() & 0xFFFF
