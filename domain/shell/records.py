"""What is told to a device's command line and what it answers. Secrets in these records print as three stars."""

import base64
import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from domain.secrets import Secret, SshLogin


class Talk(StrEnum):
    """How a device takes commands."""

    PROMPTED = "prompted"  # on a terminal, with an echo and a prompt
    PLAIN = "plain"  # each command on a channel of its own, which ends with it (RFC 4254, 6.5)


@dataclass(frozen=True, slots=True)
class Question:
    """What the device may ask before it goes on. pattern: sought in the last line that it wrote."""

    pattern: str
    answer: str | Secret


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of command line is spoken to.

    driver: the name under which the SSH library knows it; it brings the terminal into order after the login.
    login_suffix: put behind the user's name. preparation: said once after the login, beyond what the driver does.
    more: the prompt of a pager. privileged: whether `enable` is needed before anything can be read.
    """

    driver: str = ""
    talk: Talk = Talk.PROMPTED
    login_suffix: str = ""
    preparation: tuple[str, ...] = ()
    more: str = r"-+ ?\(?[Mm]ore\b.{0,60}$"
    questions: tuple[Question, ...] = ()
    privileged: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One line for the device. seconds: how long it may take. secrets: what of it no transcript may show. prompt: what
    the device's prompt may look like afterwards, where the line gives it another name. settle_seconds: for how long
    nothing may come after a prompt for it to be the last. private: the answer may show secrets that nobody here knows;
    the transcript tells how long it was.
    """

    text: str
    seconds: float = 30.0
    answers: tuple[Question, ...] = ()
    secrets: tuple[Secret, ...] = ()
    prompt: str = ""
    settle_seconds: float = 0.15
    private: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What the device wrote, without echo and prompt, lines ended by one newline. status: where it tells one."""

    text: str
    seconds: float
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a whole configuration is read. parts: commands in their order. end: what must stand in the last line of the
    last part that is not empty ('' where the prompt's return has to do). begin: what must stand in the text at all.
    """

    parts: tuple[str, ...]
    end: str = ""
    begin: str = ""
    seconds: float = 90.0


@dataclass(frozen=True, slots=True)
class HostKey:
    """A device's public key. blob: as it crosses the wire, in base64."""

    algorithm: str
    blob: str

    @property
    def fingerprint(self) -> str:
        """As OpenSSH writes it: `SHA256:` and the digest in base64 without padding."""
        digest = hashlib.sha256(base64.b64decode(self.blob)).digest()
        return "SHA256:" + base64.b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class ShellLimits:
    """Hard limits of a conversation: nothing in it waits longer. whole_seconds: from the first packet to the last."""

    connect_seconds: float = 15.0
    whole_seconds: float = 180.0
    turn_seconds: float = 60.0
    octets: int = 16_000_000


@dataclass(frozen=True, slots=True)
class ShellTarget:
    """A device to talk to. legacy: allow key exchange, ciphers and signatures that are broken but all it knows."""

    device: str
    address: str
    login: SshLogin
    dialect: Dialect
    port: int = 22
    zone: str = ""
    legacy: bool = False
    limits: ShellLimits = field(default_factory=ShellLimits)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One command and its answer, secrets masked. at_seconds: since the conversation began."""

    at_seconds: float
    sent: str
    received: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation, word for word but for secrets."""

    device: str
    exchanges: tuple[Exchange, ...] = ()
