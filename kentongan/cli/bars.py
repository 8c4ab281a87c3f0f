"""A pool's use as a bar: shapes that tell the parts apart without colour."""

from collections.abc import Iterable
from typing import Final

from rich.text import Text

from domain.addressing import Use
from domain.language import _

PARTS: Final = (  # field of Use, shape, colour
    ("given", "█", "green"),
    ("used", "▓", "blue"),
    ("pools", "▤", "magenta"),
    ("reserved", "▚", "cyan"),
    ("quarantined", "▒", "yellow"),
    ("free", "░", "dim"),
)


def bar(use: Use, width: int) -> Text:
    """As long as every other one; what is there at all has one cell at least, if there is room."""
    text = Text()
    for (_field, shape, colour), cells in zip(
        PARTS, cells_of([getattr(use, part[0]) for part in PARTS], width), strict=True
    ):
        text.append(shape * cells, style=colour)
    return text


def cells_of(sizes: Iterable[int], width: int) -> list[int]:
    """`width` cells shared out by size; the largest part pays for the cells that small ones are given."""
    parts = list(sizes)
    whole = sum(parts)
    if not whole:
        return [0 for _part in parts]
    cells = [max(1, part * width // whole) if part else 0 for part in parts]
    while sum(cells) != width:
        largest = max(range(len(parts)), key=lambda at: (cells[at], parts[at]))
        cells[largest] += 1 if sum(cells) < width else -1
    return cells


def legend() -> Text:
    words = {
        "given": _("given"),
        "used": _("in use by the inventory"),
        "pools": _("pools inside"),
        "reserved": _("reserved"),
        "quarantined": _("in quarantine"),
        "free": _("free"),
    }
    text = Text()
    for field, shape, colour in PARTS:
        text.append(f"{shape} ", style=colour).append(f"{words[field]}  ")
    return text
