"""What the pages of applications, certificates and cameras need. All of it blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from domain.incidents import Incident
from domain.network import Device, Service, Site
from domain.services.standing import Standing


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that is checked: an application, or a camera (service is then None).

    code: the service's, or the camera's name. site: where it stands; None where nobody said.
    """

    code: str
    service: Service | None
    device: Device | None
    site: Site | None


@dataclass(frozen=True, slots=True)
class Board:
    """standings: by code; those that the poller has not checked yet are not there. refused: code → why it cannot be
    checked. silent: why the poller says nothing; empty while it does."""

    subjects: tuple[Subject, ...]
    standings: Mapping[str, Standing] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    silent: str = ""


class Services(Protocol):
    def board(self) -> Board: ...

    def history(self, subject: Subject) -> Sequence[Incident]:
        """Of its own faults, the newest first, at most some dozens."""
        ...
