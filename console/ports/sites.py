"""What the pages about changes of sites need: where each stands, what is planned, and who carries orders out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from domain.changes import Job, Wave
from domain.intent import SitePlan


class OrderKind(StrEnum):
    BUILD = "build"  # also: go on with a change of any kind that is open
    ROLLBACK = "rollback"
    REPLACE = "replace"
    SUSPEND = "suspend"
    RESUME = "resume"
    DECOMMISSION = "decommission"
    WAVE = "wave"
    RESUME_WAVE = "resume-wave"


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody says is to be done. subject: the slug of a site; of a wave its number, '' for a new one. words:
    more about it, by name. mark: of what was seen when it was said; it is refused where that is another one by now.
    token: the id of the one it came with, empty for somebody at a page.
    """

    kind: OrderKind
    subject: str
    who: str
    words: Mapping[str, str] = field(default_factory=dict)
    mark: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """The last order for one subject (the slug of a site, the number of a wave, `wave` for a new one), and what became
    of it. ended_at: None while it is carried out. trouble: why it came to nothing before a change could say so; empty
    otherwise.
    """

    subject: str
    kind: str
    who: str
    at: datetime
    ended_at: datetime | None = None
    trouble: str = ""

    @property
    def is_under_way(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class Planned:
    """document: as `kentongan site plan --json` prints it. mark: of all that would be told."""

    plan: SitePlan
    document: Mapping[str, Any]
    mark: str


@dataclass(frozen=True, slots=True)
class Question:
    """A variable that a profile asks for. value: as it would be typed again; of a secret the name of its credential.
    source: where the value comes from, '' where there is none."""

    name: str
    about: str
    type: str
    required: bool
    value: str = ""
    source: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """A profile of sites."""

    name: str
    title: str
    medium: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order would do. lines: sentences. told: device → what would be said to it, secrets masked. lacking: lines
    that a person has to type, because they hold secrets that nobody keeps."""

    lines: tuple[str, ...]
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One conversation with a device, secrets masked. lines: (sent, received)."""

    at: datetime
    device: str
    step: str
    lines: tuple[tuple[str, str], ...]


class RefusedError(Exception):
    """It cannot be done as it stands; says why and what to do, in words for people."""


class ConflictError(RefusedError):
    """Somebody else was there first, or what was seen is not what there is now. Nothing was done."""


class SiteBook(Protocol):
    """What was done and what is under way. Blocks."""

    def newest(self) -> Mapping[str, Job]:
        """The last change of every site that had one."""
        ...

    def jobs(self, slug: str) -> Sequence[Job]:
        """Newest first."""
        ...

    def tasks(self) -> Mapping[str, Task]:
        """By the slug of a site; that of waves by `wave`: one at a time."""
        ...

    def transcript(self, job: Job) -> Sequence[Said]: ...

    def waves(self) -> Sequence[Wave]:
        """Newest first."""
        ...

    def sheet(self, slug: str, who: str) -> bytes:
        """The acceptance sheet as PDF. Raises RefusedError."""
        ...


class SitePlans(Protocol):
    """Dry runs. Nothing is taken or told. Blocks, up to some seconds."""

    def kinds(self) -> Sequence[Kind]: ...

    def plan(self, slug: str, profile: str, like: str) -> Planned:
        """Raises RefusedError with what is missing and where it would stand."""
        ...

    def questions(self, slug: str, profile: str, like: str) -> Sequence[Question]:
        """Raises RefusedError."""
        ...

    def answer(self, slug: str, values: Mapping[str, str], who: str) -> None:
        """Sets the site's own variables, all or none; an empty one is taken away. Raises RefusedError."""
        ...

    def preview(self, order: Order) -> Preview:
        """Of everything but building. Raises RefusedError."""
        ...


class SiteOrders(Protocol):
    """Who carries out what people say. Blocks shortly; what lasts goes on by itself."""

    def begin(self, order: Order) -> None:
        """Raises RefusedError, ConflictError."""
        ...

    def agree(self, slug: str, job: str, mark: str, who: str, *, token: str = "", revoke: bool = False) -> Job:
        """mark: the fingerprint that was seen. Raises RefusedError, ConflictError."""
        ...

    def agree_wave(
        self, wave: str, plans: Mapping[str, str], who: str, *, token: str = "", revoke: bool = False
    ) -> Sequence[Job]:
        """To the plans of all its sites that are not done, in one act or not at all. plans: site → the fingerprint that
        was seen. Raises RefusedError, ConflictError."""
        ...

    def stop(self, wave: str, who: str, *, token: str = "") -> None:
        """Those sites that were begun come to their end. Raises RefusedError where it is not this one that moves."""
        ...


@dataclass(frozen=True, slots=True)
class Sites:
    """All three together."""

    book: SiteBook
    plans: SitePlans
    orders: SiteOrders
