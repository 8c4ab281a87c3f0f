"""Each direct dependency is declared, explained in docs/dependencies.md, and imported only where that page says."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.project.test_import_rules import imported_modules
from tests.project.tracked_files import PACKAGES, ROOT, package_files

PAGE = ROOT / "docs" / "dependencies.md"
_ROW = re.compile(r"\| `([\w-]+)` \| (`[\w.]+`|—) \| ([^|]+) \| ([^|]+) \|")


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {re.split(r"[\[<>=!~ ]", line)[0] for line in project["dependencies"]}


def names_in(file: Path) -> set[str]:
    lines = (line.split("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return {re.split(r"[\[<>=!~ ]", line)[0] for line in lines if line and not line.startswith("-")}


def explained() -> dict[str, tuple[str, tuple[str, ...], str]]:
    """Package → (module, folders, reason), from the page's tables of what is imported."""
    sections = PAGE.read_text(encoding="utf-8").split("\n## To develop")[0]
    rows = [match.groups() for match in map(_ROW.fullmatch, sections.splitlines()) if match]
    return {
        package: (module.strip("`"), tuple(re.findall(r"`([\w/]+)`", folders)), reason.strip())
        for package, module, folders, reason in rows
    }


def imports_of(module: str) -> set[str]:
    """The folders that import it."""
    return {
        str(path.parent.relative_to(ROOT))
        for path in package_files()
        if any(name == module or name.startswith(module + ".") for name in imported_modules(path))
    }


def test_what_is_declared_is_explained() -> None:
    assert declared() <= explained().keys()
    assert all(reason for _, _, reason in explained().values())


def test_what_is_declared_is_pinned() -> None:
    assert declared() <= names_in(ROOT / "requirements" / "run.in")
    pins = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    assert not [name for name in declared() if not re.search(rf"^{name}(\[\w+\])?==", pins, re.MULTILINE)]


def test_what_is_imported_is_explained() -> None:
    known = {module.split(".")[0] for module, _, _ in explained().values()}
    ours = {*PACKAGES, *sys.stdlib_module_names}
    found = {name.split(".")[0] for path in package_files() for name in imported_modules(path)} - ours
    assert not found - known


@pytest.mark.parametrize(("module", "folders"), [row[:2] for row in explained().values() if row[0] != "—"])
def test_it_is_imported_only_where_the_page_says(module: str, folders: tuple[str, ...]) -> None:
    found = imports_of(module)
    elsewhere = {
        place for place in found if not any(place == folder or place.startswith(folder + "/") for folder in folders)
    }
    assert not elsewhere, f"{module}: add the folder to {PAGE.name}, or import it in one place"
    unused = {
        folder for folder in folders if not any(place == folder or place.startswith(folder + "/") for place in found)
    }
    assert not unused, f"{module}: {PAGE.name} names folders that do not import it"
