"""What the room refuses."""


class AlertError(Exception):
    """Root of the room's errors."""
