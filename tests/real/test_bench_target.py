"""The responder in C against net-snmp's own tools and against the sweep, well-behaved and not."""

import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import workload
from benchmarks.target import CompilerMissingError, Target, build, running
from collectors.datagrams import Datagrams, udp_socket
from collectors.snmp.sweep import Sweeper, SweepLimits
from domain.polling import Budget, Column, Endpoint, Fleet, Kind, Outcome, PlanBook
from domain.secrets import AuthProtocol, Secret, SnmpCommunity, SnmpUser, SnmpVersion
from domain.time import Moment
from tests.conftest import missing

pytestmark = pytest.mark.real

PORT = 10_000 + os.getpid() % 10_000  # several checkouts may be tested at once
COLUMNS = [
    Column("1.3.6.1.2.1.1.3.0", Kind.TIMETICKS, "system", "sysUpTime"),
    Column("1.3.6.1.2.1.1.5.0", Kind.TEXT, "system", "sysName"),
    *(
        Column(f"1.3.6.1.2.1.31.1.1.1.{column}.{row}", Kind.COUNTER64, "interfaces", f"c{column}", str(row))
        for column in (6, 10)
        for row in range(1, 13)
    ),
]
PUBLIC = SnmpCommunity("test", SnmpVersion.V2C, Secret("public"))
V3 = ("-v3", "-u", "bench", "-l", "authPriv", "-A", "authpass12345", "-x", "AES", "-X", "privpass12345")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> str:
    try:
        return str(build(tmp_path_factory.mktemp("target")))
    except CompilerMissingError as error:
        missing(str(error))
        raise


def snmpget(*words: str) -> str:
    if shutil.which("snmpget") is None:
        missing("snmpget (apt: snmp)")
    done = subprocess.run(["snmpget", "-r1", "-t2", "-Onqv", *words], capture_output=True, text=True, check=False)
    return done.stdout.strip() or done.stderr.strip()


@pytest.fixture
def target(program: str) -> Iterator[Target]:
    with running(PORT, program=program) as made:
        yield made


def poll(
    devices: int, deadline_seconds: float, rounds: int = 1, access: SnmpCommunity | SnmpUser = PUBLIC
) -> tuple[Sweeper, dict[int, Outcome], dict[int, bytes]]:
    fleet, plans = Fleet(), PlanBook()
    sweeper = Sweeper(fleet, Datagrams(lambda: udp_socket("127.0.0.1")), SweepLimits(), 3)
    plan = plans.intern(COLUMNS, Budget(varbinds=13))
    for number in range(devices):
        device = fleet.put(f"d{number}", plan)
        sweeper.assign(device, Endpoint(f"127.90.{number >> 8}.{number & 255}", PORT, access))
    sweeper.start()
    waiting = select.poll()
    waiting.register(sweeper.fileno(), select.POLLIN)
    outcomes: dict[int, Outcome] = {}
    texts: dict[int, bytes] = {}
    for _ in range(rounds):
        sweeper.begin(np.arange(devices), Moment(time.monotonic(), time.time()), deadline_seconds)
        outcomes.clear()
        while len(outcomes) < devices:
            sweep = sweeper.step(Moment(time.monotonic(), time.time()))
            if sweep is not None:
                outcomes |= {int(d): Outcome(o) for d, o in zip(sweep.device, sweep.outcome, strict=True)}
                texts |= sweep.texts
            waiting.poll(10)
    sweeper.stop()
    return sweeper, outcomes, texts


def test_net_snmp_reads_it_by_v2c_and_v3(target: Target) -> None:
    assert snmpget("-v2c", "-cpublic", f"127.1.2.3:{PORT}", "1.3.6.1.2.1.1.5.0") == '"rb-127-1-2-3"'
    for _ in range(2):
        assert snmpget(*V3, "-a", "SHA", f"127.1.2.4:{PORT}", "1.3.6.1.2.1.1.5.0") == '"rb-127-1-2-4"'
    assert "Authentication failure" in snmpget(
        *V3, "-a", "SHA", "-A", "something else", f"127.1.2.4:{PORT}", "1.3.6.1.2.1.1.5.0"
    )
    assert "Timeout" in snmpget("-v2c", "-cwrong", f"127.1.2.3:{PORT}", "1.3.6.1.2.1.1.5.0")


def test_net_snmp_reads_it_by_v3_with_sha_256(program: str) -> None:
    with running(PORT, "--auth", "sha256", program=program):
        assert snmpget(*V3, "-a", "SHA-256", f"127.1.2.4:{PORT}", "1.3.6.1.2.1.1.5.0") == '"rb-127-1-2-4"'


