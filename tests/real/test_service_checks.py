"""Checks of pages, ports and names: against the lab's servers, OpenSSL's, Python's, and some that misbehave."""

import asyncio
import contextlib
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import dns.message
import dns.rrset
import pytest

from collectors.dns import check_dns
from collectors.http import HttpChecker, Trust, shipped_phrases
from collectors.http.fetch import MOST_OCTETS
from collectors.tcp import check_tcp
from domain.services import (
    DnsCheck,
    HttpCheck,
    ServiceOutcome,
    ServiceWord,
    TcpCheck,
)
from domain.states import State
from lab.services import AppPlan, Fault, ServicesPlan, ServicesTown
from lab.services.authority import Authority
from tests.real.service_servers import free_port, now, page, serving

pytestmark = pytest.mark.real
BOOK = shipped_phrases()


@pytest.fixture
def app() -> AppPlan:
    # crc32 decides who redirects to a login first: `portal` does not, `jdih` does
    return AppPlan("portal", "Portal Kabupaten", "Diskominfo", "127.66.0.1", free_port("127.66.0.1"), True)


@contextlib.asynccontextmanager
async def town(plan: ServicesPlan, folder: Path) -> AsyncIterator[tuple[ServicesTown, HttpChecker]]:
    async with ServicesTown(plan, folder) as standing:
        yield standing, HttpChecker(BOOK, Trust([standing.ca_file]), search_seconds=0)


async def look(place: str, *, scheme: str = "http", **more: object) -> ServiceOutcome:
    return await HttpChecker(BOOK, search_seconds=0).check(HttpCheck("x", f"{scheme}://{place}/", **more), now())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("fault", "word", "state"),
    [
        (None, ServiceWord.OK, State.UP),
        (Fault.ERROR, ServiceWord.WRONG_STATUS, State.DOWN),
        (Fault.SILENT, ServiceWord.SILENT, State.DOWN),
        (Fault.REFUSED, ServiceWord.REFUSED, State.DOWN),
        (Fault.DEFACED, ServiceWord.DEFACED, State.DOWN),
        (Fault.CLOAKED, ServiceWord.CLOAKED, State.DEGRADED),
        (Fault.FOREIGN_REDIRECT, ServiceWord.FOREIGN_REDIRECT, State.DOWN),
        (Fault.REDIRECT_LOOP, ServiceWord.REDIRECT_LOOP, State.DOWN),
        (Fault.EXPIRED, ServiceWord.CERTIFICATE_EXPIRED, State.DEGRADED),
        (Fault.EXPIRING, ServiceWord.CERTIFICATE_EXPIRES, State.UP),
        (Fault.SELF_SIGNED, ServiceWord.CERTIFICATE_SELF_SIGNED, State.DEGRADED),
        (Fault.WRONG_NAME, ServiceWord.CERTIFICATE_NAME, State.DEGRADED),
        (Fault.TEXT_GONE, ServiceWord.TEXT_MISSING, State.DOWN),
    ],
    ids=str,
)
def test_every_fault_of_an_application_is_named(
    app: AppPlan, tmp_path: Path, fault: Fault | None, word: ServiceWord, state: State
) -> None:
    async def steps() -> tuple[ServiceOutcome, ServiceOutcome]:
        async with town(ServicesPlan((app,), ()), tmp_path) as (standing, checker):
            check = HttpCheck(app.code, app.url, 200, app.name, timeout_seconds=0.5 if fault is Fault.SILENT else 10)
            if fault is not None:
                await standing.spoil(app.code, fault)
            spoilt = await checker.check(check, now())
            await standing.mend()
            return spoilt, await checker.check(check, now())

    spoilt, mended = asyncio.run(steps())
    assert (spoilt.word, spoilt.state) == (word, state)
    assert spoilt.reached
    assert (mended.word, mended.status) == (ServiceWord.OK, 200)


def test_phases_hops_and_the_whole_chain(tmp_path: Path) -> None:
    app = AppPlan("jdih", "JDIH", "Diskominfo", "127.66.0.2", free_port("127.66.0.2"), True)

    async def steps() -> ServiceOutcome:
        async with town(ServicesPlan((app,), ()), tmp_path) as (_standing, checker):
            return await checker.check(HttpCheck(app.code, app.url, 200, app.name), now())

    outcome = asyncio.run(steps())
    assert [(hop.status, hop.location) for hop in outcome.hops] == [(302, app.url + "masuk"), (200, "")]
    phases = outcome.phases
    parts = (phases.resolve_seconds, phases.connect_seconds, phases.tls_seconds, phases.first_byte_seconds)
    assert all(part is not None and part > 0 for part in parts)
    assert phases.total_seconds is not None
    assert sum(part for part in parts if part) < phases.total_seconds
    first = [(each.role.value, each.subject) for each in outcome.certificates if each.hop == 0]
    assert first == [("leaf", "127.66.0.2"), ("chain", "Kentongan Lab Issuer"), ("chain", "Kentongan Lab Root")]
    assert {each.hop for each in outcome.certificates} == {0, 1}


