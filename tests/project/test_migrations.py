"""The schema that the migrations make is the schema the program uses, on both engines, upwards and downwards."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from kentongan import migrations
from kentongan.database import Database
from kentongan.errors import NotInitialisedError
from kentongan.store.schema import (
    ALL_METADATA,
    DatabaseNewerError,
    DatabaseOlderError,
    _versions,
    check_schema,
    current,
    downgrade,
    head,
    upgrade,
)

UPGRADE = "import sys; from kentongan.database import Database; from kentongan.store.schema import upgrade\n" + (
    "with Database(sys.argv[1]) as database: upgrade(database.engine)"
)


def differences(database: Database) -> list[object]:
    with database.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), list(ALL_METADATA)))


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_versions_are_those_that_alembic_knows() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert head() == scripts.get_current_head()
    assert _versions() == [script.revision for script in scripts.walk_revisions()][::-1]


def test_the_migrated_schema_is_the_one_the_stores_use(empty_database_url: str) -> None:
    with Database(empty_database_url) as database:
        upgrade(database.engine)
        assert differences(database) == []
        names = {name for metadata in ALL_METADATA for name in metadata.tables}
        assert tables(database) == names | {"alembic_version"}
        assert len(names) == sum(len(metadata.tables) for metadata in ALL_METADATA)


def test_a_difference_would_be_seen(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(text("ALTER TABLE sites DROP COLUMN contact"))
    assert differences(database)


def test_up_down_and_up_again(empty_database_url: str) -> None:
    with Database(empty_database_url) as database:
        assert current(database.engine) is None
        upgrade(database.engine)
        upgrade(database.engine)
        assert current(database.engine) == head()
        check_schema(database.engine)
        downgrade(database.engine, "base")
        assert tables(database) == {"alembic_version"}
        with pytest.raises(NotInitialisedError, match="kentongan init"):
            check_schema(database.engine)
        upgrade(database.engine)
        check_schema(database.engine)


def test_a_database_newer_than_the_program_is_refused_and_left_alone(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for refused in (
        lambda: check_schema(database.engine),
        lambda: upgrade(database.engine),
        lambda: downgrade(database.engine, "base"),
    ):
        with pytest.raises(DatabaseNewerError, match="newer Kentongan") as caught:
            refused()
        assert "9999" in str(caught.value)
        assert head() in str(caught.value)
    assert "sites" in tables(database)


def test_an_older_database_asks_for_the_upgrade(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kentongan.store.schema.head", lambda: "9999")
    with pytest.raises(DatabaseOlderError, match="kentongan db upgrade"):
        check_schema(database.engine)


def test_upgrades_at_the_same_time_wait_for_each_other(empty_database_url: str) -> None:
    crowd = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, empty_database_url], stderr=subprocess.PIPE) for _ in range(4)
    ]
    ends = [process.communicate() for process in crowd]
    assert [(process.returncode, end[1]) for process, end in zip(crowd, ends, strict=True)] == [(0, b"")] * 4
    with Database(empty_database_url) as database:
        assert differences(database) == []


def test_a_step_that_fails_leaves_the_schema_of_before(empty_database_url: str) -> None:
    with Database(empty_database_url) as database:
        with database.transaction() as connection:
            connection.execute(text("CREATE TABLE commands (mine INTEGER)"))  # the last table a step makes
        with pytest.raises(Exception, match="already exists"):
            upgrade(database.engine)
        assert tables(database) == {"commands"}
        assert current(database.engine) is None


def test_nothing_in_the_working_directory_is_read(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = /nowhere\n")
    monkeypatch.chdir(tmp_path)
    with Database(empty_database_url) as database:
        upgrade(database.engine)
        assert current(database.engine) == head()
