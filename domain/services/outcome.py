"""What one check of one service brought: its words, times by phase, redirect hops, certificates."""

from dataclasses import dataclass
from enum import StrEnum

from domain.services.certificates import CertificateFacts
from domain.services.words import Finding, ServiceWord, gravest, state_of
from domain.states import State
from domain.time import Moment


class CheckKind(StrEnum):
    HTTP = "http"
    TCP = "tcp"
    DNS = "dns"
    RTSP = "rtsp"


@dataclass(frozen=True, slots=True)
class Phases:
    """Seconds of each part of one exchange, one after the other; None: it did not come to that.

    first_byte: from the request sent to the first octet of the answer. total: all of it, redirects included.
    """

    resolve_seconds: float | None = None
    connect_seconds: float | None = None
    tls_seconds: float | None = None
    first_byte_seconds: float | None = None
    total_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One request of a chain of redirects. location: where it sent us, absolute; empty at the last hop."""

    url: str
    status: int
    phases: Phases
    location: str = ""


@dataclass(frozen=True, slots=True)
class ServiceOutcome:
    """One check. code: the service's, or the camera's name.

    status: of the last HTTP or RTSP answer. octets: of the last body that was read (bounded, so perhaps not all).
    reached: somebody answered at that address (a connection, a refusal, a DNS answer): the way there is whole.
    """

    code: str
    kind: CheckKind
    at: Moment
    findings: tuple[Finding, ...] = ()
    phases: Phases = Phases()
    status: int | None = None
    octets: int = 0
    hops: tuple[Hop, ...] = ()
    certificates: tuple[CertificateFacts, ...] = ()
    reached: bool = False

    @property
    def word(self) -> ServiceWord:
        return gravest(self.findings)

    @property
    def state(self) -> State:
        """The worst state of all findings: a defaced page with an expired certificate is down."""
        states = {state_of(finding.word) for finding in self.findings}
        return next((state for state in (State.DOWN, State.UNKNOWN, State.DEGRADED) if state in states), State.UP)
