"""What is kept of what devices log: who did what, when and from where. Everything else is counted and forgotten."""

from dataclasses import dataclass
from enum import StrEnum


class LogKind(StrEnum):
    CHANGED = "changed"  # the configuration is another one now
    SAVED = "saved"  # it was written to where it survives a restart
    LOGIN = "login"
    LOGOUT = "logout"
    REFUSED = "refused"  # a login that was not let in


@dataclass(frozen=True, slots=True)
class Told:
    """What one line says, in the device's own words, without what is plainly a secret.

    who, origin (where he came from), command (as it stands in the text): '' if it does not say.
    """

    kind: LogKind
    text: str
    who: str = ""
    origin: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line of a device's change log. at: unix seconds when it came in; devices' clocks are not believed.

    text: one printable line without secrets.
    """

    device: str
    at: float
    kind: LogKind
    who: str
    origin: str
    text: str
