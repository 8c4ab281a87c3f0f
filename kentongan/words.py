"""Which language is spoken: the setting, else LANG; catalogues come from `kentongan/locale`."""

import gettext
import os
from collections.abc import Mapping
from pathlib import Path

from domain.language import know, use, use_here

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = ("id", "en")


def choose_language(setting: str, environment: Mapping[str, str] = os.environ) -> str:
    """'auto' follows LANGUAGE, LC_ALL, LC_MESSAGES, LANG: Indonesian if the first that is set says so, else English."""
    if setting in LANGUAGES:
        return setting
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(variable, "")
        if value:
            return "id" if value.lower().startswith(("id", "ind")) else "en"
    return "en"


def speak(language: str) -> None:
    """From now on; and know the others, for messages to people who read another one."""
    for each in LANGUAGES:
        know(each, _catalogue(each))
    use(language, _catalogue(language))


def speak_here(language: str) -> None:
    """In this task alone."""
    use_here(language, _catalogue(language))


def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("kentongan", LOCALE, [language], fallback=True)
