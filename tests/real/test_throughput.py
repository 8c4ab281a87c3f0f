"""The real iperf3 over a wire that carries twenty megabits and no more; servers that are absent or say nothing."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.iperf3 import Iperf3, read_result

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(60),
    pytest.mark.skipif(not shutil.which("iperf3"), reason="iperf3 is not installed"),
]
MEGABITS = 20
SCRIPT = """
import json, sys
from collectors.iperf3 import Iperf3
answer = Iperf3()("10.254.7.2", 5201, 1.0)
print(json.dumps([answer.down_mbps, answer.up_mbps, answer.trouble]))
"""


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@pytest.fixture
def wire() -> Iterator[str]:
    """Two namespaces and a slow wire between them; ours, with the server at the other end."""
    if os.geteuid() != 0:
        pytest.skip("namespaces need root")
    names = [f"kts{os.getpid()}-{end}" for end in "ab"]
    server = None
    try:
        for name in names:
            ip("netns", "add", name)
        ip("-n", names[0], "link", "add", "w", "type", "veth", "peer", "name", "w", "netns", names[1])
        for number, name in enumerate(names, 1):
            ip("-n", name, "addr", "add", f"10.254.7.{number}/24", "dev", "w")
            ip("-n", name, "link", "set", "w", "up")
            shaper = ["dev", "w", "root", "tbf", "rate", f"{MEGABITS}mbit", "burst", "32kb", "latency", "50ms"]
            subprocess.run(["tc", "-n", name, "qdisc", "add", *shaper], check=True, capture_output=True)
        words = ["ip", "netns", "exec", names[1], "iperf3", "--server", "--forceflush"]
        server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        while "listening" not in server.stdout.readline():
            assert server.poll() is None
        yield names[0]
    finally:
        if server is not None:
            server.kill()
            server.wait()
        for name in names:
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)


def test_both_ways_of_a_wire_are_measured(wire: str) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        ["ip", "netns", "exec", wire, sys.executable, "-c", SCRIPT],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=40,
        check=True,
    )
    down, up, trouble = json.loads(done.stdout)
    assert trouble == ""
    # Below what the wire carries, and not by much: a busy machine slows it down.
    assert MEGABITS / 4 < down < MEGABITS * 1.1
    assert MEGABITS / 4 < up < MEGABITS * 1.1


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        answer = Iperf3()("127.0.0.1", taken.getsockname()[1], 1.0)
    assert answer.down_mbps is None
    assert "iperf3" in answer.trouble


def test_a_server_that_says_nothing_does_not_hold_us() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        held: list[socket.socket] = []
        threading.Thread(target=lambda: held.append(mute.accept()[0]), daemon=True).start()
        answer = Iperf3(grace_seconds=0.2)("127.0.0.1", mute.getsockname()[1], 1.0)
        for each in held:
            each.close()
    assert answer.trouble == "iperf3 did not end in time and was stopped"


def test_without_the_program_or_an_address_it_says_so() -> None:
    assert "cannot be run" in Iperf3("/nowhere/iperf3")("10.0.0.1", 5201, 1.0).trouble
    assert "no address" in Iperf3()("--server", 5201, 1.0).trouble


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"end": []}', '{"end": {"sum_received": {"bits_per_second": 0}}}'])
def test_what_cannot_be_read_is_no_measure(text: str) -> None:
    found, trouble = read_result(text)
    assert found is None
    assert trouble
