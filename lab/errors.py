"""What can go wrong in the lab; messages name what, where and what to do next."""


class LabError(Exception):
    """Root of the lab's own errors."""


class UnknownKabupatenError(LabError):
    """The code given is not a kabupaten or kota among the regions handed in."""


class UnknownNameError(LabError):
    """A link, site or device that the simulated world does not hold."""


class WorldNotRunningError(LabError):
    """Nobody listens on the control socket."""


class WorldRefusedError(LabError):
    """The world answered a request with an error."""


class BerError(LabError):
    """Bytes that are no BER, or not the BER of an SNMP message."""


class PortTakenError(LabError):
    """The UDP port or the control socket of the world is in use."""
