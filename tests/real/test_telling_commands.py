"""`notify` and `maintenance` in this process: real receivers, an installation of Purwakarta, keys and exit statuses."""

import csv
import json
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import NullTranslations
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.dispatch import Fate, Message
from alerts.store.outbox import SqlOutbox
from domain.language import use
from kentongan.__main__ import main
from kentongan.cli.maintenance import read_duration, read_time
from kentongan.database import Database
from kentongan.errors import UsageError

pytestmark = pytest.mark.real
ROWS = {
    "sites": [
        ["slug", "name", "kind", "region_code", "power_feeder"],
        ["pop", "PoP", "pop", "32.14.01", "Purwakarta-1"],
        ["ds", "Citalang", "desa", "32.14.01.2010", ""],
    ],
    "devices": [["name", "site", "role", "address", "check"], ["rtr-ds", "ds", "router", "10.1.1.2", "icmp"]],
    "people": [
        ["name", "role", "region_codes", "channel", "duty_hours"],
        ["Asep", "engineer", "32.14.01", "mailto:asep@purwakarta.example", "24/7"],
        ["Budi", "noc", "", "wa:62811", "kadang-kadang"],
        ["Cici", "viewer", "", "", ""],
    ],
}


@dataclass(frozen=True, slots=True)
class Done:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Done]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Iterator[Call]:
    def run(*words: str) -> Done:
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        assert isinstance(ended.value.code, int)
        return Done(ended.value.code, printed.out, printed.err)

    yield run
    use("en", NullTranslations())


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("telling")
    for name, rows in ROWS.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("LANGUAGE", "en")
        for words in (["init", "--kabupaten", "32.14"], ["import", *(f"{name}.csv" for name in ROWS)]):
            with pytest.raises(SystemExit) as ended:
                main(words)
            assert ended.value.code == 0
    return folder


