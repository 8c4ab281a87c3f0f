"""Import then export of the simulated Purwakarta changes nothing, by the real command line, on both databases."""

from pathlib import Path

import pytest

from tests.real.terminal import Terminal

pytestmark = [pytest.mark.real, pytest.mark.timeout(240)]

TABLES = 12


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files as a newcomer gets them."""
    folder = tmp_path_factory.mktemp("files")
    Terminal(folder).kentongan("lab", "files", "given")
    return folder / "given"


def test_what_is_imported_is_exported_again_byte_by_byte(given: Path, empty_database_url: str, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, environment={"KENTONGAN_DATABASE__URL": empty_database_url})
    terminal.kentongan("init", "--kabupaten", "32.14")
    assert terminal.json("import", str(given))["errors"] == []
    terminal.kentongan("export", "first")
    assert len(contents(given)) == TABLES
    assert contents(tmp_path / "first") == contents(given)
    assert not (tmp_path / "var" / "kentongan.db").exists(), "the database was not the one that was named"
