"""`kentongan` called many times without its start: a process that has loaded everything forks one for each call.

Each call is a process of its own, with the command line's own `main`. It can be told to kill itself (-9) or to stand
still when a change reaches a named moment, as the power would, and to find its disk full.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partialmethod
from pathlib import Path
from typing import Any, Self

from domain.shell import Command, Reply


@dataclass(frozen=True, slots=True)
class Ended:
    """status: negative for a signal."""

    status: int
    out: str
    err: str


class ForkedCli:
    """The process that forks, as its user sees it. environment: beside what this process has."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._calls = 0

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.real.forked_cli"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, **self._environment},
        )
        return self

    def __exit__(self, *_why: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def begin(
        self,
        place: Path,
        *words: str,
        dies_at: str = "",
        stops_at: str = "",
        disk_octets: int = 0,
        **environment: str,
    ) -> tuple[int, int]:
        """Its number here, and its pid. disk_octets: no file may become longer."""
        self._calls += 1
        order = {
            "words": words,
            "place": str(place),
            "out": str(self._folder / f"{self._calls}.out"),
            "err": str(self._folder / f"{self._calls}.err"),
            "dies_at": dies_at,
            "stops_at": stops_at,
            "disk_octets": disk_octets,
            "environment": environment,
        }
        return self._calls, int(self._ask(order))

    def end(self, call: tuple[int, int]) -> Ended:
        number, pid = call
        status = int(self._ask({"wait": pid}))
        out, err = (self._folder / f"{number}.{kind}" for kind in ("out", "err"))
        return Ended(status, out.read_text(), err.read_text())

    def stand_still(self, call: tuple[int, int]) -> None:
        """Waits until it does, or has ended."""
        self._ask({"wait": call[1], "stopped": True})

    def call(self, place: Path, *words: str, **options: Any) -> Ended:
        return self.end(self.begin(place, *words, **options))

    def _ask(self, order: Mapping[str, object]) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return self._process.stdout.readline()


def serve() -> None:
    """An order a line; the answer is a pid, or the exit status of one."""
    for module in (
        "kentongan.cli.site",
        "collectors.ssh.exec_channel",
        "collectors.ssh.transport",
        "collectors.ssh.session",
    ):
        __import__(module)
    from domain.intent import Platform
    from provisioning.profiles.loader import shipped_profiles
    from provisioning.rendering.environment import shipped_templates

    shipped_profiles()
    shipped_templates(Platform.ROUTEROS)
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _pid, status = os.waitpid(order["wait"], os.WUNTRACED if order.get("stopped") else 0)
            print(0 if os.WIFSTOPPED(status) else os.waitstatus_to_exitcode(status), flush=True)
            continue
        pid = os.fork()
        if pid == 0:
            _call(order)
        print(pid, flush=True)


def _call(order: Mapping[str, Any]) -> None:
    status = 70
    try:
        os.chdir(order["place"])
        os.environ.update(order["environment"])
        for number, flags, path in ((0, os.O_RDONLY, os.devnull), (1, WRITES, order["out"]), (2, WRITES, order["err"])):
            os.dup2(os.open(path, flags, 0o600), number)
        if order["disk_octets"]:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["disk_octets"], order["disk_octets"]))
        _expect({order["dies_at"]: signal.SIGKILL, order["stops_at"]: signal.SIGSTOP})
        from kentongan.__main__ import main

        main(order["words"])
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


WRITES = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def _expect(signals: Mapping[str, int]) -> None:
    """At the first time that a change reaches such a moment."""
    import time

    from collectors.ssh.prompted import PromptedTalk
    from kentongan.changing.changes import SiteChanges
    from kentongan.changing.waves import SiteWaves

    left = {moment: number for moment, number in signals.items() if moment}

    def reached(moment: str) -> None:
        number = left.pop(moment, None)
        if number is not None:
            os.kill(os.getpid(), number)

    def pause(seconds: float) -> None:
        """Simulated devices are back sooner than real ones."""
        time.sleep(seconds / 10)

    say = PromptedTalk.say

    def say_nearby(talk: PromptedTalk, command: Command) -> Reply:
        """And what they write comes at once."""
        return say(talk, replace(command, settle_seconds=0.03))

    PromptedTalk.say = say_nearby  # type: ignore[method-assign]
    SiteChanges.__init__ = partialmethod(SiteChanges.__init__, reached=reached, pause=pause)  # type: ignore[method-assign,assignment]
    SiteWaves.__init__ = partialmethod(SiteWaves.__init__, reached=reached)  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    serve()
