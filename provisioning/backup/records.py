"""What is known of a device's backups."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.shell import ShellTarget
from provisioning.platforms import ConfigPlatform


@dataclass(frozen=True, slots=True)
class Subject:
    """A device whose configuration is to be kept. site: the folder it is kept in."""

    site: str
    platform: ConfigPlatform
    target: ShellTarget

    @property
    def device(self) -> str:
        return self.target.device


@dataclass(frozen=True, slots=True)
class Why:
    """Who caused a fetch, and why: what a commit says. who: '' if nobody is known."""

    reason: str
    who: str = ""


class Fate(StrEnum):
    """How one fetch ended."""

    FIRST = "first"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One fetch. cause, message: why it failed. octets: what it cost the line. added, removed, lines: of the text."""

    device: str
    fate: Fate
    revision: str = ""
    cause: str = ""
    message: str = ""
    octets: int = 0
    seconds: float = 0.0
    added: int = 0
    removed: int = 0
    lines: int = 0


@dataclass(frozen=True, slots=True)
class BackupState:
    """Of one device; times are unix seconds. good_at: when its configuration was last read whole (0: never), changed
    or not. cause, message: of the last try, empty if it was good. failures: in a row.
    """

    device: str
    platform: str = ""
    good_at: float = 0.0
    changed_at: float = 0.0
    revision: str = ""
    lines: int = 0
    tried_at: float = 0.0
    cause: str = ""
    message: str = ""
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Revision:
    """One commit of one device's configuration."""

    id: str
    at: datetime
    who: str
    why: str
    added: int
    removed: int
