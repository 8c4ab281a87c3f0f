"""What a command line and the terminal before it say to each other; no I/O and no clock in here.

A model is one device with its configuration. A console is one logged-in session on it. The rim (`lab.cli.server`)
reads characters, hands whole lines (or single keys, where a question wants one) to the console and prints the reply.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from lab.errors import LabError


class CliError(LabError):
    """Root of what goes wrong in the simulated command lines."""


class UnknownPlatformError(CliError):
    """A platform that has no simulated command line."""


@dataclass(frozen=True, slots=True)
class Login:
    """Who came in, from where. `options` are what RouterOS takes after a plus sign in the user's name."""

    user: str
    address: str
    options: str = ""
    columns: int = 80
    rows: int = 24


@dataclass(frozen=True, slots=True)
class Reply:
    """What a line brought: text with bare newlines, without the prompt that follows it.

    `paged` text stops at each full screen unless paging is off; `ends` closes the session; `restarts` means that the
    device goes down now and comes back after its boot time; `wrote` that flash or NVRAM was written. `late` comes
    behind the next prompt, as messages to all terminals do.
    """

    text: str = ""
    paged: bool = False
    ends: bool = False
    restarts: bool = False
    late: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a console wants to know before it goes on. `key`: one key answers. `hidden`: not echoed."""

    text: str
    then: Callable[[str], None]
    key: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """A full screen's prompt, what wipes it away, and how many rows a screen has (0: no paging)."""

    prompt: str
    wipe: str
    rows: int


@dataclass(frozen=True, slots=True)
class Ordered:
    """What a test orders of a model beside what was typed: faults that only the model can play."""

    ignores: str = ""
    disk_full: bool = False
    serial: str = ""


@dataclass(slots=True)
class Journal:
    """What was typed on a device: (seconds, user, line); passwords too, this is a toy."""

    lines: list[tuple[float, str, str]] = field(default_factory=list)

    def commands(self) -> list[str]:
        return [line for _at, _user, line in self.lines]


class Console(Protocol):
    """One session. `prompt` is what stands before the cursor: the device's prompt, or its question."""

    def greeting(self) -> str: ...

    def prompt(self) -> str: ...

    def wants_key(self) -> bool: ...

    def hides_input(self) -> bool: ...

    def pager(self) -> Pager: ...

    def take(self, line: str, now: float) -> Reply: ...


@runtime_checkable
class Helping(Protocol):
    """A console that knows what may come next: for `?` and the Tab key."""

    def following(self, line: str) -> list[str]: ...


@runtime_checkable
class Narrow(Protocol):
    """A console whose terminal has a width that its echo keeps to."""

    def columns(self) -> int: ...


@runtime_checkable
class Closing(Protocol):
    """A console whose end means something on the device."""

    def closed(self, now: float) -> None: ...


class Model(Protocol):
    """One device: sessions are opened on it, time passes over it, power leaves it."""

    def console(self, login: Login, now: float) -> Console: ...

    def accepts(self, user: str, password: str) -> bool: ...

    def trusts(self, user: str, public_key: str) -> bool: ...

    def admits(self, address: str, *, established: bool) -> bool: ...

    def pass_time(self, now: float) -> bool: ...

    def due(self) -> float | None: ...


class PoweredModel(Model, Protocol):
    """The rest of a model, for those who own it rather than log in to it."""

    def boot(self, now: float) -> None: ...

    def add_login(self, user: str, password: str, public_key: str) -> None: ...

    def order(self, ordered: Ordered) -> None: ...

    def running(self, now: float) -> str: ...

    def saved(self, now: float) -> str: ...
