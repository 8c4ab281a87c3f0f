"""The installer of Debian packages, run with stand-ins for dpkg and apt: it must not install what it need not."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.project.tracked_files import ROOT

SCRIPT = ROOT / "scripts" / "apt-packages"
POLICY = Path("/usr/sbin/policy-rc.d")


def stand_in(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder at the front of PATH; apt-get writes down how it was called, and whether services may start."""
    folder = tmp_path / "bin"
    folder.mkdir()
    stand_in(
        folder,
        "apt-get",
        f'echo "$@ policy=$(test -e {POLICY} && echo kept-quiet)" >>{tmp_path}/calls\nexit ${{APT_STATUS:-0}}',
    )
    stand_in(folder, "dpkg-query", "[[ ${!#} == there* ]] && printf installed || exit 1")
    stand_in(folder, "sudo", "echo sudo must not be called >&2; exit 99")
    return folder


def install(programs: Path, *packages: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [SCRIPT, *packages],
        env={**os.environ, "PATH": path, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def calls(programs: Path) -> list[str]:
    path = programs.parent / "calls"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def test_nothing_is_done_when_all_is_there(programs: Path) -> None:
    assert install(programs, "there-a", "there-b").returncode == 0
    assert not calls(programs)


@pytest.mark.skipif(os.geteuid() != 0, reason="root is needed to install packages")
def test_only_what_is_missing_is_installed_and_no_service_starts(programs: Path) -> None:
    before = POLICY.exists()
    assert install(programs, "there-a", "gone-b", "gone-c").returncode == 0
    (call,) = [call for call in calls(programs) if "update" not in call]
    assert "DPkg::Lock::Timeout=120" in call
    assert "--no-install-recommends gone-b gone-c policy=kept-quiet" in call
    assert "there-a" not in call
    assert POLICY.exists() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="root is needed to install packages")
def test_a_failed_install_is_tried_again_with_fresh_lists_and_then_said(programs: Path) -> None:
    before = POLICY.exists()
    done = install(programs, "gone-b", APT_STATUS="100")
    assert done.returncode == 1
    assert "could not install gone-b" in done.stderr
    assert any(" update" in f" {call}" for call in calls(programs))
    assert POLICY.exists() == before


def test_without_root_and_without_sudo_it_says_what_to_do(programs: Path) -> None:
    (programs / "sudo").unlink()
    source = SCRIPT.read_text(encoding="utf-8").replace("$EUID -ne 0", "1 -ne 0").replace("command -v sudo", "false")
    other = programs.parent / "apt-packages"
    other.write_text(source, encoding="utf-8")
    other.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [other, "gone-b"],
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "apt-get install gone-b" in done.stderr
    assert not calls(programs)


def test_the_lists_name_each_package_once() -> None:
    for file in ROOT.glob("*/apt-packages.txt"):
        names = [word for line in file.read_text(encoding="utf-8").splitlines() for word in line.split("#")[0].split()]
        assert len(names) == len(set(names))
