"""The vault: credentials at rest, on both engines, with the right key, a wrong one, and a new one."""

import traceback
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpCommunity, SnmpUser, SnmpVersion
from inventory.store import SqlVault
from inventory.store.key import VaultKey, create_key_file, read_key, replace_key_file
from inventory.store.vault import TamperedError, WrongKeyError
from kentongan.database import Database

COMMUNITY = SnmpCommunity("desa-v2c", SnmpVersion.V2C, Secret("rahasia-desa"))
USER = SnmpUser(
    "desa-v3", "noc", AuthProtocol.SHA256, Secret("auth-rahasia"), PrivProtocol.AES128, Secret("priv-rahasia")
)
SECRETS = ("rahasia-desa", "auth-rahasia", "priv-rahasia")


@pytest.fixture
def key() -> VaultKey:
    return VaultKey.generate()


@pytest.fixture
def vault(database: Database, key: VaultKey) -> SqlVault:
    vault = SqlVault(database.engine, key)
    vault.put(COMMUNITY)
    vault.put(USER)
    return vault


def test_credentials_are_kept_replaced_and_removed(database: Database, vault: SqlVault, key: VaultKey) -> None:
    again = SqlVault(database.engine, key)
    assert again.names() == ("desa-v2c", "desa-v3")
    assert (again.get("desa-v2c"), again.get("desa-v3")) == (COMMUNITY, USER)
    again.put(SnmpCommunity("desa-v3", SnmpVersion.V1, Secret("lain")))
    assert vault.get("desa-v3") == SnmpCommunity("desa-v3", SnmpVersion.V1, Secret("lain"))
    vault.remove("desa-v2c")
    assert vault.names() == ("desa-v3",)
    with pytest.raises(KeyError):
        vault.get("desa-v2c")
    with pytest.raises(KeyError):
        vault.remove("desa-v2c")


def test_nothing_of_a_secret_is_in_the_database(database: Database, vault: SqlVault) -> None:
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM credentials")).all()
    assert not any(secret in repr(rows) for secret in SECRETS)
    if database.path:
        database.stop()
        assert not any(secret.encode() in database.path.read_bytes() for secret in SECRETS)


def test_a_wrong_key_is_named_and_stores_nothing(database: Database, vault: SqlVault, key: VaultKey) -> None:
    wrong = VaultKey.generate()
    other = SqlVault(database.engine, wrong)
    for refused in (lambda: other.get("desa-v3"), lambda: other.put(COMMUNITY), lambda: other.rotate(key)):
        with pytest.raises(WrongKeyError, match="Put back the key file") as caught:
            refused()
        assert key.fingerprint in str(caught.value)
        assert wrong.fingerprint in str(caught.value)
        shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
        assert not any(secret in shown for secret in (*SECRETS, key.text(), wrong.text()))
    assert vault.get("desa-v2c") == COMMUNITY
    other.remove("desa-v2c")  # what nobody can open can still go
    other.remove("desa-v3")
    other.put(COMMUNITY)
    assert other.get("desa-v2c") == COMMUNITY


def test_a_row_moved_to_another_name_does_not_open(database: Database, vault: SqlVault) -> None:
    with database.transaction() as connection:
        connection.execute(text("UPDATE credentials SET name = 'core' WHERE name = 'desa-v3'"))
    with pytest.raises(TamperedError, match="core"):
        vault.get("core")


def test_a_failing_write_shows_no_secret(database: Database, key: VaultKey) -> None:
    vault = SqlVault(database.engine, key)
    with database.transaction() as connection:
        connection.execute(text("ALTER TABLE credentials RENAME TO elsewhere"))
    with pytest.raises(Exception, match="credentials") as caught:
        vault.put(COMMUNITY)
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert not any(secret in shown for secret in SECRETS)


def test_a_new_key_takes_over_all_credentials_or_none(database: Database, vault: SqlVault, tmp_path: Path) -> None:
    old = create_key_file(tmp_path / "key")
    vault.rotate(old)
    new = create_key_file(tmp_path / "key.new")
    assert vault.rotate(new) == 2
    replace_key_file(tmp_path / "key.new", tmp_path / "key")
    assert SqlVault(database.engine, read_key(tmp_path / "key")).get("desa-v3") == USER
    with pytest.raises(WrongKeyError):
        SqlVault(database.engine, old).get("desa-v3")
    with database.transaction() as connection:
        connection.execute(text("UPDATE credentials SET sealed = :sealed WHERE name = 'desa-v2c'"), {"sealed": b"\x01"})
    with pytest.raises(TamperedError):
        vault.rotate(old)
    assert vault.get("desa-v3") == USER  # still under the new key
