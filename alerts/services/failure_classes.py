"""Kinds of failure that people tell apart, so that a page which answers 500 and then nothing is one incident.

Within a family the reason stays the word that began it.
"""

from enum import IntEnum
from typing import Final, assert_never

from domain.services import ServiceWord, state_of
from domain.states import State

CERTIFICATE_EXPIRES: Final = ServiceWord.CERTIFICATE_EXPIRES.value
CERTIFICATE_EXPIRES_SOON: Final = "certificate-expires-soon"
_STOLEN: Final = frozenset({ServiceWord.DEFACED, ServiceWord.FOREIGN_REDIRECT, ServiceWord.CLOAKED})


class FailureClass(IntEnum):
    """From harmless to grave."""

    DEGRADED = 1
    DOWN = 2
    STOLEN = 3  # visitors or search engines are shown somebody else's page


def failure_class_of(word: ServiceWord) -> FailureClass | None:
    """None: nothing is wrong, or nothing is known."""
    if word in _STOLEN:
        return FailureClass.STOLEN
    match state_of(word):
        case State.DOWN:
            return FailureClass.DOWN
        case State.DEGRADED:
            return FailureClass.DEGRADED
        case _:
            return None


def standing_after(before: frozenset[FailureClass], found: FailureClass | None) -> frozenset[FailureClass]:
    """Which families stand once `found` is decided: nothing is called over that was not seen to be over."""
    match found:
        case None:
            return frozenset()
        case FailureClass.DEGRADED:
            return frozenset({FailureClass.DEGRADED})
        case FailureClass.DOWN:
            kept = before & {FailureClass.DEGRADED, FailureClass.STOLEN}
            return kept if FailureClass.STOLEN in kept else kept | {FailureClass.DOWN}
        case FailureClass.STOLEN:
            return (before & {FailureClass.DEGRADED}) | {FailureClass.STOLEN}
        case _:
            assert_never(found)


def failure_class_of_reason(reason: str) -> FailureClass | None:
    """Of an incident that was kept; None for the warnings of certificates and for strangers."""
    try:
        return failure_class_of(ServiceWord(reason))
    except ValueError:
        return None
