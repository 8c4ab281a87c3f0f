"""The demo of somebody who may do nothing special: no root, no CAP_NET_ADMIN for nft, no CAP_NET_RAW for echo.

Its devices are watched by SNMP alone; a cut is seen all the same. In a network namespace of its own.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.network import Check, lies_in
from inventory.regions import shipped_regions
from lab.kabupaten import generate
from tests.real.terminal import PROGRAM, Terminal, can_make_namespaces, own_namespace, until

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(120),
    pytest.mark.skipif(not can_make_namespaces(), reason="a network namespace of its own takes root"),
]

PORT = 26430
OLT = "olt-bojong"
CUT = f"fo-{OLT}"
SECONDS = 100  # at most: it is interrupted as soon as enough was seen
CADENCE = {
    f"KENTONGAN_POLLING__{name}__{key}": value
    for name in ("FIBRE", "RADIO", "METERED", "SLOW")
    for key, value in (("SNMP_SECONDS", "3"), ("SNMP_MISSES", "2"))
} | {"KENTONGAN_POLLING__WAKE_SECONDS": "0.05", "KENTONGAN_EXPORTER__PORT": "0"}
NO_CAPABILITIES = ("setpriv", "--bounding-set", "-all", "--inh-caps", "-all")
NOBODY = (*NO_CAPABILITIES, "--reuid", "65534", "--regid", "65534", "--clear-groups")


def stripped() -> tuple[str, ...]:
    """Becomes nobody; where nobody may not run this Python, stays who it is, without a single capability."""
    itself = "import kentongan, os, sys; sys.exit(not os.access(sys.executable, os.X_OK))"
    tried = subprocess.run([*NOBODY, sys.executable, "-c", itself], capture_output=True, check=False)
    return NOBODY if tried.returncode == 0 else NO_CAPABILITIES


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where whoever runs the demo may write; pytest's own folders are closed to nobody."""
    path = Path(tempfile.mkdtemp(prefix="kentongan-nobody-"))
    if stripped() is NOBODY:
        os.chown(path, 65534, 65534)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, path, ignore_errors=True)
        yield path


def test_a_demo_without_privileges_sees_a_cut_by_snmp_alone(folder: Path) -> None:
    regions = [region for region in shipped_regions() if lies_in(region.code, "32.14")]
    inventory = generate("32.14", regions, snmp_port=PORT, check=Check.SNMP)
    watched = {device.name for device in inventory.devices if device.check is not Check.NONE}
    assert not any(device.check.by_icmp for device in inventory.devices)
    with own_namespace(f"kn{os.getpid()}") as namespace:
        program = (*stripped(), *PROGRAM)
        terminal = Terminal(folder, namespace, {"HOME": str(folder), **CADENCE})
        words = ("demo", "--seconds", str(SECONDS), "--json", "--port", str(PORT))
        with terminal.start(*words, program=program) as running:
            running.wait_started()
            assert "devices are watched by SNMP alone" in running.errors
            assert {capability_set(pid) for pid in processes(terminal)} == {0}

            def shown() -> dict[str, float]:
                states = running.scrape().values("kentongan_device_state")
                return {name: states[name] for name in watched}

            assert until(lambda: all(state == 4 for state in shown().values()), 60, 0.5), "not everybody came up"
            cut = terminal.run(*program, "lab", "cut", CUT, "--json")
            assert cut.returncode == 0, cut.stderr
            darkened = set(json.loads(cut.stdout)["darkened"]) & watched
            assert len(darkened) > 10
            assert until(lambda: {name for name, state in shown().items() if state in (1, 2)} == darkened, 60, 0.5)
            # the kernel goes on answering for them: echo would have called them alive
            address = next(device.address for device in inventory.devices if device.name == OLT)
            assert terminal.run("ping", "-c", "1", "-W", "1", address).returncode == 0
            states = terminal.run(*program, "--config", "var/demo/kentongan.toml", "devices", "--json")
            rows = {row["name"]: (row["state"], row["reason"]) for row in json.loads(states.stdout)}
            assert rows[OLT] == ("down", "snmp-silent")
            assert {rows[name] for name in darkened - {OLT}} == {("unreachable", f"behind {OLT}")}
            running.interrupt()
            assert running.process.wait(30) == 0, running.errors
            report = json.loads(running.out.read_text(encoding="utf-8"))
    assert report["villages"] == {"total": 183, "connected": 102}
    assert report["polls"] > len(watched)
    fell = {change["name"] for change in report["stateChanges"] if change["to"] in ("down", "unreachable")}
    assert fell == darkened


def processes(terminal: Terminal) -> list[int]:
    """The demo and what it started: its world."""
    found = Terminal(terminal.folder).run("ip", "netns", "pids", terminal.namespace).stdout.split()
    return [int(pid) for pid in found]


def capability_set(pid: int) -> int:
    """What the process may do beyond an ordinary user."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("CapEff")).split()[1], 16)
