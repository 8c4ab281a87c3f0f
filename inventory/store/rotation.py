"""A new key for all stored credentials. Killed at any moment, the database and a key file beside it fit each other.

The new key lies as `key.new` on disk before the transaction that seals everything with it, and takes the place of `key`
after. Whoever opens the vault in between finds by the fingerprints which of the two is in force, and finishes the work.
"""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from inventory.store.key import VaultKey, VaultKeyError, create_key_file, read_key, replace_key_file
from inventory.store.tables import credentials
from inventory.store.vault import SqlVault


@dataclass(frozen=True, slots=True)
class Rotation:
    """Fingerprints of the keys, and how many credentials were sealed again."""

    old: str
    new: str
    count: int


def rotate_key(engine: Engine, path: Path, also: Callable[[Connection, Rotation], None]) -> Rotation:
    """Give the key file `path` a new key, and seal every credential with it.

    also: is called in the transaction that does it. Raises VaultKeyError, WrongKeyError or TamperedError, and then
    nothing has changed.
    """
    with key_lock(path):
        old = key_in_force(engine, path)
        waiting = _waiting(path)
        waiting.unlink(
            missing_ok=True
        )  # of a rotation that was killed before its transaction: nothing is sealed with it
        new = create_key_file(waiting)
        done = Rotation(old.fingerprint, new.fingerprint, 0)

        def with_count(connection: Connection, count: int) -> None:
            nonlocal done
            done = Rotation(old.fingerprint, new.fingerprint, count)
            also(connection, done)

        SqlVault(engine, old).rotate(new, with_count)
        _finish(path)
    return done


def key_in_force(engine: Engine, path: Path) -> VaultKey:
    """The key of the file, or the one that was to take its place if the credentials are sealed with that.

    Raises VaultKeyError. A key that fits nothing is returned as it is: the vault says what is wrong with it.
    """
    key = read_key(path)
    theirs = _sealed_with(engine)
    if theirs in (None, key.fingerprint):
        return key
    with contextlib.suppress(VaultKeyError):
        new = read_key(_waiting(path))
        if new.fingerprint == theirs:
            with contextlib.suppress(OSError):  # a reader may not write here: the next one will
                _finish(path)
            return new
    return read_key(path)  # somebody has put the new one there in between


@contextlib.contextmanager
def key_lock(path: Path) -> Iterator[None]:
    """Waits for whoever changes credentials or their key: one sealed with the key of before would be lost."""
    descriptor = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _waiting(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def _finish(path: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # a reader was quicker
        replace_key_file(_waiting(path), path)


def _sealed_with(engine: Engine) -> str | None:
    with engine.execution_options(reading=True).connect() as connection:
        return connection.execute(select(credentials.c.key_fingerprint).limit(1)).scalar()
