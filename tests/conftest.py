"""What every ring of tests may use: databases of both kinds. A missing component skips with its reason, never in CI."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.language import active_language
from kentongan.database import Database
from kentongan.store.schema import upgrade
from tests.real.postgres_server import PostgresServer, find_binaries, running_server

LONGEST = (
    "test_run",
    "test_walks",
    "test_console_serves",
    "test_site_apply_frr",
    "test_run_in_real_lab",
    "test_bad_days_of_apply",
    "test_history",
    "test_drill",
    "test_benchmarks",
    "test_wheel",
    "test_ansible",
    "test_outage_in_ring",
    "test_ansible_install",
    "test_site_waves",
    "test_site_apply_openwrt",
    "test_site_apply_routeros",
    "test_demo",  # a whole kabupaten each: not beside test_run, which has one of its own
    "test_readme",
    "test_demo_unprivileged",
)
WAITING = ("real", "project")
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def missing(what: str) -> None:
    """Skip on a user's machine, fail in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and in CI nothing is skipped")
    pytest.skip(f"{what} is missing")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Processes share the work by whole files: the longest first, so that nobody waits for them at the end.

    The others alternate, those that wait for daemons with those that calculate: neither the processor rests while all
    wait, nor does it keep everybody waiting.
    """
    files = list(dict.fromkeys(item.path for item in items))
    sorts = [[path for path in files if (path.parent.name in WAITING) is waits] for waits in (True, False)]
    share = {path: (place + 0.5) / len(sort) for sort in sorts for place, path in enumerate(sort)}
    first = {name: place for place, name in enumerate(LONGEST, -len(LONGEST))}
    items.sort(key=lambda item: first.get(item.path.stem, share[item.path]))


@pytest.fixture(autouse=True)
def no_language_is_left_behind() -> Iterator[None]:
    """Whoever speaks Indonesian in a test stops at its end: else tests behind it pass or fail by their order."""
    before = active_language()
    yield
    assert active_language() == before, "this test left another language behind"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for the session."""
    binaries = find_binaries()
    if binaries is None:
        missing("PostgreSQL (apt: postgresql)")
    else:
        with running_server(binaries) as server:
            yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a database with the schema of this program, to be copied."""
    url = postgres_server.make()
    with Database(url) as database:
        upgrade(database.engine)
    return url.partition("@/")[2].partition("?")[0]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "kentongan.db"
    with Database(f"sqlite:///{path}") as database:
        upgrade(database.engine)
    return path


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with the schema of this program: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path / "kentongan.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
    else:
        yield from _postgres(request.getfixturevalue("postgres_server"), request.getfixturevalue("postgres_template"))


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table, or no file yet: once SQLite, once PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        yield from _postgres(request.getfixturevalue("postgres_server"), "template0")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with Database(database_url) as database:
        yield database


def _postgres(server: PostgresServer, template: str) -> Iterator[str]:
    url = server.make(template)
    yield url
    server.drop(url)
