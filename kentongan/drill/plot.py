"""What is injected in one scenario, when, and what must be told of it: derived from the faults and the truth alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.incidents import Cause, CauseKind, Condition, Confidence, NoticeEvent, NoticeReason, VerdictKind
from kentongan.drill.truth import Broken
from kentongan.drill.world import Verb


@dataclass(frozen=True, slots=True)
class Order:
    """at: seconds since the drill began. turn_seconds: of a link that flaps, 0 ends it; verb is CUT then."""

    at: float
    verb: Verb
    name: str
    turn_seconds: float | None = None

    def plain(self) -> dict[str, Any]:
        word = "flap" if self.turn_seconds else "steady" if self.turn_seconds == 0 else self.verb.value
        return {"at": self.at, "what": word, "name": self.name}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One notice. optional: it may come, once or more often, or not."""

    event: NoticeEvent
    reason: NoticeReason
    optional: bool = False


OPENED = Wanted(NoticeEvent.OPENED, NoticeReason.NEW)
RESOLVED = Wanted(NoticeEvent.RESOLVED, NoticeReason.OVER)
PARTLY_BACK = Wanted(NoticeEvent.UPDATED, NoticeReason.PARTLY_BACK, optional=True)
GREW = Wanted(NoticeEvent.UPDATED, NoticeReason.GREW, optional=True)


@dataclass(frozen=True, slots=True)
class Story:
    """One incident: every notice of it, in order, and what all of them must say.

    causes: those that nobody could tell apart. villages: dark by it once everybody's patience has run out; at first
    only `villages_first` need be known, at the end `villages_last` are left: others are another story by then.
    verdicts: what it may be called in the end. injected: what it really is, which must be among what is named.
    """

    condition: Condition
    causes: tuple[Cause, ...]
    villages: frozenset[str]
    notices: tuple[Wanted, ...] = (OPENED, RESOLVED)
    villages_first: frozenset[str] | None = None
    verdicts: frozenset[VerdictKind] = frozenset()
    villages_last: frozenset[str] | None = None
    injected: Cause | None = None

    def plain(self) -> list[dict[str, Any]]:
        return [
            {
                "event": wanted.event.value,
                "reason": wanted.reason.value,
                "optional": wanted.optional,
                "condition": self.condition.value,
                "cause": [{"kind": cause.kind.value, "name": cause.name} for cause in self.causes],
                "villages": sorted(self.villages),
            }
            for wanted in self.notices
        ]


@dataclass(frozen=True, slots=True)
class Plot:
    """A scenario: orders in order of time, the stories they must make, and when it is over."""

    name: str
    orders: tuple[Order, ...]
    stories: tuple[Story, ...]
    until: float
    began: Broken = field(default_factory=Broken)


def differences(stories: Iterable[Story], bodies: Iterable[Mapping[str, Any]]) -> list[str]:
    """What was told otherwise than it must be, in words; none: as expected.

    Each incident must be one of the stories and each story one incident.
    """
    told: dict[str, list[Mapping[str, Any]]] = {}
    for body in bodies:
        told.setdefault(body["incident"]["id"], []).append(body)
    left, found = list(stories), []
    for id_, notices in told.items():
        story = next((each for each in left if _is_of(each, notices[0])), None)
        if story is None:
            found.append(f"{id_}: nobody expects {_said(notices[0])}")
            continue
        left.remove(story)
        found += [f"{id_}: {what}" for what in _wrong(story, notices)]
    found += [f"never told: {story.condition.value} {story.causes[0] if story.causes else '?'}" for story in left]
    return found


def _is_of(story: Story, body: Mapping[str, Any]) -> bool:
    return str(body["incident"]["condition"]) == story.condition.value and _cause(body) in story.causes


def _wrong(story: Story, bodies: list[Mapping[str, Any]]) -> list[str]:
    found = []
    wanted = list(story.notices)
    for body in bodies:
        while wanted and wanted[0].optional and not _fits(wanted[0], body):
            wanted.pop(0)
        if not wanted or not _fits(wanted[0], body):
            found.append(f"not now: {_said(body)}")
            continue
        if not wanted[0].optional:
            wanted.pop(0)
        if _cause(body) not in story.causes:
            found.append(f"another cause: {_said(body)}")
    if story.injected and story.injected not in _named(bodies[0]):
        found.append(f"the true one, {story.injected}, is not named beside {_cause(bodies[0])}")
    found += [f"missing: {each.event.value}/{each.reason.value}" for each in wanted if not each.optional]
    villages = [{place["key"] for place in body["incident"]["impact"]["villages"]} for body in bodies]
    first = story.villages if story.villages_first is None else story.villages_first
    if not first <= villages[0] <= story.villages:
        found.append(f"first villages {sorted(villages[0])}, not {sorted(first)}")
    last_ones = story.villages if story.villages_last is None else story.villages_last
    if villages[-1] != last_ones:
        found.append(f"villages {sorted(villages[-1])}, not {sorted(last_ones)}")
    last = bodies[-1]["incident"]
    sure = bodies[-1]["event"] == "resolved" and last["confidence"] != Confidence.WEAK
    if story.verdicts and sure and last["verdict"] not in story.verdicts:
        found.append(f"called {last['verdict']}, which it was not")
    return found


def _fits(wanted: Wanted, body: Mapping[str, Any]) -> bool:
    return (body["event"], body["reason"]) == (wanted.event.value, wanted.reason.value)


def _cause(body: Mapping[str, Any]) -> Cause:
    cause = body["incident"]["cause"]
    return Cause(CauseKind(cause["kind"]), cause["name"])


def _named(body: Mapping[str, Any]) -> set[Cause]:
    """The cause and what nothing tells from it."""
    beside = body["incident"]["indistinct"]
    return {_cause(body), *(Cause(CauseKind(each["kind"]), each["name"]) for each in beside)}


def _said(body: Mapping[str, Any]) -> str:
    incident = body["incident"]
    return f"{body['event']}/{body['reason']} {incident['condition']} {_cause(body)} {len(incident['members'])} dark"
