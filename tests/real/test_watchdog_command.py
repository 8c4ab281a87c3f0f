"""`kentongan watchdog` as a process: it hears signs of life, mails when they stop, and again when they come back."""

import re
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.real.terminal import Terminal, until

controller = pytest.importorskip("aiosmtpd.controller", reason="aiosmtpd, the SMTP server of the tests, is missing")
handlers = pytest.importorskip("aiosmtpd.handlers", reason="aiosmtpd is missing")
pytestmark = pytest.mark.real

SETTINGS = {
    "KENTONGAN_WATCHDOG__PORT": "0",
    "KENTONGAN_WATCHDOG__CREDENTIAL": "alive",
    "KENTONGAN_WATCHDOG__PLACES": "kantor-pusat",
    "KENTONGAN_WATCHDOG__PATIENCE_SECONDS": "15",
    "KENTONGAN_WATCHDOG__TELL": "mailto:noc@purwakarta.example",
}


class Post(handlers.Message):  # type: ignore[misc, name-defined]
    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.letters.append(message)


def test_a_kentongan_that_falls_silent_is_cried_out(tmp_path: Path) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    terminal = Terminal(tmp_path, environment={**SETTINGS, "KENTONGAN_TOKEN": "rahasia"})
    terminal.kentongan("init", "--kabupaten", "32.14")
    channels = f'[mailto]\nkind = "mail"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    (tmp_path / "channels.toml").write_text(channels, encoding="utf-8")
    terminal.kentongan("credential", "add", "alive", "--token")
    post = Post()
    server = controller.Controller(post, hostname="127.0.0.1", port=port)
    server.start()
    try:
        with terminal.start("watchdog") as watchdog:
            assert until(lambda: "http://" in watchdog.errors, 60), watchdog.errors
            found = re.search(r"http://\S+/alive/TOKEN/kantor-pusat", watchdog.errors)
            assert found, watchdog.errors
            assert "rahasia" not in watchdog.errors, "the token is no one's to read in a log"
            url = found[0].rstrip('"').replace("TOKEN", "rahasia")
            assert httpx.post(url).json() == {"heard": True}
            assert httpx.post(url.replace("rahasia", "salah")).status_code == 404
            assert until(lambda: len(post.letters) == 1, 60), watchdog.errors
            assert httpx.post(url).json() == {"heard": True}
            assert until(lambda: len(post.letters) == 2, 60), watchdog.errors
            assert watchdog.end() == 0
    finally:
        server.stop()
    silent, again = (letter.get_payload(decode=True).decode() for letter in post.letters)
    assert "KENTONGAN" in silent
    assert "kantor pusat" in silent
    assert "kantor pusat" in again
    assert silent != again


def test_without_settings_it_says_which(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.kentongan("init", "--kabupaten", "32.14")
    assert "watchdog.places" in terminal.kentongan("watchdog", status=2)
    wrong = terminal.kentongan("watchdog", status=2, **{**SETTINGS, "KENTONGAN_WATCHDOG__TELL": "merpati:1"})
    assert "merpati:1" in wrong
    assert "channels.toml" in wrong
