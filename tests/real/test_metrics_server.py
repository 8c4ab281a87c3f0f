"""The metrics server on a real port: a free one, a taken one, gzip over the wire, a stop that ends."""

import asyncio
import socket
from collections.abc import Iterator, Sequence

import httpx
import pytest

from exporters.errors import AddressTakenError
from exporters.http import Compression, HttpServer, metrics_app

pytestmark = pytest.mark.real

LINES = b"".join(b'kentongan_device_state{device="d%d"} 4\n' % number for number in range(50_000))


class ManyLines:
    zones: tuple[str, ...] = ()

    def begin(self, zone: str | None = None, *, own_health: bool = True) -> Iterator[bytes]:
        return iter([LINES] * 5)

    def begin_own_health(self) -> Iterator[bytes]:
        return iter([b""])


class Ready:
    async def reasons(self) -> Sequence[str]:
        return ()


def server(port: int = 0, compression: Compression = Compression.ALWAYS, host: str = "127.0.0.1") -> HttpServer:
    app = metrics_app(ManyLines(), Ready(), version="0", compression=compression)  # type: ignore[arg-type]
    return HttpServer(app, host, port)


def test_a_free_port_is_taken_and_told_and_the_whole_text_arrives() -> None:
    async def scrape() -> None:
        serving = server()
        await serving.start()
        try:
            async with httpx.AsyncClient() as client:
                plain = await client.get(f"{serving.url}/metrics", headers={"Accept-Encoding": "identity"})
                assert plain.content == LINES * 5
                packed = await client.get(f"{serving.url}/metrics", headers={"Accept-Encoding": "gzip"})
                assert packed.content == LINES * 5
                assert packed.headers["content-encoding"] == "gzip"
                two = await asyncio.gather(*(client.get(f"{serving.url}/metrics") for _ in range(4)))
                assert {len(answer.content) for answer in two} == {len(LINES) * 5}
        finally:
            await serving.stop()
        with pytest.raises(OSError, match="refused"), socket.create_connection(("127.0.0.1", serving.port), 1):
            pass

    asyncio.run(scrape())


def test_a_taken_port_is_named_with_its_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressTakenError, match=rf"Port {port} on 127\.0\.0\.1 is taken.*exporter\.port"):
            asyncio.run(server(port).start())


def test_an_address_that_is_not_ours_is_named_with_its_setting() -> None:
    with pytest.raises(AddressTakenError, match=r"192\.0\.2\.1.*exporter\.host"):
        asyncio.run(server(host="192.0.2.1").start())


def test_a_reader_who_never_reads_does_not_hold_up_the_stop() -> None:
    async def stop_while_read() -> float:
        serving = server(compression=Compression.NEVER)
        await serving.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readline()
        began = asyncio.get_running_loop().time()
        await serving.stop()
        writer.close()
        return asyncio.get_running_loop().time() - began

    assert asyncio.run(asyncio.wait_for(stop_while_read(), 30)) < 10


def test_a_header_without_end_is_refused() -> None:
    async def shout() -> bytes:
        serving = server()
        await serving.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", serving.port)
        writer.write(b"GET /metrics HTTP/1.1\r\nX-Long: " + b"a" * 100_000)
        answer = await reader.readline()
        writer.close()
        await serving.stop()
        return answer

    assert b"400" in asyncio.run(asyncio.wait_for(shout(), 30))
