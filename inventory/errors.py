"""What the inventory refuses. Each leaf names its cause; each message says what to do next."""


class InventoryError(Exception):
    """Root of the room's errors."""
