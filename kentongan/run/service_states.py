"""Lends how every service stands to the console: `GET /services` of the poller. Memory alone is read."""

from typing import Any, Final, Protocol

from domain.incidents.codec import to_plain
from domain.services import ServiceOutcome, ServicePlan, ServiceState
from domain.services.standing import Standings, standing_of

PATH: Final = "/services"


class Checked(Protocol):
    """The desk of services."""

    last: dict[str, ServiceOutcome]
    plan: ServicePlan

    def decided(self, code: str) -> ServiceState | None: ...


def service_states(desk: Checked) -> dict[str, Any]:
    """As `domain.incidents.codec` writes `Standings`."""
    found = tuple(standing_of(outcome, desk.decided(code)) for code, outcome in sorted(desk.last.items()))
    return to_plain(Standings(found, dict(desk.plan.refused or {})))
