"""Network namespaces: made, wired, entered, removed with whatever still runs in them. By iproute2."""

import contextlib
import ctypes
import os
import signal
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lab.errors import LabError
from lab.real.processes import started_at
from lab.real.waiting import LabTimeoutError, wait_until

_CLONE_NEWNET = 0x40000000  # sched.h


class NamespaceError(LabError):
    """iproute2 refused; the message is its own."""


def in_namespace(name: str) -> tuple[str, ...]:
    """The beginning of a command line that runs the rest in the namespace: [*in_namespace(ns), "ping", …].

    `ip` replaces itself by the program, so the pid is the program's own.
    """
    return ("ip", "netns", "exec", name)


@contextlib.contextmanager
def inside(name: str) -> Iterator[None]:
    """Sockets that this thread opens meanwhile belong to the namespace, and go on doing so afterwards (setns(2))."""
    libc = ctypes.CDLL(None, use_errno=True)

    def enter(handle: int) -> None:
        if libc.setns(handle, _CLONE_NEWNET) != 0:
            raise NamespaceError(f"could not enter {name}: {os.strerror(ctypes.get_errno())}")

    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        there = os.open(f"/run/netns/{name}", os.O_RDONLY | os.O_CLOEXEC)
        try:
            enter(there)
        finally:
            os.close(there)
        try:
            yield
        finally:
            enter(home)
    finally:
        os.close(home)


def existing() -> tuple[str, ...]:
    folder = Path("/run/netns")
    return tuple(sorted(entry.name for entry in folder.iterdir())) if folder.is_dir() else ()


def batch(commands: Iterable[str], name: str = "") -> None:
    """Run many `ip` commands at once, in one namespace or in none. Raises NamespaceError at a refusal."""
    where = ("-netns", name) if name else ()
    done = subprocess.run(
        ["ip", *where, "-batch", "-"], input="\n".join(commands) + "\n", capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NamespaceError(f"ip: {done.stderr.strip()}" + (f" (in {name})" if name else ""))


def run(name: str, argv: Sequence[str], seconds: float = 30) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in the namespace. Its exit status is the caller's to judge."""
    return subprocess.run(
        [*in_namespace(name), *argv], capture_output=True, text=True, timeout=seconds, check=False, errors="replace"
    )


def pids_in(name: str) -> tuple[int, ...]:
    done = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True, check=False)
    return tuple(int(pid) for pid in done.stdout.split())


def remove(names: Iterable[str]) -> None:
    """Remove namespaces with everything that runs in them; nothing happens to names that do not exist.

    Two labs that start at once both clear away what a dead one left: whoever comes second finds it gone.
    """
    names = [name for name in names if name in existing()]
    with contextlib.suppress(LabTimeoutError):
        end_processes(signal.SIGTERM, names)
    end_processes(signal.SIGKILL, names)
    for name in names:
        try:
            batch([f"netns delete {name}"])
        except NamespaceError:
            if name in existing():
                raise


def end_processes(sign: signal.Signals, names: Iterable[str]) -> None:
    """Signal whatever runs in the namespaces and wait until it is gone. Raises LabTimeoutError if it will not go."""
    running = {pid: started_at(pid) for name in names for pid in pids_in(name) if pid != os.getpid()}
    for pid in running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
    wait_until(
        lambda: not any(at and started_at(pid) == at for pid, at in running.items()),
        2.0,
        "what ran in the lab's namespaces had ended",
    )
