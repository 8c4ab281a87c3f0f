"""What several tests of commands look at: an installation whose last month had one outage."""

import shutil
from pathlib import Path

import pytest

from tests.unit.kentongan.dark_month import prepare_dark_month


@pytest.fixture(scope="session")
def dark_month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; to be copied, never changed."""
    folder = tmp_path_factory.mktemp("dark-month")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        prepare_dark_month()
    return folder


@pytest.fixture
def in_dark_month(dark_month: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of one's own, in which commands are called; in English."""
    monkeypatch.setenv("LANGUAGE", "en")
    shutil.copytree(dark_month, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path
