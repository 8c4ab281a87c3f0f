"""Every page of the console in Chromium, judged by axe-core (WCAG 2.1 A and AA) in light and dark; and worked with by
keyboard alone. axe-core comes from npm (`tests/npm`, installed by `make setup`).
"""

import re
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, Page, sync_playwright

from console.web.visit import COOKIE
from tests.real.terminal import until
from tests.unit.console.guarded_town import INCIDENTS, Town, routes_of, town

AXE = Path(sys.prefix) / "npm" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.real,
    pytest.mark.timeout(240),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (apt: chromium)"),
]

NOT_PAGES = ("/api", "/static", "/live", "/language", "/login/sso", "/charts/data", "/map", "/reports/{")
PLACES = {
    "/devices/{name:path}": "/devices/rtr-citeko", "/links/{name:path}": "/links/fo-citeko",
    "/villages/{code}": "/villages/32.14.05.2001", "/services/{code}": "/services/web-citeko",
    "/backups/{device}": "/backups/rtr-citeko", "/backups/{device}/text": "/backups/rtr-citeko/text",
    "/waves/{number}": "/waves/w1w1w1", "/waves/{number}/rows": "/waves/w1w1w1/rows",
    "/charts/{kind}": "/charts/device-answer?of=rtr-citeko", "/contracts/one": "/contracts/one?id=K-1",
    "/people/account": "/people/account?name=viewer", "/sites/{slug}/plan": "/sites/desa-gandamekar/plan",
    "/sites/{slug}/transcript": "/sites/desa-citeko/transcript?job=0a0b0c",
    "/sites/{slug}/{kind}": "/sites/desa-citeko/decommission",
}  # fmt: skip
"""Where a route leads here; every other one to the site and the incident that are there."""

JUDGE = """async only => (await axe.run(document, {preload: false, resultTypes: ['violations'], runOnly: only.length
  ? {type: 'rule', values: only} : {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']}}))
  .violations.flatMap(each => each.nodes.map(node => `${each.id}: ${node.target} ${node.html.slice(0, 120)}`))"""
RING = """() => { const it = document.activeElement, ringed = it.matches('.toggle input') ? it.nextElementSibling : it;
  const style = getComputedStyle(ringed);
  return it === document.body || style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2
    ? it.outerHTML.slice(0, 120) : ''; }"""


@dataclass(frozen=True)
class Desk:
    town: Town
    context: BrowserContext
    url: str

    @contextmanager
    def page(self) -> Iterator[Page]:
        page = self.context.new_page()
        try:
            yield page
        finally:
            page.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with town(tmp_path_factory.mktemp("everybody")) as made, served(made) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        context.set_default_timeout(30_000)
        made.enter("admin")
        context.add_cookies([{"name": COOKIE, "value": "admin", "url": url}])
        yield Desk(made, context, url)
        browser.close()


@contextmanager
def served(made: Town) -> Iterator[str]:
    """By TCP on loopback; what runs beside the routes runs already."""
    server = uvicorn.Server(uvicorn.Config(made.app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(20)


def pages_of(made: Town) -> Iterator[str]:
    """The address of every whole page that this town has; files, parts of pages and data are left out."""
    for path, route in routes_of(made.app):
        if "GET" not in (route.methods or ()) or path.startswith(NOT_PAGES):
            continue
        name = INCIDENTS[0].id if path.startswith("/incidents") else "desa-citeko"
        address = PLACES.get(path, re.sub(r"{[^}]+}", name, path))
        answer = made.client.get(address)
        if answer.headers.get("content-type", "").startswith("text/html") and "<html" in answer.text:
            assert answer.status_code in (200, 409) or path.endswith(".pdf"), f"{address}: name another in PLACES"
            yield address


def test_no_page_shuts_anybody_out(desk: Desk) -> None:
    if not AXE.exists():
        pytest.skip("the npm packages of tests/npm are not installed (make setup)")
    axe, found = AXE.read_text(encoding="utf-8"), {}
    addresses = [*pages_of(desk.town), "/there-is-no-such-page"]
    assert len(addresses) > 35
    with desk.page() as page:
        for address in addresses:
            page.emulate_media(color_scheme="light")
            page.goto(desk.url + address, wait_until="domcontentloaded")
            page.evaluate(axe)  # by the debugger: the page's own policy stays as strict as it is
            wrong = page.evaluate(JUDGE, [])
            page.emulate_media(color_scheme="dark")
            wrong += [f"dark: {each}" for each in page.evaluate(JUDGE, ["color-contrast", "link-in-text-block"])]
            if wrong:
                found[address] = wrong
    assert not found, "\n".join(f"{address}\n  " + "\n  ".join(wrong) for address, wrong in found.items())


def test_an_operator_needs_no_mouse(desk: Desk) -> None:
    """From the board to an incident, a note written, and back; the focus is seen at every step."""
    with desk.page() as page:
        page.goto(desk.url)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.url.endswith("#content")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#content').contains(document.activeElement)")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/incidents/*")
        note = "ditulis tanpa tetikus"
        for _ in range(60):
            page.keyboard.press("Tab")
            assert not page.evaluate(RING), page.evaluate(RING)
            if page.evaluate("document.activeElement.name") == "text":
                break
        page.keyboard.type(note)
        form = "document.activeElement.form"
        page.keyboard.press("Tab")
        while page.evaluate(f"document.activeElement.tagName !== 'BUTTON' && !!{form}"):
            page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert note in page.inner_text("main")


def test_the_focus_stays_where_it_is_when_the_board_comes_anew(desk: Desk) -> None:
    with desk.page() as page:
        page.goto(desk.url, wait_until="load")
        page.keyboard.press("j")
        page.keyboard.press("j")
        held = page.evaluate("document.activeElement.id")
        assert held.startswith("i-")
        page.evaluate("document.activeElement.isOld = true; htmx.ajax('GET', '/wall/board', '#board')")
        assert until(lambda: not page.evaluate("!!document.activeElement.isOld"), 20)
        assert page.evaluate("document.activeElement.id") == held
        page.goto(f"{desk.url}/devices")
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "search"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement === document.body")
        page.keyboard.press("Escape")
        page.wait_for_url(f"{desk.url}/")
