"""The five states of a device. `maintenance` stands beside a state, it is none of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class State(StrEnum):
    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"
    UNREACHABLE = "unreachable"  # dark because something before it is down
    UNKNOWN = "unknown"  # we are blind, or have not asked yet


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What is held of one device now. `reason` is a word of the catalogue: `icmp-silent`, `snmp-silent`, `loss`…"""

    name: str
    state: State
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class StateChange:
    """One change, as it is kept and shown."""

    at: datetime
    name: str
    from_: State
    to: State
    reason: str


class StateStore(Protocol):
    """Keeps states over restarts. `apply` writes changes and the new states in one transaction."""

    def read(self) -> tuple[DeviceState, ...]: ...

    def apply(self, changes: Iterable[StateChange]) -> None: ...

    def changes(self, since: datetime, limit: int) -> tuple[StateChange, ...]: ...

    def prune(self, before: datetime) -> int: ...

    def forget(self, names: Iterable[str]) -> None: ...
