"""Simulated RouterOS devices for the bench, as a process of its own: as many as named, until its input ends.

python -m benchmarks.simulated_routers NAME=ADDRESS …      prints one line of JSON: name → port
"""

import asyncio
import contextlib
import json
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lab.cli import SimulatedDevice, serve

USER, PASSWORD = "admin", "bench-first"


@dataclass
class SimulatedRouters:
    """ports: by device. cpu_seconds: what it took, once it has ended."""

    ports: Mapping[str, int]
    cpu_seconds: float = field(default=0.0)


@contextlib.contextmanager
def running_routers(places: Mapping[str, str]) -> Iterator[SimulatedRouters]:
    """places: device → address on the loopback. Devices as they come from their boxes."""
    words = [f"{name}={address}" for name, address in places.items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.simulated_routers", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        routers = SimulatedRouters(json.loads(process.stdout.readline()))
        yield routers
        process.stdin.close()
        routers.cpu_seconds = json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


async def _serve(places: Mapping[str, str]) -> None:
    async with contextlib.AsyncExitStack() as stack:
        ports = {}
        for name, address in places.items():
            device = SimulatedDevice.routeros("7.16", hostname=name, serial=name.upper())
            device.advance(600)  # long since started
            served = await stack.enter_async_context(serve(device, user=USER, password=PASSWORD, host=address))
            ports[name] = served.port
        print(json.dumps(ports), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps(round(used.ru_utime + used.ru_stime, 2)), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(dict(word.split("=", 1) for word in sys.argv[1:])))
