"""The days of the three users in Chromium: what each does, read against the records. Walked through small and large."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from domain.incidents import Incident
from tests.real.browser import Visit
from tests.real.terminal import until


def operators_day(at: Visit, operator: str, link: str, lab: Callable[[str, str], object]) -> str:
    """A cut comes up on the open board; it is acknowledged, ordered into a chat, mended, and its cause written down.

    Returns the incident. lab: cut or restore, and the link.
    """
    at.open("/")
    lab("cut", link)
    row = at.page.locator("ol.wl li", has_text=link)
    row.wait_for(timeout=120_000)  # by itself: nobody reloads a board
    at.picture("papan")
    at.follow(row.get_by_role("link").first)
    at.page.click("[name=step][value=acknowledged]")
    at.page.get_by_text(operator).first.wait_for()
    at.page.click("[data-copy=order]")
    at.page.get_by_text("Tersalin").wait_for()
    order = at.page.evaluate("navigator.clipboard.readText()")
    assert link in order
    assert order.splitlines()[0] in at.page.inner_text("#order")
    at.picture("insiden", whole=True)
    address = at.page.url
    lab("restore", link)
    assert until(lambda: at.page.goto(address) and not at.page.query_selector("[name=step]"), 120, 1.0), at.text()
    at.page.check("[name=cause][value=galian]")
    at.page.locator("form.causes button").click()
    at.page.get_by_text("galian", exact=False).first.wait_for()
    return address.rpartition("/")[2]


def engineers_day(at: Visit, failing: Incident) -> None:
    """From the list of what is wrong to the light that fades, and the network around it."""
    at.open("/")
    at.follow(at.page.get_by_role("link", name="Insiden").first)
    at.follow(at.page.locator("tr", has_text=failing.cause.name).get_by_role("link").first)
    assert failing.id in at.page.url
    assert "dBm" in at.text()
    at.picture("serat-memudar", whole=True)
    name = failing.members[0].name
    at.follow(at.page.get_by_role("link", name=name).first)
    assert at.page.url.endswith(f"/devices/{name}")
    assert "daya optik" in at.text()
    assert at.page.locator("svg.spark polyline").first.get_attribute("points"), "its days are drawn"
    at.picture("perangkat", whole=True)
    at.open("/language/en?to=/topology")
    assert at.page.locator("svg").first.is_visible()
    at.picture("topology-en")


def planners_day(at: Visit, asked: Mapping[str, Any], day: str, since: str, period: str) -> Path:
    """How many desa are really served, how many more than before, which are not, and why; and prints the half-year.

    asked: what `kentongan coverage --at DAY --since SINCE --json` says. period: of the report, 2026-1. The PDF.
    """
    at.follow(at.page.locator(".tabbar").get_by_role("link", name="Cakupan"))
    at.page.fill("[name=at]", day)
    at.page.fill("[name=since]", since)
    at.follow(at.page.get_by_role("button", name="Tampilkan tanggal ini"))
    served = asked["desa"]["served"]
    assert f"\n{served}\n" in at.text()
    change = asked["since"]["served"]
    more = len(change["gained"]) - len(change["lost"])
    assert f"Terlayani: {served - more} → {served}" in at.text()
    not_served = [
        each for each in asked["villages"]
        if each["kind"] == "desa" and each["connected"] and each["measured"] == "not-served"
    ]  # fmt: skip
    assert not_served, "a history in which everybody is served shows nothing"
    for each in not_served:
        rows = at.page.locator("tr", has_text=f"Desa {each['name']}").filter(has_text=each["kecamatan"])
        assert rows.count(), f"{each['name']}, {each['kecamatan']}"
    at.picture("cakupan-telepon", whole=True)
    at.open("/reports")
    form = at.page.locator("form:has([name=kind][value=evaluation])").first
    form.locator("[name=period]").fill(period)
    with at.page.expect_download(timeout=300_000) as download:
        form.get_by_role("button", name="PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")
    file = Path(str(download.value.path()))
    assert file.read_bytes().startswith(b"%PDF-1.")
    return file
