"""The key file: made once, for its owner alone, and explained when something is wrong with it."""

import os
import pickle
import stat
from pathlib import Path

import pytest

from inventory.store.key import (
    KeyExistsError,
    KeyExposedError,
    KeyMissingError,
    KeyUnreadableError,
    VaultKey,
    create_key_file,
    read_key,
    replace_key_file,
)


def test_a_new_key_file_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        key = create_key_file(tmp_path / "key")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert read_key(tmp_path / "key").reveal() == key.reveal()


def test_a_key_file_is_never_written_over(tmp_path: Path) -> None:
    key = create_key_file(tmp_path / "key")
    with pytest.raises(KeyExistsError, match="not replaced"):
        create_key_file(tmp_path / "key")
    assert read_key(tmp_path / "key").reveal() == key.reveal()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o610])
def test_a_key_file_others_can_read_is_refused_with_the_cure(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key"
    create_key_file(path)
    path.chmod(mode)
    with pytest.raises(KeyExposedError, match=f"chmod 600 {path}") as caught:
        read_key(path)
    assert f"{mode:04o}" in str(caught.value)


def test_a_missing_key_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyMissingError, match="Put back the copy you kept"):
        read_key(tmp_path / "key")


@pytest.mark.parametrize("text", ["", "short", "é" * 44, "A" * 43, "A" * 45, "*" * 44])
def test_what_is_no_key_is_named_by_place_and_never_shown(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text + "\n")
    path.chmod(0o600)
    with pytest.raises(KeyUnreadableError) as caught:
        read_key(path)
    assert str(path) in str(caught.value)
    assert not text or text not in str(caught.value)


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    other = VaultKey.generate()
    create_key_file(tmp_path / "key")
    assert read_key(tmp_path / "key", other.text()).fingerprint == other.fingerprint
    with pytest.raises(KeyUnreadableError, match="KENTONGAN_SECRETS__KEY"):
        read_key(tmp_path / "key", "nonsense")


def test_a_new_file_takes_the_old_ones_place(tmp_path: Path) -> None:
    create_key_file(tmp_path / "key")
    new = create_key_file(tmp_path / "key.new")
    replace_key_file(tmp_path / "key.new", tmp_path / "key")
    assert read_key(tmp_path / "key").reveal() == new.reveal()
    assert not (tmp_path / "key.new").exists()


def test_a_key_shows_its_fingerprint_only() -> None:
    key = VaultKey.generate()
    shown = f"{key} {key!r} {[key]}"
    assert key.fingerprint in shown
    assert key.text() not in shown
    assert key.reveal().hex()[:12] != key.fingerprint
    with pytest.raises(TypeError):
        pickle.dumps(key)
