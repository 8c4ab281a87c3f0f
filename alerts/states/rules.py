"""From what echo and SNMP say to a state with its reason: DESIGN section 2, row by row.

Pure: arrays in, arrays out, one entry for each device looked at.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alerts.states.path import Hearing
from alerts.states.reasons import REASONS, Reason
from domain.states import State

STATES = (State.UNKNOWN, State.DOWN, State.UNREACHABLE, State.DEGRADED, State.UP)
"""By number, as `kentongan_device_state` shows them."""

CODE = {state: np.uint8(code) for code, state in enumerate(STATES)}
REASON_CODE = {reason: np.uint8(code) for code, reason in enumerate(REASONS)}

Codes = NDArray[np.uint8]

_NOT_YET = REASON_CODE[Reason.NOT_ASKED_YET]

_SNMP_FAILURES = (
    (Hearing.SILENT, Reason.SNMP_SILENT),
    (Hearing.REFUSED, Reason.SNMP_REFUSED),
    (Hearing.UNAUTHORISED, Reason.SNMP_UNAUTHORISED),
    (Hearing.GARBLED, Reason.SNMP_GARBLED),
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of some devices. The times are steady seconds."""

    by_icmp: NDArray[np.bool_]
    by_snmp: NDArray[np.bool_]
    icmp: NDArray[np.uint8]
    snmp: NDArray[np.uint8]
    lossy: NDArray[np.bool_]
    echo_missing_since: NDArray[np.float64]
    echo_missed_at: NDArray[np.float64]
    snmp_alive_at: NDArray[np.float64]
    by_telling: NDArray[np.bool_]
    told: NDArray[np.uint8]
    told_why: NDArray[np.uint8]
    poor: NDArray[np.bool_]


def judge(evidence: Evidence, state: Codes, reason: Codes, blind: bool) -> tuple[Codes, Codes]:
    """Codes of state and reason. Those handed in are the present ones: they stay where the evidence is not enough."""
    icmp, snmp = evidence.icmp, evidence.snmp
    both = evidence.by_icmp & evidence.by_snmp
    echo_fails = evidence.by_icmp & (icmp >= Hearing.SILENT)
    snmp_fails = evidence.by_snmp & (snmp >= Hearing.SILENT)
    # echo fails, yet SNMP answered since: somebody filters echo. Say so only once a later echo was lost as well, so
    # that a device that has just come back is not called half dead by whichever way is asked first
    lives = both & echo_fails & (evidence.snmp_alive_at > evidence.echo_missing_since) & (snmp != Hearing.SILENT)
    contradicted = lives & (evidence.echo_missed_at > evidence.snmp_alive_at)
    alone = evidence.by_snmp & ~evidence.by_icmp
    unasked = (~evidence.by_icmp | (icmp == Hearing.UNASKED)) & (~evidence.by_snmp | (snmp == Hearing.UNASKED))
    no_word = both & (icmp == Hearing.UNASKED) & snmp_fails  # half the evidence is no verdict
    unheard_of = alone & ((snmp == Hearing.SILENT) | (snmp == Hearing.REFUSED))
    by_telling = evidence.by_telling
    untold = np.where(evidence.told_why == REASON_CODE[Reason.NOT_CHECKED], evidence.told_why, _NOT_YET)
    rules = (
        _rule(~evidence.by_icmp & ~evidence.by_snmp & ~by_telling, State.UNKNOWN, Reason.NOT_CHECKED),
        _rule(np.full(len(icmp), blind), State.UNKNOWN, Reason.BLIND),
        (by_telling & (evidence.told == Hearing.UNASKED), np.asarray(CODE[State.UNKNOWN]), untold),
        (by_telling & (evidence.told == Hearing.SILENT), np.asarray(CODE[State.DOWN]), evidence.told_why),
        _rule(unasked & ~by_telling, State.UNKNOWN, Reason.NOT_ASKED_YET),
        ((lives & ~contradicted) | no_word, state, reason),
        _rule(contradicted, State.DEGRADED, Reason.ICMP_SILENT),
        _rule(echo_fails & ~lives, State.DOWN, Reason.ICMP_SILENT),
        *(_rule(unheard_of & (snmp == hearing), State.DOWN, why) for hearing, why in _SNMP_FAILURES),
        *(_rule(snmp_fails & (snmp == hearing), State.DEGRADED, why) for hearing, why in _SNMP_FAILURES),
        _rule(evidence.by_icmp & evidence.lossy, State.DEGRADED, Reason.LOSS),
        _rule(evidence.poor, State.DEGRADED, Reason.INTERNET_FAILS),
    )
    found = np.full(len(icmp), CODE[State.UP]), np.full(len(icmp), REASON_CODE[Reason.ANSWERS])
    for where, *codes in reversed(rules):  # the first that fits has the last word; np.select takes twice as long
        for codes_found, code in zip(found, codes, strict=True):
            np.copyto(codes_found, code, where=where)
    return found


def _rule(where: NDArray[np.bool_], state: State, reason: Reason) -> tuple[NDArray[np.bool_], Codes, Codes]:
    return where, np.asarray(CODE[state]), np.asarray(REASON_CODE[reason])
