"""Mail against a real SMTP server on loopback: refused, busy, restarted under load; the same by Apprise."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message as Letter
from pathlib import Path
from typing import Any, ClassVar

import pytest

from alerts.channels.mail import Mail, MailServer
from alerts.channels.sender import Sender, SenderRules
from alerts.dispatch import Delivered, Fate, Later, Message, Refused
from alerts.dispatch.lanes import Limits
from alerts.dispatch.rate_limits import Backoff
from alerts.store.outbox import SqlOutbox
from alerts.store.outbox_tables import metadata
from domain.secrets import Secret
from kentongan.clock import SystemClock
from kentongan.database import Database

controller = pytest.importorskip("aiosmtpd.controller", reason="aiosmtpd, the SMTP server of the tests, is missing")
pytestmark = pytest.mark.real


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


class Post:
    """Takes letters; refuses whom it is told to."""

    refuses: ClassVar[dict[str, str]] = {
        "nobody@purwakarta.example": "550 5.1.1 no such user",
        "full@purwakarta.example": "452 4.2.2 mailbox full",
    }

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.after_data = "250 taken"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.after_data.startswith("250"):
            self.letters.append(message_from_bytes(envelope.content))
        return self.after_data


@contextmanager
def post_office(post: Post, port: int):  # type: ignore[no-untyped-def]
    server = controller.Controller(post, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def message(recipient: str = "noc@purwakarta.example", topic: str = "a") -> Message:
    payload = {"text": "PUTUS · kita · tim serat Plered", "subject": "PUTUS · kita"}
    channel = f"mailto:{recipient}"
    return Message(f"{topic}-1-opened@{channel}", topic, channel, "opened", "new", datetime.now(UTC), payload)


def mail(port: int) -> Mail:
    return Mail(MailServer("127.0.0.1", port, "none", "kentongan@purwakarta.example"), ThreadPoolExecutor(4))


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(work())


async def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def test_a_letter_arrives_as_it_was_written() -> None:
    async def work() -> None:
        post, port = Post(), free_port()
        with post_office(post, port):
            result = await mail(port).deliver(message())
        assert isinstance(result, Delivered)
        (letter,) = post.letters
        assert result.detail == letter["Message-ID"]
        assert letter.get_payload(decode=True).decode().strip() == "PUTUS · kita · tim serat Plered"  # type: ignore[union-attr]

    run(work)


def test_what_the_server_says_decides() -> None:
    async def work() -> None:
        post, port = Post(), free_port()
        with post_office(post, port):
            way = mail(port)
            assert await way.deliver(message("nobody@purwakarta.example")) == Refused("SMTP 550 5.1.1 no such user")
            assert await way.deliver(message("full@purwakarta.example")) == Later("SMTP 452 4.2.2 mailbox full")
            post.after_data = "554 looks like spam"
            assert await way.deliver(message()) == Refused("SMTP 554 looks like spam")
            post.after_data = "451 busy"
            assert await way.deliver(message()) == Later("SMTP 451 busy")
            assert isinstance(await way.deliver(message("no address")), Refused)
        assert isinstance(await mail(port).deliver(message()), Later), "nobody there"

    run(work)


def test_a_server_that_speaks_no_tls_gets_no_password() -> None:
    async def work() -> None:
        post, port = Post(), free_port()
        with post_office(post, port):
            server = MailServer("127.0.0.1", port, "starttls", "k@p.example", "kentongan")
            result = await Mail(server, ThreadPoolExecutor(1), Secret("rahasia")).deliver(message())
        assert isinstance(result, Later)
        assert post.letters == []
        assert "rahasia" not in repr(result)

    run(work)


def test_a_mail_server_restarted_under_load_loses_nothing(tmp_path: Path) -> None:
    async def work() -> None:
        post, port = Post(), free_port()
        with Database(f"sqlite:///{tmp_path / 'outbox.db'}") as database:
            metadata.create_all(database.engine)
            outbox = SqlOutbox(database.engine)
            outbox.put([message(topic=f"t{n}") for n in range(60)])
            rules = SenderRules(backoff=Backoff(0.05, 0.2), attempt_seconds=5)
            sender = Sender(outbox, {"mailto": mail(port)}, lambda channel: Limits(), SystemClock(), rules)
            await sender.start()
            try:
                await until(lambda: sender.tally.failed >= 1)
                for wanted in (15, 35):
                    with post_office(post, port):
                        await until(lambda wanted=wanted: len(post.letters) >= wanted)  # type: ignore[misc]
                with post_office(post, port):
                    await until(lambda: outbox.counts() == {Fate.DELIVERED: 60})
            finally:
                await sender.stop()
        sent = [letter["Message-ID"] for letter in post.letters]
        assert len(set(sent)) == 60
        assert len(sent) - 60 <= 12, "only what was in the air at a restart may come twice"

    run(work)


def test_the_same_by_apprise() -> None:
    pytest.importorskip("apprise", reason="Apprise is missing")
    from alerts.channels.apprise_urls import AppriseUrl

    async def work() -> None:
        post, port = Post(), free_port()
        url = f"mailto://127.0.0.1:{port}?from=k@p.example&to={{to}}&mode=insecure&format=text"
        way = AppriseUrl(Secret(url), ThreadPoolExecutor(1))
        with post_office(post, port):
            assert await way.deliver(message()) == Delivered()
        (letter,) = post.letters
        assert "noc@purwakarta.example" in letter["To"]
        refused = await way.deliver(message())
        assert isinstance(refused, Later)
        assert refused.reason
        assert isinstance(await AppriseUrl(Secret("nonsense"), ThreadPoolExecutor(1)).deliver(message()), Refused)

    run(work)
