"""One simulator for all golden tests; without the dumps nothing is collected, and the header says so."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from collectors.probe import probe
from collectors.profiles import Profiles, shipped_profiles
from domain.polling import Discovery, Endpoint
from domain.secrets import Secret, SnmpCommunity, SnmpVersion
from tests.golden import dumps

collect_ignore_glob = [] if dumps.present() else ["test_dump_*.py"]


def pytest_report_header() -> str:
    if dumps.present():
        return f"golden: {len(dumps.facts())} dumps of real devices"
    return "golden: the dumps of real devices (../shared/data/devices) are not there, their tests are not collected"


@pytest.fixture(scope="session")
def simulator_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with dumps.simulator(Path(tmp_path_factory.mktemp("snmpsim"))) as port:
        yield port


@pytest.fixture(scope="session")
def profiles() -> Profiles:
    return shipped_profiles()


@pytest.fixture(scope="session")
def endpoint_of(simulator_port: int) -> Callable[[str], Endpoint]:
    def endpoint(name: str) -> Endpoint:
        return Endpoint(dumps.ADDRESS, simulator_port, SnmpCommunity("", SnmpVersion.V2C, Secret(name)))

    return endpoint


@pytest.fixture(scope="session")
def discovered(endpoint_of: Callable[[str], Endpoint], profiles: Profiles) -> Callable[[str], Discovery]:
    """A dump as discovery reads it, asked once in the session."""
    known: dict[str, Discovery] = {}

    def discovery(name: str) -> Discovery:
        if name not in known:
            known[name] = asyncio.run(probe(endpoint_of(name), 6.0, profiles))
        return known[name]

    return discovery
