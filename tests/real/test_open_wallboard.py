"""An open wallboard on bad days, in Chromium: the server is restarted under it, its machine sleeps; and what a first
view costs. Time passes on the browser's own clock alone.
"""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from console.entrance import Entrance
from console.passwords import Passwords
from console.ports import Place
from console.web import make_app
from console.web.pages import Pages
from console.web.pulse import Pulse
from console.web.visit import Desk
from domain.accounts import Account
from domain.language import speaking
from domain.network import PersonRole
from domain.secrets import Secret
from tests.unit.console.console_office import (
    NOW,
    PASSWORD,
    ZONE,
    MemoryAccounts,
    MemoryCoverage,
    MemoryOrders,
    MemorySessions,
    MemorySources,
    incident,
)

CHROMIUM = shutil.which("chromium")
MOST_OCTETS = 300_000
pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(120),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt: chromium)"),
]


@dataclass
class Centre:
    """What outlasts a restart of the console: accounts, sessions, what there is to see. port: 0 before the first."""

    accounts: MemoryAccounts
    sessions: MemorySessions = field(default_factory=MemorySessions)
    sources: MemorySources = field(default_factory=MemorySources)
    port: int = 0

    @contextmanager
    def served(self) -> Iterator[Pulse]:
        pulse = Pulse(self.sources)
        entrance = Entrance(self.accounts, self.sessions, lambda *_said: None, Passwords(rounds=1, kibibytes=64))
        pages = Pages(Place("Purwakarta"), ZONE)
        desk = Desk(entrance, self.sources, MemoryOrders(), MemoryCoverage(), pulse, pages, ZONE, lambda: NOW)
        app = make_app(desk, Place("Purwakarta"), language="en", secure=False)
        server = uvicorn.Server(uvicorn.Config(app, port=self.port, log_level="critical"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        self.port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield pulse
        finally:
            server.should_exit = server.force_exit = True
            thread.join(20)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def breaks(self, id_: str) -> None:
        self.sources.incidents = [*self.sources.incidents, incident(id_, "srv-1", "32.14.05.2001", "Plered")]


@pytest.fixture
def centre() -> Iterator[Centre]:
    with speaking("en"):
        proof = Passwords(rounds=1, kibibytes=64).proof_of(Secret(PASSWORD))
        yield Centre(MemoryAccounts({"viewer": Account("viewer", PersonRole.VIEWER, proof=proof)}))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(30_000)
    page.clock.install()
    yield page
    page.context.close()


def enter(page: Page, centre: Centre) -> None:
    page.goto(f"{centre.url}/login?to=/wall")
    page.fill("[name=name]", "viewer")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main button")
    page.goto(f"{centre.url}/wall")
    shown(page, "plrd-0001").wait_for()


def shown(page: Page, id_: str) -> Locator:
    return page.locator(f"#board a[href$='{id_}']").first


def test_a_server_restarted_under_it_and_a_sleep_leave_it_true(centre: Centre, page: Page) -> None:
    stale = page.locator("[data-stale]")
    with centre.served():
        enter(page, centre)
        assert stale.is_hidden()
    stale.wait_for(state="visible")  # it says itself that nothing new comes in
    centre.breaks("dc01-0001")
    with centre.served() as pulse:
        page.clock.fast_forward(3_000)  # so long it waits before it asks again
        shown(page, "dc01-0001").wait_for()
        stale.wait_for(state="hidden")
        # Now the lid is shut: the line goes without a word, and the world on.
        pulse._changed = type(pulse._changed)()
        centre.breaks("dc02-0001")
        page.wait_for_function(
            "() => fetch('/wall/board').then(each => each.text()).then(text => text.includes('dc02'))"
        )
        assert shown(page, "dc02-0001").count() == 0, "nobody told it"
        page.clock.fast_forward(45_000)  # longer than a pulse may be away, and less than it asks by itself
        shown(page, "dc02-0001").wait_for()
        stale.wait_for(state="hidden")


def test_a_first_view_is_light_and_asks_nobody_else(centre: Centre, page: Page) -> None:
    """Of the board with all its files, as they go over the line: nothing was there before."""
    with centre.served():
        enter(page, centre)
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})
        spent: list[float] = []
        asked: list[str] = []
        network.on("Network.loadingFinished", lambda event: spent.append(event["encodedDataLength"]))
        network.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
        page.goto(f"{centre.url}/", wait_until="load")
        shown(page, "plrd-0001").wait_for()
        assert len(spent) >= 5
        assert 5_000 < sum(spent) < MOST_OCTETS
        assert [each for each in asked if not each.startswith((centre.url, "data:"))] == []
