"""`kentongan run` among real daemons: what it says of net-snmp's hosts, and what a real Prometheus makes of it.

The service and its Prometheus stand in the collector's namespace of the lab. What a test darkens is far from the link
whose traffic is measured.

snmpd reads the kernel's counters every three seconds by a timer of its own and answers from that copy: between two
polls that are no multiple of three seconds apart its counters move in steps, whoever polls them.
"""

import contextlib
import json
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.secrets import SnmpCommunity, SnmpUser
from inventory.exporting import export_tables
from lab.real import RealLab, inside
from tests.real.terminal import Running, Terminal, until

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(240),
    pytest.mark.skipif(
        shutil.which("prometheus") is None, reason="Prometheus is not installed (apt install prometheus)"
    ),
]

SNMPD_CACHE_SECONDS = 3.0
BUSY_SECONDS = 4  # other tests run on the same two cores
SNMP_SECONDS = 2 * SNMPD_CACHE_SECONDS
ICMP_SECONDS = 1.0
SETTINGS = {
    "KENTONGAN_POLLING__FIBRE__SNMP_SECONDS": str(SNMP_SECONDS),
    "KENTONGAN_POLLING__FIBRE__ICMP_SECONDS": str(ICMP_SECONDS),
    "KENTONGAN_POLLING__FIBRE__ICMP_MISSES": "3",
    "KENTONGAN_POLLING__FIBRE__SNMP_MISSES": "2",
}
PROMETHEUS = "127.0.0.1:9090"
MEASURED = "r2-s4"
BYTES_PER_SECOND = 400_000.0
DOWN = 2.0


@dataclass(frozen=True)
class Watch:
    """The lab, the service that polls it, and the Prometheus that scrapes the service."""

    lab: RealLab
    terminal: Terminal
    running: Running

    def query(self, expression: str) -> list[float]:
        """The values of an instant query."""
        url = f"http://{PROMETHEUS}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        with inside(self.lab.collector), urllib.request.urlopen(url, timeout=10) as answer:
            return [float(row["value"][1]) for row in json.load(answer)["data"]["result"]]

    def samples(self, series: str) -> str:
        """What came in of late, for whoever has to understand a failure."""
        url = f"http://{PROMETHEUS}/api/v1/query?" + urllib.parse.urlencode({"query": f"{series}[1m]"})
        with inside(self.lab.collector), urllib.request.urlopen(url, timeout=10) as answer:
            return str(json.load(answer)["data"]["result"])

    def states(self) -> dict[str, tuple[str, str]]:
        return {row["name"]: (row["state"], row["reason"]) for row in self.terminal.json("devices")}

    def shown(self) -> dict[str, float]:
        return self.running.scrape().values("kentongan_device_state")

    def oper_status(self, host: str, interface: str) -> float:
        return self.running.scrape().value("kentongan_interface_oper_status", device=host, interface=interface)

    def all_up(self) -> bool:
        return set(self.shown().values()) == {4.0} and len(self.shown()) == len(self.lab.addresses)


def add_credentials(terminal: Terminal, lab: RealLab) -> None:
    for each in lab.credentials:
        match each:
            case SnmpCommunity(name=name, community=community):
                terminal.kentongan("credential", "add", name, KENTONGAN_COMMUNITY=community.reveal())
            case SnmpUser(name=name):
                words = ["credential", "add", name, "--version", "3", "--user", each.user]
                words += ["--auth", each.auth.value] if each.auth else []
                words += ["--priv", each.priv.value] if each.priv else []
                secrets = {
                    f"KENTONGAN_{kind}_PASSWORD": secret.reveal()
                    for kind, secret in (("AUTH", each.auth_password), ("PRIV", each.priv_password))
                    if secret
                }
                terminal.kentongan(*words, **secrets)


