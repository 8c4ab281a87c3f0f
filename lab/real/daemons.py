"""The daemons of one lab, by host and name: started together, waited for together, ended together."""

import signal
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from lab.errors import LabError
from lab.real.namespaces import in_namespace
from lab.real.processes import Daemon, start, stop
from lab.real.programs import Program
from lab.real.waiting import wait_until

READY_SECONDS = 10.0


class Daemons:
    """Everything that runs in the namespaces named `prefix`-HOST; files lie in `folder`/HOST."""

    def __init__(self, prefix: str, folder: Path) -> None:
        self._prefix = prefix
        self._folder = folder
        self._daemons: dict[tuple[str, str], Daemon] = {}

    def __iter__(self) -> Iterator[Daemon]:
        return iter(self._daemons.values())

    def adopt(self, daemons: Iterable[Daemon]) -> None:
        """Take over daemons that another process started."""
        self._daemons.update({(daemon.host, daemon.name): daemon for daemon in daemons})

    def start(self, programs: Mapping[str, Iterable[Program]]) -> None:
        """Host → programs. Starts them all, then waits until all are ready.

        Raises LabError with the last words of one that ended or did not get ready.
        """
        waiting = [(program, self._start_one(host, program)) for host, each in programs.items() for program in each]
        for program, daemon in waiting:
            self._await(program, daemon)

    def kill(self, host: str, name: str = "") -> None:
        """One daemon of the host, or all of them, by SIGKILL."""
        gone = [key for key in self._daemons if key[0] == host and name in ("", key[1])]
        stop([self._daemons.pop(key) for key in gone], signal.SIGKILL)

    def stop_all(self) -> None:
        stop(self._daemons.values())
        self._daemons.clear()

    def _start_one(self, host: str, program: Program) -> Daemon:
        if program.socket is not None:
            program.socket.unlink(missing_ok=True)
        argv = (*in_namespace(f"{self._prefix}-{host}"), *program.argv)
        daemon = start(program.name, host, argv, self._folder / host, program.environment)
        self._daemons[host, program.name] = daemon
        return daemon

    def _await(self, program: Program, daemon: Daemon) -> None:
        what = f"{program.name} of {daemon.host} was ready"
        try:
            wait_until(lambda: not daemon.running or program.ready(daemon.pid), READY_SECONDS, what)
        except LabError as error:
            raise LabError(f"{error}; {self._last_words(daemon)}") from error
        if not daemon.running:
            raise LabError(f"{daemon.name} of {daemon.host} ended at once; {self._last_words(daemon)}")

    def _last_words(self, daemon: Daemon) -> str:
        logs = sorted((self._folder / daemon.host).glob(f"**/{daemon.name}.*[og][ut]*"))
        words = [log.read_text(encoding="utf-8", errors="replace").strip()[-300:] for log in logs]
        return f"it said: {' '.join(word for word in words if word) or 'nothing'}"
