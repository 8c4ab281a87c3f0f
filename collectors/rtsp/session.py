"""One conversation with a camera: DESCRIBE with its login, SETUP over the same connection or UDP, PLAY, TEARDOWN."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from collectors.rtsp.auth import Challenge, Login, answer, choose
from collectors.rtsp.messages import GarbledRtspError, Incoming, Packet, Response, request
from collectors.rtsp.rtp import StreamWatch
from collectors.rtsp.sdp import Media, read_sdp

_READ = 65_536
_UNSUPPORTED_TRANSPORT = 461
KEPT_OCTETS = 4_000_000


class UnauthorisedRtspError(Exception):
    """The camera wants a login that we do not have, or does not accept ours."""


class StatusError(Exception):
    """The camera answered with a status that is none of success."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class RtspSession:
    """`async with RtspSession(host, port, url, login) as session:`. The caller bounds the time.

    Raises OSError, GarbledRtspError, UnauthorisedRtspError, StatusError.
    """

    def __init__(self, host: str, port: int, url: str, login: Login | None) -> None:
        self._host, self._port, self._url, self._login = host, port, url, login
        self._incoming = Incoming()
        self._sequence = 0
        self._challenge: Challenge | None = None
        self._counter = 0
        self._session = ""
        self._datagrams: asyncio.Queue[bytes] | None = None
        self._udp: list[asyncio.DatagramTransport] = []
        self._early: list[Packet] = []
        self.connect_seconds: float | None = None
        self.first_answer_seconds: float | None = None

    async def __aenter__(self) -> Self:
        begun = time.perf_counter()
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        self.connect_seconds = time.perf_counter() - begun
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session and kind is None:
            with contextlib.suppress(OSError, ValueError):  # out of politeness: some cameras count sessions
                self._send("TEARDOWN", self._url, {})
                await asyncio.wait_for(self._writer.drain(), 1.0)
                await asyncio.wait_for(self._reader.read(1), 0.2)
        for transport in self._udp:
            transport.close()
        self._writer.transport.abort()

    async def describe(self) -> tuple[Media, ...]:
        begun = time.perf_counter()
        response = await self._ask("DESCRIBE", self._url, {"Accept": "application/sdp"})
        self.first_answer_seconds = time.perf_counter() - begun
        base = response.header("content-base") or response.header("content-location") or self._url
        return read_sdp(response.body.decode("utf-8", "replace"), base if "://" in base else self._url)

    async def play(self, media: Media) -> None:
        """Over the connection itself, which passes every NAT; by UDP where the camera refuses that."""
        try:
            offer = {"Transport": "RTP/AVP/TCP;unicast;interleaved=0-1"}
            response = await self._ask("SETUP", media.control, offer)
        except StatusError as error:
            if error.status != _UNSUPPORTED_TRANSPORT:
                raise
            port = await self._listen()
            offer = {"Transport": f"RTP/AVP;unicast;client_port={port}-{port + 1}"}
            response = await self._ask("SETUP", media.control, offer)
        self._session = response.header("session").partition(";")[0]
        await self._ask("PLAY", self._url, {"Range": "npt=0.000-"})

    async def watch(self, media: Media, seconds: float, *, keep: bool = False) -> StreamWatch:
        """Until the picture's time has advanced, or for so long. keep: the whole time, with the packets."""
        watch = StreamWatch(media.payload)
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        with contextlib.suppress(TimeoutError, EOFError):
            async with asyncio.timeout_at(end):
                while keep or not watch.advances:
                    watch.take(await self._packet(), loop.time(), keep=KEPT_OCTETS if keep else 0)
        return watch

    async def _packet(self) -> bytes:
        if self._datagrams is not None:
            return await self._datagrams.get()
        while True:
            message = self._early.pop(0) if self._early else await self._next()
            if isinstance(message, Packet) and message.channel == 0:
                return message.data

    async def _ask(self, method: str, url: str, headers: Mapping[str, str]) -> Response:
        """Once more with a login when the camera asks for one, and once more when its nonce has run out."""
        for _attempt in range(3):
            before = self._challenge
            self._send(method, url, headers)
            response = await self._response()
            if response.status != 401:
                break
            self._challenge, self._counter = choose(response.headers.get("www-authenticate", ())), 0
            renewed = before is None or (self._challenge is not None and self._challenge.nonce != before.nonce)
            if self._login is None or self._challenge is None or not renewed:
                raise UnauthorisedRtspError
        if response.status in (401, 403):
            raise UnauthorisedRtspError
        if not 200 <= response.status < 300:
            raise StatusError(response.status)
        return response

    def _send(self, method: str, url: str, headers: Mapping[str, str]) -> None:
        self._sequence += 1
        lines = dict(headers)
        if self._session:
            lines["Session"] = self._session
        if self._challenge is not None and self._login is not None:
            self._counter += 1
            lines["Authorization"] = answer(
                self._challenge, self._login, method, url, self._counter, secrets.token_hex(8)
            )
        self._writer.write(request(method, url, self._sequence, lines))

    async def _response(self) -> Response:
        """A camera may send packets before it answers PLAY: they are kept."""
        while True:
            message = await self._next()
            if isinstance(message, Response):
                return message
            if len(self._early) < 1_000:
                self._early.append(message)

    async def _next(self) -> Response | Packet:
        while (message := self._incoming.next()) is None:
            received = await self._reader.read(_READ)
            if not received:
                if self._session:
                    raise EOFError
                raise GarbledRtspError("the connection was closed without an answer")
            self._incoming.feed(received)
        return message

    async def _listen(self) -> int:
        """Two neighbouring UDP ports, the first even (RFC 3550 section 11); packets of others are dropped."""
        queue: asyncio.Queue[bytes] = asyncio.Queue(2_000)
        loop = asyncio.get_running_loop()
        own, peer = self._writer.get_extra_info("sockname")[0], self._writer.get_extra_info("peername")[0]
        for _attempt in range(50):
            port = 30_000 + 2 * secrets.randbelow(10_000)
            opened: list[asyncio.DatagramTransport] = []
            try:
                for each in (port, port + 1):
                    transport, _protocol = await loop.create_datagram_endpoint(
                        lambda: _Datagrams(queue, peer), local_addr=(own, each)
                    )
                    opened.append(transport)
            except OSError:
                for transport in opened:
                    transport.close()
                continue
            self._udp, self._datagrams = opened, queue
            return port
        raise OSError("no two free UDP ports")


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, queue: "asyncio.Queue[bytes]", peer: str) -> None:
        self._queue = queue
        self._peer = peer

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if addr[0] == self._peer:
            with contextlib.suppress(asyncio.QueueFull):
                self._queue.put_nowait(data)
