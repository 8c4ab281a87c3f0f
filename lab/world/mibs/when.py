"""Rows that are there only while something is."""

from collections.abc import Callable

from lab.world.table import Value
from lab.world.view import View


def when(strand: int, value: Value) -> Callable[[View], bytes | None]:
    """The value while the strand is up, no row otherwise."""
    if isinstance(value, bytes):
        return lambda view: value if view.strand_up[strand] else None
    return lambda view: value(view) if view.strand_up[strand] else None
