"""What the validator says of a value, in our words; a sentence it does not know is passed on as it is."""

import re
from collections.abc import Callable
from typing import Final

from domain.language import _

# The validator (pydantic) speaks English alone. Each pattern's groups are the fields of our sentence.
_SENTENCES: Final[tuple[tuple[str, Callable[[], str]], ...]] = (
    (r"Input should be a valid integer.*", lambda: _("write a whole number")),
    (r"Input should be a valid number.*", lambda: _("write a number")),
    (r"Input should be a valid boolean.*", lambda: _("write true or false")),
    (r"Input should be a valid string.*", lambda: _("write a text")),
    (r"Input should be greater than or equal to (?P<limit>\S+)", lambda: _("write {limit} or more")),
    (r"Input should be greater than (?P<limit>\S+)", lambda: _("write more than {limit}")),
    (r"Input should be less than or equal to (?P<limit>\S+)", lambda: _("write {limit} or less")),
    (r"Input should be less than (?P<limit>\S+)", lambda: _("write less than {limit}")),
    (r"Input should be (?P<choices>'.*')", lambda: _("write one of: {choices}")),
    (r"(?P<value>'.*') is not one of (?P<choices>'.*)\.", lambda: _("{value} is not one of: {choices}")),
)


def in_plain_words(message: str) -> str:
    said = message.removeprefix("Value error, ")
    for pattern, sentence in _SENTENCES:
        if match := re.fullmatch(pattern, said):
            fields = {name: text.replace("' or '", "', '") for name, text in match.groupdict().items()}
            return sentence().format(**fields)
    return said
