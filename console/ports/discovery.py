"""What the queue of doubts needs: what was found and is not known, units that may have been replaced, host keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.network import Role
from domain.network.units import UnitQuestion


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a device of ours sees at the other end of a cable, and that is in no inventory. key: by which it
    is spoken of. name, chassis: what it says of itself. ignored: why it is none of ours, by whom; empty while nobody
    said so."""

    key: str
    name: str
    chassis: str
    protocol: str
    seen_by: str
    interface: str
    site: str
    at: datetime
    ignored: str = ""
    ignored_by: str = ""


@dataclass(frozen=True, slots=True)
class Doubted:
    """A host key that was refused. known: the fingerprint that is believed, '' for none. at: when it was shown."""

    device: str
    known: str
    known_since: datetime | None
    offered: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Taken:
    """How something found is written down. address: '' for what is not asked anything."""

    key: str
    name: str
    role: Role
    model: str = ""
    address: str = ""


class Strangers(Protocol):
    """What is found and not known. Blocks."""

    def found(self) -> Sequence[Found]: ...

    def ignore(self, key: str, reason: str, who: str) -> None:
        """An empty reason takes it back. Raises RefusedError."""
        ...

    def take(self, taken: Taken, who: str) -> None:
        """Into the inventory, at the site of whoever saw it. Raises RefusedError."""
        ...


class Doubts(Protocol):
    """Whether what is known is still true. Blocks."""

    def questions(self) -> Sequence[UnitQuestion]:
        """Open ones, oldest first."""
        ...

    def dismiss(self, device: str, serial: str, reason: str, who: str) -> None:
        """It was not replaced. Raises RefusedError where nothing, or something else, is asked."""
        ...

    def host_keys(self) -> Sequence[Doubted]: ...

    def believe(self, device: str, fingerprint: str, who: str) -> None:
        """The key that was offered last, if it is this one. Raises RefusedError."""
        ...


@dataclass(frozen=True, slots=True)
class Queue:
    """Both together."""

    strangers: Strangers
    doubts: Doubts
