"""Daemons as children: started, known by pid and start time, ended by pid and waited for."""

import os
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from lab.real.waiting import LabTimeoutError, wait_until

PATIENCE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Daemon:
    """A running program. `started` (clock ticks since boot) tells it from a later process with the same pid."""

    name: str
    host: str
    pid: int
    started: int
    child: subprocess.Popen[bytes] | None = field(default=None, compare=False, repr=False)

    @property
    def running(self) -> bool:
        return started_at(self.pid) == self.started

    def reap(self) -> None:
        if self.child is not None:
            self.child.wait()


def started_at(pid: int) -> int:
    """When the process began, in clock ticks since boot; 0 if there is none or only its corpse (proc(5), stat)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    state, *rest = stat[stat.rindex(")") + 2 :].split()
    return 0 if state in "ZX" else int(rest[18])


def start(
    name: str, host: str, argv: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
) -> Daemon:
    """Start a program in a session of its own; what it prints goes to `folder/name.out`."""
    with (folder / f"{name}.out").open("ab") as out:
        child = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
        )
    return Daemon(name, host, child.pid, started_at(child.pid), child)


def stop(daemons: Iterable[Daemon], how: signal.Signals = signal.SIGTERM) -> None:
    """End all of them, together, with what they started in their sessions, and wait until they are gone.

    Those that do not end by `how` in time are killed.
    """
    daemons = list(daemons)
    with suppress(LabTimeoutError):
        _stop_by(how, daemons)
    _stop_by(signal.SIGKILL, daemons)
    for daemon in daemons:
        daemon.reap()


def _stop_by(sign: signal.Signals, daemons: Iterable[Daemon]) -> None:
    left = [daemon for daemon in daemons if daemon.running]
    for daemon in left:
        _signal_session(daemon.pid, sign)
    wait_until(lambda: not any(daemon.running for daemon in left), PATIENCE_SECONDS, "daemons had ended")


def _signal_session(pid: int, sign: signal.Signals) -> None:
    try:
        os.killpg(pid, sign)
    except ProcessLookupError:
        return
