"""Rules of the house that no other tool checks: sizes, names, and what may not stand in a tracked file."""

import re
from pathlib import Path
from statistics import median

import pytest

from tests.project.tracked_files import ROOT, package_files, tracked_files

MOST_LINES = 500
MOST_LINES_MEDIAN = 140
NAMES_THAT_SAY_NOTHING = re.compile(
    r"(utils?|helpers?|managers?|base|common|misc)(_.*)?|.*_(utils?|helpers?|manager|base)"
)
# Pins with hashes are fine, addresses of archives and registries are not: an installation has its own sources.
ADDRESSES = re.compile(
    r"https?://[^\s\"'<>)]+\.(?:whl|tgz|tar\.gz|deb)\b"
    r"|\"resolved\":\s*\"http"
    r"|^\s*--(?:extra-)?index-url"
    r"|https?://(?:[\w-]+\.)*(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|crates\.io)\b",
    re.MULTILINE,
)


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked_files():
        try:
            found.append((path.relative_to(ROOT), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_is_too_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines_of(path) for path in tracked_files("*.py") if lines_of(path) > MOST_LINES
    }
    assert not long


def test_files_are_short_in_general() -> None:
    sizes = [lines for path in package_files() if (lines := lines_of(path)) > 5]
    assert median(sizes) <= MOST_LINES_MEDIAN


def test_file_names_say_what_is_inside() -> None:
    assert not [str(path.relative_to(ROOT)) for path in package_files() if NAMES_THAT_SAY_NOTHING.fullmatch(path.stem)]


@pytest.mark.parametrize("name", ["utils", "helpers", "base", "snmp_utils", "device_manager", "base_store"])
def test_the_rule_for_names_would_notice(name: str) -> None:
    assert NAMES_THAT_SAY_NOTHING.fullmatch(name)


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in package_files()
        if lines_of(path) and not path.read_text(encoding="utf-8").lstrip().startswith('"""')
    ]
    assert not silent


def test_no_download_addresses_in_tracked_files() -> None:
    found = {f"{path}: {match[0]}" for path, text in texts() for match in ADDRESSES.finditer(text)}
    assert not found


def test_no_paths_of_one_machine_in_tracked_files() -> None:
    """Neither this checkout's own folder nor anybody's home."""
    places = re.compile("|".join((re.escape(str(ROOT)) + r"\b", r"(?<![\w.])/(?:root|home/\w+)/[\w.]")))
    found = {f"{path}: {match[0]}" for path, text in texts() for match in places.finditer(text)}
    assert not found


def test_tests_have_names_of_their_own() -> None:
    """pytest's importlib mode allows twins; people who read a report do not."""
    names = [path.name for path in tracked_files("tests/**/test_*.py")]
    assert sorted(names) == sorted(set(names))
