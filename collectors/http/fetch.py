"""One GET over one connection: HTTP/1.1 by h11 (RFC 9112), a bounded body, time to the first octet.

h11 and asyncio's streams instead of a client library: a check needs the time of each step, the certificates even of a
connection that browsers refuse, and its own hand on redirects; clients hide all three.
"""

import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, quote

import h11

from collectors.http.connection import Connection

MOST_OCTETS = 1_000_000
_READ = 65_536
_SAFE = "/%:=&?~#+!$,;'@()*[]"


class GarbledAnswerError(Exception):
    """What came is no HTTP."""


@dataclass(frozen=True, slots=True)
class Answer:
    """headers: names in lower case, the last of each; body: at most MOST_OCTETS, unpacked."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: bytes
    first_byte_seconds: float


async def fetch(connection: Connection, url: SplitResult, headers: Mapping[str, str]) -> Answer:
    """The caller bounds the time. Raises GarbledAnswerError, OSError."""
    state = h11.Connection(h11.CLIENT)
    target = quote(url.path or "/", safe=_SAFE) + (f"?{quote(url.query, safe=_SAFE)}" if url.query else "")
    request = h11.Request(
        method="GET",
        target=target,
        headers=[("Host", _host(url)), *headers.items(), ("Connection", "close")],
    )
    connection.writer.write((state.send(request) or b"") + (state.send(h11.EndOfMessage()) or b""))
    begun, first = time.perf_counter(), 0.0
    response: h11.Response | None = None
    body = bytearray()
    try:
        while True:
            event = state.next_event()
            if event is h11.NEED_DATA:
                received = await connection.reader.read(_READ)
                first = first or time.perf_counter() - begun
                state.receive_data(received)
            elif isinstance(event, h11.Response):
                response = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) >= MOST_OCTETS:
                    break
            elif not isinstance(event, h11.InformationalResponse):
                break
    except h11.ProtocolError as error:
        if response is None:
            raise GarbledAnswerError(str(error)) from error
        # a body cut short is judged as far as it came: browsers show it too
    if response is None:
        raise GarbledAnswerError("the connection was closed without an answer")
    names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    cookies = tuple(value.decode("latin-1") for name, value in response.headers if name == b"set-cookie")
    return Answer(response.status_code, names, cookies, _unpacked(bytes(body[:MOST_OCTETS]), names), first)


def _host(url: SplitResult) -> str:
    host = url.hostname or ""
    name = f"[{host}]" if ":" in host else host.encode("idna").decode() if not host.isascii() else host
    return f"{name}:{url.port}" if url.port else name


def _unpacked(body: bytes, headers: Mapping[str, str]) -> bytes:
    """We ask for plain text; who packs all the same is unpacked, but never beyond the bound."""
    if headers.get("content-encoding", "").strip().lower() not in ("gzip", "x-gzip", "deflate"):
        return body
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32).decompress(body, MOST_OCTETS)
    except zlib.error:
        return b""
