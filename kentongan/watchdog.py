"""`kentongan watchdog`: hears elsewhere that each Kentongan lives, and tells people when one falls silent."""

import asyncio
import signal
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from alerts.channels.http import make_client
from alerts.channels.inbound import inbound_app
from alerts.channels.watchdog import Lookout, Watchdog, watchdog_routes
from alerts.dispatch.contacts import MACHINES
from domain.language import _
from exporters.http import HttpServer
from kentongan.errors import UsageError
from kentongan.installation import Installation
from kentongan.run.telling import TIMEOUT_SECONDS, read_installed_ways, secret_of, wording_of
from kentongan.words import speak_here

TURN_SECONDS: Final = 1.0

Said = Callable[[str, Collection[str]], None]
"""Where it listens, and for whom."""


async def keep_watch(installation: Installation, seconds: float, said: Said) -> None:
    """Until a signal, or for `seconds` (0: no end). said: told where it listens.

    Raises UsageError for settings that name nobody, CredentialAbsentError, ChannelError, AddressTakenError.
    """
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    settings, clock = installation.loaded.settings.watchdog, installation.clock
    client = make_client(TIMEOUT_SECONDS)
    with ThreadPoolExecutor(2, thread_name_prefix="watchdog") as threads:
        ways = read_installed_ways(installation, client, threads)
        for missing, value in (
            ("places", settings.places),
            ("tell", settings.tell),
            ("credential", settings.credential),
        ):
            if not value:
                raise UsageError(_("Set watchdog.{name} in kentongan.toml.").format(name=missing))
        tell = settings.tell.split()
        for each in tell:
            scheme = each.partition(":")[0]
            if scheme in MACHINES or scheme not in ways.channels:
                raise UsageError(
                    _("watchdog.tell: {address} needs a table of its own in channels.toml.").format(address=each)
                )
        start = clock.now()
        dogs = {
            place: Watchdog(place.replace("-", " "), settings.patience_seconds, start)
            for place in settings.places.split()
        }
        wording = wording_of(installation.loaded.settings)
        lookout = Lookout(dogs, tell, ways.channels, wording)
        secret = secret_of(installation, settings.credential, "watchdog.credential")
        routes = watchdog_routes(lambda place: lookout.hear(place, clock.now()), secret)
        server = HttpServer(inbound_app(routes, lambda: speak_here(wording.language)), settings.host, settings.port)
        await server.start()
        said(server.url, tuple(dogs))
        waiting = asyncio.create_task(stopping.wait())
        try:
            async with asyncio.timeout(seconds or None):
                while not stopping.is_set():
                    await lookout.turn(clock.now())
                    await asyncio.wait({waiting}, timeout=TURN_SECONDS)
        except TimeoutError:
            pass
        finally:
            waiting.cancel()
            await server.stop()
            await client.aclose()
