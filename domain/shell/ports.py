"""What a room needs that talks to devices. Every method blocks: they are called in a worker's thread."""

from typing import Protocol

from domain.secrets import Secret
from domain.shell.records import Command, HostKey, Reading, Reply, ShellTarget, Transcript


class Shell(Protocol):
    """An open conversation with one device. Every method but the last three raises ShellError's leaves."""

    def run(self, command: Command) -> Reply:
        """Say one line, answer what is asked, and wait until the device is ready again."""
        ...

    def read(self, reading: Reading) -> str:
        """A whole configuration. Raises TruncatedError unless its end is there."""
        ...

    def send_file(self, path: str, text: Secret) -> None:
        """A text file onto the device, over one that is there. It may hold secrets: only its size is kept."""
        ...

    @property
    def octets(self) -> int:
        """What the conversation has cost until now, both ways, without TCP's own."""
        ...

    def transcript(self) -> Transcript:
        """What was said until now, secrets masked."""
        ...

    def close(self) -> None:
        """Harmless when called again."""
        ...


class Shells(Protocol):
    """Opens conversations, one at a time with one device."""

    def open(self, target: ShellTarget) -> Shell:
        """Raises ShellError's leaves. The login is tried once."""
        ...


class HostKeys(Protocol):
    """The keys by which devices are known."""

    def known(self, device: str) -> HostKey | None: ...

    def trust(self, device: str, key: HostKey) -> bool:
        """Remember the first key of a device; False if first meetings are not allowed."""
        ...

    def refuse(self, device: str, offered: HostKey) -> None:
        """Remember that another key than the known one was offered, for a person to accept."""
        ...
