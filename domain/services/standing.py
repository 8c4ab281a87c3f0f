"""How every service stands with what its last check found: what the poller lends to who shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.services.board import ServiceState
from domain.services.certificates import CertificateFacts
from domain.services.outcome import CheckKind, Hop, Phases, ServiceOutcome
from domain.services.words import Finding, ServiceWord
from domain.states import State


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one service or camera. state, word, since: as decided; the rest: of the last check, which may be newer.

    state None: it was checked and found bad once, which decides nothing yet.
    """

    code: str
    kind: CheckKind
    checked_at: datetime
    phases: Phases
    state: State | None = None
    word: ServiceWord | None = None
    since: datetime | None = None
    status: int | None = None
    octets: int = 0
    findings: tuple[Finding, ...] = ()
    hops: tuple[Hop, ...] = ()
    certificates: tuple[CertificateFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Standings:
    """refused: code → why it cannot be checked."""

    services: tuple[Standing, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)


def standing_of(last: ServiceOutcome, decided: ServiceState | None) -> Standing:
    return Standing(
        last.code,
        last.kind,
        last.at.utc,
        last.phases,
        decided.state if decided else None,
        decided.word if decided else None,
        decided.since.utc if decided else None,
        last.status,
        last.octets,
        last.findings,
        last.hops,
        last.certificates,
    )
