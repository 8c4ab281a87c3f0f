"""Why a configuration was not kept or cannot be shown."""

from typing import ClassVar

from provisioning.errors import ProvisioningError


class BackupError(ProvisioningError):
    """cause: a word for tables, metrics and programs, beside those of `domain.shell`."""

    cause: ClassVar[str] = "failed"


class ConfigurationShrunkError(BackupError):
    """So much smaller than the last one that it is hardly whole."""

    cause = "shrunk"


class RepositoryError(BackupError):
    """The folder of the configurations cannot be read or written."""

    cause = "not-written"


class NoBackupError(BackupError):
    """There is no such configuration."""

    cause = "none"
