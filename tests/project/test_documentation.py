"""The documentation builds strictly and asks nothing of the internet when it is read."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from alerts.states.reasons import Reason
from domain.states import State
from tests.project.tracked_files import ROOT

DOCS = ROOT / "docs"
LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class LoadedAddresses(HTMLParser):
    """What a browser fetches by itself; links that a reader follows are not among it."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = dict(attributes)
        if tag in LOADS and named.get("rel") != "canonical":
            self.addresses.append(named.get(LOADS[tag]) or "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    mkdocs = Path(sys.executable).with_name("mkdocs")
    command = [mkdocs, "build", "--strict", "--quiet", "--site-dir", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.timeout(120)
def test_every_page_is_built(site: Path) -> None:
    pages = {path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.md")}
    built = {path.parent.relative_to(site) for path in site.rglob("index.html")}
    assert {page.parent if page.name == "index" else page for page in pages} <= built


def test_reading_it_needs_no_internet(site: Path) -> None:
    away = []
    for page in site.rglob("*.html"):
        parser = LoadedAddresses()
        parser.feed(page.read_text(encoding="utf-8"))
        away += [f"{page.name}: {address}" for address in parser.addresses if "//" in address]
    assert not away


def test_pages_written_by_the_program_are_fresh() -> None:
    """In a process of its own: help is put into words where a command is first loaded, in the language of then."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.reference", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"run: make reference\n{done.stdout}{done.stderr}"


def test_every_state_and_reason_is_explained() -> None:
    page = (DOCS / "reference" / "states.md").read_text(encoding="utf-8")
    assert not [word for word in (*State, *Reason) if f"| `{word}` |" not in page]


def test_decisions_are_numbered_in_a_row() -> None:
    numbers = sorted(int(path.name[:4]) for path in (DOCS / "decisions").glob("[0-9]*.md"))
    assert numbers == list(range(len(numbers)))


def test_the_map_of_the_code_names_what_is_there() -> None:
    """Places in the table of rooms stand below the room of their row; `stock` and NAME are examples."""
    page = (DOCS / "design" / "where-things-live.md").read_text(encoding="utf-8")
    missing = []
    for line in page.splitlines():
        row = re.match(r"\| `(\w+/)` \|", line)
        for place in re.findall(r"`((?:[\w*]+/)+(?:[\w*]+\.(?:py|toml|yaml))?)`", line):
            found = any(any(ROOT.glob(start + place)) for start in ("", row[1] if row else "*/"))
            if not (found or "stock" in place or "NAME" in place):
                missing.append(place)
    assert not missing


def test_the_first_page_leads_to_every_page() -> None:
    """Decisions and runbooks have their order and their index."""
    first = (DOCS / "index.md").read_text(encoding="utf-8")
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.glob("*/*.md")}
    linked = {page for page in pages if f"({page})" in first}
    assert {page for page in pages - linked if not page.startswith(("decisions/", "runbooks/"))} == set()
