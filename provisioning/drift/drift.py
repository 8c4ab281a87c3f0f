"""The state of one device against its intent: matches, drifted with the lines, or nobody said what it is to be."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.intent import Configuration, Difference
from provisioning.difference import compare


class DriftState(StrEnum):
    MATCHES = "matches"
    DRIFTED = "drifted"
    NO_INTENT = "no-intent"
    UNREAD = "unread"  # there is an intent, and no configuration was read yet


@dataclass(frozen=True, slots=True)
class Drift:
    """difference: what stands between, where both sides are known."""

    device: str
    state: DriftState
    difference: Difference | None = None


class IntendedConfigs(Protocol):
    """What devices are to be, as it was rendered and approved; None for a device that nobody planned."""

    def intended(self, device: str) -> Configuration | None: ...


def judge(device: str, intended: Configuration | None, read: str | None) -> Drift:
    """read: as a backup keeps it. Raises UnreadableConfigurationError."""
    if intended is None:
        return Drift(device, DriftState.NO_INTENT)
    if read is None:
        return Drift(device, DriftState.UNREAD)
    difference = compare(intended, read)
    return Drift(device, DriftState.MATCHES if difference.matches else DriftState.DRIFTED, difference)
