"""A pasted list of villages, as PLN or a kecamatan sends it, to their codes. Never guesses between two of one name.

Reads `Cibodas`, `Ds. Cibodas`, `Cibodas (Kec. Sukatani)`, `Cibodas, Sukatani`, `Kec. Sukatani: Cibodas, Cilalawi`,
numbered lists, one line or many. A misspelling is taken only where one village alone is near.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_HEAD: Final = re.compile(r"^\s*(?:kec(?:amatan)?)\b\.?\s*(?P<kecamatan>[^:,(]+?)\s*:\s*(?P<rest>.*)$", re.I)
_HEAD_ALONE: Final = re.compile(r"^\s*(?:kec(?:amatan)?)\b\.?\s*(?P<kecamatan>[^:,(]+?)\s*:?\s*$", re.I)
_NUMBERED: Final = re.compile(r"^\s*(?:\d+\s*[.)]|[-•*–])\s*")
_PREFIX: Final = re.compile(r"^\s*(?:desa|ds|kelurahan|kel|lurah)\b\.?\s*", re.I)
_IN_KECAMATAN: Final = re.compile(
    r"^(?P<name>.*?)\s*[(,\-–/]?\s*\bkec(?:amatan)?\b\.?\s*(?P<kecamatan>[^()]+?)\s*\)?\s*$", re.I
)
_IN_BRACKETS: Final = re.compile(r"^(?P<name>.*?)\s*\(\s*(?P<kecamatan>[^()]+?)\s*\)\s*$")
NEAR: Final = 0.84
CLEARLY: Final = 0.06  # the nearest must be nearer than the next by this


@dataclass(frozen=True, slots=True)
class VillageName:
    """A village as it is known."""

    code: str
    name: str
    kecamatan: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A name that stays open. candidates: those it may be; none: nothing is near."""

    text: str
    candidates: tuple[VillageName, ...] = ()


@dataclass(frozen=True, slots=True)
class VillageMatch:
    """found: in the order of the list. corrected: (as it was written, what was taken). ambiguous: say the kecamatan."""

    found: tuple[VillageName, ...]
    corrected: tuple[tuple[str, VillageName], ...] = ()
    ambiguous: tuple[Asked, ...] = ()
    unknown: tuple[Asked, ...] = ()

    @property
    def is_complete(self) -> bool:
        return not self.ambiguous and not self.unknown


def match_villages(text: str, villages: Iterable[VillageName]) -> VillageMatch:
    """What the list names, what it may mean, and what nobody knows. Order is kept, doubles are one."""
    book = _Book(villages)
    found: dict[str, VillageName] = {}
    corrected: list[tuple[str, VillageName]] = []
    ambiguous: list[Asked] = []
    unknown: list[Asked] = []
    for name, kecamatan in _entries(text, book):
        matches, is_exact = book.find(name, kecamatan)
        said = f"{name} (Kec. {kecamatan})" if kecamatan else name
        if len(matches) == 1:
            found.setdefault(matches[0].code, matches[0])
            if not is_exact:
                corrected.append((said, matches[0]))
        elif matches:
            ambiguous.append(Asked(said, matches))
        else:
            unknown.append(Asked(said, book.nearest(name)))
    return VillageMatch(tuple(found.values()), tuple(corrected), tuple(ambiguous), tuple(unknown))


class _Book:
    def __init__(self, villages: Iterable[VillageName]) -> None:
        self._by_name: dict[str, list[VillageName]] = {}
        for village in villages:
            self._by_name.setdefault(plain(village.name), []).append(village)
        self.kecamatan = {plain(each.kecamatan) for found in self._by_name.values() for each in found}

    def find(self, name: str, kecamatan: str) -> tuple[tuple[VillageName, ...], bool]:
        """Those it may be, and whether it was written right."""
        exact = self._within(self._by_name.get(plain(name), ()), kecamatan)
        if exact:
            return exact, True
        near = [
            (score, village)
            for known, found in self._by_name.items()
            if (score := _likeness(plain(name), known)) >= NEAR
            for village in self._within(found, kecamatan)
        ]
        if not near:
            return (), False
        best = max(score for score, _village in near)
        return tuple(village for score, village in near if best - score < CLEARLY), False

    def nearest(self, name: str) -> tuple[VillageName, ...]:
        """To help: up to three."""
        scored = [
            (_likeness(plain(name), known), village) for known, found in self._by_name.items() for village in found
        ]
        return tuple(village for score, village in sorted(scored, key=lambda each: -each[0])[:3] if score >= 0.6)

    def _within(self, villages: Sequence[VillageName], kecamatan: str) -> tuple[VillageName, ...]:
        if not kecamatan:
            return tuple(villages)
        wanted = plain(kecamatan)
        return tuple(village for village in villages if _likeness(wanted, plain(village.kecamatan)) >= NEAR)


def _entries(text: str, book: _Book) -> Iterable[tuple[str, str]]:
    """(village, kecamatan or "")."""
    above = ""
    for line in re.split(r"[\n;]", text):
        line = _NUMBERED.sub("", line)
        if not line.strip():
            continue
        if head := _HEAD.match(line):
            above, line = head["kecamatan"], head["rest"]
            if not line.strip():
                continue
        elif alone := _HEAD_ALONE.match(line):
            above = alone["kecamatan"]
            continue
        yield from _names(line, above, book)


def _names(line: str, above: str, book: _Book) -> Iterable[tuple[str, str]]:
    parts = [part.strip(" .\t") for part in re.split(r",(?![^(]*\))|\bdan\b|\band\b|&", line)]
    parts = [part for part in parts if part]
    place = 0
    while place < len(parts):
        name, kecamatan = _split(parts[place])
        following = parts[place + 1] if place + 1 < len(parts) else ""
        if not kecamatan and following:
            bare = re.sub(r"^kec(?:amatan)?\b\.?\s*", "", following, flags=re.I)
            if bare != following or (len(parts) == 2 and not above and plain(following) in book.kecamatan):
                kecamatan, place = bare, place + 1
        yield _PREFIX.sub("", name), kecamatan or above
        place += 1


def _split(part: str) -> tuple[str, str]:
    for pattern in (_IN_KECAMATAN, _IN_BRACKETS):
        found = pattern.match(part)
        if found and found["name"].strip():
            return found["name"].strip(), found["kecamatan"].strip()
    return part, ""


def plain(name: str) -> str:
    """For comparing: `Ds. SUKA-HAJI` and `Sukahaji` are one."""
    return re.sub(r"[^a-z0-9]", "", _PREFIX.sub("", name).casefold())


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if not one or not other or abs(len(one) - len(other)) > 4:
        return 0.0
    return SequenceMatcher(None, one, other).ratio()
