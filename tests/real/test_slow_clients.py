"""Clients that are slow, stuck or too many, on real sockets: each is ended within its bound and counted, and whoever
does nothing wrong notices nothing. The bounds are those of the console, two hundred times as tight."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from exporters.http import Bounds, Ended, HttpServer, Tally

pytestmark = [pytest.mark.real, pytest.mark.timeout(60)]

TIGHT = Bounds(connections=12, head_seconds=0.1, body_seconds=0.1, stall_seconds=0.1)
PATIENT = Bounds(connections=12, head_seconds=30, body_seconds=30, stall_seconds=30)
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
FORM = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"
SHEET = b"desa;up\r\n" * 2_000_000
WAIT_SECONDS = 20

Open = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


class Served:
    """The application, and how its streams ended."""

    def __init__(self, bounds: Bounds) -> None:
        self.tally = Tally()
        self.streams = 0
        routes = [
            Route("/", self.answer, methods=["GET", "POST"]), Route("/sheet", self.sheet), Route("/live", self.live)
        ]  # fmt: skip
        self.server = HttpServer(Starlette(routes=routes), port=0, bounds=bounds, tally=self.tally)
        self.forms: list[int | str] = []

    async def answer(self, request: Request) -> Response:
        try:
            self.forms.append(len(await request.body()))
        except Exception as error:
            self.forms.append(type(error).__name__)
            raise
        return PlainTextResponse("ok")

    async def sheet(self, _request: Request) -> Response:
        return PlainTextResponse(SHEET)

    async def live(self, _request: Request) -> Response:
        async def beats() -> AsyncIterator[str]:
            self.streams += 1
            try:
                while True:
                    yield "event: ping\n\n"
                    await asyncio.sleep(0.05)
            finally:
                self.streams -= 1

        return StreamingResponse(beats(), media_type="text/event-stream")

    @property
    def open_connections(self) -> int:
        assert self.server._server is not None
        return len(self.server._server.server_state.connections)


@asynccontextmanager
async def serving(bounds: Bounds) -> AsyncIterator[tuple[Served, Open]]:
    served = Served(bounds)
    await served.server.start()
    writers: list[asyncio.StreamWriter] = []

    async def opened() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", served.server.port)
        writers.append(writer)
        return reader, writer

    try:
        yield served, opened
    finally:
        for writer in writers:
            writer.close()
        await served.server.stop()


async def trickle(writer: asyncio.StreamWriter, octets: bytes) -> None:
    """One every 20 ms, as long as anybody takes them."""
    with contextlib.suppress(ConnectionError):
        for octet in octets:
            writer.write(bytes([octet]))
            await writer.drain()
            await asyncio.sleep(0.02)


async def asked(opened: Open, octets: bytes = HEAD) -> int:
    """The status of the answer; 0: the line was closed without one."""
    reader, writer = await opened()
    writer.write(octets)
    try:
        line = await asyncio.wait_for(reader.readline(), WAIT_SECONDS)
    except ConnectionError:
        return 0
    return int(line.split()[1]) if line else 0


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while not holds():
            await asyncio.sleep(0.01)


def test_a_head_that_comes_octet_by_octet_is_ended_with_a_word() -> None:
    async def play() -> None:
        async with serving(TIGHT) as (served, opened):
            silent, slow, second = await opened(), await opened(), await opened()
            second[1].write(HEAD)
            assert (await second[0].readline()).startswith(b"HTTP/1.1 200")
            second[1].write(b"G")  # puts uvicorn's own timer off for ever
            sent = asyncio.create_task(trickle(slow[1], HEAD * 10))
            assert b"408" in await asyncio.wait_for(slow[0].read(), WAIT_SECONDS)
            assert b"408" in await asyncio.wait_for(second[0].read(), WAIT_SECONDS)
            with contextlib.suppress(ConnectionError):  # nobody asked anything there: not a word
                assert await asyncio.wait_for(silent[0].read(), WAIT_SECONDS) == b""
            assert served.tally.counts == {Ended.SLOW_HEAD: 2}
            sent.cancel()
            assert await asked(opened) == 200

    asyncio.run(play())


def test_a_body_that_comes_octet_by_octet_is_ended_with_a_word() -> None:
    async def play() -> None:
        async with serving(TIGHT) as (served, opened):
            reader, writer = await opened()
            writer.write(FORM)
            sent = asyncio.create_task(trickle(writer, b"x" * 100))
            assert b"408" in await asyncio.wait_for(reader.read(), WAIT_SECONDS)
            await until(lambda: served.forms == ["ClientDisconnect"])
            assert served.tally.counts == {Ended.SLOW_BODY: 1}
            sent.cancel()
            assert await asked(opened, FORM + b"x" * 100) == 200
            assert served.forms == ["ClientDisconnect", 100]

    asyncio.run(play())


def test_who_never_reads_a_long_sheet_holds_neither_a_place_nor_its_octets() -> None:
    async def play() -> None:
        async with serving(TIGHT) as (served, opened):
            reader, writer = await opened()
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            writer.write(b"GET /sheet HTTP/1.1\r\nHost: x\r\n\r\n")
            await until(lambda: served.tally.counts == {Ended.SLOW_READER: 1})
            await until(lambda: served.open_connections == 0)
            assert not reader.at_eof()
            # who reads on, if slowly, gets it all
            reader, writer = await opened()
            writer.write(b"GET /sheet HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            taken = 0
            while octets := await reader.read(1 << 20):
                taken += len(octets)
                await asyncio.sleep(0.005)
            assert taken > len(SHEET)
            assert served.tally.counts == {Ended.SLOW_READER: 1}

    asyncio.run(play())


def test_streams_that_are_read_outlast_every_bound() -> None:
    async def play() -> None:
        async with serving(TIGHT) as (served, opened):
            streams = [await opened() for _ in range(6)]
            for reader, writer in streams:
                writer.write(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(0.4)
            assert served.streams == 6
            assert not served.tally.counts
            for reader, writer in streams:
                assert b"ping" in await reader.read(4096)
                writer.close()
            await until(lambda: served.streams == 0)

    asyncio.run(play())


def test_who_waits_longest_makes_room_and_streams_do_not() -> None:
    async def play() -> None:
        async with serving(PATIENT) as (served, opened):
            streams = [await opened() for _ in range(8)]
            for reader, writer in streams:
                writer.write(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
                assert (await reader.readline()).startswith(b"HTTP/1.1 200")
            for _ in range(100):  # each begins a head and never ends it
                (await opened())[1].write(b"GET / HT")
            assert await asked(opened) == 200, "an honest one comes in among them"
            assert served.open_connections <= PATIENT.connections
            assert served.tally.counts[Ended.MADE_ROOM] >= 90
            assert served.streams == 8
            for _ in range(4):
                reader, writer = await opened()
                writer.write(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
                await reader.readline()
            assert served.streams == PATIENT.connections, "nobody waits now"
            reader, writer = await opened()
            writer.write(HEAD)
            told = await asyncio.wait_for(reader.read(), WAIT_SECONDS)
            assert told.startswith(b"HTTP/1.1 503")
            assert b"Retry-After: 30" in told or b"retry-after: 30" in told
            assert served.tally.counts[Ended.TOO_MANY] == 1

    asyncio.run(play())


def test_the_kernel_gives_up_a_line_on_which_nobody_answers_any_more() -> None:
    async def play() -> None:
        async with serving(PATIENT) as (served, opened):
            await opened()
            await until(lambda: served.open_connections == 1)
            assert served.server._server is not None
            (protocol,) = served.server._server.server_state.connections
            line = protocol.transport.get_extra_info("socket")
            assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
            assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)

    asyncio.run(play())
