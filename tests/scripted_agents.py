"""SNMPv2c agents for tests, well-behaved or not as a test wants, on 127.x.y.z. Written apart from the collectors: an
error in their BER would otherwise be right on both sides. No threads: a test calls `serve` when the agent may speak."""

import random
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

INTEGER, OCTETS, NULL, IP, COUNTER32, GAUGE32, TIMETICKS, OPAQUE, COUNTER64 = (
    2,
    4,
    5,
    0x40,
    0x41,
    0x42,
    0x43,
    0x44,
    0x46,
)
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB = 0x80, 0x81, 0x82
SHORT, LONG_81, LONG_82 = 0, 1, 2

Value = tuple[int, bytes]


def length_of(size: int, form: int = SHORT) -> bytes:
    """A definite length; form 1 or 2 writes it in at least so many octets behind the first."""
    least = max(form, 0 if size < 128 else 1 if size < 256 else 2 if size < 65536 else 3)
    return bytes([size]) if least == 0 else bytes([0x80 | least]) + size.to_bytes(least, "big")


def tlv(tag: int, content: bytes, form: int = SHORT) -> bytes:
    return bytes([tag]) + length_of(len(content), form) + content


def signed(number: int) -> bytes:
    size = 1
    while not -(1 << (8 * size - 1)) <= number < 1 << (8 * size - 1):
        size += 1
    return number.to_bytes(size, "big", signed=True)


def number(tag: int, value: int) -> Value:
    return tag, signed(value)


def text(octets: bytes) -> Value:
    return OCTETS, octets


def oid_octets(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    octets = b""
    for arc in (first * 40 + second, *rest):
        groups = [arc & 127]
        while arc := arc >> 7:
            groups.insert(0, arc & 127 | 128)
        octets += bytes(groups)
    return octets


def oid_text(octets: bytes) -> str:
    arcs, arc = [], 0
    for octet in octets:
        arc = arc << 7 | octet & 127
        if octet < 128:
            arcs.append(arc)
            arc = 0
    return ".".join(map(str, (arcs[0] // 40, arcs[0] % 40, *arcs[1:])))


def split(data: bytes) -> list[tuple[int, bytes]]:
    parts, at = [], 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size > 127:
            count = size & 127
            size, at = int.from_bytes(data[at : at + count], "big"), at + count
        parts.append((tag, data[at : at + size]))
        at += size
    return parts


@dataclass
class Request:
    community: bytes
    request_id: int
    oids: list[str]
    source: tuple[str, int]


def read_request(data: bytes, source: tuple[str, int]) -> Request:
    _version, (_, community), (_, body) = split(split(data)[0][1])
    (_, request_id), _status, _index, (_, varbinds) = split(body)
    oids = [oid_text(split(varbind)[0][1]) for _, varbind in split(varbinds)]
    return Request(community, int.from_bytes(request_id, "big", signed=True), oids, source)


def answer(
    request: Request,
    values: list[tuple[str, Value]],
    *,
    status: int = 0,
    index: int = 0,
    form: int = SHORT,
    version: int = 1,
    request_id: int | None = None,
    community: bytes | None = None,
    tag: int = 0xA2,
) -> bytes:
    varbinds = b"".join(
        tlv(0x30, tlv(6, oid_octets(oid)) + tlv(kind, content), form) for oid, (kind, content) in values
    )
    body = (
        tlv(2, signed(request.request_id if request_id is None else request_id))
        + tlv(2, signed(status))
        + tlv(2, signed(index))
        + tlv(0x30, varbinds, form)
    )
    greeting = tlv(2, signed(version)) + tlv(4, request.community if community is None else community)
    return tlv(0x30, greeting + tlv(tag, body, form), form)


Behaviour = Callable[["ScriptedAgent", Request], "list[bytes]"]


def well_behaved(agent: "ScriptedAgent", request: Request) -> list[bytes]:
    return [answer(request, [(oid, agent.value(oid)) for oid in request.oids], form=agent.form)]


@dataclass
class ScriptedAgent:
    address: str
    table: dict[str, Value]
    port: int = 0
    behaviour: Behaviour = well_behaved
    form: int = SHORT
    community: bytes = b"public"
    heard: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self.socket.bind((self.address, self.port))
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]

    def close(self) -> None:
        self.socket.close()

    def value(self, oid: str) -> Value:
        return self.table.get(oid, (NO_SUCH_INSTANCE, b""))

    def serve(self) -> int:
        """Answer everything that has come in; returns how much that was. A closed one hears nothing."""
        count = 0
        if self.socket.fileno() < 0:
            return 0
        while True:
            try:
                data, source = self.socket.recvfrom(65536)
            except BlockingIOError:
                return count
            count += 1
            request = read_request(data, source)
            if request.community != self.community:
                continue
            self.heard.append(request)
            for message in self.behaviour(self, request):
                self.socket.sendto(message, source)


def random_value(chance: random.Random, tag: int) -> Value:
    """A value as an agent would write it: minimal integers, texts of any octets, sometimes nothing."""
    if chance.random() < 0.05:
        return chance.choice((NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_MIB)), b""
    if tag == OCTETS:
        return text(chance.randbytes(chance.choice((0, 1, 5, 8, 9, 16, 17, 40, 100, 130))))
    if tag == INTEGER:
        return number(
            tag,
            chance.choice((0, 1, -1, 127, 128, -128, -129, 2**31 - 1, -(2**31), chance.randint(-(2**31), 2**31 - 1))),
        )
    bits = 64 if tag == COUNTER64 else 32
    return number(
        tag, chance.choice((0, 1, 255, 256, 2**bits - 1, 2 ** (bits - 1), chance.getrandbits(chance.randint(1, bits))))
    )
