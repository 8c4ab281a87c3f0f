"""The adapter over real HTTP: a push and its repetition, and every way in which a server can refuse or not be one.

That the calls fit the description of Grafana's API is tested in `tests/project/test_grafana_types.py`.
"""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from domain.secrets import Secret
from exporters.errors import ExporterError, GrafanaAddressError, GrafanaRefusedError, GrafanaUnreachableError
from exporters.grafana.pushing import Kind, Step, push
from exporters.grafana.server import GrafanaServer
from exporters.grafana.shipped import FOLDERS, shipped
from kentongan.logging import redacted
from tests.real.pretend_grafana import TOKEN, Pretend, serving

pytestmark = pytest.mark.real

JSON, HTML = "application/json", "text/html"


@dataclass(frozen=True)
class Pretended:
    url: str
    handler: type[Pretend]

    def requests(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.handler.file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def pretended(tmp_path: Path) -> Iterator[Pretended]:
    with serving(tmp_path / "requests") as (url, handler):
        yield Pretended(url, handler)


def grafana(url: str, token: str = TOKEN) -> GrafanaServer:
    return GrafanaServer(url, Secret(token), timeout_seconds=5)


def test_a_push_and_its_repetition(pretended: Pretended) -> None:
    server = grafana(pretended.url)
    done = list(push(server, shipped(), "http://127.0.0.1:9090"))
    assert {each.step for each in done} == {Step.CREATED}
    assert sum(each.kind is Kind.DASHBOARD for each in done) == len(shipped())
    assert sum(each.kind is Kind.FOLDER for each in done) == len(FOLDERS)
    written = [each for each in pretended.requests() if each["method"] != "GET"]
    assert len(written) == len(done)
    assert {each.step for each in push(server, shipped(), "http://127.0.0.1:9090")} == {Step.UNCHANGED}
    assert [each for each in pretended.requests() if each["method"] != "GET"] == written
    changed = [each for each in push(server, shipped("https://konsol.example")) if each.step is not Step.UNCHANGED]
    assert {(each.kind, each.step) for each in changed} == {(Kind.DASHBOARD, Step.UPDATED)}


@pytest.mark.parametrize(
    ("broken", "error", "said"),
    [
        ((401, JSON, '{"message": "Invalid API key"}'), GrafanaRefusedError, "does not accept the token"),
        ((403, JSON, '{"message": "Access denied"}'), GrafanaRefusedError, "role Editor"),
        ((422, JSON, '{"message": "bad"}'), GrafanaRefusedError, "refuses it: 422 bad"),
        ((500, JSON, '{"message": "boom"}'), GrafanaRefusedError, "has failed: 500 boom"),
        ((502, HTML, "<h1>Bad Gateway</h1>"), GrafanaRefusedError, "502"),
        ((200, HTML, "<h1>It works</h1>"), GrafanaUnreachableError, "is no Grafana"),
        ((200, JSON, "[1]"), GrafanaUnreachableError, "is no Grafana"),
        ((404, JSON, "7"), GrafanaUnreachableError, "is no Grafana"),
        ((301, HTML, ""), GrafanaUnreachableError, "does not answer"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do_and_without_the_token(
    pretended: Pretended, broken: tuple[int, str, str], error: type[ExporterError], said: str
) -> None:
    pretended.handler.broken = broken
    with pytest.raises(error) as caught:
        list(push(grafana(pretended.url), shipped()))
    assert said in str(caught.value)
    assert pretended.url in str(caught.value)
    assert TOKEN not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_wrong_token_is_refused(pretended: Pretended) -> None:
    with pytest.raises(GrafanaRefusedError, match="kentongan credential add"):
        list(push(grafana(pretended.url, "glsa_other"), shipped()))


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(GrafanaUnreachableError, match="Is it running"):
        grafana(f"http://127.0.0.1:{port}").folder("x")


def test_a_grafana_below_a_path(pretended: Pretended) -> None:
    with pytest.raises(GrafanaRefusedError):
        grafana(pretended.url + "/grafana/").create_folder("a", "A")
    assert pretended.requests()[-1]["path"] == "/grafana/api/folders"


@pytest.mark.parametrize("url", ["ftp://x", "http://", "http://user:secret@x/", "http://x/?q=1", ""])
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(GrafanaAddressError) as caught:
        grafana(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "clear"),
    [("http://127.0.0.1:3000", False), ("grafana.local:3000", True), ("https://grafana.local/", False),
     ("http://[::1]:3000", False)],
)  # fmt: skip
def test_a_token_in_clear_is_noticed(url: str, clear: bool) -> None:
    assert grafana(url).crosses_in_clear is clear


def test_the_handler_of_one_server_is_not_that_of_another() -> None:
    assert Pretend.broken is None


def test_what_to_do_survives_the_masking_of_secrets(pretended: Pretended) -> None:
    with pytest.raises(GrafanaRefusedError) as caught:
        grafana(pretended.url, "glsa_other").folder("x")
    assert "kentongan credential add NAME --token" in redacted(str(caught.value))
