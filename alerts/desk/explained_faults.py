"""From what explains the dark to faults for the desk. One Fault object per explanation, as long as that stands."""

from alerts.desk.faults import Fault
from alerts.rootcause.explain import Explanation
from alerts.rootcause.redundancy import LostRedundancy
from domain.incidents import Cause, Condition

DARK = "silent"
REDUNDANCY_LOST = "redundancy-lost"
PORT_PATIENCE = 3.0
"""Settle windows: a port is seen down before what stands behind it counts as dark."""


def fault_of(explanation: Explanation, settle_seconds: float | None = None) -> Fault:
    """settle_seconds: None for the desk's own window."""
    return Fault(
        condition=Condition.MANAGEMENT if explanation.management else Condition.OUTAGE,
        cause=explanation.cause,
        reason=DARK,
        members=frozenset(explanation.members),
        roots=frozenset(explanation.roots) & frozenset(explanation.members),
        indistinct=explanation.indistinct,
        suspects=explanation.suspects,
        unseen=frozenset(explanation.unknown),
        settle_seconds=settle_seconds,
    )


def fault_of_lost(lost: LostRedundancy, settle_seconds: float | None = None) -> Fault:
    """Nothing is dark; its members are what now stands on one way."""
    return Fault(
        condition=Condition.DEGRADED,
        cause=lost.cause,
        reason=REDUNDANCY_LOST,
        members=frozenset(lost.stands_alone),
        indistinct=lost.indistinct,
        suspects=lost.suspects,
        detail=", ".join(lost.links),
        settle_seconds=settle_seconds,
    )


def still_lost(cause: Cause) -> Fault:
    """A lost redundancy that goes on while a second fault hides it."""
    return Fault(Condition.DEGRADED, cause, REDUNDANCY_LOST, frozenset())
