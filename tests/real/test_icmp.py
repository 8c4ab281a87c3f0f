"""Echoes through the kernel: ten thousand addresses without a false loss, fping, cut addresses, forged replies."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from collectors.icmp import FpingPinger, Pinger, Pings, choose
from domain.polling import PingRound
from domain.time import Moment
from tests.conftest import missing

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _raw_sockets() -> None:
    if choose().way != "raw":
        missing("CAP_NET_RAW")


def now() -> Moment:
    return Moment(time.monotonic(), time.time())


def rounds_of(
    pings: Pings, count: int, seconds: float, meanwhile: Callable[[], None] = lambda: None
) -> list[PingRound]:
    """Steps until `count` rounds are done. Fails after `seconds`."""
    rounds: list[PingRound] = []
    end = time.monotonic() + seconds
    while len(rounds) < count:
        assert time.monotonic() < end, f"{len(rounds)} of {count} rounds after {seconds} s"
        done = pings.step(now())
        if done is None:
            meanwhile()
            time.sleep(0.02)
        else:
            rounds.append(done)
    return rounds


def test_ten_thousand_addresses_a_second_lose_nothing() -> None:
    pinger = Pinger([f"127.{64 + k // 60000}.{k // 250 % 240}.{k % 250 + 1}" for k in range(10_000)])
    pinger.start()
    begun: list[float] = []

    def begin() -> None:
        if len(begun) < 3 and (not begun or time.monotonic() >= begun[-1] + 1):
            begun.append(time.monotonic())
            pinger.round(np.arange(10_000), now())

    try:
        rounds = rounds_of(pinger, 3, 30, begin)
    finally:
        drops = pinger.receive_drops
        pinger.stop()
    for done in rounds:
        assert sorted(done.device.tolist()) == list(range(10_000))
        assert not np.isnan(done.rtt_seconds).any()
        assert (done.rtt_seconds > 0).all()
        assert np.median(done.rtt_seconds) < 0.01
    assert (drops, dict(pinger.refused)) == (0, {})


def test_ipv6_is_pinged_as_well() -> None:
    pinger = Pinger(["127.0.0.1", "::1", "192.0.2.1"], timeout_seconds=1.0)
    pinger.start()
    pinger.round(np.array([1, 0]), now())
    try:
        (done,) = rounds_of(pinger, 1, 5)
    finally:
        pinger.stop()
    assert done.device.tolist() == [1, 0]
    assert (done.rtt_seconds > 0).all()


def test_strangers_replies_are_counted_and_ignored() -> None:
    """Another process of this machine answers before the kernel does, with everything but the token."""
    pinger = Pinger(["127.0.0.77"], timeout_seconds=1.0)
    pinger.start()
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as stranger:
        forged = bytes([0, 0, 0, 0]) + (os.getpid() & 0xFFFF).to_bytes(2, "big") + bytes(58)
        total = sum(int.from_bytes(forged[i : i + 2], "big") for i in range(0, len(forged), 2))
        while total >> 16:
            total = (total & 0xFFFF) + (total >> 16)
        forged = forged[:2] + (~total & 0xFFFF).to_bytes(2, "big") + forged[4:]
        try:
            pinger.round(np.array([0]), now())
            for _ in range(50):
                stranger.sendto(forged, ("127.0.0.1", 0))
            (done,) = rounds_of(pinger, 1, 5)
        finally:
            pinger.stop()
    assert done.rtt_seconds[0] > 0
    assert pinger.strangers >= 50, "others on this machine may be pinging too"


def test_fping_does_the_same_more_slowly() -> None:
    if shutil.which("fping") is None:
        missing("fping (apt: fping)")
    pinger = FpingPinger([f"127.0.3.{k}" for k in range(1, 101)])
    pinger.assign(100, "127.0.3.1")
    pinger.start()
    pinger.round(np.arange(101), now())
    try:
        (done,) = rounds_of(pinger, 1, 20)
    finally:
        pinger.stop()
    assert len(done.device) == 101
    assert (done.rtt_seconds > 0).all()


def test_a_program_that_is_not_there_is_a_loss_and_no_error() -> None:
    pinger = FpingPinger(["127.0.0.1"], program="no-such-program")
    pinger.round(np.array([0]), now())
    (done,) = rounds_of(pinger, 1, 5)
    assert np.isnan(done.rtt_seconds).all()
    assert pinger.refused == {"FileNotFoundError": 1}


CUT = """
import json, subprocess, sys, time
import numpy as np
from collectors.icmp import FpingPinger, Pinger
from domain.time import Moment

subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
rules = '''table ip cut {
  chain in { type filter hook input priority 0; ip daddr 127.0.5.5 drop; }
  chain out { type filter hook output priority 0; ip daddr 127.0.5.6 drop; }
}'''
subprocess.run(["nft", "-f", "-"], input=rules.encode(), check=True)
addresses = ["127.0.5.4", "127.0.5.5", "127.0.5.6", "198.51.100.7"]
found = {}
for way in (Pinger(addresses, timeout_seconds=0.5), FpingPinger(addresses, timeout_seconds=0.5)):
    way.start()
    way.round(np.arange(4), Moment(time.monotonic(), time.time()))
    while (done := way.step(Moment(time.monotonic(), time.time()))) is None:
        time.sleep(0.01)
    way.stop()
    found[type(way).__name__] = [np.isnan(done.rtt_seconds).tolist(), dict(way.refused)]
print(json.dumps(found))
"""


def test_a_cut_address_is_lost_alone() -> None:
    """In a network namespace of its own, which ends with its process: no route out, and nft drops two addresses."""
    for program in ("unshare", "ip", "nft", "fping"):
        if shutil.which(program) is None:
            missing(program)
    done = subprocess.run(
        ["unshare", "--net", sys.executable, "-c", CUT],
        capture_output=True, text=True, timeout=50, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lost = [False, True, True, True]
    assert json.loads(done.stdout) == {
        "Pinger": [lost, {"EPERM": 1, "ENETUNREACH": 1}],
        "FpingPinger": [lost, {}],
    }


def test_the_choice_says_what_it_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> socket.socket:
        raise PermissionError(1, "Operation not permitted")

    raw = choose()
    assert (raw.way, isinstance(raw.open(), Pinger)) == ("raw", True)
    monkeypatch.setattr("collectors.icmp.choice.socket.socket", refuse)
    assert choose(program="no-such-program").way == "none"
    assert choose(program="false").way == "none"
    if shutil.which("fping"):
        assert (choose().way, isinstance(choose().open(), FpingPinger)) == ("fping", True)
