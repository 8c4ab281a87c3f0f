"""What can go wrong when the network is asked. One root for the room; each leaf names its cause.

Messages name the address and say what to do next; they never hold a community or a password.
"""


class CollectorError(Exception):
    """Root of everything this room raises on purpose."""


class SilentError(CollectorError):
    """No answer in all attempts."""


class RefusedError(CollectorError):
    """The device is there and its port is closed (ICMP port unreachable)."""


class UnauthorisedError(CollectorError):
    """The device hears us and will not serve us: user, password, security level or context."""


class GarbledError(CollectorError):
    """Answers came and none could be read."""


class ExhaustedError(CollectorError):
    """This machine has no file descriptor, buffer or memory left to ask with. It says nothing of the device."""


class AgentError(CollectorError):
    """The device answered with an error-status (RFC 3416) of its own."""


class EndlessWalkError(CollectorError):
    """The device answered a walk with an OID that does not come after the one asked for."""


class WalkTooLongError(CollectorError):
    """A walk went over its bound of rows, bytes or seconds."""


class ProfileError(CollectorError):
    """A profile (`collectors/profiles/*.yaml`) is not valid."""
