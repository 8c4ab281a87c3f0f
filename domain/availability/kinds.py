"""The six kinds of time that a period is made of, and what a state counts as."""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, assert_never

from domain.network import PollClassName
from domain.states import State


class Kind(StrEnum):
    """Every instant of a period is exactly one of them."""

    UP = "up"
    DEGRADED = "degraded"  # counts as up, shown apart
    DOWN = "down"
    UNREACHABLE = "unreachable"  # dark for the village, no fault of the thing itself
    PLANNED = "planned"  # dark in our own announced work
    UNKNOWN = "unknown"  # we were blind: it counts neither way


DARK: Final = frozenset({Kind.DOWN, Kind.UNREACHABLE})
KNOWN: Final = frozenset({Kind.UP, Kind.DEGRADED, Kind.DOWN, Kind.UNREACHABLE})
"""What availability is a share of."""

LOSS_LIMITS: Final[Mapping[PollClassName, float]] = MappingProxyType(
    {
        PollClassName.FIBRE: 20.0,
        PollClassName.RADIO: 30.0,
        PollClassName.METERED: 40.0,
        PollClassName.SLOW: 40.0,
    }
)
"""Percent of lost packets from which a degraded device gives no service any more."""

_SHARE: Final = re.compile(r"\bloss\D*(\d+(?:[.,]\d+)?)")
_NO_SERVICE: Final = frozenset({"loss-heavy", "internet-fails"})


def kind_of(state: State, reason: str = "", loss_limit: float = 40.0) -> Kind:
    """A reason `loss 43%` with 43 at or over the limit, or one that says that nothing works, makes degraded down."""
    match state:
        case State.UP:
            return Kind.UP
        case State.DEGRADED:
            return Kind.DOWN if _is_no_service(reason, loss_limit) else Kind.DEGRADED
        case State.DOWN:
            return Kind.DOWN
        case State.UNREACHABLE:
            return Kind.UNREACHABLE
        case State.UNKNOWN:
            return Kind.UNKNOWN
        case _:
            assert_never(state)


def _is_no_service(reason: str, loss_limit: float) -> bool:
    if reason in _NO_SERVICE:
        return True
    share = _SHARE.search(reason)
    return share is not None and float(share[1].replace(",", ".")) >= loss_limit
