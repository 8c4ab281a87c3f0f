"""Every text for people stands in both catalogues, translated, and the compiled catalogues are fresh."""

from functools import cache
from string import Formatter

import pytest
from babel.messages import Message

from scripts import messages

HINT = "run: make messages, then translate what it names"


extracted = cache(messages.extract)  # the whole program and each catalogue are read once for all tests
catalogue = cache(messages.read)


def ids(catalog: messages.Catalog) -> set[str]:
    return {message.id if isinstance(message.id, str) else message.id[0] for message in catalog if message.id}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def forms(message: Message) -> list[tuple[str, set[str]]]:
    """Each translated form, with the fields it may use."""
    sources = [message.id] if isinstance(message.id, str) else list(message.id)
    strings = [message.string] if isinstance(message.string, str) else list(message.string)
    allowed = set().union(*(fields(source) for source in sources))
    return [(string, allowed) for string in strings]


def test_texts_are_found_at_all() -> None:
    assert len(ids(extracted())) > 100


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_text_is_in_the_catalogue_and_no_other(language: str) -> None:
    wanted, known = ids(extracted()), ids(catalogue(language))
    assert not wanted - known, HINT
    assert not known - wanted, HINT


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    assert not [message.id for message in messages.untranslated(catalogue(language))], HINT


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_translations_use_the_fields_of_the_source(language: str) -> None:
    """A field with another name would be a KeyError in front of the user."""
    wrong = [
        (message.id, string)
        for message in catalogue(language)
        if message.id and message.string
        for string, allowed in forms(message)
        if "{" in str(message.id) and not fields(string) <= allowed
    ]
    assert not wrong


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_translation_drops_what_it_should_tell(language: str) -> None:
    """A message that names file, row and column in one language names them in the other."""
    dropped = [
        (message.id, message.string)
        for message in catalogue(language)
        if isinstance(message.id, str) and "{" in message.id and message.string
        if fields(message.id) - fields(str(message.string))
    ]
    assert not dropped


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_the_compiled_catalogue_is_fresh(language: str) -> None:
    path = messages.path_of(language).with_suffix(".mo")
    assert path.read_bytes() == messages.compiled(catalogue(language)), HINT