@contextlib.contextmanager
def prometheus(terminal: Terminal, folder: Path) -> Iterator[None]:
    """With the files that `kentongan prometheus render` writes, started by hand as its last line says."""
    terminal.kentongan("prometheus", "render", str(folder))
    words = ["--config.file=prometheus.yml", "--storage.tsdb.path=data", f"--web.listen-address={PROMETHEUS}"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(terminal.command("prometheus", *words), cwd=folder, stdout=log, stderr=log)
    try:
        yield
        assert process.poll() is None, (folder / "log").read_text()
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def watch(real_lab: RealLab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    folder = tmp_path_factory.mktemp("office")
    terminal = Terminal(folder, real_lab.collector, SETTINGS)
    files = folder / "files"
    files.mkdir()
    for name, content in export_tables(real_lab.inventory()).items():
        (files / name).write_bytes(content)
    terminal.kentongan("init", "--kabupaten", "32.14")
    terminal.kentongan("import", "files")
    add_credentials(terminal, real_lab)
    real_lab.start_traffic(MEASURED, BYTES_PER_SECOND)
    try:
        with terminal.start("run") as running:
            running.wait_started()
            with prometheus(terminal, folder / "prometheus"):
                yield Watch(real_lab, terminal, running)
            assert running.end() == 0, running.errors
    finally:
        real_lab.stop_traffic(MEASURED)


def test_hosts_of_every_version_are_polled(watch: Watch) -> None:
    assert until(watch.all_up, 40), watch.states()

    def polled() -> bool:
        answered = {
            labels["device"]: value
            for labels, value, _at in watch.running.scrape().samples("kentongan_poll_outcomes_total")
            if labels["outcome"] == "ok"
        }
        return all(answered.get(host, 0) >= 2 for host in watch.lab.addresses)

    assert until(polled, 40)
    assert set(watch.states().values()) == {("up", "answers")}
    used = {device.credential for device in watch.lab.inventory().devices}
    assert used == {credential.name for credential in watch.lab.credentials}
    outcomes = watch.running.scrape().samples("kentongan_poll_outcomes_total")
    assert {labels["outcome"] for labels, value, _at in outcomes if value} == {"ok"}


def test_a_cut_link_is_down_at_both_ends_within_one_interval(watch: Watch) -> None:
    ends = (("s1", "e2"), ("s2", "e2"))
    assert [watch.oper_status(*end) for end in ends] == [1.0, 1.0]
    watch.lab.cut("s1-s2")
    try:
        seen = until(
            lambda: [watch.oper_status(*end) for end in ends] == [DOWN, DOWN],
            SNMP_SECONDS + SNMPD_CACHE_SECONDS + BUSY_SECONDS,
        )
        assert seen, [watch.oper_status(*end) for end in ends]
        assert watch.oper_status("s1", "e1") == 1.0
        assert watch.all_up(), "the hosts themselves are reached another way"
    finally:
        watch.lab.restore("s1-s2")
    assert until(lambda: [watch.oper_status(*end) for end in ends] == [1.0, 1.0], 2 * SNMP_SECONDS + 5)


def test_a_killed_agent_is_told_from_a_dead_host(watch: Watch) -> None:
    assert until(watch.all_up, 30)
    watch.lab.kill_snmpd("s1")
    watch.lab.kill_host("s2")
    try:
        assert until(lambda: [watch.shown()[host] for host in ("s1", "s2")] == [3.0, 1.0], 6 * SNMP_SECONDS)
        states = watch.states()
        assert states["s1"] == ("degraded", "snmp-refused"), "a closed port is told by the kernel of a host that lives"
        assert states["s2"] == ("down", "icmp-silent")
        assert {states[host] for host in ("r1", "r2", "s3", "s4")} == {("up", "answers")}
    finally:
        watch.lab.start_snmpd("s1")
        watch.lab.start_host("s2")
    assert until(watch.all_up, 40), watch.states()


def test_a_real_prometheus_has_the_rate_of_a_known_traffic(watch: Watch) -> None:
    """Sent by a v3 host, received by a v2c host. The median of the rates of a minute: where a poll passes snmpd's own
    reading of the counters, one rate has a step of it more and one less."""
    link = watch.lab.layout.links[MEASURED]
    sent, received = (
        f'kentongan_interface_{way}_bytes_total{{device="{host}",interface="{interface}"}}'
        for way, (host, interface) in zip(("transmit", "receive"), link.ends, strict=True)
    )
    step = int(SNMP_SECONDS)
    for series in (sent, received):
        assert until(lambda series=series: watch.query(f"count_over_time({series}[1m])") >= [9.0], 60, 1.0)
        rate = watch.query(
            f"quantile_over_time(0.5, rate({series}[{2 * step + 1}s])[{6 * step}s:{step}s] offset {step}s)"
        )
        assert rate == [pytest.approx(BYTES_PER_SECOND, rel=0.02)], watch.samples(series)
    assert watch.query("up") == [1.0]
    idle = f'rate(kentongan_interface_transmit_bytes_total{{device="s3",interface="e2"}}[{4 * step}s])'
    assert watch.query(idle) == [pytest.approx(0, abs=2000)]
