"""Why a step of a change came to nothing. `undoes` says what follows: everything is taken back, or the job waits."""

from typing import ClassVar

from provisioning.errors import ProvisioningError


class ChangeError(ProvisioningError):
    """Root. The job waits, and the next `apply` does the step again, unless `undoes`."""

    undoes: ClassVar[bool] = False


class HeldError(ChangeError):
    """Somebody else works on the site."""


class UnapprovedError(ChangeError):
    """Not enough people agreed, or somebody took it back."""


class NoWayError(ChangeError):
    """A platform that cannot be told anything yet, or a device without an address or a login."""


class ChangedSinceError(ChangeError):
    """Device or intent are not what was approved."""


class WrongDeviceError(ChangeError):
    """Another device answers at that address."""


class StartingError(ChangeError):
    """The device has just started. seconds: until it can be told something."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class DeviceRefusedError(ChangeError):
    """The device did not take a line or a file."""

    undoes = True


class UnlikeError(ChangeError):
    """The device has not become what it was told to be."""

    undoes = True


class CutOffError(ChangeError):
    """We told it something and reach it no more."""

    undoes = True


class RevertedError(ChangeError):
    """The device came back to before by itself."""

    undoes = True


class StrandedError(ChangeError):
    """It could not be brought back, or nobody knows whether it is."""
