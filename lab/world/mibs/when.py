"""Rows that are there only while something is."""

from collections.abc import Callable

from lab.world.view import View


def when(strand: int, value: bytes) -> Callable[[View], bytes | None]:
    """The value while the strand is up, no row otherwise."""
    return lambda view: value if view.strand_up[strand] else None