def test_an_issuer_nobody_knows_is_untrusted(app: AppPlan, tmp_path: Path) -> None:
    async def steps() -> ServiceOutcome:
        async with town(ServicesPlan((app,), ()), tmp_path):
            return await HttpChecker(BOOK).check(HttpCheck(app.code, app.url), now())

    outcome = asyncio.run(steps())
    assert outcome.word is ServiceWord.CERTIFICATE_UNTRUSTED
    assert outcome.status == 200
    assert outcome.certificates[0].subject == "127.66.0.1"


@pytest.fixture
def s_server(tmp_path: Path) -> Iterator[Callable[..., tuple[str, Path]]]:
    """OpenSSL's own server, on a free port."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is missing")
    running: list[subprocess.Popen[bytes]] = []

    def start(days: float, *options: str) -> tuple[str, Path]:
        authority = Authority(tmp_path / "ca")
        pair, port = authority.leaf("leaf", "127.0.0.1", days), free_port()
        command = ["openssl", "s_server", "-www", "-accept", f"127.0.0.1:{port}", "-quiet", "-cert_chain", pair.chain]
        running.append(
            subprocess.Popen(
                [*command, "-cert", pair.chain, "-key", pair.key, *options],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        return f"127.0.0.1:{port}", authority.root

    yield start
    for process in running:
        process.kill()
        process.wait()


async def once_it_listens(place: str) -> None:
    host, _colon, port = place.partition(":")
    async with asyncio.timeout(10):
        while True:
            try:
                _reader, writer = await asyncio.open_connection(host, int(port))
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return


@pytest.mark.parametrize(
    ("days", "options", "word"),
    [
        (90, (), ServiceWord.OK),
        (5, (), ServiceWord.CERTIFICATE_EXPIRES),
        (-1, (), ServiceWord.CERTIFICATE_EXPIRED),
        (90, ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), ServiceWord.OLD_TLS),
    ],
)
def test_openssls_own_server(
    s_server: Callable[..., tuple[str, Path]], days: float, options: tuple[str, ...], word: ServiceWord
) -> None:
    place, root = s_server(days, *options)

    async def steps() -> ServiceOutcome:
        await once_it_listens(place)
        checker = HttpChecker(BOOK, Trust([root]))
        return await checker.check(HttpCheck("x", f"https://{place}/", search_view=False), now())

    outcome = asyncio.run(steps())
    assert outcome.word is word
    assert outcome.status == 200
    assert outcome.certificates[0].names == ("127.0.0.1",)


def test_pythons_own_server(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>Situs Desa</title>slot gacor hari ini")
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:

        async def steps() -> list[ServiceOutcome]:
            await once_it_listens(f"127.0.0.1:{port}")
            return [await look(f"127.0.0.1:{port}{path}", expect_text="Situs Desa") for path in ("", "/nothing")]

        good, missing = asyncio.run(steps())
    finally:
        process.kill()
        process.wait()
    assert (good.word, good.status) == (ServiceWord.DEFACED, 200)
    assert (missing.word, missing.status) == (ServiceWord.WRONG_STATUS, 404)


def test_an_endless_page_is_read_to_its_bound() -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            writer.write(b"<p>halo</p>" * 1_000)
            await writer.drain()

    async def steps() -> ServiceOutcome:
        async with serving(endless) as place:
            return await look(place)

    outcome = asyncio.run(steps())
    assert (outcome.word, outcome.octets) == (ServiceWord.OK, MOST_OCTETS)


def test_one_that_dribbles_is_given_up() -> None:
    async def dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        while True:
            writer.write(b"H")
            await writer.drain()
            await asyncio.sleep(0.05)

    async def steps() -> ServiceOutcome:
        async with serving(dribble) as place:
            return await look(place, timeout_seconds=0.3)

    assert asyncio.run(steps()).word is ServiceWord.SILENT


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", ServiceWord.GARBLED),
        (b"", ServiceWord.GARBLED),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 100_000, ServiceWord.GARBLED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\ncut short", ServiceWord.OK),
        (b"HTTP/1.1 302 Found\r\nLocation: javascript:alert(1)\r\n\r\n", ServiceWord.GARBLED),
        (b"HTTP/1.1 302 Found\r\nLocation: http://[bad\r\n\r\n", ServiceWord.GARBLED),
        (b"HTTP/1.1 302 Found\r\nLocation: https://jahat.example/\r\n\r\n", ServiceWord.FOREIGN_REDIRECT),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", ServiceWord.OK),
        (b"HTTP/1.1 302 Found\r\nLocation: /\xff\xfe?a=\x7f\r\nSet-Cookie: a=\x01b\r\n\r\n", ServiceWord.REDIRECT_LOOP),
        (b"HTTP/1.0 200 OK\r\n\r\nold", ServiceWord.OK),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 No\r\n\r\n", ServiceWord.WRONG_STATUS),
    ],
)
def test_servers_that_misbehave(answer: bytes, word: ServiceWord) -> None:
    async def steps() -> ServiceOutcome:
        async with serving(page(answer)) as place:
            return await look(place)

    assert asyncio.run(steps()).word is word


def test_a_chain_of_redirects_without_end_and_one_that_needs_its_cookie() -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split(b" ")[1]
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: " + path + b"x\r\n\r\n")

    async def cookie(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        if b"Cookie: sesi=1" in request:
            writer.write(b"HTTP/1.1 200 OK\r\n\r\nmasuk")
        else:
            writer.write(b"HTTP/1.1 302 Found\r\nLocation: /\r\nSet-Cookie: sesi=1; Path=/; HttpOnly\r\n\r\n")

    async def steps() -> tuple[ServiceOutcome, ServiceOutcome]:
        async with serving(endless) as one, serving(cookie) as two:
            return await look(one), await look(two)

    without_end, with_cookie = asyncio.run(steps())
    assert without_end.word is ServiceWord.TOO_MANY_REDIRECTS
    assert len(without_end.hops) == 9
    assert (with_cookie.word, len(with_cookie.hops)) == (ServiceWord.OK, 2)


def test_nobody_there_and_names_that_are_not() -> None:
    async def steps() -> tuple[ServiceOutcome, ServiceOutcome, ServiceOutcome]:
        async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(100)
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        async with serving(plain) as place:
            no_tls = await look(place, scheme="https")
        return await look(f"127.0.0.1:{free_port()}"), await look("tidak-ada.invalid"), no_tls

    refused, unknown, no_tls = asyncio.run(steps())
    assert (refused.word, refused.reached) == (ServiceWord.REFUSED, True)
    assert (unknown.word, unknown.reached) == (ServiceWord.UNRESOLVED, False)
    assert (no_tls.word, no_tls.reached) == (ServiceWord.TLS_FAILED, True)


def test_ports_and_their_greeting() -> None:
    async def smtp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 surel.purwakartakab.go.id ESMTP\r\n")
        await reader.read()

    async def steps() -> list[ServiceOutcome]:
        async with serving(smtp) as place:
            port = int(place.partition(":")[2])
            checks = [TcpCheck("x", "127.0.0.1", port, text, 0.5) for text in ("", "ESMTP", "LMTP")]
            return [await check_tcp(check, now()) for check in (*checks, TcpCheck("x", "127.0.0.1", free_port()))]

    outcomes = asyncio.run(steps())
    assert [outcome.word for outcome in outcomes] == [
        ServiceWord.OK, ServiceWord.OK, ServiceWord.SILENT, ServiceWord.REFUSED,
    ]  # fmt: skip
    assert outcomes[1].phases.first_byte_seconds is not None


class NameServer(asyncio.DatagramProtocol):
    """Answers A for every name but two: it has none for `kosong`, and loses the first question for `hilang`."""

    def __init__(self) -> None:
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        name = query.question[0].name.to_text()
        if name.startswith("hilang") and not self.lost:
            self.lost = True
            return
        answer = dns.message.make_response(query)
        if name.startswith("kosong"):
            answer.set_rcode(3)
        else:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "A", "10.9.0.5", "10.9.0.6"))
        self.transport.sendto(answer.to_wire(), addr)  # type: ignore[attr-defined]


def test_names_and_their_answers() -> None:
    async def steps() -> list[ServiceWord]:
        loop = asyncio.get_running_loop()
        transport, _protocol = await loop.create_datagram_endpoint(NameServer, local_addr=("127.0.0.1", 0))
        port = transport.get_extra_info("sockname")[1]
        asked = [
            ("portal.id", "10.9.0.6"),
            ("portal.id", "10.9.0.7"),
            ("portal.id", ""),
            ("kosong.id", ""),
            ("hilang.id", ""),
        ]
        checks = [
            DnsCheck("x", "127.0.0.1", port, name, "A", frozenset(filter(None, [wanted])), 0.4)
            for name, wanted in asked
        ]
        words = [(await check_dns(check, now())).word for check in checks]
        words.append(
            (await check_dns(DnsCheck("x", "127.0.0.1", port, "portal.id", "MX", timeout_seconds=0.4), now())).word
        )
        transport.close()
        words.append((await check_dns(DnsCheck("x", "127.0.0.1", port, "a.id", timeout_seconds=0.3), now())).word)
        return words

    assert asyncio.run(steps()) == [
        ServiceWord.OK, ServiceWord.WRONG_ANSWER, ServiceWord.OK, ServiceWord.NO_ANSWER, ServiceWord.OK,
        ServiceWord.NO_ANSWER, ServiceWord.UNREACHED,
    ]  # fmt: skip
