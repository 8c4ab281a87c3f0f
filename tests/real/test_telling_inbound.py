"""What telephones, gateways and Alertmanager send to the real `run`: links, replies, alerts, each by its own right.

The fault is an application that nobody serves on loopback: it needs no network of its own.
"""

import csv
import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from alerts.store.outbox import SqlOutbox
from domain.language import use
from kentongan.__main__ import main
from kentongan.installation import Installation
from kentongan.run.telling import link_signer
from kentongan.settings import load_settings
from tests.real.terminal import Running, Terminal, until

pytestmark = [pytest.mark.real, pytest.mark.timeout(120)]

TOKEN = "3f8a-not-a-real-one"
INIT, IMPORT = ["init", "--kabupaten", "32.14"], ["import", "people.csv", "services.csv"]
ADD_TOKEN = ["credential", "add", "inbound", "--token"]
PEOPLE = [
    ["name", "role", "region_codes", "channel", "duty_hours", "phone"],
    ["Budi", "noc", "", "wa:628115551", "24/7", ""],
    ["Cici", "engineer", "", "telegram:-100", "24/7", "081255502"],
    ["Dedi", "engineer", "", "telegram:-100", "24/7", ""],
]


@dataclass
class Heard:
    """What a webhook got."""

    bodies: list[Any] = field(default_factory=list)
    url: str = ""

    def event(self, event: str, nth: int = 0) -> Any:
        found = [body for body in self.bodies if body["event"] == event]
        return found[nth] if len(found) > nth else None


@pytest.fixture(scope="module")
def webhook() -> Iterator[Heard]:
    heard = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    heard.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield heard
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass(frozen=True)
class Office:
    """The service that runs, the door it opened, what its webhook heard, and the incident that is open."""

    installation: Installation
    running: Running
    webhook: Heard
    door: str

    @property
    def incident(self) -> str:
        return str(self.webhook.event("opened")["incident"]["id"])

    def ask(self, method: str, path: str, form: dict[str, str] | None = None, plain: Any = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection(urlsplit(self.door).netloc, timeout=10)
        headers = {"Content-Type": "application/x-www-form-urlencoded" if plain is None else "application/json"}
        try:
            connection.request(method, path, urlencode(form or {}) if plain is None else json.dumps(plain), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def timeline(self) -> list[tuple[str, str, str]]:
        """(who, what, by which way)."""
        acts = self.installation.acts.of(self.incident)
        return [(act.actor, act.kind.value, act.values.get("by", "")) for act in acts]

    def messages(self) -> list[tuple[str, str]]:
        """(channel, text) of everything that was told to people."""
        outbox = SqlOutbox(self.installation.database.engine)
        sent = (*outbox.about(self.incident), *outbox.about("reply"))
        return [(each.message.channel, str(each.message.payload.get("text", ""))) for each in sent]

    def link_of(self, channel: str) -> str:
        """The path that a message of the channel carries."""
        found: list[str] = []

        def told() -> bool:
            found[:] = [
                match[1]
                for to, text in self.messages()
                if to == channel and (match := re.search(r"https://telepon\.example(/t/\S+)", text))
            ]
            return bool(found)

        assert until(told, 20), self.messages()
        return found[0]

    def came(self, way: str, outcome: str) -> float:
        samples = self.running.scrape().samples("kentongan_inbound_total")
        return sum(value for labels, value, _at in samples if labels == {"way": way, "outcome": outcome})


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, webhook: Heard) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("telephones")
    with socket.socket() as taken:  # bound and not listening: whoever connects is refused, and nobody else gets it
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        rows = {"people": PEOPLE, "services": [["code", "name", "url", "interval"], ["simpeg", "SIMPEG", url, "1"]]}
        for name, table in rows.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as opened:
                csv.writer(opened).writerows(table)
        (folder / "kentongan.toml").write_text(
            "[exporter]\nport = 0\n[inbound]\nport = 0\n[services]\nmisses = 1\n[alerts]\nsettle_seconds = 0\n"
            f'[notify]\nlanguage = "id"\nwebhooks = "{webhook.url}"\nbase_url = "https://telepon.example"\n'
            'inbound_credential = "inbound"\nquiet_hours = ""\ngroup_wait_seconds = 0\n',
            encoding="utf-8",
        )
        terminal = Terminal(folder)
        with pytest.MonkeyPatch.context() as patch:  # in this process, which has everything imported
            patch.chdir(folder)
            patch.setenv("LANGUAGE", "en")
            patch.setenv("KENTONGAN_TOKEN", TOKEN)
            for words in (INIT, IMPORT, ADD_TOKEN):
                with pytest.raises(SystemExit) as ended:
                    main(words)
                assert ended.value.code == 0
        use("en", NullTranslations())
        with terminal.start("run") as running:
            running.wait_started()
            started = running.said("started")
            assert started is not None
            assert until(lambda: webhook.event("opened"), 30), running.errors
            with Installation(load_settings(folder / "kentongan.toml", {}), "test").open() as installation:
                yield Office(installation, running, webhook, str(started["inbound"]))
            assert running.end() == 0, running.errors
            assert "Traceback" not in running.errors


def test_a_preview_does_nothing_the_button_does_and_a_second_tap_says_so(office: Office) -> None:
    assert office.webhook.event("opened")["incident"]["acknowledgeUrl"].startswith("https://telepon.example/t/")
    path = office.link_of("wa:628115551")
    for _look in range(3):
        status, page = office.ask("GET", path)
        assert status == 200
        assert "SIMPEG" in page
        assert "Saya tangani" in page or "<button" in page
    assert not [line for line in office.timeline() if line[1] == "acknowledged"]
    assert office.came("link", "shown") == 3
    assert office.ask("POST", path, {"act": "acknowledged"})[0] == 200
    assert until(lambda: office.webhook.event("acknowledged"), 10)
    assert until(lambda: ("Budi", "acknowledged", "link") in office.timeline(), 10)
    status, page = office.ask("POST", path, {"act": "acknowledged"})
    assert status == 200
    assert [line for line in office.timeline() if line[1] == "acknowledged"] == [("Budi", "acknowledged", "link")]
    status, _page = office.ask("POST", office.link_of("telegram:-100"), {"act": "acknowledged"})
    assert status == 409, "another one has it"
    assert "Budi" in office.ask("GET", path)[1]


def test_the_webhooks_own_link_acts_in_the_name_of_its_host(office: Office) -> None:
    path = urlsplit(office.webhook.event("opened")["incident"]["acknowledgeUrl"]).path
    for _tap in range(2):
        assert office.ask("POST", path, {"act": "departed"})[0] == 200
    host = urlsplit(office.webhook.url).netloc

    def departed() -> list[tuple[str, str, str]]:
        return [line for line in office.timeline() if line[1] == "departed" and line[2] == "link"]

    assert until(departed, 10)
    assert departed() == [(f"webhook {host}", "departed", "link")]


def test_an_old_or_forged_link_is_refused_in_the_language_of_the_messages(office: Office) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=13)
    old = link_signer(office.installation).sign(office.incident, "Budi", long_ago)
    fresh = office.link_of("wa:628115551")
    forged = fresh[:-4] + ("aaaa" if fresh[-4:] != "aaaa" else "bbbb")
    before = office.timeline()
    for path in (f"/t/{old}", forged, f"/t/{office.incident}", "/t/x"):
        for method in ("GET", "POST"):
            status, page = office.ask(method, path)
            assert status == 410
            assert '<html lang="id">' in page
            assert "SIMPEG" not in page
    assert office.ask("GET", "/metrics")[0] == 404, "nothing but the ways in stands at this door"
    assert office.timeline() == before
    assert office.came("link", "wrong-key") == 8


