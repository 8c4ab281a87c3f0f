"""A plan as bytes and back: one JSON line for the budget, one for each column, compressed.

Only what differs from a default is written. Lines are decoded once and shared: plans that differ in a few columns,
as those of one model do, cost only these.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from domain.polling import AS_IT_IS, Budget, Column, Conversion, Form, Kind, Plan, PlanBook

LEVEL = 1  # zlib's fastest: the columns of one plan are so alike that better levels win little


class UnreadableError(Exception):
    """The document was written by another version, or is damaged: the device is to be discovered again."""


def encode(plan: Plan) -> bytes:
    """Uncompressed, the same for equal plans: what `digest` is taken of."""
    lines = [_line(plan.budget, Budget()), *(_line(column, None) for column in plan.columns)]
    return "\n".join(lines).encode()


def digest(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()


def pack(document: bytes) -> bytes:
    return zlib.compress(document, LEVEL)


class PlanReader:
    """Decodes packed documents into plans of one book, remembering the columns it has seen."""

    def __init__(self, book: PlanBook) -> None:
        self._book = book
        self._columns: dict[str, Column] = {}

    def read(self, packed: bytes) -> Plan:
        """Raises UnreadableError."""
        try:
            budget, *columns = zlib.decompress(packed).decode().split("\n")
            return self._book.intern([self._column(line) for line in columns], _budget(json.loads(budget)))
        except (zlib.error, ValueError, TypeError, KeyError, AttributeError) as error:
            raise UnreadableError(str(error)) from error

    def _column(self, line: str) -> Column:
        known = self._columns.get(line)
        if known is None:
            known = self._columns[line] = _column(json.loads(line))
        return known


def _line(record: Budget | Column, defaults: Budget | None) -> str:
    values = _told(record, defaults)
    return json.dumps(values, separators=(",", ":"))


def _told(record: Any, defaults: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if value == (getattr(defaults, field.name) if defaults is not None else field.default):
            continue
        match value:
            case Kind():
                values[field.name] = value.name
            case Form():
                values[field.name] = value.value
            case Conversion():
                values[field.name] = _told(value, AS_IT_IS)
            case _:
                values[field.name] = value
    return values


def _budget(values: Mapping[str, Any]) -> Budget:
    tables = tuple((str(table), float(seconds)) for table, seconds in values.get("table_seconds", ()))
    return Budget(**{**values, "table_seconds": tables})


def _column(values: Mapping[str, Any]) -> Column:
    conversion = values.get("conversion")
    told: dict[str, Any] = {
        **_tuples(values),
        "kind": Kind[values["kind"]],
        "conversion": _conversion(conversion) if conversion else AS_IT_IS,
    }
    return Column(**told)


def _conversion(values: Mapping[str, Any]) -> Conversion:
    form = Form(values["form"]) if "form" in values else Form.LINEAR
    return Conversion(**{**_tuples(values), "form": form})


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
