"""Whom an incident may wake: only what leaves people in the dark, or leaves us blind, rings at night."""

from typing import assert_never

from domain.incidents import Condition, Incident, Urgency


def urgency_of(incident: Incident) -> Urgency:
    """By its condition and impact. A watcher that knows better (a hot data-centre room) says so itself."""
    match incident.condition:
        case Condition.OUTAGE:
            return Urgency.PAGE if incident.impact.sites or incident.impact.services else Urgency.DAY
        case Condition.BLIND | Condition.MANAGEMENT:
            return Urgency.PAGE
        case Condition.DEGRADED | Condition.SERVICE:
            return Urgency.DAY
        case _:
            assert_never(incident.condition)