def test_a_reply_of_somebody_known_is_a_step_and_a_stranger_is_counted(office: Office) -> None:
    path = f"/inbound/reply/{TOKEN}"
    status, text = office.ask("POST", path, plain={"sender": "6281255502", "message": "OTW"})
    assert (status, json.loads(text)["accepted"]) == (200, True)
    assert until(lambda: ("Cici", "departed", "reply") in office.timeline(), 10)
    status, text = office.ask("POST", path, plain={"sender": "62899", "message": f"selesai {office.incident}"})
    assert json.loads(text) == {"accepted": False, "reply": ""}
    assert office.came("reply", "stranger") == 1
    assert office.ask("POST", "/inbound/reply/guess", plain={"sender": "6281255502", "message": "OTW"})[0] == 404
    assert office.came("reply", "wrong-key") == 1
    assert not [line for line in office.timeline() if line[1] == "done"]
    entries = office.installation.journal.read(0, 100)
    assert ("Cici", "incident.departed", office.incident) in [(e.actor, e.action, e.subject) for e in entries]


def test_done_ends_nothing_while_it_is_dark_and_says_so_to_whoever_wrote_it(office: Office) -> None:
    path = f"/inbound/reply/{TOKEN}"
    said = {"sender": "08115551", "message": f"selesai {office.incident}"}
    status, text = office.ask("POST", path, plain=said)
    assert (status, json.loads(text)["accepted"]) == (200, False)
    answer = json.loads(text)["reply"]
    assert "simpeg" in answer
    assert until(lambda: ("wa:628115551", f"{office.incident}: {answer}") in office.messages(), 10)
    assert [each.id for each in office.installation.incidents.open()] == [office.incident]


def test_an_alert_of_prometheus_joins_the_incident_it_names(office: Office) -> None:
    alert = {
        "labels": {"alertname": "TinggiSuhu", "service": "simpeg", "severity": "warning"},
        "annotations": {"summary": "46 derajat"},
        "startsAt": datetime.now(UTC).isoformat(),
        "status": "firing",
        "fingerprint": "f00",
    }
    other = {**alert, "labels": {"alertname": "X", "device": "nobody"}, "fingerprint": "f01"}
    for _again in range(2):
        status, text = office.ask("POST", f"/inbound/alerts/{TOKEN}", plain={"alerts": [alert, other]})
        assert (status, json.loads(text)) == (200, {"received": 2, "joined": 1})
    over = {**alert, "status": "resolved", "endsAt": datetime.now(UTC).isoformat()}
    assert json.loads(office.ask("POST", f"/inbound/alerts/{TOKEN}", plain=[over])[1])["joined"] == 1

    def lines() -> list[str]:
        acts = office.installation.acts.of(office.incident)
        return [act.text for act in acts if act.actor == "prometheus"]

    assert until(lambda: len(lines()) >= 2, 10)
    assert lines() == ["TinggiSuhu (firing): 46 derajat", "TinggiSuhu (resolved): 46 derajat"]
