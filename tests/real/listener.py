"""A webhook's receiver as a process of its own, so that it can stand in any namespace: one JSON line per notice."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from tests.real.terminal import Terminal, until


@dataclass(frozen=True)
class Heard:
    """What came in at `url`."""

    url: str
    file: Path
    pid: int

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()[1:]]

    def of(self, cause: str) -> list[dict[str, Any]]:
        return [body for body in self.bodies() if body["incident"]["cause"]["name"] == cause]


@contextlib.contextmanager
def listening(terminal: Terminal, port: int, file: Path) -> Iterator[Heard]:
    """Stands in the terminal's namespace until the block ends."""
    process = subprocess.Popen(terminal.command(sys.executable, __file__, str(port), str(file)))
    try:
        assert until(lambda: file.exists() and file.stat().st_size > 0, 15), "the receiver did not come up"
        yield Heard(f"http://127.0.0.1:{port}/", file, process.pid)
    finally:
        process.terminate()
        process.wait(10)


class _Hook(BaseHTTPRequestHandler):
    file: Path

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:  # its sender was killed in the middle
            return
        with self.file.open("ab") as file:
            file.write(body + b"\n")
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_words: object) -> None: ...


if __name__ == "__main__":
    _Hook.file = Path(sys.argv[2])
    server = HTTPServer(("127.0.0.1", int(sys.argv[1])), _Hook)
    _Hook.file.write_text("listening\n", encoding="utf-8")
    server.serve_forever()
