"""Finds the known name that was probably meant, also among a hundred thousand."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Final

from domain.language import _

_CANDIDATES: Final = 20
_LONGEST: Final = 80
_MOST_QUESTIONS: Final = 200  # a file of wrong names is one mistake, not a hundred thousand


class Nearest:
    """Names by the three-letter pieces they share; the index is built at the first question."""

    def __init__(self, names: Callable[[], Iterable[tuple[str, str]]]) -> None:
        """`names` gives pairs of (what people may have written, the key it stands for)."""
        self._names = names
        self._pieces: dict[str, list[tuple[str, str]]] | None = None
        self._answers: dict[str, str] = {}

    def to(self, wrong: str) -> str:
        """The nearest key, or an empty text."""
        if wrong not in self._answers:
            if len(self._answers) >= _MOST_QUESTIONS:
                return ""
            self._answers[wrong] = self._find(wrong)
        return self._answers[wrong]

    def remedy(self, wrong: str) -> str:
        near = self.to(wrong)
        return _("Did you mean '{name}'?").format(name=near) if near else ""

    def _find(self, wrong: str) -> str:
        pieces = self._index()
        shared: Counter[tuple[str, str]] = Counter()
        for piece in _pieces_of(wrong):
            shared.update(pieces.get(piece, ())[:2_000])
        likely = {written: key for (written, key), _times in shared.most_common(_CANDIDATES)}
        near = get_close_matches(wrong.casefold()[:_LONGEST], likely, n=1, cutoff=0.6)
        return likely[near[0]] if near else ""

    def _index(self) -> dict[str, list[tuple[str, str]]]:
        if self._pieces is None:
            self._pieces = defaultdict(list)
            for written, key in self._names():
                folded = written.casefold()[:_LONGEST]
                for piece in _pieces_of(folded):
                    self._pieces[piece].append((folded, key))
        return self._pieces


def _pieces_of(text: str) -> set[str]:
    padded = f"  {text.casefold()[:_LONGEST]} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
