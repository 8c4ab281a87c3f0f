"""Why a conversation with a device came to nothing. Messages name the device and the next step, never a secret."""

from collections.abc import Callable
from typing import ClassVar


class ShellError(Exception):
    """Root. cause: a word for tables, metrics and programs. quoted: what in the message are the device's own words;
    whoever read a configuration masks them before they are kept, see `with_quote`.
    """

    cause: ClassVar[str] = "failed"

    def __init__(self, device: str, message: str, quoted: str = "") -> None:
        super().__init__(message)
        self.device = device
        self.quoted = quoted

    def with_quote(self, quote: Callable[[str], str]) -> str:
        """The message with the device's words as `quote` makes them."""
        return str(self).replace(self.quoted, quote(self.quoted)) if self.quoted else str(self)


class UnreachableError(ShellError):
    """No connection, or nobody there who speaks SSH."""

    cause = "unreachable"


class AlgorithmsError(ShellError):
    """Both sides speak SSH and have no key exchange, cipher or signature in common."""

    cause = "algorithms"


class HostKeyUnknownError(ShellError):
    """The device was never met, and meeting it for the first time is not allowed."""

    cause = "host-key-unknown"


class HostKeyChangedError(ShellError):
    """Somebody else answers, or the device was replaced. known, offered: fingerprints."""

    cause = "host-key-changed"

    def __init__(self, device: str, message: str, known: str, offered: str) -> None:
        super().__init__(device, message)
        self.known = known
        self.offered = offered


class LoginRefusedError(ShellError):
    """User, password, key or right. It was tried once and is not tried again by itself."""

    cause = "login-refused"


class TimedOutError(ShellError):
    """The device said nothing more, or something that nobody expected."""

    cause = "timed-out"


class BrokenOffError(ShellError):
    """The connection ended in the middle."""

    cause = "broken-off"


class TruncatedError(ShellError):
    """What was read is not whole."""

    cause = "truncated"


class BusyError(ShellError):
    """Another conversation with the same device has not ended."""

    cause = "busy"
