"""Time as an argument: pure code is handed a `Moment`, only the rim reads a clock."""

from domain.time.moment import Clock, Moment

__all__ = ["Clock", "Moment"]
