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


class Family(IntEnum):
    """From harmless to grave."""

    DEGRADED = 1
    DOWN = 2
    STOLEN = 3  # visitors or search engines are shown somebody else's page


def family_of(word: ServiceWord) -> Family | None:
    """None: nothing is wrong, or nothing is known."""
    if word in _STOLEN:
        return Family.STOLEN
    match state_of(word):
        case State.DOWN:
            return Family.DOWN
        case State.DEGRADED:
            return Family.DEGRADED
        case _:
            return None


def standing_after(before: frozenset[Family], found: Family | None) -> frozenset[Family]:
    """Which families stand once `found` is decided: nothing is called over that was not seen to be over."""
    match found:
        case None:
            return frozenset()
        case Family.DEGRADED:
            return frozenset({Family.DEGRADED})
        case Family.DOWN:
            kept = before & {Family.DEGRADED, Family.STOLEN}
            return kept if Family.STOLEN in kept else kept | {Family.DOWN}
        case Family.STOLEN:
            return (before & {Family.DEGRADED}) | {Family.STOLEN}
        case _:
            assert_never(found)


def family_of_reason(reason: str) -> Family | None:
    """Of an incident that was kept; None for the warnings of certificates and for strangers."""
    try:
        return family_of(ServiceWord(reason))
    except ValueError:
        return None
