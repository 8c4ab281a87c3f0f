"""Which applications and cameras fail by themselves. Outcomes of checks come in, faults for the desk come out.

What cannot be reached because its own host or site is dark is no fault of the service: it is in the outage's impact.
It is asked anew when the way is open again. Holds no clock and asks nobody.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from alerts.desk.faults import Fault, Key
from alerts.services.failure_classes import (
    CERTIFICATE_EXPIRES,
    CERTIFICATE_EXPIRES_SOON,
    FailureClass,
    failure_class_of,
    failure_class_of_reason,
    standing_after,
)
from alerts.services.subjects import ServiceSubject, ServiceSubjects
from domain.incidents import Condition, Evidence, EvidenceKind, Incident, Urgency
from domain.services import (
    MISSES,
    CertificateFacts,
    Finding,
    ServiceBoard,
    ServiceOutcome,
    ServiceState,
    ServiceWord,
    keyed,
)
from domain.states import State
from domain.time import Moment

SOON_DAYS: Final = 7.0
MOST_MORE: Final = 2
"""Further findings that are told beside the gravest."""

REMEMBERED: Final = 1000

_EXPIRY: Final = frozenset({ServiceWord.CERTIFICATE_EXPIRES, ServiceWord.CERTIFICATE_EXPIRED})


@dataclass(frozen=True, slots=True)
class _Standing:
    """A fault of one code. reached: somebody answered when it was found, so the way was open."""

    fault: Fault
    family: FailureClass | None  # None: a certificate that ends
    reached: bool


class ServiceWatch:
    """`know` an inventory, `take` outcomes, `look` now and then, hand `faults` to the desk.

    misses: bad outcomes in a row that decide. soon_days: before its end a certificate is warned of a second time.
    """

    def __init__(self, misses: int = MISSES, soon_days: float = SOON_DAYS) -> None:
        self.board = ServiceBoard(misses)
        self._soon_days = soon_days
        self._subjects = ServiceSubjects()
        self._codes: frozenset[str] = frozenset()
        self._standing: dict[str, dict[str, _Standing]] = {}  # code → reason → what stands
        self._behind: set[str] = set()
        self._faults: Mapping[Key, Fault] = {}
        self._gone: dict[Key, tuple[Evidence, ...]] = {}
        self._changed = False

    @property
    def subjects(self) -> ServiceSubjects:
        return self._subjects

    def know(self, subjects: ServiceSubjects, codes: Iterable[str]) -> None:
        """codes: what is checked from now on. What is known of others is forgotten."""
        self._subjects, self._codes = subjects, frozenset(codes)
        gone = {state.code for state in self.board.states} | self._standing.keys()
        gone -= self._codes
        self.board.forget(gone)
        for code in gone:
            self._changed |= self._standing.pop(code, None) is not None
        self._behind &= self._codes

    def restore(self, open_: Iterable[Incident]) -> None:
        """After `know`: what was told stands until a check has decided anew."""
        for incident in open_:
            code = incident.cause.name
            if incident.condition is not Condition.SERVICE or code not in self._codes:
                continue
            fault = Fault(
                Condition.SERVICE,
                incident.cause,
                incident.reason,
                frozenset({code}),
                evidence=incident.verdict.evidence,
                urgency=incident.urgency,
                detail=incident.detail,
            )
            reached = incident.reason != ServiceWord.UNREACHED.value
            standing = _Standing(fault, failure_class_of_reason(incident.reason), reached)
            self._standing.setdefault(code, {})[incident.reason] = standing
            self._changed = True

    def take(self, outcome: ServiceOutcome, now: Moment, cut_off: Callable[[str], bool], *, blind: bool) -> bool:
        """Whether it should be asked again soon. cut_off: whether the way to a code is dark. now: when it came in."""
        code = outcome.code
        if code not in self._codes or blind:
            return False
        if not outcome.reached and cut_off(code):
            self._behind.add(code)
            return False
        self.board.take(outcome)
        decided = self.board.is_decided(code)
        if decided:
            self._decide(outcome)
            self._warn(outcome, now)
        return not decided

    def look(self, cut_off: Callable[[str], bool], told: Callable[[Key], bool]) -> tuple[str, ...]:
        """Codes to be asked at once: the way to them is open again. told: whether an incident is open for a fault."""
        for code, faults in list(self._standing.items()):
            found = [each for each in faults.values() if each.family is not None]
            if not found or any(each.reached for each in found) or not cut_off(code):
                continue
            if not any(told(each.fault.key) for each in found):
                self._drop(code, [each.fault.reason for each in found])
            self._behind.add(code)  # what was told stands until it is seen to be over
        open_again = tuple(sorted(code for code in self._behind if not cut_off(code)))
        self.board.forget(open_again)
        self._behind.difference_update(open_again)
        return open_again

    def faults(self, now: Moment) -> Mapping[Key, Fault]:
        """The same object as long as nothing has changed."""
        if self._changed:
            self._changed = False
            self._faults = {
                each.fault.key: each.fault for code in sorted(self._standing) for each in self._standing[code].values()
            }
        return self._faults

    def evidence(self, key: Key) -> tuple[Evidence, ...]:
        """What was found of a fault, also after it has gone."""
        fault = self._faults.get(key)
        return fault.evidence if fault else self._gone.get(key, ())

    def stands(self, key: Key) -> bool:
        return key in self._faults

    # -- parts --------------------------------------------------------------------------------------------------------

    def _decide(self, outcome: ServiceOutcome) -> None:
        state = self.board.get(outcome.code)
        subject = self._subjects.get(outcome.code)
        if state is None or subject is None or state.state is State.UNKNOWN:
            return
        faults = self._standing.setdefault(outcome.code, {})
        by_family = {each.family: reason for reason, each in faults.items() if each.family is not None}
        found = failure_class_of(state.word)
        after = standing_after(frozenset(by_family), found)
        self._drop(outcome.code, [reason for family, reason in by_family.items() if family not in after])
        if found is None or found not in after:
            return
        reason = by_family.get(found, state.word.value)
        known = faults.get(reason)
        fault = _fault(subject, state, reason, found)
        if known is not None and _word(known.fault) == state.word.value:
            return  # values move from check to check; what was told stays as it was found first
        self._put(outcome.code, _Standing(fault, found, outcome.reached))

    def _warn(self, outcome: ServiceOutcome, now: Moment) -> None:
        """Of certificates that end. Nothing is said where none was shown."""
        subject = self._subjects.get(outcome.code)
        if subject is None or not outcome.certificates:
            return
        faults = self._standing.setdefault(outcome.code, {})
        ending = any(finding.word in _EXPIRY for finding in outcome.findings)
        if not ending:
            self._drop(outcome.code, [reason for reason, each in faults.items() if each.family is None])
            return
        if not any(finding.word is ServiceWord.CERTIFICATE_EXPIRES for finding in outcome.findings):
            return  # it has ended: a fault of its own
        first = min(outcome.certificates, key=lambda each: each.not_after)
        reasons = [CERTIFICATE_EXPIRES]
        if first.seconds_left(now.utc) <= self._soon_days * 86_400:
            reasons.append(CERTIFICATE_EXPIRES_SOON)
        for reason in reasons:
            if reason not in faults:
                self._put(outcome.code, _Standing(_ending(subject, first, reason), None, True))

    def _put(self, code: str, standing: _Standing) -> None:
        self._standing.setdefault(code, {})[standing.fault.reason] = standing
        self._gone.pop(standing.fault.key, None)
        self._changed = True

    def _drop(self, code: str, reasons: Iterable[str]) -> None:
        faults = self._standing.get(code, {})
        for reason in reasons:
            standing = faults.pop(reason)
            self._gone[standing.fault.key] = standing.fault.evidence
            self._changed = True
        while len(self._gone) > REMEMBERED:
            del self._gone[next(iter(self._gone))]


def _fault(subject: ServiceSubject, state: ServiceState, reason: str, family: FailureClass) -> Fault:
    """Warnings are told by day; a page that is somebody else's is told at once."""
    values = {"word": state.word.value, **keyed(_by_gravity(state.outcome.findings)[: 1 + MOST_MORE])}
    if state.outcome.status is not None:
        values["status"] = str(state.outcome.status)
    return Fault(
        Condition.SERVICE,
        subject.cause,
        reason,
        frozenset({subject.code}),
        evidence=(Evidence(EvidenceKind.SERVICE_FAILS, subject.code, state.since.utc, values),),
        urgency=Urgency.DAY if family is FailureClass.DEGRADED else subject.urgency,
        settle_seconds=0.0 if family is FailureClass.STOLEN else None,
    )


def _ending(subject: ServiceSubject, facts: CertificateFacts, reason: str) -> Fault:
    values = {"host": facts.host, "certificate": facts.subject, "ends": facts.not_after.date().isoformat()}
    return Fault(
        Condition.SERVICE,
        subject.cause,
        reason,
        frozenset({subject.code}),
        evidence=(Evidence(EvidenceKind.CERTIFICATE, subject.code, None, values),),
        urgency=Urgency.DAY,
        settle_seconds=0.0,
    )


def _by_gravity(findings: Iterable[Finding]) -> list[Finding]:
    order = {word: at for at, word in enumerate(ServiceWord)}
    return sorted(findings, key=lambda finding: -order[finding.word])


def _word(fault: Fault) -> str:
    return fault.evidence[0].values.get("word", "") if fault.evidence else ""
