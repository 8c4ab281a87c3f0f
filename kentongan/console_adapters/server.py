"""Serves the console in the foreground until a signal: a process of its own, so that a page never holds the poller."""

import asyncio
import signal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from console.api import make_api
from console.ports import Place
from console.web import Application, make_app
from console.web.pages import Pages
from console.web.pulse import Pulse
from console.web.trouble import too_many
from console.web.visit import Desk
from domain.language import _, active_language
from exporters.http import Bounds, HttpServer, Tally
from kentongan.cli.output import note
from kentongan.console_adapters.accounts import Accounts
from kentongan.console_adapters.coverage import BookCoverage
from kentongan.console_adapters.orders import EngineOrders
from kentongan.console_adapters.parts import parts_of
from kentongan.console_adapters.sign_on import sign_on_of
from kentongan.console_adapters.sites import tasks_of
from kentongan.console_adapters.sources import DatabaseSources
from kentongan.console_adapters.tokens import Tokens
from kentongan.console_adapters.troubles import troubles_of
from kentongan.installation import Installation

CONNECTIONS = 1024
REGENCY = ("Kabupaten ", "Kota ")


def make_desk(installation: Installation, place: Place) -> Desk:
    zone = ZoneInfo(installation.loaded.settings.language.timezone)
    sources = DatabaseSources(installation, tuple(place.languages))
    pages = Pages(place, zone)
    return Desk(
        Accounts(installation).entrance(),
        sources,
        EngineOrders(installation),
        BookCoverage(installation),
        Pulse(sources),
        pages,
        zone,
        lambda: installation.clock.now().utc,
    )


def place_of(installation: Installation) -> Place:
    home = installation.regions.home()
    region = installation.regions.get(home) if home else None
    name = region.name if region else ""
    for word in REGENCY:
        name = name.removeprefix(word)
    return Place(name)


def application_of(installation: Installation, tally: Tally | None = None) -> Application:
    """Pages, the REST interface and all areas of this installation. Opens nothing but what is there already.

    tally: of whoever serves it, for the page of our own health.
    """
    settings, place = installation.loaded.settings.console, place_of(installation)
    desk, parts, troubles = make_desk(installation, place), parts_of(installation, tally), troubles_of(installation)
    api = make_api(desk, Tokens(installation).door(), [part.api for part in parts if part.api], troubles)
    tiles = urlsplit(settings.tiles_url)
    return make_app(
        desk,
        place,
        language=active_language(),
        secure=settings.public_url.startswith("https://"),
        api=api,
        parts=parts,
        images=f"{tiles.scheme}://{tiles.netloc}" if tiles.netloc else "",
        sign_on=sign_on_of(installation),
        troubles=troubles,
    )


async def serve(installation: Installation, seconds: float = 0) -> None:
    """Until a signal, or for `seconds` (0: no end). Raises AddressTakenError."""
    stopping, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    settings = installation.loaded.settings.console
    tally, bounds = Tally(), Bounds(connections=CONNECTIONS)
    app = application_of(installation, tally)
    server = HttpServer(
        app, settings.host, settings.port, bounds=bounds, tally=tally, when_full=too_many(), section="console"
    )
    await server.start()
    tasks_of(installation).take_up()
    note(_("Console: {url}").format(url=settings.public_url or server.url))
    try:
        async with asyncio.timeout(seconds or None):
            await stopping.wait()
    except TimeoutError:
        pass
    finally:
        app.state.desk.pulse.end()
        await server.stop()
