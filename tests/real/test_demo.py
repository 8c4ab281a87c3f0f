"""`kentongan demo` as a person meets it: a kabupaten polled over UDP, cut, mended, rebooted, left by Ctrl-C.

One demo serves the module, with a faster cadence than the shipped one; it stands in a network namespace of its own.
"""

import contextlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from domain.network import Device, Inventory, SiteKind, lies_in
from exporters.prometheus import RULES_FILE, render_config, rules_text
from inventory.regions import shipped_regions
from lab.kabupaten import generate
from lab.real.credentials import snmpget_options
from lab.world.users import USERS
from tests.real.browser import chromium
from tests.real.days import operators_day
from tests.real.listener import Heard, listening
from tests.real.octets import Octets
from tests.real.pretend_grafana import TOKEN, standing
from tests.real.terminal import PROGRAM, Running, Scrape, Terminal, can_make_namespaces, own_namespace, until

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not can_make_namespaces(), reason="a network namespace of its own takes root"),
]

PORT = 26410
HOOK_PORT = 26411
PROMETHEUS_PORT = 26412
GRAFANA_PORT = 26413
CONSOLE_PORT = 26414
PROMETHEUS = f"http://127.0.0.1:{PROMETHEUS_PORT}"
SYS_NAME = "1.3.6.1.2.1.1.5.0"
CONFIG = ("--config", "var/demo/kentongan.toml")
OLT = "olt-bojong"
CUT = f"fo-{OLT}"
SECOND_CUT = "fo-olt-sukatani"
OPERATOR = "Asep Piket"
DARK_SITE = "anjun-plered"
REBOOTED = "ap-babakan-wanayasa"
APP = "portal"
PUSHING_SITE = "gardu-kiarapedes"  # behind a provider, reached by a tunnel alone
BOOT_SECONDS = 25.0
CLASSES = ("FIBRE", "RADIO", "METERED", "SLOW")
CADENCE = {f"KENTONGAN_POLLING__{name}__ICMP_SECONDS": "1" for name in CLASSES} | {
    f"KENTONGAN_POLLING__{name}__SNMP_SECONDS": "4" for name in CLASSES
}
CADENCE["KENTONGAN_POLLING__WAKE_SECONDS"] = "0.05"  # an OLT takes a dozen requests, one after the other
REPORT_KEYS = [
    "kabupaten", "villages", "sites", "devices", "polls", "pollsLost", "pollsLate", "values", "stateChanges",
    "metricsUrl",
]  # fmt: skip
UP = ("up", "answers")


