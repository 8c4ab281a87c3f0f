"""Keeps one simulated command line on a port until somebody ends it; for people and for tests' child processes."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable

from lab.cli.conversation import CliError
from lab.cli.device import SimulatedDevice
from lab.cli.server import Address, serve

_PARENT_SECONDS = 1.0


class CliPortTakenError(CliError):
    """The TCP port is in use."""


def stand(
    device: SimulatedDevice,
    *,
    password: str,
    host: str,
    port: int,
    old: bool,
    told: Callable[[Address], None],
    parent: int | None = None,
) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP, or until `parent` is no longer our parent. `told` gets the address."""
    try:
        asyncio.run(_stand(device, password, host, port, old, told, parent))
    except OSError as error:
        raise CliPortTakenError(
            f"{host}:{port} cannot be listened on ({error.strerror}); choose another --port"
        ) from error


async def _stand(
    device: SimulatedDevice,
    password: str,
    host: str,
    port: int,
    old: bool,
    told: Callable[[Address], None],
    parent: int | None,
) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(each, ended.set)
    async with serve(device, password=password, host=host, port=port, old=old) as address:
        told(address)
        while not ended.is_set():
            if parent is not None and os.getppid() != parent:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _PARENT_SECONDS if parent is not None else None)
