"""Our client and sweep against net-snmp's snmpd: all levels and pairs of protocols it has, IPv6, what it refuses."""

import asyncio
import os
import selectors
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from collectors.datagrams import Datagrams, udp_socket
from collectors.discovery import discover, plan_for
from collectors.errors import RefusedError, SilentError, UnauthorisedError
from collectors.profiles import shipped_profiles
from collectors.snmp.client import SnmpClient
from collectors.snmp.engines import EngineBook
from collectors.snmp.keys import KeyRing
from collectors.snmp.single_poller import SinglePoller
from collectors.snmp.sweep import Sweeper
from domain.polling import Discovery, Endpoint, Fleet, Kind, Outcome, PlanBook
from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpCommunity, SnmpUser, SnmpVersion
from domain.time import Moment
from tests.conftest import missing

pytestmark = pytest.mark.real

ADDRESS = "127.46.0.2"
NAME, UPTIME = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.3.0"
PRIVS = {
    PrivProtocol.DES: "DES",
    PrivProtocol.AES128: "AES",
    PrivProtocol.AES192: "AES-192",
    PrivProtocol.AES256: "AES-256",
    PrivProtocol.AES192C: "AES-192-C",
    PrivProtocol.AES256C: "AES-256-C",
}
# net-snmp takes the -C names with hashes too short for the key; with SHA-2 both expansions are the same key.
PAIRS = [(auth, priv) for auth in AuthProtocol for priv in PRIVS]


def user_of(auth: AuthProtocol | None, priv: PrivProtocol | None = None) -> SnmpUser:
    name = f"u{auth or ''}{priv or ''}".replace("-", "").lower()
    return SnmpUser(
        name,
        name,
        auth,
        Secret("authpass123") if auth else None,
        priv,
        Secret("privpass123") if priv else None,
    )


def configuration() -> str:
    lines = ["sysName desa-real", "rocommunity public default", "rocommunity6 public default"]
    for auth, priv in [(None, None), *((auth, None) for auth in AuthProtocol), *PAIRS]:
        user = user_of(auth, priv)
        words = ["createUser", user.user]
        words += [auth.value, "authpass123"] if auth else []
        words += [PRIVS[priv], "privpass123"] if priv else []
        level = "priv" if priv else "auth" if auth else "noauth"
        lines += [" ".join(words), f"rouser {user.user} {level}"]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    program = shutil.which("snmpd") or shutil.which("snmpd", path="/usr/sbin")
    if program is None:
        missing("snmpd (apt: snmpd)")
        return
    folder = tmp_path_factory.mktemp("snmpd")
    (folder / "snmpd.conf").write_text(configuration())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((ADDRESS, 0))
        number = probe.getsockname()[1]
    environment = os.environ | {"SNMP_PERSISTENT_DIR": str(folder / "persistent"), "MIBS": ""}
    addresses = [f"udp:{ADDRESS}:{number}", f"udp6:[::1]:{number}"]
    command = [program, "-f", "-C", "-c", str(folder / "snmpd.conf"), "-Lf", str(folder / "log"), "-I", "-smux"]
    with subprocess.Popen([*command, *addresses], env=environment) as process:
        try:
            _wait(number, process, folder / "log")
            yield number
        finally:
            process.terminate()


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            asyncio.run(get(Endpoint(ADDRESS, port, community()), attempt_seconds=0.3))
        except (SilentError, RefusedError):
            continue
        return
    raise AssertionError(f"snmpd did not answer: {log.read_text()}")


def community(word: str = "public", version: SnmpVersion = SnmpVersion.V2C) -> SnmpCommunity:
    return SnmpCommunity("", version, Secret(word))


async def get(
    endpoint: Endpoint,
    attempt_seconds: float = 2.0,
    engines: EngineBook | None = None,
    keys: KeyRing | None = None,
) -> dict[str, object]:
    async with SnmpClient(endpoint, attempts=2, attempt_seconds=attempt_seconds, engines=engines, keys=keys) as client:
        values = await client.get([NAME, UPTIME, "1.3.6.1.2.1.1.99.0"])
        walked = await client.walk("1.3.6.1.2.1.2.2.1.2")
        return {**values, "interfaces": [value for _oid, value in walked]}


def read(endpoint: Endpoint) -> None:
    values = asyncio.run(get(endpoint))
    assert values[NAME] == b"desa-real"
    assert b"lo" in values["interfaces"]  # type: ignore[operator]
    assert "1.3.6.1.2.1.1.99.0" not in values


@pytest.mark.parametrize("address", [ADDRESS, "::1"])
@pytest.mark.parametrize("version", [SnmpVersion.V1, SnmpVersion.V2C])
def test_communities(port: int, address: str, version: SnmpVersion) -> None:
    read(Endpoint(address, port, community(version=version)))


