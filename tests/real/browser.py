"""Chromium as somebody has it who opens the console: at a desk or on a telephone, in Indonesian or English.

KENTONGAN_PICTURES names a folder: what is walked through is photographed there, for the documentation.
"""

import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.real.terminal import Terminal

PASSWORD = "empat kata yang mudah"
DESK, TELEPHONE = (1280, 800), (390, 844)


@dataclass
class Visit:
    """One person's page of the console at `url`. faults: what the browser itself complained of."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.url + path, wait_until="load")

    def follow(self, way: Locator) -> None:
        """Click a link or a button that leads to another page, and be there."""
        with self.page.expect_navigation():
            way.click()

    def first_login(self, name: str, password: str, language: str = "id") -> None:
        """With the password that is good for one login; an own one is chosen, as the page demands."""
        self._log_in(name, password)
        self.page.fill("[name=old]", password)
        for field_ in ("new", "again"):
            self.page.fill(f"[name={field_}]", PASSWORD)
        self.page.click("main button")
        self.log_in(name, language)

    def log_in(self, name: str, language: str = "id") -> None:
        self._log_in(name, PASSWORD)
        self.open(f"/language/{language}?to=/")

    def text(self) -> str:
        return self.page.inner_text("main")

    def picture(self, name: str, *, whole: bool = False) -> None:
        folder = os.environ.get("KENTONGAN_PICTURES")
        if folder:
            self.page.wait_for_timeout(500)  # maps and charts are drawn after the page
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=whole)

    def _log_in(self, name: str, password: str) -> None:
        self.open("/login")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", password)
        with self.page.expect_navigation():
            self.page.click("main button")


@dataclass(frozen=True)
class Chromium:
    browser: Browser

    @contextmanager
    def visit(self, url: str, size: tuple[int, int] = DESK, *, dark: bool = False) -> Iterator[Visit]:
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="id-ID", timezone_id="Asia/Jakarta",
            color_scheme="dark" if dark else "light", has_touch=size == TELEPHONE, accept_downloads=True,
        )  # fmt: skip
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(30_000)
        visit = Visit(context.new_page(), url)
        visit.page.on("pageerror", lambda error: visit.faults.append(str(error)))
        visit.page.on("console", lambda message: visit.faults.append(message.text) if message.type == "error" else None)
        try:
            yield visit
        finally:
            context.close()


@contextmanager
def chromium(terminal: Terminal) -> Iterator[Chromium]:
    """In the terminal's network namespace. Raises FileNotFoundError where Chromium is not installed."""
    found = shutil.which("chromium")
    if found is None:
        raise FileNotFoundError("chromium")
    program = terminal.folder / "chromium"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(terminal.command(found))} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    with sync_playwright() as playwright:
        # the namespace is the fence; root has no other one here
        browser = playwright.chromium.launch(executable_path=str(program), args=["--no-sandbox", "--disable-gpu"])
        try:
            yield Chromium(browser)
        finally:
            browser.close()
