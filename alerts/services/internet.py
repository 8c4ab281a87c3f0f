"""Sites whose line answers while the internet behind it is dead, as their own heartbeats tell. Not green."""

from collections.abc import Iterable, Mapping
from typing import Final

from alerts.desk.faults import Fault, Key
from domain.incidents import Cause, CauseKind, Condition, Evidence, EvidenceKind, Incident, Urgency
from domain.services import ServiceEvidence
from domain.time import Moment

INTERNET_FAILS: Final = "internet-fails"
TIMES: Final = 2
"""Heartbeats in a row that say so: one lost test is a chance."""


class InternetWatch:
    """`note` each heartbeat. gateways: site → the device that its word is about; others are not taken.

    A heartbeat that is missing changes nothing here: it is darkness, and somebody else's matter.
    """

    def __init__(self) -> None:
        self._gateways: Mapping[str, str] = {}
        self._run: dict[str, int] = {}
        self._standing: dict[str, Fault] = {}
        self._faults: Mapping[Key, Fault] = {}
        self._found: dict[Key, tuple[Evidence, ...]] = {}
        self._changed = False

    def know(self, gateways: Mapping[str, str]) -> None:
        self._gateways = gateways
        for site in self._standing.keys() - gateways.keys():
            del self._standing[site]
            self._changed = True

    def restore(self, open_: Iterable[Incident]) -> None:
        """After `know`: what was told stands until the site says otherwise."""
        for incident in open_:
            site = incident.cause.name
            if incident.reason == INTERNET_FAILS and site in self._gateways:
                self._put(site, incident.verdict.evidence, incident.urgency)

    def note(self, said: ServiceEvidence) -> bool | None:
        """True: it fails, False: it is well, None: as it was before."""
        if said.site not in self._gateways or said.serves is None:
            return None
        if said.serves:
            self._run[said.site] = 0
            fell = self._standing.pop(said.site, None)
            self._changed |= fell is not None
            return False if fell is not None else None
        self._run[said.site] = self._run.get(said.site, 0) + 1
        if said.site in self._standing or self._run[said.site] < TIMES:
            return None
        evidence = (
            Evidence(EvidenceKind.INTERNET_FAILS, said.site, said.at.utc, {"tests": _tests(said)}),
            Evidence(EvidenceKind.WAN_UP, said.site),
        )
        self._put(said.site, evidence, Urgency.PAGE)
        return True

    def forget(self, site: str) -> None:
        """It does not tell any more: whether its internet works is not known."""
        self._run.pop(site, None)
        self._changed |= self._standing.pop(site, None) is not None

    def fails(self, site: str) -> bool:
        return site in self._standing

    def faults(self, now: Moment) -> Mapping[Key, Fault]:
        """The same object as long as nothing has changed."""
        if self._changed:
            self._changed = False
            self._faults = {fault.key: fault for _site, fault in sorted(self._standing.items())}
        return self._faults

    def evidence(self, key: Key) -> tuple[Evidence, ...]:
        """Also of one that has gone: one for each site at most."""
        return self._found.get(key, ())

    def stands(self, key: Key) -> bool:
        return key in self._faults

    def _put(self, site: str, evidence: tuple[Evidence, ...], urgency: Urgency) -> None:
        fault = Fault(
            Condition.DEGRADED,
            Cause(CauseKind.SITE, site),
            INTERNET_FAILS,
            frozenset({self._gateways[site]}),
            evidence=evidence,
            urgency=urgency,
        )
        self._standing[site] = fault
        self._found[fault.key] = evidence
        self._changed = True


def _tests(said: ServiceEvidence) -> str:
    """Which of them fail: `internet`, `dns`, or both."""
    failing = [name for name, ok in (("internet", said.internet_ok), ("dns", said.dns_ok)) if ok is False]
    return " ".join(failing)
