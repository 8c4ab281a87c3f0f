"""Backup of a PostgreSQL database by the server's own tools: pg_dump's custom format, restored in one transaction."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from sqlalchemy import URL

from domain.language import _
from kentongan.database import Database
from kentongan.store.copies import BackupError, free_name, sync_file, sync_folder
from kentongan.store.schema import ALL_METADATA

SUFFIX: Final = ".dump"
TOOLS: Final = Path("/usr/lib/postgresql")
# Tables of a newer program, whose names this one does not know: left behind, its upgrade would find them in its way.
DROP_OTHERS: Final = """\
DO $$DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user LOOP
    EXECUTE format('DROP TABLE IF EXISTS public.%I CASCADE', name);
  END LOOP;
END$$;
"""


def write(database: Database, part: Path) -> str | None:
    """Dump into the new file `part`, list it, sync it. Returns the version of its schema."""
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    dump = [_tool("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={part}"]
    _run([*dump, f"--dbname={_without_password(database.url)}"], part, database.url)
    version = version_of(part)
    sync_file(part)
    return version


def version_of(path: Path) -> str | None:
    """The schema's version of a dump, read without a server. Raises BackupError for a file that is no whole dump."""
    restore = [_tool("pg_restore"), "--data-only", "--file=-"]
    _run([*restore[:1], f"--file={os.devnull}", str(path)], path)  # reads every block of it
    lines = iter(_run([*restore, "--table=alembic_version", str(path)], path).splitlines())
    for line in lines:
        if line.startswith("COPY ") and "alembic_version" in line:
            value = next(lines, "\\.")
            return None if value == "\\." else value
    raise BackupError(_("{path} is not a database of Kentongan.").format(path=path))


def put_back(database: Database, source: Path, backups: Path, stamp: str) -> Path | None:
    """Dump what is there into `backups`, then drop and restore in one transaction: Kentongan's tables, and what else in
    the schema `public` belongs to its user."""
    kept = _keep(database, backups, stamp)
    script = backups / f".restoring-{stamp}.sql"
    try:
        _write_script(source, script)
        psql = [_tool("psql"), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        _run([*psql, f"--file={script}", f"--dbname={_without_password(database.url)}"], source, database.url)
    finally:
        script.unlink(missing_ok=True)
    return kept


def _keep(database: Database, backups: Path, stamp: str) -> Path | None:
    backups.mkdir(mode=0o700, parents=True, exist_ok=True)
    with database.engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar()
    database.stop()
    if tables is None:
        return None
    kept = free_name(backups, f"replaced-{stamp}", SUFFIX)
    write(database, kept)
    sync_folder(backups)
    return kept


def _write_script(source: Path, script: Path) -> None:
    names = ["alembic_version", *(table for metadata in ALL_METADATA for table in metadata.tables)]
    os.close(os.open(script, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    plain = _run([_tool("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(source)], source)
    # Dropped by name and not by pg_restore --clean: that would leave tables which the backup does not know.
    drops = "".join(f'DROP TABLE IF EXISTS public."{name}" CASCADE;\n' for name in names)
    script.write_text(drops + DROP_OTHERS + plain, encoding="utf-8")


def _run(command: list[str], path: Path, url: URL | None = None) -> str:
    """What the tool wrote to its standard output; `path` is the backup it works on, for the message."""
    # The password by the environment: a command line can be read by everybody on the machine.
    password = {"PGPASSWORD": str(url.password)} if url is not None and url.password else {}
    done = subprocess.run(
        command,
        env={**os.environ, **password},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise BackupError(
            _("{tool} failed on {path}: {reason}. Nothing was changed; mend this and try again.").format(
                tool=Path(command[0]).name, path=path, reason=" ".join(done.stderr.split()).rstrip(".")
            )
        )
    return done.stdout


def _without_password(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _tool(name: str) -> str:
    """Debian's wrapper on the path, or the newest installed version's own."""
    on_path = shutil.which(name)
    if on_path:
        return on_path
    versions = sorted(TOOLS.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if not versions:
        raise BackupError(
            _(
                "The program {name} is missing: install the PostgreSQL client, on Debian: apt install postgresql-client"
            ).format(name=name)
        )
    return str(versions[-1])
