"""The file of the database is moved away, put back, or another one is put in its place while it is open: nothing is
written into what nobody reads again, and no empty one is made."""

import os
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from console.ports.trouble import Trouble
from console.store import SqlAccounts
from domain.accounts import Account
from domain.network import PersonRole
from kentongan.console_adapters.terms import AccountsInTerm
from kentongan.console_adapters.troubles import trouble_of, troubles_of
from kentongan.database import Database
from kentongan.installation import Installation
from kentongan.settings import load_settings
from kentongan.store.faults import DatabaseMissingError
from kentongan.store.schema import DatabaseNewerError

pytestmark = [pytest.mark.real, pytest.mark.timeout(60)]


@pytest.fixture
def place(sqlite_template: Path, tmp_path: Path) -> Path:
    path = tmp_path / "kentongan.db"
    path.write_bytes(sqlite_template.read_bytes())
    return path


def names(database: Database) -> list[str]:
    return [each.name for each in SqlAccounts(database.engine).all()]


def test_a_file_that_is_moved_away_is_missed_and_found_again(place: Path) -> None:
    with Database(f"sqlite:///{place}") as database:
        store = SqlAccounts(database.engine)
        store.put(Account("siti", PersonRole.ADMIN))
        for end in ("", "-wal", "-shm"):
            if place.with_name(place.name + end).exists():
                place.with_name(place.name + end).rename(place.with_name("away" + end))
        with pytest.raises(DatabaseMissingError):
            store.put(Account("asep", PersonRole.NOC))
        with pytest.raises(DatabaseMissingError):
            store.all()
        assert not place.exists(), "an empty one in its place would be taken for the real one"
        for end in ("", "-wal", "-shm"):
            if place.with_name("away" + end).exists():
                place.with_name("away" + end).rename(place.with_name(place.name + end))
        assert names(database) == ["siti"]


def test_what_a_restore_put_in_its_place_is_what_is_read_and_written(place: Path, sqlite_template: Path) -> None:
    with Database(f"sqlite:///{place}") as database, Database(f"sqlite:///{place}") as second:
        SqlAccounts(database.engine).put(Account("siti", PersonRole.ADMIN))
        assert names(second) == ["siti"]
        shutil.copy(sqlite_template, place.with_name("restored"))
        for end in ("-wal", "-shm"):
            place.with_name(place.name + end).unlink(missing_ok=True)
        os.replace(place.with_name("restored"), place)
        SqlAccounts(database.engine).put(Account("asep", PersonRole.NOC))
        assert names(second) == names(database) == ["asep"]
    with Database(f"sqlite:///{place}") as again:
        assert names(again) == ["asep"]


def test_an_old_console_writes_nothing_into_a_new_database(tmp_path: Path) -> None:
    file = tmp_path / "kentongan.toml"
    file.write_text("", encoding="utf-8")
    with Installation(load_settings(file, {}), "test").prepare() as installation:
        accounts = AccountsInTerm(installation)
        accounts.put(Account("siti", PersonRole.ADMIN))
        assert accounts.get("siti") is not None
        with installation.database.transaction() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        accounts._asked_at = float("-inf")
        for _again in range(2):
            with pytest.raises(DatabaseNewerError) as refused:
                accounts.get("siti")
            assert trouble_of(refused.value) is Trouble.NEWER
        troubles = troubles_of(installation)
        with pytest.raises(troubles.kinds) as failed, installation.database.transaction() as connection:
            connection.execute(text("SELECT a_column_of_tomorrow FROM console_account"))
        assert troubles.of(failed.value) is Trouble.NEWER, "a statement that is not understood is looked into"
        with installation.database.transaction() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        assert troubles.of(failed.value) is Trouble.OLDER
