"""What can go wrong while a site is planned or changed. One root for the room; each leaf names its cause.

Messages name the file, variable, device or site, and what to do next; they never hold a secret.
"""


class ProvisioningError(Exception):
    """Root of everything this room raises on purpose."""


class SiteProfileError(ProvisioningError):
    """A site profile, or the declaration of variables beside it, is not valid."""


class VariableError(ProvisioningError):
    """A variable has a value that its type refuses, or a name that nobody declared."""


class MissingVariableError(ProvisioningError):
    """A part of the configuration needs a variable that no layer gives."""


class UngivenError(MissingVariableError):
    """A template asks for an optional variable that here must be given. name: the variable."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class IntentError(ProvisioningError):
    """A site cannot be planned from what is known of it."""


class TemplateError(ProvisioningError):
    """A template does not exist, or asks for what it is not given."""


class UnquotableError(TemplateError):
    """A text that a platform's command line cannot take without doing something else."""


class UnreadableConfigurationError(ProvisioningError):
    """A configuration that was read from a device is not what its platform writes."""


class BootstrapError(ProvisioningError):
    """A first contact cannot be prepared for this device, or does not fit into a QR code."""
