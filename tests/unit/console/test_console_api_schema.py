"""Schemathesis against the OpenAPI document, in this process: what it promises is what is answered, and nothing falls.

Its own pytest plugin is not used: one test for each operation is made of its strategies here.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from tests.unit.console.console_office import Office, office

EXAMPLES = 10
SEED = 20261123
OPERATIONS = ("/v1/incidents", "/v1/incidents/{id}", "/v1/incidents/{id}/acts", "/v1/devices", "/v1/sites",
              "/v1/coverage", "/v1/health")  # fmt: skip
"""All but the stream, which never ends."""


@pytest.fixture(scope="module")
def house() -> Iterator[Office]:
    with office() as made:
        yield made


@pytest.fixture(scope="module")
def promised(house: Office) -> Any:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", house.client.app, config=SchemathesisConfig())


def test_all_are_tried(promised: Any) -> None:
    assert {each.ok().path for each in promised.get_all_operations()} == {*OPERATIONS, "/v1/events"}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", OPERATIONS)
def test_it_answers_what_it_promises(house: Office, promised: Any, path: str, mode: GenerationMode) -> None:
    operation = next(each.ok() for each in promised.get_all_operations() if each.ok().path == path)
    token = house.token("admin")

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
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
