"""The board as bytes: written once for everybody who sees the same, packed once, handed out to all who watch."""

import gzip
import threading
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from fastapi import Request

from console.cutting import cut_incidents
from console.ports import Look, Sources
from console.scope import seen_by, shows
from console.views.hour import HOUR
from console.views.rows import Speak
from console.views.wall import wall_of
from console.web.pages import Pages
from domain.accounts import Account
from domain.language import active_language

MOST_KEPT: Final = 64
PACKING: Final = 6
Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Board:
    """stamp: of the look and the minute it was written of."""

    stamp: tuple[int, str]
    text: str
    packed: bytes


class Boards:
    """One board for each language and each set of regions, of the newest look."""

    def __init__(self, sources: Sources, pages: Pages, zone: tzinfo) -> None:
        self._sources = sources
        self._pages = pages
        self._zone = zone
        self._lock = threading.Lock()
        self._kept: dict[Key, Board] = {}

    def kept(self, account: Account, whole: Look) -> Board | None:
        """The one that was written of this look, if it was."""
        kept = self._kept.get((active_language(), account.area))
        return kept if kept is not None and kept.stamp == _stamp(whole) else None

    def board(self, request: Request, account: Account, whole: Look, speak: Speak) -> Board:
        """whole: the look before it is cut to what the account sees."""
        with self._lock:  # or two hundred who are told at once would all write it
            kept = self.kept(account, whole)
            if kept is not None:
                return kept
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            board = self._written(request, account, whole, speak)
            self._kept[active_language(), account.area] = board
            return board

    def _written(self, request: Request, account: Account, whole: Look, speak: Speak) -> Board:
        look = seen_by(account, whole)
        over = self._sources.between(look.at - HOUR, look.at)
        lately = cut_incidents(look, (each for each in over if shows(look, each)))
        wall = wall_of(look, lately, speak, self._zone)
        text = self._pages.text(request, "wall_board.html", None, look, wall=wall)
        return Board(_stamp(whole), text, gzip.compress(text.encode(), PACKING, mtime=0))


def _stamp(whole: Look) -> tuple[int, str]:
    return whole.mark, f"{whole.at:%Y-%m-%dT%H:%M} {whole.silent}"
