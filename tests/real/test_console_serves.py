"""`kentongan console` and `kentongan account` at a terminal: the first start, a log-in, an order, other accounts."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import httpx
import pytest

from alerts.store.incidents import SqlIncidentStore
from domain.incidents import Cause, CauseKind, Condition, Incident, Member, Urgency
from kentongan.database import Database
from tests.real.terminal import Terminal, until

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]

SITES = "slug,name,kind,region_code\nds,Citalang,desa,32.14.01.2010\n"
DEVICES = "name,site,role,address,check\nrtr-ds,ds,router,127.0.0.1,icmp\n"
NEW = "empat kata yang mudah"
QUIET = {"KENTONGAN_CONSOLE__PORT": "0", "KENTONGAN_EXPORTER__PORT": "1", "LANGUAGE": "en"}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    terminal = Terminal(tmp_path_factory.mktemp("console"))
    terminal.kentongan("init", "--kabupaten", "32.14")
    (terminal.folder / "sites.csv").write_text(SITES, encoding="utf-8")
    (terminal.folder / "devices.csv").write_text(DEVICES, encoding="utf-8")
    terminal.kentongan("import", "sites.csv", "devices.csv")
    at = datetime.now(UTC)
    fault = Incident("plrd-0001", Condition.OUTAGE, Cause(CauseKind.DEVICE, "rtr-ds"), "icmp-silent", Urgency.PAGE, at,
                     at, (Member("rtr-ds", at),))  # fmt: skip
    database = Database(f"sqlite:///{terminal.folder / 'var' / 'kentongan.db'}")
    database.start(create=False)
    SqlIncidentStore(database.engine).save([fault])
    database.stop()
    return terminal


def form_key(page: httpx.Response) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


def test_from_the_first_start_to_an_order(desk: Terminal) -> None:
    with desk.start("console", **QUIET) as running:
        assert until(lambda: "http://" in running.errors or running.process.poll() is not None, 60), running.errors
        address = re.search(r"http://[\d.:]+", running.errors)
        assert address, running.errors
        password = running.out.read_text(encoding="utf-8").strip()
        with httpx.Client(base_url=address[0], follow_redirects=True, timeout=30) as browser:
            page = browser.post("/login", data={"name": "admin", "password": password})
            assert page.url.path == "/password"
            new = {"form_key": form_key(page), "old": password, "new": NEW, "again": NEW}
            assert browser.post("/password", data=new).url.path == "/login"
            board = browser.post("/login", data={"name": "admin", "password": NEW})
            assert board.url.path == "/"
            assert "1 of 1 villages" not in board.text
            assert "Nobody polls" in board.text
            page = browser.get("/incidents/plrd-0001")
            act = {"form_key": form_key(page), "text": "tiang roboh"}
            page = browser.post("/incidents/plrd-0001/acts", data=act)
            assert page.status_code == 200
            assert "tiang roboh" in page.text
            needs = browser.post("/incidents/plrd-0001/acts", data={**act, "step": "acknowledged"})
            assert needs.status_code == 409
            assert "kentongan run" in needs.text
            assert "102" not in browser.get("/coverage").text
        assert running.end() == 0
        assert password not in running.errors
    timeline = desk.json("incidents", "show", "plrd-0001")["timeline"]
    assert [(each["actor"], each["text"]) for each in timeline] == [("admin", "tiang roboh")]


def test_accounts_are_made_changed_and_removed(desk: Terminal) -> None:
    password = desk.kentongan("account", "add", "Asep", "--role", "noc", "--region", "32.14.05").strip()
    assert re.fullmatch(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    assert "people.csv" in desk.kentongan("account", "add", "Budi", status=2)
    assert "99.99 is no region's code" in desk.kentongan("account", "change", "Asep", "--region", "99.99", status=2)
    desk.kentongan("account", "change", "Asep", "--role", "viewer", "--everything", "--closed")
    (asep,) = [each for each in desk.json("account", "list") if each["name"] == "Asep"]
    assert (asep["role"], asep["regions"], asep["closed"], asep["mustChangePassword"]) == ("viewer", [], True, True)
    assert desk.kentongan("account", "reset", "Asep").strip() != password
    assert re.fullmatch(r"kt_[\w-]{43}", desk.kentongan("account", "token", "add", "Asep", "--read-only").strip())
    (token,) = desk.json("account", "token", "list", "Asep")
    assert (token["readOnly"], token["usedAt"], "key" in token) == (True, None, False)
    desk.kentongan("account", "remove", "Asep")
    assert asked(desk, "select id from console_token where account = 'Asep'") == []
    assert "There is no account Asep" in desk.kentongan("account", "reset", "Asep", status=2)


def test_a_program_asks_with_a_token_until_it_is_revoked(desk: Terminal) -> None:
    with desk.start("console", **QUIET) as running:
        assert until(lambda: "http://" in running.errors or running.process.poll() is not None, 60), running.errors
        address = re.search(r"http://[\d.:]+", running.errors)
        assert address, running.errors
        made = desk.json("account", "token", "add", "admin", "--days", "1", "--note", "peta")
        with httpx.Client(base_url=f"{address[0]}/api/v1", timeout=30) as program:
            key, note = {"Authorization": f"Bearer {made['key']}"}, {"note": "dari robot"}
            assert [each["slug"] for each in program.get("/sites", headers=key).json()["items"]] == ["ds"]
            assert program.get("/coverage?at=2026-06-30", headers=key).json()["desa"]["connected"] >= 0
            assert program.post("/incidents/plrd-0001/acts", headers=key, json=note).status_code == 201
            timeline = program.get("/incidents/plrd-0001", headers=key).json()["timeline"]
            assert [(each["actor"], each["text"]) for each in timeline][-1] == ("admin", "dari robot")
            with program.stream("GET", "/events", headers=key) as stream:
                assert next(stream.iter_lines()) == "event: look"
            desk.kentongan("account", "token", "revoke", made["id"])
            assert program.get("/health", headers=key).status_code == 401
        running.end()
    assert made["key"] not in running.errors
    written = asked(desk, "select detail from audit where action = 'incident.note' order by id desc limit 1")
    assert json.loads(written[0][0]) == {"by": "api", "text": "dari robot", "token": made["id"]}


def asked(desk: Terminal, question: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(desk.folder / "var" / "kentongan.db")) as database:
        return database.execute(question).fetchall()
