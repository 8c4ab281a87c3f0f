"""Schemathesis against the OpenAPI document, in this process: what it promises is what is answered, and nothing falls.

Its own pytest plugin is not used: one test for each operation is made of its strategies here.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from console.ports.discovery import Queue
from console.web.assets import assets_part
from console.web.backups import backups_part
from console.web.contracts import contracts_part
from console.web.discovery import discovery_part
from console.web.handover import handover_part
from console.web.health import health_part
from console.web.network import network_part
from console.web.part import Part
from console.web.people import people_part
from console.web.reports import reports_part
from console.web.services import services_part
from console.web.sites import sites_part
from tests.unit.console.changes_office import changes
from tests.unit.console.console_handover import MemoryShifts
from tests.unit.console.console_health import MemoryHealth
from tests.unit.console.console_ledgers import MemoryContracts, MemoryReports
from tests.unit.console.console_office import Office, office
from tests.unit.console.console_people import book
from tests.unit.console.console_services import MemoryServices
from tests.unit.console.doubts_office import MemoryBackups, MemoryDoubts, MemoryStrangers
from tests.unit.console.network_office import MemoryCharts, MemoryNetwork, MemoryVillages

EXAMPLES, FEW = 10, 3
SEED = 20261123
OPERATIONS = ("/v1/incidents", "/v1/incidents/{id}", "/v1/incidents/{id}/acts", "/v1/devices", "/v1/sites",
              "/v1/coverage", "/v1/health")  # fmt: skip
"""All but the stream, which never ends."""
PARTS: tuple[Callable[[], Part], ...] = (
    lambda: network_part(MemoryNetwork(), MemoryVillages(), MemoryCharts()),
    lambda: sites_part(changes().sites()),
    lambda: backups_part(MemoryBackups()),
    lambda: discovery_part(Queue(MemoryStrangers(), MemoryDoubts())),
    lambda: services_part(MemoryServices()),
    lambda: contracts_part(MemoryContracts()),
    assets_part,
    lambda: reports_part(MemoryReports()),
    lambda: people_part(book()),
    lambda: handover_part(MemoryShifts()),
    lambda: health_part(MemoryHealth()),
)
PLUGGED = (
    "/v1/devices/{name}", "/v1/state-history", "/v1/links", "/v1/links/{name}", "/v1/villages", "/v1/villages/{code}",
    "/v1/topology", "/v1/coverage/plan",
    "/v1/changes", "/v1/changes/{slug}", "/v1/changes/{slug}/plan", "/v1/changes/{slug}/agreement",
    "/v1/changes/{slug}/orders", "/v1/waves", "/v1/waves/{wave}", "/v1/waves/{wave}/agreement",
    "/v1/waves/{wave}/orders",
    "/v1/backups", "/v1/backups/{device}/revisions", "/v1/backups/{device}/text",
    "/v1/backups/{device}/difference", "/v1/backups/{device}/readings", "/v1/drift", "/v1/discovery/found",
    "/v1/discovery/questions", "/v1/discovery/host-keys", "/v1/discovery/ignored", "/v1/discovery/taken",
    "/v1/changes/{slug}/foreseen", "/v1/changes/{slug}/questions", "/v1/changes/{slug}/answers",
    "/v1/discovery/questions/{device}/dismissal", "/v1/discovery/host-keys/{device}/acceptance",
    "/v1/services", "/v1/services/{code}", "/v1/certificates", "/v1/contracts", "/v1/assets", "/v1/system",
    "/v1/handover", "/v1/reports", "/v1/reports/kinds", "/v1/reports/file", "/v1/reports/{id}/{format}",
    "/v1/accounts", "/v1/accounts/{name}", "/v1/accounts/{name}/password", "/v1/accounts/{name}/tokens", "/v1/tokens",
    "/v1/tokens/{id}",
)  # fmt: skip
"""Of areas that are plugged in. Fewer examples each: there are many of them."""


@pytest.fixture(scope="module")
def house() -> Iterator[Office]:
    with office(parts=[each() for each in PARTS]) as made:
        yield made


@pytest.fixture(scope="module")
def promised(house: Office) -> Any:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", house.client.app, config=SchemathesisConfig())


def test_all_are_tried(promised: Any) -> None:
    assert {each.ok().path for each in promised.get_all_operations()} == {*OPERATIONS, *PLUGGED, "/v1/events"}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", [*OPERATIONS, *PLUGGED])
def test_it_answers_what_it_promises(house: Office, promised: Any, path: str, mode: GenerationMode) -> None:
    operation = next(each.ok() for each in promised.get_all_operations() if each.ok().path == path)
    token = house.token("admin")

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES if path in OPERATIONS else FEW,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def tried(case: schemathesis.Case) -> None:
        house.steady[0] += 61  # each is tried without a token as well, and strangers are few a minute
        case.call_and_validate(headers=token)

    tried()
