"""Serves in the foreground: signals, the live view, and an end after so many seconds."""

import asyncio
import signal
from collections.abc import Mapping, Sequence
from contextlib import nullcontext

from rich.console import Console
from rich.live import Live

from alerts.dispatch.messages import Channel
from domain.language import _
from kentongan.cli.output import note
from kentongan.installation import Installation
from kentongan.run.glance import Glance
from kentongan.run.live import render
from kentongan.run.service import NO_CHANNELS, Service
from kentongan.run.tally import Tally
from kentongan.run_lock import RunLock

REFRESH_SECONDS = 0.5


async def serve(
    installation: Installation,
    title: str,
    seconds: float = 0,
    *,
    live: bool = False,
    hints: Sequence[str] = (),
    machines: Sequence[str] = (),
    channels: Mapping[str, Channel] = NO_CHANNELS,
) -> Tally:
    """Run until a signal or for `seconds` (0: no end); returns what was done. A second Ctrl-C ends at once."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stopping.set()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    with RunLock(installation.loaded.folder / "run.lock"):
        service = Service(installation, machines, channels)
        try:
            await service.start()
            if not live:
                note(_("{title}. Metrics: {url}").format(title=title, url=service.tally.metrics_url))
            await _until(stopping, seconds, service, title, live=live, hints=tuple(hints))
        finally:
            await service.stop()
    return service.tally


async def _until(
    stopping: asyncio.Event, seconds: float, service: Service, title: str, *, live: bool, hints: tuple[str, ...]
) -> None:
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds if seconds else None
    glance = Glance(service)
    screen = Live(console=Console(), auto_refresh=False, screen=False) if live else nullcontext()
    with screen as shown:
        while not stopping.is_set() and (end is None or loop.time() < end):
            service.raise_if_broken()
            if shown is not None:
                shown.update(render(glance.look(title, hints), service.zone), refresh=True)
            pause = REFRESH_SECONDS if end is None else min(REFRESH_SECONDS, max(end - loop.time(), 0.0))
            try:
                await asyncio.wait_for(stopping.wait(), pause)
            except TimeoutError:
                continue
