"""How the vocabulary's values look in a column: enums by their value, lists as JSON, decimals exactly."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

E = TypeVar("E", bound=StrEnum)


class Word(TypeDecorator[E], Generic[E]):
    """A member of a closed enum, kept as its value. A value the enum does not know raises ValueError."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words
        self._known = {member.value: member for member in words}

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        if value is None:
            return None
        known = self._known.get(value)  # calling the enum itself takes ten times as long
        return self.words(value) if known is None else known


class Listed(TypeDecorator[tuple[Any, ...]]):
    """A tuple of texts or of members of an enum, kept as a JSON list in its order."""

    impl = Text
    cache_ok = True

    def __init__(self, read: Callable[[str], str] = str) -> None:
        super().__init__()
        self.read = read

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str:
        return json.dumps([str(item) for item in value], ensure_ascii=False) if value else "[]"

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        if not value or value == "[]":
            return ()
        return tuple(self.read(item) for item in json.loads(value))


class Exact(TypeDecorator[Decimal]):
    """A decimal number as its text: SQLite has no decimal type and would round."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class KeyYear(TypeDecorator[int]):
    """A year that is part of a key and may be unknown: kept as 0, because a key holds no NULL."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int:
        return value or 0

    def process_result_value(self, value: int | None, dialect: Dialect) -> int | None:
        return value or None


class KeyDate(TypeDecorator[date]):
    """A day that is part of a key and may be unknown: kept as its ISO text or an empty one, because a key holds no
    NULL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str:
        return value.isoformat() if value else ""

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if value else None
