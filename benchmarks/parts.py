"""One part of the bench as a process of its own, so that no part's memory or loop stands in another's figures."""

import json
import subprocess
import sys
import time

Figures = dict[str, object]


class PartError(RuntimeError):
    """A part of the bench did not end well."""


def run_part(module: str, **options: object) -> Figures:
    """`python -m benchmarks.MODULE --name value …`; what it prints as its last line of JSON."""
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    command = [sys.executable, "-m", f"benchmarks.{module}", *words]
    said = " ".join([module, *words])
    print(f"  {said} …", end="", file=sys.stderr, flush=True)
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(f" {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    if done.returncode:
        raise PartError(f"{said} ended with status {done.returncode}:\n{done.stderr[-2000:]}{done.stdout[-500:]}")
    start = done.stdout.index("{")
    figures: Figures = json.loads(done.stdout[start:])
    return figures
