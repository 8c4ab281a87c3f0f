"""What the room refuses."""


class ConsoleError(Exception):
    """Root of the room's errors."""


class NotEnteredError(ConsoleError):
    """Nobody was let in: wrong name or password, a closed account, or too many tries."""


class PasswordRefusedError(ConsoleError):
    """A new password that is not good enough."""
