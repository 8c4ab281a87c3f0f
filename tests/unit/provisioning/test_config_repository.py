"""The repository of configurations: one commit a change, found again by device, whole for git's own eyes."""

import errno
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from dulwich.object_store import DiskObjectStore

from provisioning.backup import ConfigRepository, NoBackupError, RepositoryError, Why

AT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


def put(repository: ConfigRepository, device: str, text: str, site: str = "pop-a", who: str = "", days: int = 0) -> str:
    return repository.put(device, site, text, Why("daily", who), (1, 0), AT + timedelta(days=days))


def fsck(folder: Path) -> str:
    done = subprocess.run(["git", "-C", folder, "fsck", "--strict", "--full"], capture_output=True, text=True)
    return f"{done.returncode}{done.stdout}{done.stderr}"


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    repository = ConfigRepository(tmp_path / "configs.git")
    assert repository.latest("r1") is None
    assert repository.history("r1") == []
    assert not list(tmp_path.iterdir())


def test_each_device_has_its_own_history(tmp_path: Path) -> None:
    repository = ConfigRepository(tmp_path / "configs.git")
    first = put(repository, "r1", "a\n", who="budi")
    put(repository, "r2", "x\n")
    second = put(repository, "r1", "b\n", days=1)
    again = ConfigRepository(tmp_path / "configs.git")
    assert [(each.id, each.who, each.at) for each in again.history("r1")] == [
        (second, "", AT + timedelta(days=1)),
        (first, "budi", AT),
    ]
    assert (again.latest("r1"), again.latest("r2"), again.at("r1", first[:8])) == ("b\n", "x\n", "a\n")
    assert [each.why for each in again.history("r2")] == ["daily"]
    assert again.revision_of("r1") == second


def test_git_itself_finds_it_whole_and_reads_it(tmp_path: Path) -> None:
    repository = ConfigRepository(tmp_path / "configs.git")
    put(repository, "r1", "hostname r1\n", who="budi <x>\nDevice: r9")
    put(repository, "r1", "hostname satu\n")
    assert fsck(repository.folder) == "0"
    log = ["git", "-C", repository.folder, "log", "--format=%an|%s", "-p", "main", "--", "pop-a/r1"]
    said = subprocess.run(log, capture_output=True, text=True, check=True).stdout
    assert "+hostname satu" in said
    assert "budi x" in said.replace("Device: r9", "")
    assert len(repository.history("r1")) == 2
    assert repository.history("r9") == []


def test_a_device_that_moves_keeps_its_history_and_leaves_no_twin(tmp_path: Path) -> None:
    repository = ConfigRepository(tmp_path / "configs.git")
    put(repository, "r1", "a\n", "desa-lama")
    put(repository, "r1", "b\n", "desa-baru")
    assert repository.latest("r1", "desa-lama") == "b\n"
    assert len(repository.history("r1")) == 2
    files = ["git", "-C", repository.folder, "ls-tree", "-r", "--name-only", "main"]
    assert subprocess.run(files, capture_output=True, text=True, check=True).stdout == "desa-baru/r1\n"


@pytest.mark.parametrize("name", ["../../etc/passwd", ".git", "a/b", "desa é", "..", "-", "x.lock"])
def test_names_cannot_leave_their_folder(tmp_path: Path, name: str) -> None:
    repository = ConfigRepository(tmp_path / "configs.git")
    put(repository, name, "a\n", name)
    assert repository.latest(name) == "a\n"
    assert fsck(repository.folder) == "0"


def test_an_unknown_revision_is_named(tmp_path: Path) -> None:
    repository = ConfigRepository(tmp_path / "configs.git")
    put(repository, "r1", "a\n")
    with pytest.raises(NoBackupError, match="config history r1"):
        repository.at("r1", "0000000")


def test_a_full_disk_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = ConfigRepository(tmp_path / "configs.git")
    put(repository, "r1", "a\n")

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(DiskObjectStore, "add_object", full)
        with pytest.raises(RepositoryError, match="disk is full"):
            put(repository, "r1", "b\n")
    assert (repository.latest("r1"), len(repository.history("r1"))) == ("a\n", 1)
    put(repository, "r1", "b\n")
    assert (repository.latest("r1"), len(repository.history("r1"))) == ("b\n", 2)


def test_a_lock_that_the_dead_left_is_in_nobodys_way(tmp_path: Path) -> None:
    repository = ConfigRepository(tmp_path / "configs.git")
    put(repository, "r1", "a\n")
    (repository.folder / "refs" / "heads" / "main.lock").write_bytes(b"")
    put(repository, "r1", "b\n")
    assert repository.latest("r1") == "b\n"


def test_an_index_that_a_kill_left_behind_is_mended(tmp_path: Path) -> None:
    """Killed between the branch and the device's own ref."""
    repository = ConfigRepository(tmp_path / "configs.git")
    put(repository, "r1", "a\n")
    index = next((repository.folder / "refs" / "devices").iterdir())
    before = index.read_bytes()
    second = put(repository, "r1", "b\n")
    put(repository, "r2", "x\n")
    index.write_bytes(before)
    fresh = ConfigRepository(tmp_path / "configs.git")
    assert next(each.id for each in fresh.history("r1")) == second
    index.unlink()
    assert len(fresh.history("r1")) == 2
    put(fresh, "r1", "c\n")
    assert len(fresh.history("r1")) == 3


def test_damage_is_said_with_the_way_out(tmp_path: Path) -> None:
    repository = ConfigRepository(tmp_path / "configs.git")
    put(repository, "r1", "a\n")
    (repository.folder / "refs" / "heads" / "main").write_bytes(b"1" * 40 + b"\n")
    with pytest.raises(RepositoryError, match="fsck"):
        ConfigRepository(tmp_path / "configs.git").latest("r1")
