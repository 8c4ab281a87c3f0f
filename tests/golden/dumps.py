"""Where the dumps of real devices lie, what they hold, and one simulator that serves them all."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "devices"
ADDRESS = "127.46.0.1"


def present() -> bool:
    return (FOLDER / "facts.json").is_file()


@cache
def facts() -> dict[str, dict[str, Any]]:
    """What a poller should find, by the name of the dump."""
    if not present():
        return {}
    entries = json.loads((FOLDER / "facts.json").read_text())
    return {entry["file"].removesuffix(".snmprec"): entry for entry in entries}


@cache
def rows(name: str) -> dict[str, tuple[str, str]]:
    """OID → (type, value) of a dump as it is written."""
    lines = (FOLDER / f"{name}.snmprec").read_text("utf-8", "replace").splitlines()
    return {oid: (kind, value) for oid, kind, value in (line.split("|", 2) for line in lines if line.count("|") > 1)}


@contextmanager
def simulator(folder: Path) -> Iterator[int]:
    """snmpsim serving all dumps at ADDRESS; the community is the name of the dump. Yields the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((ADDRESS, 0))
        port = probe.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("snmpsim-command-responder")),
        f"--data-dir={FOLDER.resolve()}",
        f"--cache-dir={folder}",
        f"--agent-udpv4-endpoint={ADDRESS}:{port}",
        "--log-level=error",
        "--logging-method=null",
    ]
    if os.geteuid() == 0:
        command += ["--process-user=root", "--process-group=root"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for_answer(port, process)
            yield port
        finally:
            process.terminate()


def _wait_for_answer(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until a v2c GET of sysObjectID with the community `openwrt` is answered."""
    request = bytes.fromhex("302702010104076f70656e777274a019020101020100020100300e300c06082b060102010102000500")
    deadline = time.monotonic() + 40
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.25)
        while time.monotonic() < deadline:
            assert process.poll() is None, "snmpsim ended by itself"
            asking.sendto(request, (ADDRESS, port))
            try:
                asking.recv(2000)
            except TimeoutError:
                continue
            return
    raise AssertionError("snmpsim did not answer within 40 s")
