"""The simulated kabupaten beside a demo: its inventory in a database of its own, its world in a process of its own."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from domain.language import _
from domain.network import Region
from kentongan.errors import KentonganError

READY_SECONDS = 60.0


class WorldError(KentonganError):
    """The simulated world did not come up."""


@dataclass(frozen=True, slots=True)
class WorldReady:
    """What the world says when it stands."""

    devices: int
    port: int
    darkens_ping: bool


class WorldProcess:
    """`with WorldProcess(...) as world:` the simulated devices answer; they stop with the block."""

    def __init__(
        self, kabupaten: str, seed: int, port: int, folder: Path, regions: Sequence[Region], timezone: str = ""
    ) -> None:
        """timezone: it goes on with the history that lies in the folder, which was played in this zone."""
        self._kabupaten = kabupaten
        self._seed = seed
        self._port = port
        self.control = folder / "control.sock"
        self.regions_file = folder / "regions.csv"
        self._log = folder / "world.log"
        self._regions = regions
        self._past = {"--past": str(folder), "--timezone": timezone} if timezone else {}
        self._process: subprocess.Popen[str] | None = None
        self.ready = WorldReady(0, port, darkens_ping=False)

    def __enter__(self) -> Self:
        with self.regions_file.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("code", "name"))
            rows.writerows((region.code, region.name) for region in self._regions)
        arguments = {
            "--kabupaten": self._kabupaten,
            "--seed": str(self._seed),
            "--port": str(self._port),
            "--control": str(self.control),
            "--regions": str(self.regions_file),
            "--parent": str(os.getpid()),
            **self._past,
        }
        words = [word for pair in arguments.items() for word in pair]
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lab.world", *words],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # a Ctrl-C is ours: the world stands until we have stopped
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        try:
            said = json.loads(line)
        except ValueError:
            self.__exit__(None, None, None)
            reason = self._log.read_text(encoding="utf-8").strip().splitlines()
            raise WorldError(
                _("The simulated world did not come up: {reason} See {log}.").format(
                    reason=reason[-1] if reason else "", log=self._log
                )
            ) from None
        self.ready = WorldReady(said["devices"], said["port"], bool(said["pingDarkened"]))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def fresh_folder(folder: Path, kabupaten: str) -> None:
    """Keep the folder of an earlier demo of the same kabupaten, so that it starts at once; else begin anew."""
    marker = folder / "kabupaten"
    if folder.exists() and (not marker.exists() or marker.read_text(encoding="utf-8") != kabupaten):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    marker.write_text(kabupaten, encoding="utf-8")