@pytest.fixture
def office(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [*os.environ]:
        if name.startswith("KENTONGAN_") or name in ("LC_ALL", "LC_MESSAGES"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANGUAGE", "en")
    here = tmp_path / "office"
    shutil.copytree(prepared, here)
    monkeypatch.chdir(here)
    return here


@contextmanager
def hook() -> Iterator[tuple[str, list[Any]]]:
    """An HTTP receiver on loopback."""
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", got
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_test_message_goes_to_a_real_mail_server_and_to_the_webhook(
    call: Call, office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = pytest.importorskip("aiosmtpd.controller", reason="aiosmtpd, the SMTP server of the tests, is missing")
    sink = pytest.importorskip("aiosmtpd.handlers", reason="aiosmtpd is missing")

    class Post(sink.Message):  # type: ignore[misc, name-defined]
        letters: list[Any] = []  # noqa: RUF012

        def handle_message(self, message: Any) -> None:
            self.letters.append(message)

    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    channels = f'[mailto]\nkind = "mail"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    (office / "channels.toml").write_text(channels, encoding="utf-8")
    server = controller.Controller(Post(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        with hook() as (url, got):
            monkeypatch.setenv("KENTONGAN_NOTIFY__WEBHOOKS", url)
            done = call("notify", "test", "--json")
    finally:
        server.stop()
    results = {each["channel"]: each for each in done.json}
    assert results[f"webhook:{url}"]["result"] == "delivered"
    assert results["mailto:asep@purwakarta.example"]["result"] == "delivered"
    assert results["mailto:asep@purwakarta.example"]["person"] == "Asep"
    assert results["wa:62811"]["result"] == "refused"
    assert "channels file" in results["wa:62811"]["detail"]
    assert done.status == 1, "one channel is not set up"
    assert "Budi" in done.err
    assert "kadang-kadang" in done.err
    assert [body["event"] for body in got] == ["test"]
    assert len(Post.letters) == 1


def test_one_channel_alone(call: Call, office: Path) -> None:
    with hook() as (url, got):
        done = call("notify", "test", "--channel", f"webhook:{url}")
    assert done.status == 0
    assert "delivered" in done.out
    assert len(got) == 1
    assert call("notify", "test", "--channel", "pigeon:1").status == 2
    assert call("notify", "test", "--channel", "webhook:http://127.0.0.1:1/x").status == 1


def test_a_wrong_channels_file_is_named(call: Call, office: Path) -> None:
    (office / "channels.toml").write_text('[wa]\npreset = "fonte"\n', encoding="utf-8")
    done = call("notify", "test")
    assert done.status == 1
    assert "channels.toml: [wa]" in done.err
    assert "fonnte" in done.err


def test_what_did_not_arrive_is_shown(call: Call, office: Path) -> None:
    assert "Everything has arrived" in call("notify", "undelivered").out
    with Database(f"sqlite:///{office / 'var' / 'kentongan.db'}") as database:
        outbox = SqlOutbox(database.engine)
        at = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
        outbox.put([Message("n@wa:1", "abcd-efgh", "wa:1", "opened", "new", at, {"text": "PUTUS"}, "Budi")])
        outbox.end(outbox.waiting(1)[0].number, Fate.GIVEN_UP, 9, "HTTP 500", at)
    (shown,) = call("notify", "undelivered", "--json").json
    assert (shown["channel"], shown["fate"], shown["tried"], shown["error"]) == ("wa:1", "given-up", 9, "HTTP 500")
    assert "2026-11-22 09:00:00" in call("notify", "undelivered").out, "in the zone of the office"
    (logged,) = call("notify", "log", "abcd-efgh", "--json").json
    assert (logged["reason"], logged["text"]) == ("new", "PUTUS")


def test_work_is_announced_listed_and_ended(call: Call, office: Path) -> None:
    added = call("maintenance", "add", "--site", "ds", "--for", "2h", "--reason", "ganti kabel", "--json")
    assert added.status == 0, added.err
    assert added.json["active"] is True
    assert added.json["scopes"] == [{"kind": "site", "name": "ds"}]
    id_ = added.json["id"]
    assert [each["id"] for each in call("maintenance", "list", "--json").json] == [id_]
    assert call("maintenance", "end", id_).status == 0
    assert call("maintenance", "list", "--json").json == []
    assert call("maintenance", "end", id_).status == 2
    assert call("maintenance", "end", "m-zzzzz").status == 2
    assert [each["id"] for each in call("maintenance", "list", "--all", "--json").json] == [id_]


def test_a_rhythm_a_feeder_and_no_end(call: Call, office: Path) -> None:
    words = ["--kind", "pln", "--feeder", "Purwakarta-1", "--every", "Sen,Kam 22.00-24.00", "--json"]
    added = call("maintenance", "add", *words).json
    assert (added["kind"], added["endsAt"], added["every"]) == ("pln", None, "Sen,Kam 22.00-24.00")
    assert added["next"] is not None
    assert "PLN" in call("maintenance", "list").out


def test_a_pasted_list_of_desa(call: Call, office: Path) -> None:
    (office / "pln.txt").write_text("Kec. Purwakarta: Citalang, Purwamekar\n", encoding="utf-8")
    added = call("maintenance", "add", "--kind", "pln", "--desa", "pln.txt", "--for", "3h", "--json")
    assert added.status == 0, added.err
    assert {scope["kind"] for scope in added.json["scopes"]} == {"area"}
    (office / "pln.txt").write_text("Citalang\n", encoding="utf-8")
    doubtful = call("maintenance", "add", "--kind", "pln", "--desa", "pln.txt", "--for", "3h")
    assert doubtful.status == 2
    assert "Kec." in doubtful.err
    assert "Purwakarta" in doubtful.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([], "--device"),
        (["--device", "nobody"], "nobody"),
        (["--area", "99.99"], "99.99"),
        (["--site", "ds", "--for", "lama"], "lama"),
        (["--site", "ds", "--from", "kapan"], "kapan"),
        (["--site", "ds", "--to", "08.00", "--for", "2h"], "--for"),
        (["--site", "ds", "--from", "2026-11-23 08:00", "--to", "2026-11-23 07:00"], "before"),
        (["--site", "ds", "--every", "kadang"], "kadang"),
        (["--desa", "absent.txt"], "absent.txt"),
    ],
)
def test_what_cannot_be_announced_says_why(call: Call, office: Path, words: list[str], named: str) -> None:
    done = call("maintenance", "add", *words)
    assert done.status == 2
    assert named in done.err


def test_times_as_people_write_them() -> None:
    zone = ZoneInfo("Asia/Jakarta")
    now = datetime(2026, 11, 22, 9, 0, tzinfo=zone).astimezone(UTC)
    expected = datetime(2026, 11, 23, 8, 0, tzinfo=zone)
    for text in ("2026-11-23 08:00", "23/11/2026 08.00", "08.00", "2026-11-23T8:00"):
        assert read_time(text, now, zone) == expected
    assert read_time("10.30", now, zone) == datetime(2026, 11, 22, 10, 30, tzinfo=zone)
    assert read_duration("1d 6 jam").total_seconds() == 30 * 3600
    assert read_duration("1,5h").total_seconds() == 5400
    for text in ("99:99", "31/02/2026 08.00", ""):
        with pytest.raises(UsageError):
            read_time(text, now, zone)