@pytest.mark.parametrize("auth", [None, *AuthProtocol])
def test_version_3_without_privacy(port: int, auth: AuthProtocol | None) -> None:
    read(Endpoint(ADDRESS, port, user_of(auth)))


@pytest.mark.parametrize(("auth", "priv"), PAIRS)
def test_version_3_with_privacy(port: int, auth: AuthProtocol, priv: PrivProtocol) -> None:
    read(Endpoint(ADDRESS, port, user_of(auth, priv)))


def test_version_3_over_ipv6(port: int) -> None:
    read(Endpoint("::1", port, user_of(AuthProtocol.SHA256, PrivProtocol.AES128)))


STRONG = user_of(AuthProtocol.SHA1, PrivProtocol.AES128)


@pytest.mark.parametrize(
    ("access", "words"),
    [
        (replace(STRONG, user="nobody"), "does not know the SNMPv3 user nobody"),
        (replace(STRONG, auth_password=Secret("wrong password")), "wrong authentication password"),
        (replace(STRONG, auth=AuthProtocol.SHA256), "wrong authentication password or protocol"),
        (replace(STRONG, priv_password=Secret("wrong password")), "privacy password"),
        (replace(STRONG, priv=PrivProtocol.DES), "privacy password"),
        (
            replace(user_of(AuthProtocol.SHA1), priv=PrivProtocol.AES128, priv_password=Secret("x" * 8)),
            "level authPriv",
        ),
        (replace(STRONG, context="elsewhere"), "context 'elsewhere'"),
    ],
)
def test_who_is_refused_is_told_why(port: int, access: SnmpUser, words: str) -> None:
    with pytest.raises(UnauthorisedError) as caught:
        asyncio.run(get(Endpoint(ADDRESS, port, access), attempt_seconds=0.3))
    assert words in str(caught.value)
    assert ADDRESS in str(caught.value)
    for secret in (access.auth_password, access.priv_password):
        assert secret is None or secret.reveal() not in str(caught.value)


def test_a_wrong_community_is_silence(port: int) -> None:
    with pytest.raises(SilentError, match="community"):
        asyncio.run(get(Endpoint(ADDRESS, port, community("guess")), attempt_seconds=0.2))


def test_a_known_engine_costs_no_round_trip_and_a_wrong_one_is_put_right(port: int) -> None:
    endpoint, engines, keys = Endpoint(ADDRESS, port, STRONG), EngineBook(), KeyRing()

    async def attempts() -> int:
        async with SnmpClient(endpoint, attempt_seconds=2, engines=engines, keys=keys) as client:
            await client.get([NAME])
            return client.dialogue.attempts_made

    assert asyncio.run(attempts()) == 2  # who are you, and the question
    assert asyncio.run(attempts()) == 1
    engine = engines.get(endpoint)
    assert engine is not None
    engine.set_clock(engine.boots, engine.time + 10_000, engine.at)  # outside the window of 150 s
    assert asyncio.run(attempts()) == 2
    engine.engine_id = engine.engine_id[:-1] + b"?"  # another device at the same address
    assert asyncio.run(attempts()) == 3
    assert asyncio.run(attempts()) == 1


class WallClock:
    def now(self) -> Moment:
        return Moment(time.monotonic(), time.time())


@pytest.mark.parametrize(
    "access",
    [community(), community(version=SnmpVersion.V1), STRONG, user_of(AuthProtocol.SHA512, PrivProtocol.AES256)],
)
def test_discovered_then_polled(port: int, access: SnmpCommunity | SnmpUser) -> None:
    endpoint, profiles, fleet = Endpoint(ADDRESS, port, access), shipped_profiles(), Fleet()

    async def run() -> None:
        async with SnmpClient(endpoint, attempt_seconds=2) as client:
            found = await discover(client, profiles)
        assert found.platform == "net-snmp"
        assert found.system.name == "desa-real"
        assert found.errors == ()
        bits = {facts.counter_bits for facts in found.interfaces}
        assert bits == ({32} if access == community(version=SnmpVersion.V1) else {64})
        device = fleet.put("box", plan_for(found, profiles.get(found.platform), PlanBook(), loopback=True))
        sweep = await SinglePoller(fleet, lambda _device: endpoint, WallClock(), attempt_seconds=2).poll(device)
        assert sweep.outcome.tolist() == [Outcome.OK]
        assert sweep.valid.all()

    asyncio.run(run())


def test_the_same_values_as_snmpget(port: int) -> None:
    """Not our own codec on both sides: net-snmp's client reads what ours reads."""
    if shutil.which("snmpget") is None:
        missing("snmpget (apt: snmp)")
    reading: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run
    command = ["snmpget", "-v2c", "-c", "public", "-Oqvn", f"{ADDRESS}:{port}", NAME, "1.3.6.1.2.1.2.1.0"]
    theirs = reading(command, capture_output=True, text=True, check=True, env=os.environ | {"MIBS": ""}).stdout.split()

    async def ours() -> list[object]:
        async with SnmpClient(Endpoint(ADDRESS, port, STRONG)) as client:
            values = await client.get([NAME, "1.3.6.1.2.1.2.1.0"])
            return [values[NAME], values["1.3.6.1.2.1.2.1.0"]]

    name, count = asyncio.run(ours())
    assert theirs == [f'"{name.decode()}"', str(count)]  # type: ignore[attr-defined]


