"""What is known of backups, host keys and logins, kept on both engines."""

import pytest

from collectors.store.host_keys import SqlHostKeys
from collectors.store.ssh_access import SqlSshAccess, SshAccess
from domain.shell import HostKey
from kentongan.database import Database
from provisioning.backup import BackupState
from provisioning.store.backups import SqlBackupStates

pytestmark = pytest.mark.real

ONE, OTHER = HostKey("ssh-ed25519", "AAAA"), HostKey("ssh-rsa", "BBBB")


def keys_of(database: Database, told: list[tuple[str, str]], *, first_use: bool = True) -> SqlHostKeys:
    return SqlHostKeys(
        database.engine,
        lambda: 1000.0,
        actor="adi",
        first_use=first_use,
        trusted=lambda _connection, device, key: told.append((device, key.blob)),
    )


def test_states_come_back_as_they_were(database: Database) -> None:
    store = SqlBackupStates(database.engine)
    state = BackupState("r1", "cisco-ios", 1.5, 1.0, "abc", 40, 2.5, "timed-out", "r1: \0 nothing came", 3)
    store.put(BackupState("r1"))
    store.put(state)
    store.put(BackupState("r2"))
    kept = store.get("r1")
    assert kept is not None
    assert (kept.message, kept.good_at, kept.failures) == ("r1:  nothing came", 1.5, 3)
    assert store.read().keys() == {"r1", "r2"}
    store.forget(["r1"])
    store.forget([])
    assert store.get("r1") is None


def test_the_first_key_is_believed_and_no_other_until_a_person_accepts_it(database: Database) -> None:
    told: list[tuple[str, str]] = []
    keys = keys_of(database, told)
    assert keys.known("r1") is None
    assert keys.trust("r1", ONE)
    keys.refuse("r1", OTHER)
    kept = keys.get("r1")
    assert kept is not None
    assert (kept.known, kept.offered, kept.trusted_by) == (ONE, OTHER, "adi")
    assert keys.accept("r1") == OTHER
    assert keys.accept("r1") is None
    assert keys.known("r1") == OTHER
    assert told == [("r1", "AAAA"), ("r1", "BBBB")]
    assert keys.forget("r1")
    assert not keys.forget("r1")


def test_a_first_meeting_that_is_not_allowed_waits_for_a_person(database: Database) -> None:
    keys = keys_of(database, [], first_use=False)
    assert not keys.trust("r1", ONE)
    assert keys.known("r1") is None
    assert [(each.known, each.offered) for each in keys.all()] == [(None, ONE)]
    assert keys.accept("r1") == ONE
    assert keys.known("r1") == ONE


def test_logins_by_device(database: Database) -> None:
    store = SqlSshAccess(database.engine)
    store.put("r1", SshAccess("ssh-lama", True))
    store.put("r1", SshAccess("ssh-lama", False))
    store.put("r2", SshAccess("", True))
    assert store.read() == {"r1": SshAccess("ssh-lama", False), "r2": SshAccess("", True)}
    store.put("r2", SshAccess())
    store.forget(["r1"])
    assert store.read() == {}
