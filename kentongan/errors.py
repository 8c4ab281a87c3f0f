"""What the wiring refuses, in words for people. Every message names what is wrong, where, and what to do next."""


class KentonganError(Exception):
    """Root of what a command reports as one sentence and exit status 1."""


class UsageError(KentonganError):
    """The command was called wrongly: exit status 2."""


class SettingsError(UsageError):
    """A setting is unknown, misplaced or has an impossible value."""


class AlreadyRunningError(KentonganError):
    """Another process holds the state folder."""


class NotInitialisedError(KentonganError):
    """There is no configuration or no database yet."""
