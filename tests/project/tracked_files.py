"""The files of the project: those git tracks, or would track; what others build beside them is none of our business."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("kentongan", "domain", "inventory", "collectors", "alerts", "exporters", "provisioning", "console", "lab")


def tracked_files(*patterns: str) -> list[Path]:
    """Absolute paths, sorted. Skips the test where this is no git checkout."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout: nobody knows which files are tracked")
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        capture_output=True,
        check=True,
    )
    paths = (ROOT / name for name in listed.stdout.decode().split("\0") if name)
    return sorted(path for path in paths if path.is_file())


def package_files() -> list[Path]:
    """Every Python file of every package, whether tracked or not."""
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
