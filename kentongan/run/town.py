"""The applications and cameras of the simulated kabupaten beside a demo, in a process of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, Self

SOCKET: Final = "services.sock"
AUTHORITY: Final = "services"
"""Folder of the certificates, in the demo's own."""

ISSUER: Final = f"{AUTHORITY}/root.pem"


class TownProcess:
    """`with TownProcess(...) as town:` they answer, or `town.stands` is False and `town.reason` says why.

    regions_file: as the world has written it. timezone: they go on with a history that was played in this zone. A demo
    goes on without them.
    """

    def __init__(
        self, kabupaten: str, seed: int, folder: Path, regions_file: Path, rtsp_port: int, timezone: str = ""
    ) -> None:
        self._words = {
            "--kabupaten": kabupaten,
            "--seed": str(seed),
            "--folder": str(folder / AUTHORITY),
            "--control": str(folder / SOCKET),
            "--regions": str(regions_file),
            "--rtsp-port": str(rtsp_port),
            "--parent": str(os.getpid()),
        }
        self._past = ("--past", "--timezone", timezone) if timezone else ()
        self._log = folder / "services.log"
        self._process: subprocess.Popen[str] | None = None
        self.stands = False
        self.reason = ""

    def __enter__(self) -> Self:
        """Starts; `wait` says how that went, so that the network may be prepared meanwhile."""
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "lab.services",
                    *(word for pair in self._words.items() for word in pair),
                    *self._past,
                ],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # a Ctrl-C is ours: they stand until we have stopped
            )
        return self

    def wait(self) -> bool:
        """Whether they answer."""
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            json.loads(self._process.stdout.readline())
        except ValueError:
            said = self._log.read_text(encoding="utf-8").strip().splitlines()
            self.reason = said[-1] if said else ""
            return False
        self.stands = True
        return True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
