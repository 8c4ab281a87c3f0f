"""Reads the shipped list of words that condemn a page, and an office's own beside it."""

from importlib.resources import files
from pathlib import Path

from domain.services import PhraseBook


def shipped_phrases(more: Path | None = None) -> PhraseBook:
    """more: a file of the same form, which adds to it. Raises OSError, and ValueError naming the line."""
    book = PhraseBook.parse(
        files("collectors.http").joinpath("forbidden_words.txt").read_text(encoding="utf-8").splitlines()
    )
    if more is None:
        return book
    return PhraseBook((*book.phrases, *PhraseBook.parse(more.read_text(encoding="utf-8").splitlines()).phrases))
