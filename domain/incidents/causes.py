"""What can be the root of an incident, and who is liable for it."""

from dataclasses import dataclass
from enum import StrEnum


class CauseKind(StrEnum):
    """The promise of the webhook: `incident.cause.kind`."""

    LINK = "link"
    DEVICE = "device"
    SITE = "site"
    SEGMENT = "segment"
    FEEDER = "feeder"
    PROVIDER = "provider"
    SERVICE = "service"
    MANAGEMENT = "management"
    POLLER = "poller"


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """One thing of the inventory: `name` is its key there. A POLLER's name is empty, or the zone it polls."""

    kind: CauseKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind.value} {self.name}".rstrip()


@dataclass(frozen=True, slots=True)
class Suspect:
    """One explanation of a dark set. explains: how many of the ways that ended it accounts for.

    score: higher is likelier; comparable only within one incident. refuted_by: what shows that it cannot be, and is
    kept so that people see why something was left out.
    """

    cause: Cause
    explains: int
    score: float
    refuted_by: tuple[str, ...] = ()


class Party(StrEnum):
    """Who is liable. Downtime is charged to exactly one of them."""

    OURS = "ours"
    PLN = "pln"
    PROVIDER = "provider"
    OWNER = "owner"  # of the building, the village office, the application
    THIRD = "third"  # an excavator, a truck, a thief
    FORCE = "force"  # lightning, flood
    PLANNED = "planned"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Liable:
    """A party by its name where it has one: the provider's, the agency's."""

    party: Party
    name: str = ""
