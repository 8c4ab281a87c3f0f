"""What the README and the documentation tell people to type works, as it stands there."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lab.real.waiting import wait_until
from tests.project.tracked_files import ROOT

MARK = "<!-- executed by tests/project -->"
README = ROOT / "README.md"
PAGES = sorted([README, ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
_MARKED = re.compile(rf"^{re.escape(MARK)}\n```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_MAKE = re.compile(r"(?:^|`)(?:\$ )?make ([a-z][a-z-]*)", re.MULTILINE)
_LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#]+)")


def marked_blocks(page: Path) -> list[list[str]]:
    blocks = _MARKED.findall(page.read_text(encoding="utf-8"))
    return [[line.removeprefix("$ ") for line in block.splitlines() if line.strip()] for block in blocks]


def second_terminal() -> list[str]:
    """The commands of the block after the words 'In a second terminal', without their remarks."""
    block = README.read_text(encoding="utf-8").partition("second terminal")[2].partition("```console\n")[2]
    return [line.partition(" #")[0].strip() for line in block.partition("```")[0].splitlines()]


def environment() -> dict[str, str]:
    """A newcomer's: the program in the PATH, English, and no settings of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KENTONGAN_")}
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
    return {**kept, "PATH": path, "LANG": "C.UTF-8", "LANGUAGE": "en", "KENTONGAN_EXPORTER__PORT": "0"}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", [page for page in PAGES if marked_blocks(page)], ids=lambda page: page.name)
def test_marked_commands_run_one_after_the_other(page: Path, tmp_path: Path) -> None:
    for commands in marked_blocks(page):
        for command in commands:
            done = subprocess.run(
                ["bash", "-c", command], cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=120
            )
            assert done.returncode == 0, f"{page.name}: {command}\n{done.stdout}\n{done.stderr}"


def test_the_readme_has_commands_to_execute() -> None:
    assert marked_blocks(README)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_targets_that_are_named_exist(page: Path) -> None:
    known = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(_MAKE.findall(page.read_text(encoding="utf-8"))) <= known


@pytest.mark.parametrize("page", [README, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_files_that_are_linked_exist(page: Path) -> None:
    """mkdocs looks at the pages under docs/; nobody but us looks at these."""
    missing = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]
    assert not missing


@pytest.mark.real
@pytest.mark.timeout(300)
def test_the_second_terminal_works_beside_the_demo(tmp_path: Path) -> None:
    """The README's commands for the second terminal, with a real link's name where it says LINK."""
    program = [sys.executable, "-m", "kentongan"]
    files = subprocess.run([*program, "lab", "files", "files"], cwd=tmp_path, env=environment(), check=False)
    assert files.returncode == 0
    with (tmp_path / "files" / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        link = next(csv.DictReader(file))["name"]
    demo = [*program, "demo", "--seconds", "200", "--json", "--port", "26262"]
    with (tmp_path / "demo.log").open("w") as log:
        running = subprocess.Popen(demo, cwd=tmp_path, env=environment(), stdout=log, stderr=log)
    try:
        wait_until(
            lambda: (tmp_path / "var" / "demo" / "control.sock").exists() or running.poll() is not None,
            100,
            "the simulated world could be ordered",
        )
        assert running.poll() is None, (tmp_path / "demo.log").read_text(encoding="utf-8")
        for command in second_terminal():
            typed = command.replace(".venv/bin/", "").replace("LINK", link)
            done = subprocess.run(
                ["bash", "-c", typed], cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=60
            )
            assert done.returncode == 0, f"{typed}\n{done.stdout}\n{done.stderr}"
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(30)


@pytest.mark.real
@pytest.mark.timeout(300)
def test_make_run_shows_purwakarta() -> None:
    if shutil.which("make") is None:
        pytest.skip("make is missing")
    arguments = "--seconds 25 --json --port 26161"
    command = ["make", "--silent", "run", f"ARGS={arguments}"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout[done.stdout.index("{") :])
    assert report["villages"] == {"total": 183, "connected": 102}
    assert report["polls"] > 0
    assert report["pollsLost"] == 0
