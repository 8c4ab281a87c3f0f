"""Names made of a row's values: `{label}`, or `{label|other}` for the first of them that is not empty."""

import re
from collections.abc import Callable

_FIELD = re.compile(r"\{([^{}]+)\}")


def labels_of(template: str) -> set[str]:
    return {label for field in _FIELD.findall(template) for label in field.split("|")}


def fill(template: str, text_of: Callable[[str], str]) -> str:
    """`text_of` gives '' for what is not there. Blanks left at the ends are taken off."""

    def first(found: re.Match[str]) -> str:
        return next((text for label in found.group(1).split("|") if (text := text_of(label))), "")

    return " ".join(_FIELD.sub(first, template).split())
