"""Compiles the responder (gcc, libcrypto) and runs it as a child of the caller."""

import json
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
OUT = HERE.parent / "out"
SOURCES = ("main.c", "agent.c", "usm.c", "tree.c", "wire.c")
FLAGS = ("-O2", "-std=gnu11", "-Wall", "-Wextra", "-Werror")


class CompilerMissingError(RuntimeError):
    """There is no gcc or no libcrypto to compile the responder with."""


@dataclass(slots=True)
class Target:
    """A responder that is running. counts: what it saw, there once it has ended."""

    port: int
    process: subprocess.Popen[str]
    counts: dict[str, float] = field(default_factory=dict)


def build(folder: Path = OUT) -> Path:
    """The compiled responder, made anew only if a source is younger. Raises CompilerMissingError."""
    program = folder / "target"
    files = [*HERE.glob("*.c"), *HERE.glob("*.h")]
    if program.exists() and program.stat().st_mtime > max(file.stat().st_mtime for file in files):
        return program
    compiler = shutil.which("gcc")
    if compiler is None:
        raise CompilerMissingError("the responder needs gcc and libcrypto: apt install gcc libssl-dev")
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / "target.new"
    command = [compiler, *FLAGS, "-o", str(fresh), *(str(HERE / source) for source in SOURCES), "-lcrypto"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CompilerMissingError(f"the responder does not compile (apt install gcc libssl-dev):\n{done.stderr}")
    fresh.replace(program)
    return program


@contextmanager
def running(port: int, *options: str, program: Path | None = None) -> Iterator[Target]:
    """The responder on this port of all of 127.0.0.0/8, with the options that `target --help` tells, until the end."""
    command = [str(program or build()), "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    target = Target(port, process)
    try:
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError(f"the responder does not start: {' '.join(command)}")
        yield target
    finally:
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=10)
        if rest.strip():
            target.counts.update(json.loads(rest))
