"""A throwaway PostgreSQL server for the tests: its own folder, a unix socket only, no waiting for the disk.

Debian keeps the programs under /usr/lib/postgresql/VERSION/bin, out of the PATH. The server refuses to run as root,
so root runs it as the user postgres.
"""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

START_SECONDS = 30
UNSAFE_AND_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresServer:
    """`make(template)` gives the URL of a fresh database, a copy of `template` if one is named."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count(1)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def make(self, template: str = "template0") -> str:
        name = f"t{next(self._numbers)}"
        with self.admin() as connection:
            connection.execute(f'CREATE DATABASE {name} TEMPLATE "{template}"'.encode())
        return self.url(name)

    def drop(self, url: str) -> None:
        name = url.partition("@/")[2].partition("?")[0]
        with self.admin() as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    def admin(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)


def find_binaries() -> Path | None:
    """The newest installed server's folder of programs."""
    on_path = shutil.which("postgres")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    found = [folder for folder in folders if (folder / "initdb").exists()]
    return found[-1] if found else Path(os.path.realpath(on_path)).parent if on_path else None


@contextmanager
def running_server(binaries: Path) -> Iterator[PostgresServer]:
    folder = Path(tempfile.mkdtemp(prefix="kentongan-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user, user)
    process: subprocess.Popen[bytes] | None = None
    try:
        arguments = ["-A", "trust", "-U", "postgres", "-N", "-E", "UTF8", "--locale=C.UTF-8"]
        _run([str(binaries / "initdb"), "-D", f"{folder}/data", *arguments], user, folder)
        settings = [part for setting in UNSAFE_AND_FAST for part in ("-c", setting)]
        command = [str(binaries / "postgres"), "-D", f"{folder}/data", "-k", str(folder), "-h", "", *settings]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                command, user=user, group=user, extra_groups=[] if user else None, cwd=folder, stdout=log, stderr=log
            )
        server = PostgresServer(folder)
        _wait_until_ready(server, process)
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGINT)  # fast shutdown: disconnects whoever is still there
            process.wait(START_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str], user: str | None, folder: Path) -> None:
    done = subprocess.run(
        command, user=user, group=user, extra_groups=[] if user else None, cwd=folder, capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr.decode(errors='replace')}")


def _wait_until_ready(server: PostgresServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server.admin().close()
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                log = (server.folder / "log").read_text(errors="replace")
                raise RuntimeError(f"PostgreSQL did not start: {error}\n{log}") from error
            time.sleep(0.02)
