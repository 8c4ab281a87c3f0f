"""A host of its own on this machine: network, mounts, processes and name; copies of what it may write. For root."""

import subprocess
import time
from pathlib import Path

READY = "Server listening"


class NamespaceHost:
    """Begins with a script that becomes sshd, inside a network namespace that is there. All of it ends with `stop`."""

    def __init__(self, name: str, namespace: str, folder: Path) -> None:
        self.name = name
        self.namespace = namespace
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self, script: str) -> None:
        kinds = ["--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc"]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                ["ip", "netns", "exec", self.namespace, "unshare", *kinds, "sh", "-c", script],
                env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        until = time.monotonic() + 20
        while READY not in self._said():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{self.name}: {self._said()}")
            time.sleep(0.05)

    def run(self, *argv: str) -> str:
        """Inside, to its end; what it says."""
        done = subprocess.run(
            ["nsenter", "-t", str(self._first()), "-n", "-m", "-u", "-p", "-r", "-w", *argv],
            capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
        return done.stdout + done.stderr

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)

    def _first(self) -> int:
        """The process that is number 1 in there."""
        assert self._process is not None
        pid = self._process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return int(children[0])

    def _said(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")