def test_it_answers_from_a_file(program: str, tmp_path) -> None:
    (tmp_path / "a.snmprec").write_text(
        "1.3.6.1.2.1.1.5.0|4|village\n1.3.6.1.2.1.1.6.0|4x|00ff41\n1.3.6.1.2.1.1.7.0|2|-5\n"
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.14988.1\n1.3.6.1.9.1.0|70|18446744073709551615\n1.3.6.1.9.2.0|64|10.1.2.3\n"
    )
    (tmp_path / "map").write_text(f"127.0.0.9 {tmp_path}/a.snmprec\n")
    with running(PORT, "--map", str(tmp_path / "map"), program=program):
        at = ("-v2c", "-cpublic", f"127.0.0.9:{PORT}")
        assert snmpget(*at, "1.3.6.1.2.1.1.5.0") == '"village"'
        assert snmpget(*at, "1.3.6.1.2.1.1.6.0") == '"00 FF 41 "'
        assert snmpget(*at, "1.3.6.1.2.1.1.7.0") == "-5"
        assert snmpget(*at, "1.3.6.1.2.1.1.2.0") == ".1.3.6.1.4.1.14988.1"
        assert snmpget(*at, "1.3.6.1.9.1.0") == "18446744073709551615"
        assert snmpget(*at, "1.3.6.1.9.2.0") == "10.1.2.3"
        assert snmpget("-v2c", "-cpublic", f"127.0.0.8:{PORT}", "1.3.6.1.2.1.1.5.0") == '"rb-127-0-0-8"'


def test_the_sweep_reads_three_thousand_devices(target: Target) -> None:
    sweeper, outcomes, texts = poll(3000, 20.0, rounds=2)
    assert set(outcomes.values()) == {Outcome.OK}
    names = set(texts.values())
    assert len(names) == 3000
    assert b"rb-127-90-11-183" in names
    assert sweeper.counts.credited == 3000 * 2 * 2
    assert sweeper.receive_drops == 0


@pytest.mark.parametrize("auth", [AuthProtocol.SHA1, AuthProtocol.SHA256])
def test_the_sweep_reads_a_thousand_devices_by_v3(program: str, auth: AuthProtocol) -> None:
    """Each an engine of its own, with another clock."""
    with running(PORT, "--auth", "sha256" if auth is AuthProtocol.SHA256 else "sha1", program=program):
        sweeper, outcomes, texts = poll(1000, 20.0, rounds=2, access=replace(workload.USER, auth=auth))
    assert set(outcomes.values()) == {Outcome.OK}
    assert len(set(texts.values())) == 1000
    assert sweeper.counts.credited == 1000 * 2 * 2
    assert sweeper.counts.reports == {"unknownEngineIDs": 1000}
    assert sweeper.receive_drops == 0


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--loss", "8"), "retries"),
        (("--wrong-id", "8"), "unknown"),
        (("--wrong-source", "8"), "wrong_source"),
        (("--truncate", "8"), "truncated"),
        (("--garbage", "8"), "malformed"),
        (("--late", "20", "--late-by", "700"), "retries"),
    ],
)
def test_no_poll_by_v3_is_lost_to_a_bad_day(program: str, options: tuple[str, ...], count: str) -> None:
    with running(PORT, *options, program=program):
        sweeper, outcomes, texts = poll(200, 6.0, access=workload.USER)
    assert set(outcomes.values()) == {Outcome.OK}
    assert getattr(sweeper.counts, count) > 0
    assert len(set(texts.values())) == 200


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--loss", "8"), "retries"),
        (("--wrong-id", "8"), "retries"),
        (("--wrong-source", "8"), "wrong_source"),
        (("--truncate", "8"), "truncated"),
        (("--garbage", "8"), "malformed"),
        (("--late", "20", "--late-by", "700"), "retries"),
        (("--delay", "20", "--jitter", "30"), "credited"),
    ],
)
def test_no_poll_is_lost_to_a_bad_day(program: str, options: tuple[str, ...], count: str) -> None:
    with running(PORT, *options, program=program):
        sweeper, outcomes, texts = poll(400, 6.0)
    assert set(outcomes.values()) == {Outcome.OK}
    assert getattr(sweeper.counts, count) > 0
    assert {octets.rsplit(b"-", 1)[0] for octets in texts.values()} <= {b"rb-127-90-0", b"rb-127-90-1"}


def test_an_error_status_from_all_costs_tables_not_polls(program: str) -> None:
    with running(PORT, "--error", "5", program=program):
        sweeper, outcomes, _texts = poll(50, 5.0)
    assert set(outcomes.values()) == {Outcome.PARTIAL}
    assert sweeper.counts.errors["genErr"] >= 100
