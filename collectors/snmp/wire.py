"""One UDP socket to one agent: send a datagram, wait for the answer that is accepted. IPv4 and IPv6.

The socket is connected, so that the kernel drops what comes from anybody else and reports a closed port. It is open
between `open()` and `close()` only: a fleet of odd devices does not hold a file descriptor each.
"""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Callable
from typing import TypeVar

from collectors.errors import CollectorError, ExhaustedError, RefusedError, SilentError
from collectors.snmp.pdu import BerError
from domain.language import _

T = TypeVar("T")

_HEADERS = 28  # IPv4 and UDP
_HEADERS_6 = 48
_FULL = (errno.ENOBUFS, errno.ENOMEM)
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, *_FULL)


def _nobody() -> None:
    """Nothing is asked just now."""


def _expire(done: asyncio.Future[T | None]) -> None:
    if not done.done():
        done.set_result(None)


class Wire:
    """Not for two exchanges at a time: the caller takes turns."""

    def __init__(self, address: str, port: int) -> None:
        is_ipv6 = ":" in address
        self._family = socket.AF_INET6 if is_ipv6 else socket.AF_INET
        try:
            socket.inet_pton(self._family, address.partition("%")[0])
        except (OSError, ValueError):
            raise CollectorError(
                _("{address} is not an IP address: give an IPv4 or IPv6 address, not a name").format(address=address)
            ) from None
        self._headers = _HEADERS_6 if is_ipv6 else _HEADERS
        self._peer = (address, port)
        self._socket: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake: Callable[[], None] = _nobody
        self.octets = 0
        """Sent and received so far, with IP and UDP headers."""

    def open(self) -> None:
        """Raises SilentError if the machine has no way to the address, ExhaustedError if it can open no socket."""
        if self._socket is not None:
            return
        try:
            opened = socket.socket(self._family, socket.SOCK_DGRAM)
        except OSError as error:
            raise self._no_way(error) from error
        try:
            opened.setblocking(False)
            opened.connect(self._peer)
        except OSError as error:
            opened.close()
            raise self._no_way(error) from error
        self._socket = opened
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(opened.fileno(), self._on_readable)

    def close(self) -> None:
        if self._socket is not None:
            if self._loop is not None and not self._loop.is_closed():
                self._loop.remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = self._loop = None

    async def exchange(self, datagram: bytes, accept: Callable[[bytes], T | None], seconds: float) -> T | None:
        """What `accept` makes of the first datagram it does not return None for; None when the time is up.

        What `accept` raises (BerError, CollectorError) ends the exchange and is raised here. RefusedError: the port
        is closed. SilentError: there is no way to the address. ExhaustedError: no socket is left to ask with.
        """
        self.open()
        assert self._socket is not None
        endpoint = self._socket
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T | None] = loop.create_future()

        def receive() -> None:
            try:
                while not done.done():
                    data = endpoint.recv(65535)
                    self.octets += len(data) + self._headers
                    answer = accept(data)
                    if answer is not None:
                        done.set_result(answer)
            except (BlockingIOError, InterruptedError):
                pass
            except OSError as error:
                done.set_exception(self._explain(error))
            except (BerError, CollectorError) as error:
                done.set_exception(error)

        self._wake = receive
        timer = loop.call_later(seconds, _expire, done)
        try:
            self._send(endpoint, datagram)
            return await done
        finally:
            timer.cancel()
            self._wake = _nobody

    def _on_readable(self) -> None:
        if self._wake is _nobody and self._socket is not None:
            self._drop(self._socket)
        self._wake()

    def _drop(self, endpoint: socket.socket) -> None:
        """What comes while nothing is asked is an answer too late."""
        with contextlib.suppress(OSError):
            self.octets += len(endpoint.recv(65535)) + self._headers

    def _send(self, endpoint: socket.socket, datagram: bytes) -> None:
        try:
            endpoint.send(datagram)
            self.octets += len(datagram) + self._headers
        except (BlockingIOError, InterruptedError):
            return  # a full send queue is a lost packet: the next attempt follows
        except OSError as error:
            if error.errno in _FULL:
                return  # so is one for which the kernel has no buffer: that is nothing of the device's
            raise self._explain(error) from error

    def _explain(self, error: OSError) -> CollectorError:
        if isinstance(error, ConnectionRefusedError):
            address, port = self._peer
            text = _("{address} port {port}: the port is closed. Is SNMP switched on there, and is the port right?")
            return RefusedError(text.format(address=address, port=port))
        return self._no_way(error)

    def _no_way(self, error: OSError) -> CollectorError:
        if error.errno in _EXHAUSTED:
            return ExhaustedError(
                _("{address} was not asked: this machine has nothing left to ask with ({cause}).").format(
                    address=self._peer[0], cause=error.strerror or error
                )
            )
        return SilentError(
            _("{address}: no way there from this machine ({cause}). Check the address and the routes.").format(
                address=self._peer[0], cause=error.strerror or error
            )
        )
