"""The templates of one language, read from the files beside this module and made ready once."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound

from alerts.errors import AlertError
from alerts.texts.speech import Speech
from domain.incidents import EvidenceKind
from domain.language import _

FOLDER: Final = Path(__file__).parent
LANGUAGES: Final = ("id", "en")


class TextError(AlertError):
    """A text has no template, or a kind of evidence no sentence."""


class Templates:
    """`render(name, …)` for whole texts, `evidence(kind, …)` for one sentence."""

    def __init__(self, speech: Speech, folder: Path = FOLDER) -> None:
        if speech.language not in LANGUAGES:
            raise TextError(
                _("There are no texts in the language '{name}'. Use one of: {known}.").format(
                    name=speech.language, known=", ".join(LANGUAGES)
                )
            )
        self._speech = speech
        # Plain texts for telephones: nothing is escaped here; whoever makes HTML or JSON of them escapes there.
        self._jinja = Environment(
            loader=FileSystemLoader(folder / speech.language),
            undefined=StrictUndefined,
            keep_trailing_newline=False,
            autoescape=False,  # noqa: S701
        )
        self._jinja.globals["s"] = speech
        self._jinja.filters.update(as_day=self._as_day, begin=_begin, short_number=_short_number, without=_without)

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """Lines without blanks around them, and no empty lines. Raises TextError for a name without a template."""
        try:
            text = self._jinja.get_template(f"{name}.txt").render(values)
        except TemplateNotFound as error:
            raise TextError(
                _("The text '{name}' is missing in '{language}'.").format(
                    name=error.name, language=self._speech.language
                )
            ) from None
        return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)

    def call(self, file: str, macro: str, *values: object) -> str:
        """One macro of a file of macros."""
        return " ".join(str(getattr(self._module(file), macro)(*values)).split())

    def evidence(self, kind: EvidenceKind, *values: object) -> str:
        """Its one sentence, without a full stop. Raises TextError for a kind that nobody has written one for."""
        macro = kind.value.replace("-", "_")
        if not hasattr(self._sentences, macro):
            raise TextError(_("There is no sentence for the evidence '{kind}'.").format(kind=kind.value))
        return " ".join(str(getattr(self._sentences, macro)(*values)).split())

    @cached_property
    def _sentences(self) -> Any:
        return self._module("evidence")

    def _module(self, file: str) -> Any:
        return self._jinja.get_template(f"{file}.txt").module

    def _as_day(self, value: object) -> str:
        """A day or instant, or its ISO text; what is none stays as it is."""
        try:
            at = value if isinstance(value, date) else datetime.fromisoformat(str(value))
        except ValueError:
            return str(value)
        if not isinstance(at, datetime):
            at = datetime.combine(at, time(12), self._speech.zone)
        return self._speech.day(at if at.tzinfo else at.replace(tzinfo=UTC))


def _begin(text: str) -> str:
    """With a capital, as a sentence begins; the rest as it is."""
    return text[:1].upper() + text[1:]


def _without(name: str, *words: str) -> str:
    """A name without the word that says what it is: the office's files may carry it already ('Penyulang Wanayasa')."""
    for word in words:
        rest = name[len(word) :]
        if name.lower().startswith(word) and rest[:1] and not rest[0].isalnum():
            return rest.lstrip(" -_.:") or name
    return name


def _short_number(value: object) -> object:
    """98.0 as 98."""
    number = cast(float, value)
    return int(number) if isinstance(value, float) and number.is_integer() else value
