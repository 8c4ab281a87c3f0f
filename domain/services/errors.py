"""What is wrong with a service as it stands in the inventory."""


class UncheckableServiceError(ValueError):
    """The service's address cannot be checked; the message says why and how to write it."""


class HeartbeatRefusedError(ValueError):
    """What a site sent is no heartbeat; the message names the field, never its content."""


class ScriptRefusedError(ValueError):
    """A heartbeat script cannot be written from these values; the message says which one is wrong."""
