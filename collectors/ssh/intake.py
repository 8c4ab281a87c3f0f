"""A socket as the SSH library is to see it: much is taken at once, and closing it wakes whoever waits for it.

The library asks for the head of a packet and then for its rest, and a device's echo is a packet for each sign. Each
asking gives the interpreter to another thread, which keeps it for a while when many devices are talked to at once.
"""

import socket
import threading
from contextlib import suppress
from typing import Any

OCTETS = 65536


class Intake:
    """For one reader. What is not named here is the socket's own."""

    def __init__(self, plain: socket.socket) -> None:
        self._plain = plain
        self._taken = b""
        self._at = 0

    def recv(self, most: int) -> bytes:
        if self._at >= len(self._taken):
            self._taken, self._at = self._plain.recv(OCTETS), 0
        part = self._taken[self._at : self._at + most]
        self._at += most
        return part

    def close(self) -> None:
        with suppress(OSError):
            self._plain.shutdown(socket.SHUT_RDWR)
        self._plain.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._plain, name)


class Bell(threading.Event):
    """An event that is set for every sign that comes: set already, nobody has to be told again."""

    def set(self) -> None:
        if not self.is_set():
            super().set()
