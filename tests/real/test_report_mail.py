"""The month's report by mail to a real SMTP server: read as its receiver reads it, once; and what a kill repeats."""

import asyncio
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from alerts.channels.mail import Mail, MailServer
from alerts.channels.sender import Sender, SenderRules
from alerts.dispatch import Fate
from alerts.dispatch.lanes import Limits
from alerts.dispatch.rate_limits import Backoff
from alerts.store.outbox import SqlOutbox
from domain.language import active_language, speaking
from domain.time import Moment
from exporters.reports.words import period_word
from kentongan.database import Database
from kentongan.installation import Installation
from kentongan.reporting import ReportDesk
from kentongan.reporting.sending import ReportSending
from kentongan.settings import load_settings
from kentongan.words import speak
from tests.command_line import status_of
from tests.unit.kentongan.dark_month import FIRST, PERIOD, prepare_dark_month

controller = pytest.importorskip("aiosmtpd.controller", reason="aiosmtpd, the SMTP server of the tests, is missing")
pytestmark = pytest.mark.real

DUE = ((FIRST + timedelta(days=32)).replace(day=1) + timedelta(days=2, hours=7)).astimezone()
SCHEDULE = """
[[report]]
name = "bulanan"
kind = "availability"
by = "desa"
formats = ["pdf", "xlsx"]
to = ["kadis@purwakarta.example"]
"""
SENDS = """
import asyncio, sys
from tests.real.test_report_mail import send
asyncio.run(send(sys.argv[1], int(sys.argv[2]), lambda outbox: False))
"""


class HeldClock:
    """Its day is the one on which the report falls due."""

    def now(self) -> Moment:
        return Moment(time.monotonic(), DUE.timestamp())


class Post:
    """Takes letters and says so; or has the sender killed before it hears that."""

    def __init__(self, kills: Callable[[], int] | None = None) -> None:
        self.letters: list[EmailMessage] = []
        self.kills = kills

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.kills is not None:
            os.kill(self.kills(), signal.SIGKILL)
        return "250 taken"


@contextmanager
def post_office(post: Post, port: int) -> Iterator[None]:
    server = controller.Controller(post, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


async def send(address: str, port: int, done: Callable[[SqlOutbox], bool], seconds: float = 30) -> None:
    """What `kentongan run` does with the outbox, until it is done."""
    with Database(address) as database:
        outbox = SqlOutbox(database.engine)
        mail = Mail(MailServer("127.0.0.1", port, "none", "kentongan@purwakarta.example"), ThreadPoolExecutor(1))
        rules = SenderRules(backoff=Backoff(0.05, 0.1), attempt_seconds=10)
        sender = Sender(outbox, {"mailto": mail}, lambda channel: Limits(), HeldClock(), rules)
        await sender.start()
        try:
            async with asyncio.timeout(seconds):
                while not done(outbox):
                    await asyncio.sleep(0.01)
        finally:
            await sender.stop()


def delivered(outbox: SqlOutbox) -> bool:
    return set(outbox.counts()) == {Fate.DELIVERED}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A month that is closed, and a schedule that says who gets its report; in Indonesian."""
    folder, before = tmp_path_factory.mktemp("report-mail"), active_language()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("LANGUAGE", "id")
        prepare_dark_month()
        Path("reports.toml").write_text(SCHEDULE, encoding="utf-8")
        assert status_of("availability", "close", PERIOD) == 0
        with Installation(load_settings(None), "siti").open() as installation, speaking("id"):
            speak(before)  # the commands above have left Indonesian behind
            yield installation


def another(installation: Installation, name: str) -> int:
    """The same report by a schedule of another name, in the outbox. Its number there."""
    Path("reports.toml").write_text(SCHEDULE.replace("bulanan", name), encoding="utf-8")
    assert [made.problem for made in ReportSending(installation).send_due(DUE)] == [""]
    (waiting,) = SqlOutbox(installation.database.engine).waiting(10)
    return waiting.number


def address_of(installation: Installation) -> str:
    return installation.database.url.render_as_string(hide_password=False)


def test_the_receiver_reads_the_report_that_was_kept_once(office: Installation) -> None:
    sending, post, port, address = ReportSending(office), Post(), free_port(), address_of(office)
    assert sending.send_due(DUE - timedelta(seconds=1)) == []
    assert [(made.period, made.problem) for made in sending.send_due(DUE)] == [(PERIOD, "")]
    with pytest.raises(TimeoutError):  # the server is away: it is kept and tried again
        asyncio.run(send(address, port, lambda outbox: False, seconds=0.5))
    assert SqlOutbox(office.database.engine).counts() == {Fate.WAITING: 1}
    with post_office(post, port):
        asyncio.run(send(address, port, delivered))
        with pytest.raises(TimeoutError):  # and looked for once more: there is nothing left
            asyncio.run(send(address, port, lambda outbox: False, seconds=0.2))
    (letter,) = post.letters
    assert (letter["From"], letter["To"]) == ("kentongan@purwakarta.example", "kadis@purwakarta.example")
    with speaking("id"):
        month = period_word(PERIOD)
    assert letter["Subject"].startswith("Ketersediaan")
    assert letter["Subject"].endswith(month)
    assert letter["Date"].datetime == DUE
    body = letter.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert month in text
    assert "Sementara" not in text, "the month is closed"
    (kept,) = ReportDesk(office).stored()
    assert (kept.kind.value, kept.by, kept.period) == ("availability", "desa", PERIOD)
    hashes = {file.filename: file.sha256 for file in kept.files}
    files = {str(part.get_filename()): part.get_content() for part in letter.iter_attachments()}
    assert sorted(files) == [f"availability-desa-{PERIOD}-r1.pdf", f"availability-desa-{PERIOD}-r1.xlsx"]
    for name, octets in files.items():
        assert hashlib.sha256(octets).hexdigest() == hashes[name]
        assert f"{name}  SHA-256 {hashes[name]}" in text
    assert next(part.get_content_type() for part in letter.iter_attachments()) == "application/pdf"
    assert sending.send_due(DUE + timedelta(days=20)) == []


def test_killed_between_the_sending_and_the_noting_it_comes_twice_under_one_number(office: Installation) -> None:
    number = another(office, "terputus")
    port, command = free_port(), [sys.executable, "-c", SENDS, address_of(office)]
    path = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    child: list[subprocess.Popen[bytes]] = []
    post = Post(lambda: child[0].pid)
    with post_office(post, port):
        child.append(subprocess.Popen([*command, str(port)], env=path))
        assert child[0].wait(60) == -signal.SIGKILL
        outbox = SqlOutbox(office.database.engine)
        assert [each.number for each in outbox.waiting(10)] == [number], "taken by the server, never noted"
        post.kills = None
        asyncio.run(send(address_of(office), port, delivered))
    assert len({str(letter["Message-ID"]) for letter in post.letters}) == 1, "a reader can tell that it is the same"
    assert len(post.letters) == 2, "the once more that is promised, and no third"
    assert ReportSending(office).send_due(DUE + timedelta(days=20)) == []