@dataclass
class Demo:
    """The running demo. `octets` has every total that was scraped."""

    terminal: Terminal
    running: Running
    inventory: Inventory
    began: float
    heard: Heard
    prometheus: Running | None = None
    octets: Octets = field(default_factory=Octets)

    @property
    def checked(self) -> list[Device]:
        return [device for device in self.inventory.devices if device.check.value != "none"]

    @property
    def agents(self) -> list[Device]:
        return [device for device in self.inventory.devices if device.check.by_snmp]

    def address(self, name: str) -> str:
        return next(device.address for device in self.inventory.devices if device.name == name)

    def scrape(self) -> Scrape:
        scrape = self.running.scrape()
        self.octets.take(scrape)
        return scrape

    def shown(self) -> dict[str, float]:
        return self.scrape().values("kentongan_device_state")

    def all_up(self) -> bool:
        shown = self.shown()
        return all(shown[device.name] == 4 for device in self.checked)

    def states(self) -> dict[str, tuple[str, str]]:
        return {row["name"]: (row["state"], row["reason"]) for row in self.terminal.json(*CONFIG, "devices")}

    def lab(self, *words: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.terminal.json("lab", *words)
        return answer

    def read_name(self, name: str, *options: str) -> str:
        """What net-snmp reads, or nothing."""
        address = f"{self.address(name)}:{PORT}"
        access = options or ("-v2c", "-c", "public")
        return self.terminal.run("snmpget", *access, "-t", "1", "-r", "1", "-Oqvt", address, SYS_NAME).stdout.strip(
            '"\n'
        )

    def pings(self, name: str) -> bool:
        return self.terminal.run("ping", "-c", "1", "-W", "1", self.address(name)).returncode == 0


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    regions = [region for region in shipped_regions() if lies_in(region.code, "32.14")]
    with own_namespace(f"kd{os.getpid()}") as namespace:
        folder = tmp_path_factory.mktemp("demo")
        terminal = Terminal(folder, namespace, {"KENTONGAN_EXPORTER__PORT": "0", **CADENCE})
        with listening(terminal, HOOK_PORT, folder / "heard") as heard:
            began = time.monotonic()
            words = ("--seconds", "900", "--json", "--port", str(PORT), "--webhook", heard.url)
            with terminal.start("demo", *words) as running:
                running.wait_started()
                with prometheus_beside(terminal, running) as prometheus:
                    inventory = generate("32.14", regions, snmp_port=PORT)
                    yield Demo(terminal, running, inventory, began, heard, prometheus)


@contextlib.contextmanager
def prometheus_beside(terminal: Terminal, running: Running) -> Iterator[Running | None]:
    """It begins with the demo: rates want minutes. None where there is no Prometheus."""
    if shutil.which("prometheus") is None:
        yield None
        return
    folder = terminal.folder / "prometheus"
    folder.mkdir()
    config = render_config(f"127.0.0.1:{running.port}", 20, discovery=False)
    (folder / "prometheus.yml").write_text(config, encoding="utf-8")
    # What is worked out every five minutes of a year is worked out at once here.
    (folder / RULES_FILE).write_text(re.sub(r"interval: 5m", "interval: 15s", rules_text()), encoding="utf-8")
    words = ("--storage.tsdb.path=prometheus/data", f"--web.listen-address=127.0.0.1:{PROMETHEUS_PORT}")
    program = ("prometheus", "--config.file=prometheus/prometheus.yml")
    with terminal.start(*words, program=program) as prometheus:
        yield prometheus


def test_the_whole_kabupaten_is_polled_within_two_minutes(demo: Demo) -> None:
    def polled() -> bool:
        answered = {
            labels["device"]: value
            for labels, value, _at in demo.scrape().samples("kentongan_poll_outcomes_total")
            if labels["outcome"] == "ok"
        }
        return all(answered.get(device.name, 0) >= 2 for device in demo.agents)

    assert until(polled, 110, 1.0), "not every device had answered two polls"
    assert time.monotonic() - demo.began < 120
    assert demo.all_up()
    assert {state for name, state in demo.states().items() if name in {d.name for d in demo.checked}} == {UP}
    assert len(demo.agents) > 300


def test_net_snmp_reads_the_name_of_any_device(demo: Demo) -> None:
    for device in demo.agents[::15]:
        assert demo.read_name(device.name) == device.name
    for place, user in enumerate(USERS):
        name = demo.agents[7 * place].name
        assert demo.read_name(name, *snmpget_options(user)) == name


@dataclass(frozen=True)
class Faults:
    """What a cut, a site without power and a reboot, all at once, looked like."""

    darkened: frozenset[str]
    in_time: bool
    states: dict[str, tuple[str, str]]
    status: dict[str, Any]
    silent_names: list[str]
    silent_pings: list[bool]
    mended: bool


@pytest.fixture(scope="module")
def faults(demo: Demo) -> Faults:
    """Orders all three, waits for what must be seen, mends, and waits until all is well."""
    assert until(demo.all_up, 60, 0.5)
    assert demo.lab("reboot", REBOOTED)["darkened"] == [REBOOTED]
    demo.lab("spoil", APP, "defaced")
    darkened = set(demo.lab("cut", CUT)["darkened"])
    without_power = set(demo.lab("power-off", DARK_SITE)["darkened"])
    watched = {device.name for device in demo.checked}
    expected = (darkened | without_power | {REBOOTED}) & watched

    in_time = until(lambda: {name for name, state in demo.shown().items() if state in (1, 2)} == expected, 20, 0.5)
    states = demo.states()
    behind = [OLT, next(name for name in sorted(darkened) if name.startswith("rtr-")), f"rtr-{DARK_SITE}"]
    silent_names = [demo.read_name(name) for name in behind]
    silent_pings = [demo.pings(name) for name in behind]
    status = demo.lab("status")

    until(lambda: demo.shown()[REBOOTED] == 4, 60, 0.5)
    until(lambda: demo.heard.of(APP), 60, 0.5)
    demo.lab("mend", APP)
    demo.lab("restore", CUT)
    demo.lab("power-on", DARK_SITE)
    mended = until(demo.all_up, 40, 0.5)
    settled = time.monotonic() + 8  # two more polls of everybody
    until(lambda: demo.shown() and time.monotonic() > settled, 20, 1.0)
    return Faults(frozenset(darkened), in_time, states, status, silent_names, silent_pings, mended)


def test_what_lies_behind_a_cut_is_unreachable_with_its_reason(demo: Demo, faults: Faults) -> None:
    assert faults.in_time, faults.states
    watched = {device.name for device in demo.checked}
    behind = faults.darkened & watched - {OLT}
    assert len(behind) > 10
    assert faults.states[OLT] == ("down", "icmp-silent")
    assert {faults.states[name] for name in behind} == {("unreachable", f"behind {OLT}")}


def test_a_site_without_power_is_down_at_its_router(demo: Demo, faults: Faults) -> None:
    assert faults.states[f"rtr-{DARK_SITE}"] == ("down", "icmp-silent")
    assert faults.states[f"ap-{DARK_SITE}"] == ("unreachable", f"behind rtr-{DARK_SITE}")
    assert faults.status["withoutPower"] == [DARK_SITE]
    assert faults.status["cut"] == [CUT]


def test_what_lies_before_the_faults_stays_up(demo: Demo, faults: Faults) -> None:
    touched = {*faults.darkened, REBOOTED, f"rtr-{DARK_SITE}", f"ap-{DARK_SITE}"}
    others = {device.name for device in demo.checked} - touched
    assert len(others) > 350
    assert {faults.states[name] for name in others} == {UP}


def test_behind_the_faults_neither_snmpget_nor_ping_gets_an_answer(faults: Faults) -> None:
    assert faults.silent_names == ["", "", ""]
    assert faults.silent_pings == [False, False, False]


def test_everything_comes_back(demo: Demo, faults: Faults) -> None:
    assert faults.mended
    assert {state for name, state in demo.states().items() if name in {d.name for d in demo.checked}} == {UP}
    assert demo.read_name(OLT) == OLT
    assert demo.pings(OLT)


def test_each_fault_is_told_once_at_its_root_and_so_is_its_end(demo: Demo, faults: Faults) -> None:
    over = until(lambda: sum(body["event"] == "resolved" for body in demo.heard.bodies()) >= 4, 60, 0.5)
    bodies = [body for body in demo.heard.bodies() if body["incident"]["condition"] != "service"]
    assert over, bodies
    of_incident: dict[str, list[str]] = {}
    for body in bodies:
        of_incident.setdefault(body["incident"]["id"], []).append(body["event"])
    assert list(of_incident.values()) == [["opened", "resolved"]] * 3, bodies
    opened, resolved = demo.heard.of(CUT)
    assert opened["incident"]["cause"] == {"kind": "link", "name": CUT}
    assert (opened["incident"]["verdict"], opened["incident"]["owner"]) == ("fibre", "ours")
    watched = {device.name for device in demo.checked}
    assert set(opened["incident"]["members"]) == faults.darkened & watched
    dark = {device.site for device in demo.inventory.devices if device.name in faults.darkened}
    desa = {site.region_code for site in demo.inventory.sites if site.slug in dark and site.kind is SiteKind.DESA}
    assert {village["key"] for village in opened["incident"]["impact"]["villages"]} == desa
    assert opened["incident"]["resolvedAt"] is None
    assert resolved["incident"]["resolvedAt"] is not None
    assert {opened["version"], resolved["version"]} == {1}
    assert opened["id"] != resolved["id"]


def test_a_spoilt_application_is_told_once_and_so_is_its_end(demo: Demo, faults: Faults) -> None:
    assert until(lambda: len(demo.heard.of(APP)) >= 2, 60, 0.5), demo.heard.of(APP)
    bodies = [body for body in demo.heard.bodies() if body["incident"]["condition"] == "service"]
    assert [(body["event"], body["incident"]["cause"]) for body in bodies] == [
        ("opened", {"kind": "service", "name": APP}),
        ("resolved", {"kind": "service", "name": APP}),
    ], "what a cut has darkened has failed by itself, or an application was told twice"
    incident = bodies[0]["incident"]
    assert (incident["verdict"], incident["members"]) == ("service", [APP])
    assert [service["key"] for service in incident["impact"]["services"]] == [APP]
    (evidence,) = incident["evidence"]
    assert (evidence["kind"], evidence["values"]["word"]) == ("service-fails", "defaced")
    assert demo.scrape().value("kentongan_service_up", service=APP) == 1


def test_a_site_whose_internet_is_dead_is_not_green(demo: Demo, faults: Faults) -> None:
    router = f"rtr-{PUSHING_SITE}"
    url = demo.terminal.kentongan(*CONFIG, "heartbeat", "add", PUSHING_SITE).strip()
    path = "/" + url.split("/", 3)[3]

    def push(loss: int) -> int:
        return demo.running.get(f"{path}?uptime=900&internet=1.1.1.1,{loss}&dns=www.google.com,{loss}")[0]

    assert until(lambda: push(100) == 200, 10, 0.5), "the new token was not known"
    assert push(100) == 200
    assert until(lambda: demo.states()[router] == ("degraded", "internet-fails"), 10, 0.2)
    assert until(lambda: demo.heard.of(PUSHING_SITE), 30, 0.2)
    opened = demo.heard.of(PUSHING_SITE)[0]["incident"]
    assert (opened["condition"], opened["cause"]["kind"], opened["verdict"]) == ("degraded", "site", "provider")
    assert {evidence["kind"] for evidence in opened["evidence"]} == {"internet-fails", "wan-up"}
    assert push(0) == 200
    assert until(lambda: demo.states()[router] == UP, 10, 0.2)
    over = until(lambda: [body["event"] for body in demo.heard.of(PUSHING_SITE)] == ["opened", "resolved"], 60, 0.5)
    assert over, demo.heard.of(PUSHING_SITE)
    assert push(0) == 200
    assert demo.scrape().value("kentongan_heartbeat_age_seconds", device=router) < 60
    demo.terminal.kentongan(*CONFIG, "heartbeat", "revoke", PUSHING_SITE)
    assert until(lambda: push(0) == 404, 10, 0.5), "a token that was taken back is still taken"


def test_an_incident_has_its_timeline_and_the_log_is_whole(demo: Demo, faults: Faults) -> None:
    id_ = demo.heard.of(CUT)[0]["incident"]["id"]
    shown = demo.terminal.json(*CONFIG, "incidents", "show", id_)
    kinds = [act["kind"] for act in shown["timeline"]]
    assert kinds == ["opened", "announced", "returning", "resolved", "announced"]
    demo.terminal.kentongan(*CONFIG, "note", id_, "kabel di jembatan")
    demo.terminal.kentongan(*CONFIG, "close", id_, "--cause", "galian", "--party", "third")
    assert "not open" in demo.terminal.kentongan(*CONFIG, "ack", id_, status=1)
    kinds = [act["kind"] for act in demo.terminal.json(*CONFIG, "incidents", "show", id_)["timeline"]]
    assert kinds[5:] == ["note", "closed"]
    findings = demo.terminal.json(*CONFIG, "check", "--audit")
    assert [found["severity"] for found in findings if "log" in found["about"]] == ["ok"], findings


def test_no_fault_makes_a_false_rate(demo: Demo, faults: Faults) -> None:
    """Between any two samples nothing ran faster than the device's own load, as it was before and is after."""
    demo.scrape()
    assert demo.octets.series_count > 1000
    assert demo.octets.over_the_port() == {}
    fresh = {REBOOTED, f"rtr-{DARK_SITE}", f"ap-{DARK_SITE}"}
    assert fresh <= demo.octets.devices()
    assert demo.octets.jumps(fresh) == {}, "a device that booted shows a rate that nobody sent"


@pytest.mark.timeout(600)
def test_the_day_of_an_operator(demo: Demo, faults: Faults) -> None:
    """A cut comes up on the open board; it is acknowledged, ordered into a chat, mended, and its cause written down."""
    password = demo.terminal.kentongan(*CONFIG, "account", "add", OPERATOR, "--role", "noc").strip()
    ports = {"KENTONGAN_CONSOLE__PORT": str(CONSOLE_PORT), "KENTONGAN_EXPORTER__PORT": str(demo.running.port)}
    with (
        demo.terminal.start(*CONFIG, "console", **ports) as console,
        chromium(demo.terminal) as browser,
        browser.visit(f"http://127.0.0.1:{CONSOLE_PORT}") as at,
    ):
        assert until(lambda: f":{CONSOLE_PORT}" in console.errors, 60), console.errors
        at.first_login(OPERATOR, password)
        assert "Tidak ada yang terbuka" in at.text()
        incident = operators_day(at, OPERATOR, SECOND_CUT, demo.lab)
        assert at.faults == []
        assert console.end() == 0
    shown = demo.terminal.json(*CONFIG, "incidents", "show", incident)
    people = [(act["actor"], act["kind"]) for act in shown["timeline"] if act["actor"] == OPERATOR]
    assert people == [(OPERATOR, "acknowledged"), (OPERATOR, "closed")]


@pytest.mark.skipif(shutil.which("prometheus") is None, reason="Prometheus is not installed (apt install prometheus)")
def test_no_panel_of_grafana_is_empty(demo: Demo, faults: Faults) -> None:
    checked: dict[str, Any] = {}

    def full() -> bool:
        done = demo.terminal.run(*PROGRAM, *CONFIG, "grafana", "check", "--prometheus", PROMETHEUS, "--json")
        checked.update(json.loads(done.stdout), status=done.returncode)
        return done.returncode == 0

    # the demo is minutes old; a rate is known to a rule a minute later
    assert until(full, 90, 3.0), [panel for panel in checked["panels"] if not panel["series"] or panel["problems"]]
    assert checked["empty"] == 0
    assert len(checked["panels"]) > 180
    quiet = {query["expr"] for panel in checked["panels"] for query in panel["queries"] if not query["series"]}
    assert all(re.search("incident|config_backup_failures|month_availability", expr) for expr in quiet), quiet


def test_dashboards_go_to_a_grafana_once(demo: Demo) -> None:
    demo.terminal.kentongan(*CONFIG, "credential", "add", "grafana", "--token", KENTONGAN_TOKEN=TOKEN)
    with standing(demo.terminal, GRAFANA_PORT, demo.terminal.folder / "grafana") as url:
        words = (*CONFIG, "grafana", "push", "--url", url, "--prometheus", PROMETHEUS)
        first, second = demo.terminal.json(*words), demo.terminal.json(*words)
    assert {each["step"] for each in first["things"]} == {"created"}
    assert (second["changed"], {each["step"] for each in second["things"]}) == (0, {"unchanged"})
    assert TOKEN not in (demo.terminal.folder / "grafana").read_text(encoding="utf-8")


def test_a_wrong_name_is_answered_with_the_nearest(demo: Demo) -> None:
    said = demo.terminal.kentongan("lab", "cut", f"{CUT}x", status=1)
    assert CUT in said


def test_ctrl_c_ends_it_with_its_report_and_leaves_nothing(demo: Demo, faults: Faults) -> None:
    demo.running.interrupt()
    assert demo.running.process.wait(30) == 0, demo.running.errors
    report = json.loads(demo.running.out.read_text(encoding="utf-8"))
    assert list(report) == REPORT_KEYS
    assert report["kabupaten"] == "32.14"
    assert report["villages"] == {"total": 183, "connected": 102}
    assert (report["sites"], report["devices"]) == (len(demo.inventory.sites), len(demo.inventory.devices))
    assert report["polls"] > len(demo.agents)
    assert report["values"] > report["polls"]
    assert report["metricsUrl"].startswith("http://127.0.0.1:")
    changes = report["stateChanges"]
    assert all(list(change) == ["at", "name", "from", "to", "reason"] for change in changes)
    mine = [change for change in changes if change["name"] == REBOOTED]
    states = [change["to"] for change in mine]
    assert states in (["up", "down", "up"], ["up", "degraded", "down", "up"]), "SNMP alone may fall silent first"
    down, up = (datetime.fromisoformat(change["at"]) for change in mine[-2:])
    assert (up - down).total_seconds() < BOOT_SECONDS + 3, "the outage was longer than the boot"
    beside = [demo.prometheus.process.pid] if demo.prometheus else []
    assert left_behind(demo.terminal, demo.heard.pid, *beside) == []


def test_ctrl_c_at_any_moment_leaves_no_process_and_no_table(tmp_path: Path) -> None:
    """Interrupted earlier and later in its start, each time in the same folder: what was half done does not hurt."""
    state = tmp_path / "var" / "demo"
    with own_namespace(f"kd{os.getpid()}c") as namespace:
        terminal = Terminal(tmp_path, namespace, {"KENTONGAN_EXPORTER__PORT": "0", **CADENCE})
        for moment in ("kentongan.db", "regions.csv", "started"):
            (state / "regions.csv").unlink(missing_ok=True)
            with terminal.start("demo", "--port", str(PORT)) as running:
                reached = until(
                    lambda moment=moment, running=running: (state / moment).exists() or running.said(moment), 90, 0.01
                )
                assert reached, running.errors
                running.interrupt()
                assert running.process.wait(30) in (0, 130), f"at {moment}: {running.errors}"
                assert "Traceback" not in running.errors, f"at {moment}: {running.errors}"
                assert left_behind(terminal) == [], f"at {moment}"


def left_behind(terminal: Terminal, *known: int) -> list[str]:
    """Processes in the terminal's namespace but the known ones, and tables of nftables there."""

    def strangers() -> set[str]:
        there = Terminal(terminal.folder).run("ip", "netns", "pids", terminal.namespace).stdout.split()
        return set(there) - {str(pid) for pid in known}

    until(lambda: not strangers(), 5)
    return [*strangers(), *terminal.run("nft", "list", "tables").stdout.splitlines()]
