"""A new key for the credentials, on both engines: whatever moment it is killed at, every credential can be read."""

import os
import random
import signal
import stat
import time
from pathlib import Path

import pytest
from sqlalchemy import Connection

from domain.secrets import Secret, SnmpCommunity, SnmpVersion
from inventory.store import SqlVault, rotation
from inventory.store.key import VaultKey, create_key_file, read_key
from inventory.store.rotation import Rotation, key_in_force, rotate_key
from inventory.store.vault import WrongKeyError
from kentongan.database import Database
from tests.soaking import Soak

CREDENTIALS = [SnmpCommunity(f"desa-{at:02}", SnmpVersion.V2C, Secret(f"rahasia-{at}")) for at in range(40)]


def nothing_more(_connection: Connection, _done: Rotation) -> None:
    """Nothing else belongs into the transaction."""


@pytest.fixture
def key_file(database: Database, tmp_path: Path) -> Path:
    """The key of a vault that holds credentials."""
    path = tmp_path / "keys" / "key"
    path.parent.mkdir()
    vault = SqlVault(database.engine, create_key_file(path))
    for credential in CREDENTIALS:
        vault.put(credential)
    return path


def assert_all_readable(database: Database, path: Path) -> None:
    vault = SqlVault(database.engine, key_in_force(database.engine, path))
    assert [vault.get(name) for name in vault.names()] == CREDENTIALS


def test_a_new_key_takes_the_old_ones_place(database: Database, key_file: Path) -> None:
    old = read_key(key_file)
    told: list[Rotation] = []
    done = rotate_key(database.engine, key_file, lambda _connection, done: told.append(done))
    assert told == [done] == [Rotation(old.fingerprint, read_key(key_file).fingerprint, 40)]
    assert done.new != done.old
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert [path.name for path in key_file.parent.iterdir()] == ["key"]
    assert_all_readable(database, key_file)


class KilledError(BaseException):
    """Nothing of ours catches it, as nothing catches a signal."""


def killed(*_anything: object) -> None:
    raise KilledError


@pytest.mark.parametrize("where", ["before the key is whole", "in the transaction", "before the key's place is taken"])
def test_cut_off_at_each_step(database: Database, key_file: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    old = read_key(key_file)
    also = nothing_more
    with monkeypatch.context() as patch:
        if where == "in the transaction":
            also = killed
        elif where == "before the key is whole":
            patch.setattr(rotation, "create_key_file", lambda path: [path.write_text("half a k"), killed()])
        else:
            patch.setattr(rotation, "replace_key_file", killed)
        with pytest.raises(KilledError):
            rotate_key(database.engine, key_file, also)
    assert (key_file.parent / "key.new").exists()
    assert read_key(key_file).fingerprint == old.fingerprint
    assert_all_readable(database, key_file)
    assert (read_key(key_file).fingerprint != old.fingerprint) == (where == "before the key's place is taken")
    rotate_key(database.engine, key_file, nothing_more)
    assert_all_readable(database, key_file)
    assert [path.name for path in key_file.parent.iterdir()] == ["key"]


def test_a_reader_that_may_not_write_beside_the_key_still_reads(
    database: Database, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_anything: object) -> None:
        raise PermissionError

    monkeypatch.setattr(rotation, "replace_key_file", killed)
    with pytest.raises(KilledError):
        rotate_key(database.engine, key_file, nothing_more)
    monkeypatch.setattr(rotation, "replace_key_file", refused)
    assert_all_readable(database, key_file)


def test_a_key_that_fits_nothing_is_not_replaced(database: Database, key_file: Path) -> None:
    key_file.unlink()
    wrong = create_key_file(key_file)
    (key_file.parent / "key.new").write_text(VaultKey.generate().text())
    (key_file.parent / "key.new").chmod(0o600)
    assert key_in_force(database.engine, key_file).fingerprint == wrong.fingerprint


@pytest.mark.soak
def test_killed_at_any_moment(
    database: Database, key_file: Path, long_form: bool, soak: Soak, chance: random.Random
) -> None:
    """By a signal, in a process of its own; some get to their end."""
    keys, kills = {read_key(key_file).fingerprint}, 1000 if long_form else 20
    url = database.url.render_as_string(hide_password=False)
    began = time.monotonic()
    with Database(url) as own:
        rotate_key(own.engine, key_file, nothing_more)
    usual = time.monotonic() - began
    database.engine.dispose()  # the child must not inherit a connection
    for _ in range(kills):
        child = os.fork()
        if child == 0:
            try:
                with Database(url) as own:
                    rotate_key(own.engine, key_file, nothing_more)
            finally:
                os._exit(0)
        time.sleep(chance.uniform(0, 4 * usual))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        try:
            assert_all_readable(database, key_file)
        except WrongKeyError:  # PostgreSQL may commit for the dead while we read: ask once more
            assert not database.is_sqlite
            assert_all_readable(database, key_file)
        database.engine.dispose()
        keys.add(read_key(key_file).fingerprint)
    assert len(keys) > 2
    soak.found(f"{kills} kills, {len(keys) - 1} of the rotations were through; every credential was readable each time")
