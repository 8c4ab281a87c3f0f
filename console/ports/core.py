"""What every page needs: how everything stands now, incidents, orders to the engine, coverage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from domain.incidents import Act, Incident
from domain.network import Inventory
from domain.states import DeviceState


class Hush(StrEnum):
    """Why the poller cannot be believed."""

    UNASKABLE = "unaskable"  # it has no page to be asked at
    GONE = "gone"  # nobody answers there
    NOT_READY = "not-ready"  # it answers, and says why not


@dataclass(frozen=True, slots=True)
class Silence:
    """url: where it was asked. reasons: its own, in the language it speaks."""

    why: Hush
    url: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """How everything stands at one moment. names: region code → name. states: by device.

    open: incidents, oldest first. silent: why the poller cannot be believed now; None while it works.
    silent_since: from when on nothing new has come.
    """

    at: datetime
    inventory: Inventory
    names: Mapping[str, str]
    states: Mapping[str, DeviceState]
    open: tuple[Incident, ...] = ()
    silent: Silence | None = None
    silent_since: datetime | None = None
    mark: int = 0  # another one as soon as anything of it differs
    sees_all: bool = True  # not cut to the regions of an account


@dataclass(frozen=True, slots=True)
class Words:
    """An incident in one language. state, whose, actor: of the first line. lines: what follows it.

    evidence: a sentence each, in the order of the verdict. order: the whole text, to be copied into a chat.
    ticket: ready to be sent to the provider's NOC, empty where no provider has to mend it.
    """

    state: str
    whose: str
    actor: str
    title: str
    lines: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    order: str = ""
    ticket: str = ""


class Sources(Protocol):
    """What there is to see."""

    def look(self) -> Look: ...

    def incident(self, id_: str) -> Incident | None:
        """Also one that is over."""
        ...

    def between(self, since: datetime, until: datetime) -> Sequence[Incident]: ...

    def timeline(self, id_: str) -> Sequence[Act]: ...

    def words(self, incident: Incident, language: str) -> Words: ...

    def reason(self, reason: str) -> str:
        """Why a device stands as it does, in words of the active language."""
        ...


class Coverage(Protocol):
    """What planners ask; documents as `kentongan coverage --json` prints them."""

    def document(self, on: date, since: date | None) -> Mapping[str, Any]: ...

    def curve(self, on: date) -> Sequence[tuple[date, int]]:
        """Connected desa at the end of each month since the first one."""
        ...

    def plan(self, budget: int) -> Mapping[str, Any]:
        """What to build next for so many rupiah, as `kentongan coverage plan --json` prints it."""
        ...

    def outlines(self) -> Mapping[str, Any]:
        """Of the kecamatan that were imported: a GeoJSON FeatureCollection, each with its code."""
        ...


class OrderFailedError(Exception):
    """An order was refused, or nobody is there to carry it out; says why in words for people."""


class Orders(Protocol):
    """Who carries out what people say of incidents."""

    def act(self, act: Act, token: str = "") -> tuple[str, ...]:
        """Names that are still dark, where it was said to be done. token: the id of the one it came with, empty for
        somebody at a page. Raises OrderFailedError."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """What the pages call this installation."""

    kabupaten: str
    languages: Mapping[str, str] = field(default_factory=lambda: {"id": "Bahasa Indonesia", "en": "English"})
