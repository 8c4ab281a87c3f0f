"""The stage of the outage bench: the ring of real routers, a webhook's receiver in the collector's namespace, and
`kentongan run` there as a child of its own."""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from kentongan.installation import Installation
from kentongan.settings import load_settings
from lab.real import RealLab, in_namespace, inside
from lab.real.credentials import COMMUNITY

HOOK_PORT, METRICS_PORT = 9876, 9275
STOP_SECONDS = 20.0
_STATE = re.compile(r'^kentongan_device_state\{device="([^"]+)"[^}]*\} (\d)', re.MULTILINE)
_PORT = re.compile(
    r'^kentongan_interface_oper_status\{device="([^"]+)",interface="([^"]+)"[^}]*\} 1(?:\.0)?\b', re.MULTILINE
)


class StageError(RuntimeError):
    """Something on the stage did not do what it is there for."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One POST. at: steady seconds of its arrival."""

    at: float
    body: dict[str, Any]


@dataclass
class Hook:
    """What came in, in order. One thread writes, one reads."""

    heard: list[Heard] = field(default_factory=list)
    url: str = f"http://127.0.0.1:{HOOK_PORT}/"

    def until(self, wanted: Callable[[Heard], bool], since: int, seconds: float) -> Heard:
        """The first from place `since` on that is wanted. Raises StageError with what came instead."""
        deadline = time.monotonic() + seconds
        while True:
            found = next((each for each in self.heard[since:] if wanted(each)), None)
            if found is not None:
                return found
            if time.monotonic() > deadline:
                raise StageError(f"not told within {seconds:g} s; heard: {[each.body for each in self.heard[since:]]}")
            time.sleep(0.01)


@contextlib.contextmanager
def hook(namespace: str) -> Iterator[Hook]:
    """Listens in the namespace until the block ends."""
    made = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.heard.append(Heard(time.monotonic(), json.loads(body)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_words: object) -> None: ...

    with inside(namespace):
        server = ThreadingHTTPServer(("127.0.0.1", HOOK_PORT), Handler)
    thread = threading.Thread(target=server.serve_forever, name="hook", daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def child(namespace: str, folder: Path, *words: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A program in the namespace, with what it says in `folder`/NAME.log, ended when the block ends."""
    name = Path(words[0]).name if words[0] != sys.executable else words[2]
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [*in_namespace(namespace), *words], cwd=folder, env={**os.environ, **environment},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    try:
        yield process
        if process.poll() is not None:
            raise StageError(f"{name} ended: {(folder / f'{name}.log').read_text(errors='replace')[-2000:]}")
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextlib.contextmanager
def kentongan(lab: RealLab, hook: Hook, settings: Mapping[str, str]) -> Iterator[None]:
    """`kentongan run` that knows the ring, from the moment when everybody in it is up. settings: of the environment."""
    with tempfile.TemporaryDirectory(prefix="kentongan-cuts-") as name:
        folder = Path(name)
        file = folder / "kentongan.toml"
        file.write_text(f"[exporter]\nport = {METRICS_PORT}\n", encoding="utf-8")
        inventory = lab.inventory()
        with Installation(load_settings(file, environment={}), "bench").prepare() as made:
            made.vault.put(COMMUNITY)
            made.inventory.write([*inventory.sites, *inventory.devices, *inventory.links])
        words = (sys.executable, "-m", "kentongan", "--config", str(file), "run")
        with child(lab.collector, folder, *words, KENTONGAN_NOTIFY__WEBHOOKS=hook.url, **settings):
            wait(lambda: seen_up(lab), 90, "every device was up and every port of the ring was seen up")
            yield


def seen_up(lab: RealLab) -> bool:
    """Everybody is up, and so is, as it was polled, every end of every link that is not cut."""
    text = scraped(lab)
    up = {found[1] for found in _STATE.finditer(text) if found[2] == "4"}
    ports = {(found[1], found[2]) for found in _PORT.finditer(text)}
    links = [link for link in lab.inventory().links if link.name not in lab.cuts]
    ends = {end for link in links for end in lab.layout.links[link.name].ends}
    return up == set(lab.addresses) and ends <= ports


def scraped(lab: RealLab) -> str:
    """The metrics page; "" while there is none."""
    with inside(lab.collector):
        connection = http.client.HTTPConnection("127.0.0.1", METRICS_PORT, timeout=10)
        try:
            connection.request("GET", "/metrics")
            return connection.getresponse().read().decode()
        except OSError:
            return ""
        finally:
            connection.close()


def wait(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Raises StageError that names what was waited for."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise StageError(f"waited {seconds:g} s in vain until {what}")
        time.sleep(0.1)
