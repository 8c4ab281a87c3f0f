"""An SNMP agent that behaves as badly as a test tells it to: v1 and v2c on loopback, inside the test's own loop."""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from collectors.snmp import pdu
from domain.polling import Endpoint
from domain.secrets import Secret, SnmpCommunity, SnmpVersion

Rows = dict[str, tuple[int, bytes]]
"""OID → tag and content of the value."""
Answer = Callable[["ScriptedAgent", bytes, pdu.Pdu], bytes | None]

COMMUNITY = b"public"
MOST_OCTETS = 1400
ADDRESS = "127.45.0.1"


def text(octets: bytes) -> tuple[int, bytes]:
    return pdu.OCTETS, octets


def number(value: int, tag: int = pdu.INTEGER) -> tuple[int, bytes]:
    return tag, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=value < 0)


class ScriptedAgent(asyncio.DatagramProtocol):
    """Answers GET, GETNEXT and GETBULK from `rows`; `script` sees each request first and may answer in its own way."""

    def __init__(self, rows: Rows, script: Answer | None = None, version: int = 1) -> None:
        self.rows = {pdu.encode_oid(oid): value for oid, value in rows.items()}
        self.order = sorted(self.rows, key=pdu.decode_arcs)
        self.arcs = [pdu.decode_arcs(name) for name in self.order]
        self.script = script
        self.version = version
        self.requests: list[pdu.Pdu] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        _version, _community, request = pdu.decode_community_message(data)
        self.requests.append(request)
        answer = self.script(self, data, request) if self.script else self.answer(request)
        if answer:
            self.transport.sendto(answer, address)  # type: ignore[attr-defined]

    def answer(self, request: pdu.Pdu) -> bytes:
        names = [name for name, _tag, _content in request.varbinds]
        if request.tag == pdu.GET:
            missing = next((i for i, name in enumerate(names) if name not in self.rows), None)
            if missing is not None and self.version == 0:
                return self.error(request, pdu.NO_SUCH_NAME, missing + 1)
            return self.response(request, [(n, *self.rows.get(n, (pdu.NO_SUCH_INSTANCE, b""))) for n in names])
        if request.tag == pdu.GET_NEXT:
            return self.response(request, [self.after(name) for name in names])
        found: list[pdu.Varbind] = []
        size = 0
        for _row in range(request.error_index):
            for i, name in enumerate(names):
                found.append(self.after(name))
                names[i] = found[-1][0]
                size += len(found[-1][2]) + 24
                if size > MOST_OCTETS:  # RFC 3416 section 4.2.3: as much as fits the message
                    return self.response(request, found[: max(1, len(found) - 1)])
        return self.response(request, found)

    def after(self, name: bytes) -> pdu.Varbind:
        place = bisect_right(self.arcs, pdu.decode_arcs(name))
        if place == len(self.order):
            return name, pdu.END_OF_MIB_VIEW, b""
        return (self.order[place], *self.rows[self.order[place]])

    def response(self, request: pdu.Pdu, varbinds: list[pdu.Varbind], request_id: int | None = None) -> bytes:
        octets = b"".join(
            pdu.tlv(pdu.SEQUENCE, pdu.tlv(pdu.OID, name) + pdu.tlv(tag, content)) for name, tag, content in varbinds
        )
        wanted = request.request_id if request_id is None else request_id
        return self.message(pdu.encode_pdu(pdu.RESPONSE, wanted, pdu.tlv(pdu.SEQUENCE, octets)))

    def error(self, request: pdu.Pdu, status: int, index: int) -> bytes:
        names = pdu.encode_varbinds([name for name, _tag, _content in request.varbinds])
        return self.message(pdu.encode_pdu(pdu.RESPONSE, request.request_id, names, status, index))

    def message(self, octets: bytes) -> bytes:
        return pdu.encode_community_message(self.version, COMMUNITY, octets)


@asynccontextmanager
async def serving(
    rows: Rows, script: Answer | None = None, version: SnmpVersion = SnmpVersion.V2C
) -> AsyncIterator[tuple[Endpoint, ScriptedAgent]]:
    agent = ScriptedAgent(rows, script, 0 if version is SnmpVersion.V1 else 1)
    loop = asyncio.get_running_loop()
    transport, _protocol = await loop.create_datagram_endpoint(lambda: agent, local_addr=(ADDRESS, 0))
    port = transport.get_extra_info("sockname")[1]
    try:
        yield Endpoint(ADDRESS, port, SnmpCommunity("", version, Secret(COMMUNITY.decode()))), agent
    finally:
        transport.close()
