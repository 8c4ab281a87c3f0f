"""The words a service check can end with, the gravest last, and what each says of the service's state."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from domain.states import State


class ServiceWord(StrEnum):
    """One thing that was found. Declared from harmless to grave: the last one found names the outcome."""

    OK = "ok"
    CERTIFICATE_EXPIRES = "certificate-expires"  # soon
    SLOW = "slow"
    OLD_TLS = "old-tls"  # speaks only what browsers have given up
    CERTIFICATE_UNTRUSTED = "certificate-untrusted"  # an unknown issuer, or a chain with a link missing
    CERTIFICATE_SELF_SIGNED = "certificate-self-signed"
    CERTIFICATE_NAME = "certificate-name"  # for another host
    CERTIFICATE_NOT_YET_VALID = "certificate-not-yet-valid"
    CERTIFICATE_EXPIRED = "certificate-expired"
    TEXT_MISSING = "text-missing"
    WRONG_ANSWER = "wrong-answer"  # DNS: another one than expected
    NO_ANSWER = "no-answer"  # DNS: the server has none (NXDOMAIN, SERVFAIL, an empty answer)
    WRONG_STATUS = "wrong-status"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    REDIRECT_LOOP = "redirect-loop"
    BLACK = "black"
    STILL = "still"  # decoded: not one dot has changed
    FROZEN = "frozen"
    NO_VIDEO = "no-video"
    UNAUTHORISED = "unauthorised"  # the login we were given is not accepted
    GARBLED = "garbled"
    TLS_FAILED = "tls-failed"
    UNRESOLVED = "unresolved"
    SILENT = "silent"  # the connection stands, no answer in time
    REFUSED = "refused"
    UNREACHED = "unreached"  # no connection at all: perhaps the way, not the service
    CLOAKED = "cloaked"  # search engines are shown what visitors are not
    FOREIGN_REDIRECT = "foreign-redirect"
    DEFACED = "defaced"
    NOT_CHECKABLE = "not-checkable"  # we could not ask: says nothing of the service


GRAVITY: Mapping[ServiceWord, int] = {word: at for at, word in enumerate(ServiceWord)}


@dataclass(frozen=True, slots=True)
class Finding:
    """A word with what it is about. subject: the URL, host or certificate; values: what its sentence needs, as text."""

    word: ServiceWord
    subject: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def state_of(word: ServiceWord) -> State:
    """DOWN: people are not served, or are served somebody else's page. DEGRADED: they are, with a warning or slowly."""
    match word:
        case ServiceWord.OK | ServiceWord.CERTIFICATE_EXPIRES:
            return State.UP
        case (
            ServiceWord.SLOW
            | ServiceWord.OLD_TLS
            | ServiceWord.CERTIFICATE_UNTRUSTED
            | ServiceWord.CERTIFICATE_SELF_SIGNED
            | ServiceWord.CERTIFICATE_NAME
            | ServiceWord.CERTIFICATE_NOT_YET_VALID
            | ServiceWord.CERTIFICATE_EXPIRED
            | ServiceWord.CLOAKED
            | ServiceWord.BLACK
            | ServiceWord.STILL
            | ServiceWord.UNAUTHORISED
        ):
            return State.DEGRADED
        case (
            ServiceWord.TEXT_MISSING
            | ServiceWord.WRONG_ANSWER
            | ServiceWord.NO_ANSWER
            | ServiceWord.WRONG_STATUS
            | ServiceWord.TOO_MANY_REDIRECTS
            | ServiceWord.REDIRECT_LOOP
            | ServiceWord.FROZEN
            | ServiceWord.NO_VIDEO
            | ServiceWord.GARBLED
            | ServiceWord.TLS_FAILED
            | ServiceWord.UNRESOLVED
            | ServiceWord.SILENT
            | ServiceWord.REFUSED
            | ServiceWord.UNREACHED
            | ServiceWord.FOREIGN_REDIRECT
            | ServiceWord.DEFACED
        ):
            return State.DOWN
        case ServiceWord.NOT_CHECKABLE:
            return State.UNKNOWN
    assert_never(word)


def gravest(findings: Iterable[Finding]) -> ServiceWord:
    """The word that names the outcome; OK if nothing was found."""
    return max((finding.word for finding in findings), key=GRAVITY.__getitem__, default=ServiceWord.OK)
