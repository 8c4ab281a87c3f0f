"""One interface of ours with a raw socket on it, by scapy: frames in, frames out, never longer than was agreed."""

import logging
import select
import socket
import struct
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from scapy.arch.linux import L2Socket
from scapy.layers.l2 import Ether
from scapy.packet import Packet

from collectors.link.errors import FrameError
from collectors.link.filters import attach
from collectors.link.interfaces import mac_of, refused

LARGEST = 9216
_SOL_PACKET, _ADD_MEMBERSHIP, _PROMISCUOUS = 263, 1, 1
_MEMBERSHIP = struct.Struct("iHH8s")

# Its remarks on interfaces and libraries that we do not use are no matter of whoever asks a question.
logging.getLogger("scapy").setLevel(logging.ERROR)


class Segment:
    """`with Segment(interface, program) as segment`: what `program` accepts is listened to, in promiscuous mode.

    Raises LinkError's leaves when it is opened and while it is listened on.
    """

    def __init__(self, interface: str, program: bytes) -> None:
        self.interface = interface
        self.mac = mac_of(interface)
        self._program = program
        self._socket: L2Socket | None = None

    def __enter__(self) -> Self:
        try:
            self._socket = L2Socket(iface=self.interface, nofilter=1, promisc=False)
            attach(self._socket.ins, self._program)
            self._hear_all()
        except OSError as error:
            self.close()
            raise refused(self.interface, error) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _hear_all(self) -> None:
        """Frames to groups and to others too (packet(7)). scapy would take the index that the interface had when the
        library was loaded; it ends by itself when the socket is closed."""
        assert self._socket is not None
        wanted = _MEMBERSHIP.pack(socket.if_nametoindex(self.interface), _PROMISCUOUS, 0, b"")
        self._socket.ins.setsockopt(_SOL_PACKET, _ADD_MEMBERSHIP, wanted)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, frame: Packet) -> None:
        assert self._socket is not None
        try:
            self._socket.outs.send(bytes(frame))
        except OSError as error:
            raise refused(self.interface, error) from None

    def frames(self, seconds: float, most: int) -> Iterator[bytes]:
        """What comes in, not what we sent ourselves; ends after `seconds` or after `most` frames."""
        assert self._socket is not None
        until = time.monotonic() + seconds
        for _number in range(most):
            readable, _out, _odd = select.select([self._socket.ins], [], [], max(until - time.monotonic(), 0.0))
            if not readable:
                return
            try:
                _kind, octets, _at = self._socket.recv_raw(LARGEST)
            except OSError as error:
                raise refused(self.interface, error) from None
            if octets:
                yield octets


def dissected(octets: bytes) -> Packet:
    """A frame as scapy reads it. Raises FrameError; scapy itself may raise anything at what strangers send."""
    try:
        return Ether(octets)
    except Exception as error:
        raise FrameError(f"no frame: {error}") from None
