"""RTSP on the wire (RFC 2326): requests written, responses and interleaved packets read. Bounded, no I/O of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

MOST_OCTETS = 65_536
MOST_LINES = 100
_DOLLAR = 0x24


class GarbledRtspError(Exception):
    """What came is no RTSP, or more of it than a camera has to say."""


@dataclass(frozen=True, slots=True)
class Response:
    """headers: names in lower case, every line of each."""

    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first line of it; empty if it is not there."""
        return self.headers.get(name, ("",))[0]


@dataclass(frozen=True, slots=True)
class Packet:
    """One interleaved packet (section 10.12)."""

    channel: int
    data: bytes


def request(method: str, url: str, sequence: int, headers: Mapping[str, str]) -> bytes:
    """Raises ValueError when a value would break the lines."""
    lines = [f"{method} {url} RTSP/1.0", f"CSeq: {sequence}", "User-Agent: Kentongan"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a line break in a request")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Incoming:
    """Takes octets as they come, gives responses and packets as they are whole."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, octets: bytes) -> None:
        self._buffer += octets

    def next(self) -> Response | Packet | None:
        """None: not whole yet. Raises GarbledRtspError."""
        if not self._buffer:
            return None
        return self._packet() if self._buffer[0] == _DOLLAR else self._response()

    def _packet(self) -> Packet | None:
        if len(self._buffer) < 4:
            return None
        end = 4 + int.from_bytes(self._buffer[2:4], "big")
        if len(self._buffer) < end:
            return None
        packet = Packet(self._buffer[1], bytes(self._buffer[4:end]))
        del self._buffer[:end]
        return packet

    def _response(self) -> Response | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > MOST_OCTETS or not b"RTSP/1.0 ".startswith(self._buffer[:9]):
                raise GarbledRtspError("no RTSP")
            return None
        lines = self._buffer[:end].decode("latin-1").split("\r\n")
        headers = _headers(lines[1:])
        length = _number(headers.get("content-length", ("0",))[0])
        if not lines[0].startswith("RTSP/1.0 ") or length > MOST_OCTETS or len(lines) > MOST_LINES:
            raise GarbledRtspError("no RTSP")
        if len(self._buffer) < end + 4 + length:
            return None
        body = bytes(self._buffer[end + 4 : end + 4 + length])
        del self._buffer[: end + 4 + length]
        return Response(_number(lines[0].split(" ")[1]), headers, body)


def _headers(lines: list[str]) -> dict[str, tuple[str, ...]]:
    headers: dict[str, tuple[str, ...]] = {}
    for line in lines:
        name, _colon, value = line.partition(":")
        key = name.strip().lower()
        headers[key] = (*headers.get(key, ()), value.strip())
    return headers


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise GarbledRtspError("a number was expected")
    return int(text)
