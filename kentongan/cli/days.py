"""Values that several commands take: a day, written as ISO 8601."""

from datetime import date

from domain.language import _
from kentongan.errors import UsageError


def day_of(text: str, option: str) -> date | None:
    """None for an empty text. Raises UsageError, which names the option."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            _("{option}: '{value}' is no date. Write it like 2020-12-31.").format(option=option, value=text)
        ) from None
