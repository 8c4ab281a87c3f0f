"""A Grafana's API as far as a push needs it, over real HTTP: keeps what it is given, numbers versions, wants a token.

As a program it stands in any namespace; each request is a JSON line in its file. There is no Grafana server to be had
from a package registry: this one answers as the API's description of 11.4 says.
"""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.real.terminal import Terminal, until

TOKEN = "glsa_pretend_0123456789"
Reply = tuple[int, Any]


@dataclass
class Kept:
    """What the server holds, by uid."""

    datasources: dict[str, Any] = field(default_factory=dict)
    folders: dict[str, Any] = field(default_factory=dict)
    dashboards: dict[str, Any] = field(default_factory=dict)

    def answer(self, method: str, path: str, body: Any) -> Reply:
        match method, path.partition("?")[0].strip("/").split("/")[1:]:
            case "GET", ["datasources", "uid", uid]:
                return self._found(self.datasources, uid, "Data source not found")
            case "POST", ["datasources"]:
                self.datasources[body["uid"]] = body | {"id": 1, "orgId": 1, "version": 1, "readOnly": False}
                return 200, {"id": 1, "message": "Datasource added", "name": body["name"]}
            case "PUT", ["datasources", "uid", uid]:
                self.datasources[uid] |= body
                return 200, {"id": 1, "message": "Datasource updated", "name": body["name"]}
            case "GET", ["folders", uid]:
                return self._found(self.folders, uid, "folder not found")
            case "POST", ["folders"]:
                self.folders[body["uid"]] = body | {"id": 1, "version": 1}
                return 200, self.folders[body["uid"]]
            case "PUT", ["folders", uid]:
                self.folders[uid] |= {"title": body["title"], "version": body["version"] + 1}
                return 200, self.folders[uid]
            case "GET", ["dashboards", "uid", uid]:
                return self._found(self.dashboards, uid, "Dashboard not found")
            case "GET", ["dashboards", "uid", uid, "versions"]:
                last = self.dashboards[uid]["last"]
                return 200, {"continueToken": "", "versions": [last]}
            case "POST", ["dashboards", "db"]:
                return self._save(body)
            case _:
                return 404, {"message": "Not found"}

    def _save(self, body: Any) -> Reply:
        model, uid = body["dashboard"], body["dashboard"]["uid"]
        there = self.dashboards.get(uid)
        number = there["dashboard"]["version"] if there else 0
        if there and not body["overwrite"] and model.get("version") != number:
            return 412, {"message": "The dashboard has been changed by someone else", "status": "version-mismatch"}
        if body["folderUid"] not in self.folders:
            return 400, {"message": "folder not found"}
        self.dashboards[uid] = {
            "dashboard": model | {"id": len(self.dashboards) + 1, "version": number + 1},
            "meta": {"folderUid": body["folderUid"], "version": number + 1, "provisioned": False},
            "last": {"version": number + 1, "message": body["message"], "createdBy": "sa-1-kentongan"},
        }
        return 200, {"id": 1, "uid": uid, "status": "success", "version": number + 1, "slug": "x", "url": f"/d/{uid}"}

    @staticmethod
    def _found(shelf: dict[str, Any], uid: str, message: str) -> Reply:
        return (200, shelf[uid]) if uid in shelf else (404, {"message": message})


class Pretend(BaseHTTPRequestHandler):
    kept: Kept
    file: Path
    broken: tuple[int, str, str] | None = None  # status, content type, body

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        with self.file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"method": self.command, "path": self.path, "body": body}) + "\n")
        if self.broken is not None:
            status, kind, text = self.broken
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            status, kind, text = 401, "application/json", '{"message": "Invalid API key"}'
        else:
            status, answer = self.kept.answer(self.command, self.path, body)
            kind, text = "application/json", json.dumps(answer)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        if 300 <= status < 400:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(text.encode())

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def log_message(self, *_words: object) -> None: ...


def make_server(file: Path, port: int = 0) -> tuple[ThreadingHTTPServer, type[Pretend]]:
    """Not serving yet; its handler may be told to be broken."""
    handler = type("Mine", (Pretend,), {"kept": Kept(), "file": file})
    return ThreadingHTTPServer(("127.0.0.1", port), handler), handler


@contextlib.contextmanager
def serving(file: Path) -> Iterator[tuple[str, type[Pretend]]]:
    """Its address, in a thread of this process, and its handler."""
    server, handler = make_server(file)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def standing(terminal: Terminal, port: int, file: Path) -> Iterator[str]:
    """Its address in the terminal's namespace, until the block ends."""
    program = [sys.executable, "-m", "tests.real.pretend_grafana", str(port), str(file)]
    process = subprocess.Popen(terminal.command(*program), cwd=Path(__file__).parents[2])
    try:
        assert until(file.exists, 15), "the pretended Grafana did not come up"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    server, _ = make_server(Path(sys.argv[2]), int(sys.argv[1]))
    Path(sys.argv[2]).touch()
    server.serve_forever()
