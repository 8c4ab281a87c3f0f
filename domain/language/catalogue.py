"""The one place that knows which language is spoken now."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from gettext import NullTranslations

_LANGUAGE: ContextVar[tuple[str, NullTranslations]] = ContextVar("language")
_DEFAULT: list[tuple[str, NullTranslations]] = [("en", NullTranslations())]


_KNOWN: dict[str, NullTranslations] = {"en": NullTranslations()}  # the source language


def know(language: str, catalogue: NullTranslations) -> None:
    """A language that may be spoken to somebody, whichever is spoken here."""
    _KNOWN[language] = catalogue


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside, texts are in the language of whoever is to read them. One that nobody made known changes nothing."""
    catalogue = _KNOWN.get(language)
    if catalogue is None:
        yield
        return
    token = _LANGUAGE.set((language, catalogue))
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def use(language: str, catalogue: NullTranslations) -> None:
    """Speak `language` from now on, in every thread and task that has not chosen its own."""
    _DEFAULT[0] = (language, catalogue)


def use_here(language: str, catalogue: NullTranslations) -> None:
    """Speak `language` in this task alone, and in what it starts: whoever asks may speak another one than we do."""
    _LANGUAGE.set((language, catalogue))


def active_language() -> str:
    return _LANGUAGE.get(_DEFAULT[0])[0]


def _(text: str) -> str:
    """The text in the active language."""
    return _LANGUAGE.get(_DEFAULT[0])[1].gettext(text)


def n_(singular: str, plural: str, count: int) -> str:
    """The text for `count` things, in the active language; the caller fills in the number."""
    return _LANGUAGE.get(_DEFAULT[0])[1].ngettext(singular, plural, count)
