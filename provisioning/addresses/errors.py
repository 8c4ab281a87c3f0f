"""What the address plan refuses. Each message says what to do next."""

from provisioning.errors import ProvisioningError


class AddressPlanError(ProvisioningError):
    """Root of what the address plan refuses."""


class UnknownPoolError(AddressPlanError):
    """No pool of that name, or none that fits what is asked for."""


class PoolExistsError(AddressPlanError):
    """The name or the range is another pool's."""


class OverlapError(AddressPlanError):
    """The range lies across another pool's, or what is asked for by name is not free."""


class PoolEmptyError(AddressPlanError):
    """Nothing of the size is free."""


class PoolInUseError(AddressPlanError):
    """Something of the pool is still given, reserved or in quarantine."""


class DifferentAllocationError(AddressPlanError):
    """The owner has another one under this label."""


class NothingAllocatedError(AddressPlanError):
    """The owner has nothing that could be released."""


class RequestError(AddressPlanError):
    """A request that cannot be meant."""