LEVELS = [(None, None), *((auth, None) for auth in AuthProtocol), *PAIRS]


def swept(
    fleet: Fleet, endpoints: list[Endpoint], deadline: float
) -> tuple[dict[int, Outcome], dict[int, int], Sweeper]:
    """Outcome by device, raw value by cell, of one poll of each."""
    sweeper = Sweeper(fleet, Datagrams(lambda: udp_socket("127.0.0.1")), seed=5)
    sweeper.start()
    outcomes: dict[int, Outcome] = {}
    raw: dict[int, int] = {}
    with selectors.DefaultSelector() as waiting:
        waiting.register(sweeper.fileno(), selectors.EVENT_READ)
        for device, endpoint in enumerate(endpoints):
            sweeper.assign(device, endpoint)
        assert len(sweeper.begin(np.arange(len(endpoints)), WallClock().now(), deadline)) == 0
        while len(outcomes) < len(endpoints):
            sweep = sweeper.step(WallClock().now())
            if sweep is not None:
                outcomes |= {int(d): Outcome(o) for d, o in zip(sweep.device, sweep.outcome, strict=True)}
                raw |= dict(zip(sweep.cell[sweep.valid].tolist(), sweep.raw[sweep.valid].tolist(), strict=True))
            waiting.select(0.02)
    sweeper.stop()
    return outcomes, raw, sweeper


def fleet_of(port: int, count: int) -> Fleet:
    """That many devices of the shape that snmpd has."""
    fleet, plans, profiles = Fleet(), PlanBook(), shipped_profiles()

    async def look() -> Discovery:
        async with SnmpClient(Endpoint(ADDRESS, port, community()), attempt_seconds=2) as client:
            return await discover(client, profiles)

    found = asyncio.run(look())
    plan = plan_for(found, profiles.get(found.platform), plans, loopback=True)
    for number in range(count):
        fleet.put(f"box-{number}", plan)
    return fleet


def test_the_sweep_reads_every_level_and_pair(port: int) -> None:
    """All users of one snmpd as devices of one sweep: each brings what a dialogue of its own brings."""
    endpoints = [Endpoint(ADDRESS, port, user_of(auth, priv)) for auth, priv in LEVELS]
    fleet = fleet_of(port, len(LEVELS))
    outcomes, raw, sweeper = swept(fleet, endpoints, 20.0)
    assert set(outcomes.values()) == {Outcome.OK}
    assert set(sweeper.counts.reports) == {"unknownEngineIDs"}
    assert (sweeper.counts.unsigned, sweeper.counts.undecipherable) == (0, 0)
    for device in range(0, len(LEVELS), 7):
        poller = SinglePoller(fleet, lambda at: endpoints[at], WallClock(), attempt_seconds=2)
        single = asyncio.run(poller.poll(device))
        plan, first = fleet.plan(device), int(fleet.start[device])
        assert plan is not None
        compared = 0
        for cell, theirs in zip(single.cell.tolist(), single.raw.tolist(), strict=True):
            column = plan.columns[cell - first]
            if column.kind is Kind.TEXT:
                continue
            ours = raw[cell]
            if column.kind in (Kind.COUNTER32, Kind.COUNTER64, Kind.TIMETICKS):
                assert ours <= theirs, column  # asked a moment later
            elif column.table == "interfaces":
                assert ours == theirs, column
                compared += 1
        assert compared > 2


def test_who_is_refused_is_unauthorised_in_the_sweep(port: int) -> None:
    """net-snmp says nothing to what it cannot decipher, nor of a context it does not know: only its engine speaks."""
    refused = [
        replace(STRONG, user="nobody"),
        replace(STRONG, auth_password=Secret("wrong password")),
        replace(STRONG, priv_password=Secret("wrong password")),
        replace(STRONG, context="elsewhere"),
        replace(user_of(AuthProtocol.SHA1), priv=PrivProtocol.AES128, priv_password=Secret("x" * 8)),
    ]
    endpoints = [Endpoint(ADDRESS, port, access) for access in (*refused, STRONG)]
    outcomes, _raw, sweeper = swept(fleet_of(port, len(endpoints)), endpoints, 3.0)
    assert outcomes == dict.fromkeys(range(len(refused)), Outcome.UNAUTHORISED) | {len(refused): Outcome.OK}
    assert {"unknownUserNames", "wrongDigests", "unsupportedSecLevels"} <= set(sweeper.counts.reports)
