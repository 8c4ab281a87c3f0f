"""What the collectors' tests share."""

from collections.abc import Iterator

import pytest

from tests.unit.collectors.sweep_network import Network


@pytest.fixture
def network() -> Iterator[Network]:
    """A sweeper without devices, stopped at the end."""
    made = Network()
    yield made
    made.close()
