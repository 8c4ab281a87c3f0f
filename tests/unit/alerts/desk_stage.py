"""A desk on a fake clock: who is dark is said, faults are handed in, notices are read off."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from alerts.desk import Desk, DeskRules, Fault, Opinion, Scene
from domain.incidents import (
    Cause,
    CauseKind,
    Condition,
    Confidence,
    Evidence,
    Impact,
    Incident,
    Notice,
    NoticeEvent,
    Urgency,
    Verdict,
    VerdictKind,
)
from domain.time import Moment

EPOCH = 1_800_000_000.0
OPENED, UPDATED, RESOLVED = NoticeEvent.OPENED, NoticeEvent.UPDATED, NoticeEvent.RESOLVED


@dataclass
class Eyes:
    """Everybody is lit but those in `fell` (steady seconds) and in `unknown`."""

    fell: dict[str, float] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)

    def dark(self, name: str) -> bool:
        return name in self.fell and name not in self.unknown

    def lit(self, name: str) -> bool:
        return name not in self.fell and name not in self.unknown

    def watched(self, name: str) -> bool:
        return name not in self.gone

    def wavers(self, name: str) -> bool:
        return name in self.missed

    def since(self, name: str) -> Moment:
        return Moment(self.fell[name], EPOCH + self.fell[name])


@dataclass
class Assessment:
    silent: str = ""
    said: tuple[Evidence, ...] = ()

    def impact(self, _condition: Condition, names: Iterable[str]) -> Impact:
        return Impact(devices=len(tuple(names)))

    def urgency(self, _incident: Incident) -> Urgency:
        return Urgency.PAGE

    def opinion(self, _incident: Incident, _now: Moment, *, closing: bool) -> Opinion:
        kind = VerdictKind.FIBRE if closing else VerdictKind.UNDETERMINED
        return Opinion(Verdict(kind, Confidence.MEDIUM, self.said, preliminary=not closing))

    def silenced_by(self, _incident: Incident, _now: Moment) -> str:
        return self.silent


class Stage:
    """`at` moves the clock and lets the desk look; every notice is kept in `told`."""

    def __init__(self, rules: DeskRules | None = None) -> None:
        self.eyes, self.assessment = Eyes(), Assessment()
        self.rules = rules or DeskRules()
        self.desk = Desk(self.rules, self.assessment)
        self.told: list[Notice] = []
        self.stored: dict[str, Incident] = {}

    def at(self, seconds: float, *faults: Fault, blind: bool = False) -> list[NoticeEvent]:
        scene = Scene(moment(seconds), {fault.key: fault for fault in faults}, blind)
        decision = self.desk.step(scene, self.eyes)
        self.told += decision.notices
        self.stored |= {incident.id: incident for incident in decision.incidents}
        return [notice.event for notice in decision.notices]

    def restart(self, seconds: float) -> None:
        self.desk = Desk(self.rules, self.assessment)
        self.desk.restore((each for each in self.stored.values() if each.is_open), moment(seconds))

    @property
    def events(self) -> list[NoticeEvent]:
        return [notice.event for notice in self.told]


def moment(seconds: float) -> Moment:
    return Moment(seconds, EPOCH + seconds)


def outage(name: str, members: str, roots: str = "", kind: CauseKind = CauseKind.LINK) -> Fault:
    return Fault(
        Condition.OUTAGE, Cause(kind, name), "icmp-silent", frozenset(members), frozenset(roots or members[:1])
    )
