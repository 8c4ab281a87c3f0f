"""Kentongan as somebody at a terminal has it: a working folder, commands that end and services that run.

Each terminal may stand in a network namespace of its own, so that simulated devices, ports and nftables are its alone.
"""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.real import in_namespace, inside

PROGRAM = (sys.executable, "-m", "kentongan")
TICK_SECONDS = 0.1
END_SECONDS = 30.0


def until(true: Callable[[], object], seconds: float, tick: float = TICK_SECONDS) -> bool:
    """Whether it became true in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(tick)
    return True


def clean_environment(**more: str) -> dict[str, str]:
    """A newcomer's: English, the daemons' programs in the PATH, and no settings of whoever runs the tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("KENTONGAN_") and name not in ("LC_ALL", "LC_MESSAGES")
    }
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    return {**kept, "PATH": path, "LANG": "C.UTF-8", "LANGUAGE": "en", **more}


@dataclass
class Running:
    """A service that was started at a terminal. What it says lies in `out` and `err`."""

    process: subprocess.Popen[bytes]
    namespace: str
    out: Path
    err: Path

    @property
    def errors(self) -> str:
        return self.err.read_text(encoding="utf-8", errors="replace")

    def said(self, event: str) -> dict[str, Any] | None:
        """The first log line with this event."""
        for line in self.errors.splitlines():
            with contextlib.suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict) and entry.get("event") == event:
                    return entry
        return None

    def wait_started(self, seconds: float = 90) -> str:
        """The address of its metrics, once it serves."""
        until(lambda: self.said("started") or self.process.poll() is not None, seconds)
        entry = self.said("started")
        assert entry, f"it did not start: {self.errors}"
        return str(entry["metrics"])

    @property
    def port(self) -> int:
        return int(self.wait_started().rpartition(":")[2].partition("/")[0])

    def get(self, path: str, port: int = 0) -> tuple[int, str]:
        """Status and body; (0, reason) while nobody listens."""
        with inside(self.namespace) if self.namespace else contextlib.nullcontext():
            connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=20)
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                return answer.status, answer.read().decode()
            except OSError as error:
                return 0, str(error)
            finally:
                connection.close()

    def value(self, metric: str, **labels: str) -> float:
        return self.scrape().value(metric, **labels)

    def scrape(self) -> "Scrape":
        status, text = self.get("/metrics")
        assert status == 200, text
        return Scrape(text)

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> None:
        """As a terminal does it: to the program and everything it started."""
        os.killpg(self.process.pid, number)

    def end(self, number: signal.Signals = signal.SIGINT, seconds: float = END_SECONDS) -> int:
        """Signal the program alone and wait for its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(seconds)


@dataclass(frozen=True)
class Terminal:
    """`kentongan` runs a command to its end, `start` a service beside it."""

    folder: Path
    namespace: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)

    def command(self, *words: str) -> list[str]:
        return [*(in_namespace(self.namespace) if self.namespace else ()), *words]

    def run(self, *words: str, seconds: float = 60, **more: str) -> subprocess.CompletedProcess[str]:
        """Any program, with what it printed."""
        return subprocess.run(
            self.command(*words), cwd=self.folder, env=clean_environment(**{**self.environment, **more}),
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False,
        )  # fmt: skip

    def kentongan(self, *words: str, status: int = 0, **more: str) -> str:
        """What the command printed. `more`: further variables of its environment."""
        done = self.run(*PROGRAM, *words, **more)
        assert done.returncode == status, f"kentongan {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout if status == 0 else done.stdout + done.stderr

    def json(self, *words: str, status: int = 0, **more: str) -> Any:
        done = self.run(*PROGRAM, *words, "--json", **more)
        assert done.returncode == status, f"kentongan {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return json.loads(done.stdout)

    @contextlib.contextmanager
    def start(self, *words: str, program: tuple[str, ...] = PROGRAM, **more: str) -> Iterator[Running]:
        """A process of its own session; whatever of it still runs at the end is killed."""
        stem = self.folder / f"started-{len(list(self.folder.glob('started-*.out')))}"
        out, err = stem.with_suffix(".out"), stem.with_suffix(".err")
        with out.open("wb") as out_file, err.open("wb") as err_file:
            process = subprocess.Popen(
                # at a terminal Ctrl-C counts, also where these tests were started in the background of a script
                self.command("env", "--default-signal=INT", *program, *words), cwd=self.folder,
                env=clean_environment(**{**self.environment, **more}),
                stdin=subprocess.DEVNULL, stdout=out_file, stderr=err_file, start_new_session=True,
            )  # fmt: skip
        try:
            yield Running(process, self.namespace, out, err)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(END_SECONDS)

    def states(self, *words: str) -> dict[str, tuple[str, str]]:
        """Device → state and reason, as `kentongan devices` tells them."""
        return {row["name"]: (row["state"], row["reason"]) for row in self.json(*words, "devices")}


_SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)(?: (\d+))?$")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


class Scrape:
    """One answer of /metrics."""

    def __init__(self, text: str) -> None:
        self._lines: dict[str, list[str]] = {}
        for line in text.splitlines():
            if line and line[0] != "#":
                name = line[: min(at for at in (line.find("{"), line.find(" ")) if at > 0)]
                self._lines.setdefault(name, []).append(line)

    def samples(self, name: str) -> Iterator[tuple[dict[str, str], float, int | None]]:
        """Labels, value, timestamp in milliseconds."""
        for line in self._lines.get(name, ()):
            found = _SAMPLE.match(line)
            assert found, line
            yield dict(_LABEL.findall(found[2] or "")), float(found[3]), int(found[4]) if found[4] else None

    def values(self, name: str, label: str = "device") -> dict[str, float]:
        """By one label; the last one wins."""
        return {labels.get(label, ""): value for labels, value, _at in self.samples(name)}

    def value(self, name: str, **labels: str) -> float:
        """The only sample with these labels. Raises KeyError if there is none."""
        for found, value, _at in self.samples(name):
            if labels.items() <= found.items():
                return value
        raise KeyError(f"{name}{labels}")


@contextlib.contextmanager
def own_namespace(name: str) -> Iterator[str]:
    """A network namespace with a loopback and nothing else."""
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)
        yield name
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=True)


def can_make_namespaces() -> bool:
    return os.geteuid() == 0 and shutil.which("ip") is not None
