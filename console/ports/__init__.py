"""What the console reads and whom it gives orders to; the wiring implements it. All of it blocks.

Each area of pages has a file of its own here; what every page needs is in `core`.
"""

from console.ports.core import Coverage, Hush, Look, OrderFailedError, Orders, Place, Silence, Sources, Words

__all__ = ["Coverage", "Hush", "Look", "OrderFailedError", "Orders", "Place", "Silence", "Sources", "Words"]
