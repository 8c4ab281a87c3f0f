"""What to ask instead when an agent answers with an error-status (RFC 3416 4.2.1, RFC 1157 4.1.2). Pure.

An error costs as little as it can: too big an answer is asked in halves, an instance that an old agent has no name for
is left out, and anything else costs only the table it comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from collectors.snmp import pdu
from collectors.snmp.lines import Asked

Piece = tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Reaction:
    """pieces: what to ask in place of the request. failed: tables that will not be asked again in this poll.
    varbinds: how many at most to ask this device at once from now on (0: as many as before)."""

    pieces: tuple[Piece, ...] = ()
    failed: tuple[str, ...] = ()
    varbinds: int = 0


@dataclass(slots=True)
class Detour:
    """Requests that take the place of the template row `instead_of`; `row` is the loose one asked now."""

    instead_of: int
    row: int
    pending: list[Piece] = field(default_factory=list)


def react(columns: Piece, status: int, index: int) -> Reaction:
    """status and index as the agent gave them; index counts from 1, 0 names no varbind."""
    if status == pdu.TOO_BIG:
        return _halve(columns)
    if status == pdu.NO_SUCH_NAME and 1 <= index <= len(columns):
        rest = columns[: index - 1] + columns[index:]
        return Reaction(pieces=(rest,) if rest else ())
    pieces = by_table(columns)
    if len(pieces) > 1:
        return Reaction(pieces=pieces)
    return Reaction(failed=(columns[0].table,))


def _halve(columns: Piece) -> Reaction:
    half = len(columns) // 2
    if not half:
        return Reaction(failed=(columns[0].table,))
    return Reaction(pieces=(columns[:half], columns[half:]), varbinds=half)


def by_table(columns: Piece) -> tuple[Piece, ...]:
    """The same columns in one piece for each table, tables in the order they first appear."""
    return tuple(tuple(column for column in columns if column.table == table) for table in tables_of(columns))


def tables_of(columns: Sequence[Asked]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column.table for column in columns))
