"""The client against agents that misbehave: nothing hangs, nothing is lost, the error says what and where."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from collectors.errors import (
    AgentError,
    CollectorError,
    EndlessWalkError,
    RefusedError,
    SilentError,
    UnauthorisedError,
    WalkTooLongError,
)
from collectors.snmp import pdu
from collectors.snmp.client import SnmpClient
from collectors.snmp.walks import WalkLimits
from domain.polling import Endpoint
from domain.secrets import Secret, SnmpCommunity, SnmpVersion
from tests.unit.collectors.scripted_agent import (
    ADDRESS,
    Answer,
    Rows,
    ScriptedAgent,
    number,
    serving,
    text,
)

T = TypeVar("T")
TABLE = "1.3.6.1.2.1.2.2.1.2"
ROWS: Rows = {f"{TABLE}.{i}": text(b"port %d" % i) for i in range(1, 61)}


def ask(
    do: Callable[[SnmpClient, ScriptedAgent], Awaitable[T]],
    rows: Rows = ROWS,
    script: Answer | None = None,
    version: SnmpVersion = SnmpVersion.V2C,
    attempt_seconds: float = 0.4,
) -> T:
    async def run() -> T:
        async with (
            serving(rows, script, version) as (endpoint, agent),
            SnmpClient(endpoint, attempts=2, attempt_seconds=attempt_seconds) as client,
        ):
            return await do(client, agent)

    return asyncio.run(run())


def fails(script: Answer, **options: object) -> str:
    """The message of the error a GET of the first row ends with."""
    with pytest.raises(CollectorError) as caught:
        ask(lambda client, _agent: client.get([f"{TABLE}.1"]), script=script, attempt_seconds=0.05)
    assert ADDRESS in str(caught.value)
    assert "public" not in str(caught.value)
    return type(caught.value).__name__ + ": " + str(caught.value)


def test_what_is_not_there_is_no_failure() -> None:
    answer = ask(lambda client, _agent: client.ask([f"{TABLE}.1", f"{TABLE}.999"]))
    assert answer.values == {f"{TABLE}.1": b"port 1"}
    assert answer.failed == {}


def test_genErr_on_one_oid_costs_that_oid() -> None:  # noqa: N802
    bad = pdu.encode_oid(f"{TABLE}.17")

    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes:
        names = [name for name, _tag, _content in request.varbinds]
        return agent.error(request, pdu.GEN_ERR, names.index(bad) + 1) if bad in names else agent.answer(request)

    answer = ask(lambda client, _agent: client.ask(ROWS), script=script)
    assert answer.failed == {f"{TABLE}.17": "genErr"}
    assert len(answer.values) == 59


def test_an_error_that_names_nothing_is_narrowed_down() -> None:
    bad = pdu.encode_oid(f"{TABLE}.17")

    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes:
        hit = any(name == bad for name, _tag, _content in request.varbinds)
        return agent.error(request, pdu.GEN_ERR, 0) if hit else agent.answer(request)

    answer = ask(lambda client, _agent: client.ask(ROWS), script=script)
    assert answer.failed == {f"{TABLE}.17": "genErr"}
    assert len(answer.values) == 59


def test_an_agent_that_fails_on_everything_is_not_asked_for_ever() -> None:
    async def do(client: SnmpClient, agent: ScriptedAgent) -> tuple[int, int]:
        answer = await client.ask(ROWS)
        return len(agent.requests), len(answer.failed)

    requests, failed = ask(do, script=lambda agent, _data, request: agent.error(request, pdu.GEN_ERR, 1))
    assert failed == 60
    assert requests < 15
    with pytest.raises(AgentError, match=r"genErr when asked for 1\.3\.6\.1\.2\.1\.2\.2\.1\.2\.1"):
        ask(
            lambda client, _agent: client.get([f"{TABLE}.1"]),
            script=lambda agent, _data, request: agent.error(request, pdu.GEN_ERR, 1),
        )


def test_tooBig_asks_for_less() -> None:  # noqa: N802
    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes:
        size = len(request.varbinds) * (request.error_index if request.tag == pdu.GET_BULK else 1)
        return agent.error(request, pdu.TOO_BIG, 0) if size > 7 else agent.answer(request)

    assert len(ask(lambda client, _agent: client.get(ROWS), script=script)) == 60
    assert len(ask(lambda client, _agent: client.walk(TABLE), script=script)) == 60


def test_version_1_says_noSuchName_for_each_missing_oid() -> None:  # noqa: N802
    wanted = [f"{TABLE}.{i}" for i in (1, 900, 2, 901, 3)]
    answer = ask(lambda client, _agent: client.ask(wanted), version=SnmpVersion.V1)
    assert sorted(answer.values) == [f"{TABLE}.1", f"{TABLE}.2", f"{TABLE}.3"]
    assert answer.failed == {}


@pytest.mark.parametrize("version", [SnmpVersion.V1, SnmpVersion.V2C])
def test_a_walk_ends_at_the_end_of_its_table(version: SnmpVersion) -> None:
    rows = ROWS | {"1.3.6.1.2.1.2.2.1.3.1": number(6), "1.3.6.1.2.1.2.2.1.20": number(0)}
    walked = ask(lambda client, _agent: client.walk(TABLE), rows=rows, version=version)
    assert [oid for oid, _value in walked] == [f"{TABLE}.{i}" for i in range(1, 61)]
    assert ask(lambda client, _agent: client.walk("1.3.6.1.9"), rows=rows, version=version) == []


def test_a_walk_orders_by_numbers_not_by_octets() -> None:
    rows = {f"{TABLE}.{i}": number(1) for i in (1, 127, 128, 16383, 16384, 2097152, 4294967295)}
    assert len(ask(lambda client, _agent: client.walk(TABLE), rows=rows)) == 7


def test_an_agent_that_stands_still_or_goes_back_ends_the_walk_with_its_oid() -> None:
    fifth, third = (pdu.encode_oid(f"{TABLE}.{i}") for i in (5, 3))

    def still(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes:
        return agent.response(request, [(fifth, *text(b"again"))])

    def back(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes:
        return agent.response(request, [(fifth, *text(b"on")), (third, *text(b"back"))])

    for script in (still, back):
        with pytest.raises(EndlessWalkError, match=r"1\.3\.6\.1\.2\.1\.2\.2\.1\.2\.5"):
            ask(lambda client, _agent: client.walk(TABLE), script=script)


def test_a_table_without_an_end_is_bounded() -> None:
    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes:
        name = request.varbinds[0][0]
        last = pdu.decode_arcs(name)[-1] if len(name) > 9 else 0
        base = pdu.encode_oid(TABLE)
        rows = [(base + pdu.encode_arcs((last + i,)), *number(1)) for i in range(1, 20)]
        return agent.response(request, rows)

    with pytest.raises(WalkTooLongError, match=r"1\.3\.6\.1\.2\.1\.2\.2\.1\.2 was given up after 100 rows"):
        ask(lambda client, _agent: client.walk(TABLE, WalkLimits(rows=100)), script=script)
    with pytest.raises(WalkTooLongError):
        ask(lambda client, _agent: client.walk(TABLE, WalkLimits(octets=2000)), script=script)
    with pytest.raises(WalkTooLongError):
        ask(lambda client, _agent: client.walk(TABLE, WalkLimits(seconds=0.05)), script=script)


def test_a_column_that_fails_costs_that_column() -> None:
    other = "1.3.6.1.2.1.2.2.1.3"
    rows = ROWS | {f"{other}.{i}": number(6) for i in range(1, 61)}
    bad = pdu.encode_oid(other)

    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes:
        hit = next((i for i, (name, *_) in enumerate(request.varbinds) if name.startswith(bad)), None)
        return agent.answer(request) if hit is None else agent.error(request, pdu.GEN_ERR, hit + 1)

    walks = ask(lambda client, _agent: client.walk_columns([TABLE, other]), rows=rows, script=script)
    assert len(walks.rows[TABLE]) == 60
    assert "genErr" in str(walks.failed[other])
    assert TABLE not in walks.failed


def test_a_lost_packet_is_asked_again() -> None:
    async def do(client: SnmpClient, agent: ScriptedAgent) -> int:
        await client.get([f"{TABLE}.1"])
        return len(agent.requests)

    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes | None:
        return agent.answer(request) if len(agent.requests) > 1 else None

    assert ask(do, script=script, attempt_seconds=0.05) == 2


def test_silence_garbage_and_truncation_are_told_apart() -> None:
    assert fails(lambda _agent, _data, _request: None).startswith("SilentError")
    assert fails(lambda _agent, _data, _request: b"\x00garbage").startswith("GarbledError")
    assert fails(lambda agent, _data, request: agent.answer(request)[:-3]).startswith("GarbledError")
    wrong_id = fails(
        lambda agent, _data, request: agent.response(request, [(b"\x2b", *number(1))], request.request_id + 1)
    )
    assert wrong_id.startswith("SilentError")
    echo = fails(lambda _agent, data, _request: data)
    assert echo.startswith("SilentError")


def test_an_answer_to_something_else_is_no_answer() -> None:
    answer = ask(
        lambda client, _agent: client.ask([f"{TABLE}.1"]),
        script=lambda agent, _data, request: agent.response(request, [(b"\x2b\x06", *number(7))]),
    )
    assert answer.values == {}
    assert answer.failed == {f"{TABLE}.1": "no answer"}


def test_an_answer_from_somebody_else_is_not_heard() -> None:
    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.45.0.9", 0))
            other.sendto(agent.answer(request), agent.asker)  # type: ignore[attr-defined]

    class Watching(ScriptedAgent):
        def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
            self.asker = address
            super().datagram_received(data, address)

    async def run() -> None:
        agent = Watching(ROWS, script)
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: agent, local_addr=(ADDRESS, 0))
        endpoint = Endpoint(
            ADDRESS, transport.get_extra_info("sockname")[1], SnmpCommunity("", SnmpVersion.V2C, Secret("public"))
        )
        try:
            async with SnmpClient(endpoint, attempts=1, attempt_seconds=0.1) as client:
                await client.get([f"{TABLE}.1"])
        finally:
            transport.close()

    with pytest.raises(SilentError):
        asyncio.run(run())


def test_a_closed_port_is_told_from_silence() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind((ADDRESS, 0))
        port = closed.getsockname()[1]

    async def run() -> None:
        access = SnmpCommunity("", SnmpVersion.V2C, Secret("public"))
        async with SnmpClient(Endpoint(ADDRESS, port, access), attempt_seconds=5) as client:
            await client.get([f"{TABLE}.1"])

    with pytest.raises(RefusedError, match=rf"{ADDRESS} port {port}"):
        asyncio.run(run())


def test_authorizationError_is_a_wrong_credential() -> None:  # noqa: N802
    with pytest.raises(UnauthorisedError, match=ADDRESS):
        ask(
            lambda client, _agent: client.get([f"{TABLE}.1"]),
            script=lambda agent, _data, request: agent.error(request, pdu.AUTHORIZATION_ERROR, 0),
        )


def test_a_name_is_no_address() -> None:
    with pytest.raises(CollectorError, match=r"router\.desa is not an IP address"):
        SnmpClient(Endpoint("router.desa", 161, SnmpCommunity("", SnmpVersion.V2C, Secret("x"))))


def test_a_text_of_nearly_64_kib_arrives() -> None:
    rows = {"1.3.6.1.2.1.1.5.0": text(b"\xff\xfe" + b"n" * 60000)}
    values = ask(lambda client, _agent: client.get(rows), rows=rows)
    assert len(values["1.3.6.1.2.1.1.5.0"]) == 60002


def test_only_one_request_is_in_flight() -> None:
    in_flight: list[int] = []

    async def do(client: SnmpClient, agent: ScriptedAgent) -> int:
        await asyncio.gather(*(client.get([f"{TABLE}.{i}"]) for i in range(1, 21)))
        return len(agent.requests)

    def script(agent: ScriptedAgent, _data: bytes, request: pdu.Pdu) -> bytes:
        in_flight.append(request.request_id)
        return agent.answer(request)

    assert ask(do, script=script) == 20
    assert in_flight == sorted(in_flight)
