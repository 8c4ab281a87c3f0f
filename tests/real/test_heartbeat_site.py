"""A site's shell script pushes to the receiver behind a real server, as a crontab would start it."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from starlette.applications import Starlette

from collectors.heartbeat import ScriptKind, heartbeat_routes, render_script
from domain.services import Heartbeat, PathTest, SiteTokens, evidence_of, hash_of, make_token
from exporters.http import HttpServer
from kentongan.clock import SystemClock

pytestmark = pytest.mark.real
TOKEN = make_token(b"t" * 20)


IPUTILS = """PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.031 ms

--- 127.0.0.1 ping statistics ---
5 packets transmitted, 4 received, 20% packet loss, time 4095ms
rtt min/avg/max/mdev = 11.031/12.500/13.052/0.007 ms
"""
BUSYBOX = """PING 127.0.0.1 (127.0.0.1): 56 data bytes
64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.061 ms

--- 127.0.0.1 ping statistics ---
5 packets transmitted, 5 packets received, 0% packet loss
round-trip min/avg/max = 7.061/8.250/9.099 ms
"""
DEAD = """PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.

--- 127.0.0.1 ping statistics ---
5 packets transmitted, 0 received, +5 errors, 100% packet loss, time 4099ms
"""


def push(kind: ScriptKind, folder: Path, ping: str = IPUTILS) -> tuple[int, list[Heartbeat]]:
    """Run the script once against a server of our own; its exit status and what came."""
    taken: list[Heartbeat] = []

    async def steps() -> int:
        routes = heartbeat_routes(lambda: SiteTokens({hash_of(TOKEN): "desa-1"}), taken.append, SystemClock())
        server = HttpServer(Starlette(routes=routes), port=0)
        await server.start()
        try:
            text = render_script(kind, server.url, TOKEN, 60, internet=("127.0.0.1",), dns=("localhost",))
            if kind is ScriptKind.LINE:
                text = text.split(" ", 5)[5]
            script = folder / "heartbeat.sh"
            script.write_text(text)
            stand_in = folder / "ping"  # five real ones take four seconds
            stand_in.write_text(f"#!/bin/sh\ncat <<'END'\n{ping}END\n")
            stand_in.chmod(0o755)
            path = f"{folder}:{os.environ['PATH']}"
            process = await asyncio.create_subprocess_exec("sh", str(script), env={**os.environ, "PATH": path})
            return await asyncio.wait_for(process.wait(), 30)
        finally:
            await server.stop()

    return asyncio.run(steps()), taken


@pytest.mark.parametrize("kind", [ScriptKind.SHELL, ScriptKind.LINE])
def test_the_script_pushes_what_the_site_knows(kind: ScriptKind, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is missing")
    status, taken = push(kind, tmp_path)
    assert status == 0
    (beat,) = taken
    up = float(Path("/proc/uptime").read_text().split()[0])
    assert beat.uptime_seconds == pytest.approx(up, abs=30)
    assert evidence_of(beat).dns_ok is (True if kind is ScriptKind.SHELL else None)


@pytest.mark.parametrize(
    ("said", "test"),
    [
        (IPUTILS, PathTest("127.0.0.1", 0.2, 0.0125)),
        (BUSYBOX, PathTest("127.0.0.1", 0.0, 0.00825)),
        (DEAD, PathTest("127.0.0.1", 1.0)),
        ("ping: bad address\n", PathTest("127.0.0.1", 1.0)),
    ],
    ids=["iputils", "busybox", "dead", "error"],
)
def test_every_kind_of_ping_is_understood(said: str, test: PathTest, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is missing")
    _status, (beat,) = push(ScriptKind.SHELL, tmp_path, said)
    assert beat.internet == (test,)


def test_openwrts_installer_writes_a_script_that_shells_accept(tmp_path: Path) -> None:
    """Run with its paths moved into a folder; the tools of OpenWrt it starts are stand-ins."""
    for name in ("usr/bin", "etc/init.d", "etc/crontabs"):
        (tmp_path / name).mkdir(parents=True)
    cron = tmp_path / "etc/init.d/cron"
    cron.write_text("#!/bin/sh\n")
    cron.chmod(0o755)
    (tmp_path / "etc/crontabs/root").write_text("0 3 * * * /sbin/other\n* * * * * /usr/bin/kentongan-heartbeat\n")
    text = render_script(ScriptKind.OPENWRT, "https://k.example.go.id", TOKEN, 300)
    for path in ("/usr/bin/", "/etc/"):
        text = text.replace(path, f"{tmp_path}{path}")
    done = subprocess.run(["sh"], input=text, text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    script = tmp_path / "usr/bin/kentongan-heartbeat"
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
    assert oct(script.stat().st_mode & 0o777) == "0o700"
    lines = (tmp_path / "etc/crontabs/root").read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["0", "*/5"]
