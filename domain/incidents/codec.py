"""Frozen records to plain JSON values and back, exactly: how an incident, an evidence or a window is kept as text.

Driven by the records' own type hints: str, int, float, bool, dates, enums, records, tuples of one kind, mappings from
text, and any of them or None. A field that has its default is left out, and one that is missing takes it: what an
older program wrote can be read. A name that this program does not know (a newer one wrote it) is passed over.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

Plain = str | int | float | bool | list["Plain"] | dict[str, "Plain"] | None
T = TypeVar("T")

_Encode = Callable[[Any], Any]
_Decode = Callable[[Any], Any]
_AS_IT_IS: Final = frozenset({str, int, float, bool})


class CodecError(ValueError):
    """What is stored is not such a record; the message names the record and the field."""


def to_plain(record: Any) -> dict[str, Any]:
    """record: a dataclass instance. Raises ValueError for a time without a zone."""
    kind: Any = type(record)
    encoded: dict[str, Any] = _coders(kind)[0](record)
    return encoded


def from_plain(kind: type[T], plain: Mapping[str, Any]) -> T:
    """The record again, equal to the one that was written. Raises CodecError."""
    asked: Any = kind
    decoded: T = _coders(asked)[1](plain)
    return decoded


@cache
def _coders(kind: Hashable) -> tuple[_Encode, _Decode]:
    """For one type: to plain, and back."""
    if kind in _AS_IT_IS:
        return _same, float if kind is float else _same
    if kind is datetime:
        return _encode_time, datetime.fromisoformat
    if kind is date:
        return date.isoformat, date.fromisoformat
    if kind is Decimal:
        return str, Decimal
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _value, kind
    if isinstance(kind, type) and is_dataclass(kind):
        return _record_coders(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        encode, decode = _coders(arguments[0])
        return lambda items: [encode(item) for item in items], lambda items: tuple(decode(item) for item in items)
    if origin in (UnionType, Union) and len(arguments) == 2 and NoneType in arguments:
        encode, decode = _coders(next(argument for argument in arguments if argument is not NoneType))
        return (
            lambda value: None if value is None else encode(value),
            lambda plain: None if plain is None else decode(plain),
        )
    if isinstance(origin, type) and issubclass(origin, Mapping) and arguments[0] is str:
        encode, decode = _coders(arguments[1])
        return (
            lambda items: {key: encode(item) for key, item in items.items()},
            lambda items: {key: decode(item) for key, item in items.items()},
        )
    raise TypeError(f"{kind} is not a type that can be kept as text")


def _record_coders(kind: type) -> tuple[_Encode, _Decode]:
    hints = get_type_hints(kind)
    members = [(each.name, _default(each), *_coders(hints[each.name])) for each in fields(kind)]

    def encode(record: Any) -> dict[str, Any]:
        plain = {}
        for name, default, encode_member, _decode_member in members:
            value = getattr(record, name)
            if default is MISSING or value != default:
                plain[name] = encode_member(value)
        return plain

    def decode(plain: Mapping[str, Any]) -> Any:
        if not isinstance(plain, Mapping):
            raise CodecError(f"{kind.__name__}: {plain!r} is no record")
        given = {}
        for name, default, _encode_member, decode_member in members:
            if name in plain:
                try:
                    given[name] = decode_member(plain[name])
                except CodecError:
                    raise
                except (ValueError, TypeError, AttributeError) as error:
                    raise CodecError(f"{kind.__name__}.{name}: {error}") from None
            elif default is MISSING:
                raise CodecError(f"{kind.__name__}.{name} is missing")
        return kind(**given)

    return encode, decode


def _default(member: "Field[Any]") -> Any:
    if member.default_factory is not MISSING:
        return member.default_factory()
    return member.default


def _same(value: Any) -> Any:
    return value


def _value(member: Enum) -> Any:
    return member.value


def _encode_time(at: datetime) -> str:
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).isoformat()
