"""Words that a government's page does not say of itself: gambling spam and defacers' marks. The list is data.

A line is `WEIGHT PHRASE`. 3: enough alone. 2: enough with another, or where it is prominent. 1: ordinary news has it
too, it only adds. A phrase in the title or description counts three times, in a heading twice: a home page's title
does not change with the news.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from domain.services.pages import Page, plain_words

ENOUGH = 3
_SEPARATORS = re.compile(r"[|;,\n]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One to look for, in plain lower case."""

    text: str
    weight: int


@dataclass(frozen=True)  # no slots: keeps its compiled pattern
class PhraseBook:
    """What is forbidden on one page."""

    phrases: tuple[Phrase, ...] = ()

    @classmethod
    def parse(cls, lines: Iterable[str]) -> Self:
        """`WEIGHT PHRASE` a line, `#` begins a comment. Raises ValueError naming the line."""
        phrases = []
        for number, line in enumerate(lines, 1):
            text = line.partition("#")[0].strip()
            if not text:
                continue
            weight, _space, phrase = text.partition(" ")
            if weight not in ("1", "2", "3") or not phrase.strip():
                raise ValueError(f"line {number}: write a weight of 1 to 3 and a phrase, not “{text}”")
            phrases.append(Phrase(_squeezed(phrase), int(weight)))
        return cls(tuple(phrases))

    def extended(self, forbid_text: str) -> "PhraseBook":
        """With a service's own words, separated by `|`, `;` or `,`; `-judi` takes a shipped phrase away."""
        parts = [part.strip() for part in _SEPARATORS.split(forbid_text)]
        dropped = {_squeezed(part) for part in parts if part.startswith("-")}
        own = [Phrase(word, ENOUGH) for part in parts if not part.startswith("-") and (word := _squeezed(part))]
        if not own and not dropped:
            return self
        return PhraseBook((*(phrase for phrase in self.phrases if phrase.text not in dropped), *own))

    def found_in(self, page: Page) -> tuple[str, ...]:
        """The phrases that condemn the page, in the order of the book; none if they are too few or too weak."""
        score, hits, tells = 0, [], False
        places = (
            (3, self._in(f"{page.title} {page.description}")),
            (2, self._in(page.headings)),
            (1, self._in(page.text)),
        )
        for phrase in self.phrases:
            factor = next((factor for factor, found in places if phrase.text in found), 0)
            if factor:
                score += factor * phrase.weight
                tells = tells or phrase.weight >= 2 or factor == 3
                hits.append(phrase.text)
        return tuple(hits) if tells and score >= ENOUGH else ()

    def _in(self, text: str) -> set[str]:
        """One pass of the pattern finds the longest; the shorter phrases inside it were said too."""
        if not self.phrases:
            return set()
        said = {match[1] for match in self._pattern.finditer(_squeezed(text))}
        return {phrase.text for phrase in self.phrases if any(f" {phrase.text} " in f" {each} " for each in said)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        texts = sorted((phrase.text for phrase in self.phrases), key=len, reverse=True)
        return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, texts))})(?!\w)")


def _squeezed(text: str) -> str:
    """Plain words with single spaces for whatever stands between them: slot-gacor is slot gacor."""
    return re.sub(r"[\W_]+", " ", plain_words(text)).strip()
