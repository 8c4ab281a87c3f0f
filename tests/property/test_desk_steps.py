"""What the desk decides by what has turned is what it decides when it looks at everybody and every fault anew."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.desk import Decision, Desk, DeskRules, Fault, Scene, review
from alerts.desk.faults import Key
from domain.incidents import Cause, CauseKind, Condition, Evidence, EvidenceKind, Incident, Urgency
from domain.time import Moment
from tests.unit.alerts.desk_stage import Assessment, Eyes, moment

NAMES = [f"n{number}" for number in range(9)]
CAUSES = [Cause(kind, f"c{number}") for kind in (CauseKind.LINK, CauseKind.SEGMENT) for number in range(4)]
SERVICES = [Cause(CauseKind.SERVICE, f"s{number}") for number in range(3)]
STEPS = [0.2, 5.0, 20.0, 61.0, 121.0, 301.0]
BLIND = Fault(Condition.BLIND, Cause(CauseKind.POLLER, ""), "blind", frozenset({"kentongan"}), settle_seconds=0.0)


class Memory(Eyes):
    """Of who is lit, and still laid to something, it is not known since when."""

    def since(self, name: str) -> Moment:
        return moment(self.fell.get(name, 0.0))


@dataclass
class Story:
    """What happens to nine devices, by a die. A fault that has not changed stays the same object, as in the engine."""

    dice: random.Random
    seconds: float = 100.0
    eyes: Memory = field(default_factory=Memory)
    laid_to: dict[str, Cause] = field(default_factory=dict)
    services: set[Cause] = field(default_factory=set)
    kept: dict[Key, Fault] = field(default_factory=dict)
    before: dict[str, tuple[bool, bool, bool]] = field(default_factory=dict)
    assessment: Assessment = field(default_factory=Assessment)

    def go_on(self) -> Scene:
        dice, eyes = self.dice, self.eyes
        self.seconds += dice.choice(STEPS)
        happens = dice.choice(
            ["falls", "falls", "returns", "returns", "laid", "service", "waver", "said", "none", "none"]
        )
        chosen = dice.sample(NAMES, dice.randint(1, 4))
        match happens:
            case "falls":
                cause = dice.choice(CAUSES)
                for name in chosen:
                    eyes.fell.setdefault(name, self.seconds - 1)
                    self.laid_to[name] = cause
            case "returns":
                for name in chosen:
                    eyes.fell.pop(name, None)
                    if dice.random() < 0.9:  # else it is still laid to something, as one that is doubted
                        self.laid_to.pop(name, None)
            case "laid":
                other = dice.choice(CAUSES)
                self.laid_to.update({name: other for name in chosen if name in self.laid_to})
            case "service":
                self.services ^= {dice.choice(SERVICES)}
            case "waver":
                eyes.missed, eyes.unknown = set(chosen[:2]), set(chosen[2:])
                eyes.gone = set(chosen[3:]) if dice.random() < 0.3 else set()
            case "said":
                self.assessment.said = (Evidence(EvidenceKind.RX_LOST, dice.choice(NAMES)),)
        now = {name: (eyes.dark(name), eyes.lit(name), eyes.watched(name)) for name in NAMES}
        turned = {name for name in NAMES if now[name] != self.before.get(name)}
        self.before = now
        blind = dice.random() < 0.07
        faults = {BLIND.key: BLIND} if blind else self._faults()
        return Scene(moment(self.seconds), faults, blind, happens == "none", turned)

    def _faults(self) -> dict[Key, Fault]:
        found = []
        for cause in CAUSES:
            members = frozenset(name for name, laid in self.laid_to.items() if laid == cause)
            if members:
                roots = frozenset(sorted(members)[:2])
                found.append(Fault(Condition.OUTAGE, cause, "silent", members, roots, unseen=members - roots))
        found += [
            Fault(Condition.SERVICE, cause, "slow", frozenset({cause.name}), urgency=Urgency.DAY)
            for cause in SERVICES
            if cause in self.services
        ]
        faults = {fault.key: self.kept.get(fault.key, fault) for fault in found}
        self.kept = {fault.key: faults[fault.key] if faults[fault.key] == fault else fault for fault in found}
        return dict(self.kept)


def order(desk: Desk, dice: random.Random, now: Moment) -> object:
    """Something people do."""
    open_ = sorted(desk.open, key=lambda each: each.id)
    if not open_:
        return None
    incident = dice.choice(open_)
    others = [each for each in open_ if each.id != incident.id and each.condition is incident.condition]
    match dice.choice(["done", "merge", "split"]):
        case "done":
            return desk.finish(incident.id, now)
        case "merge" if others:
            return desk.merge(incident.id, dice.choice(others).id, now)
        case "split" if len(incident.members) > 1:
            name = incident.members[0].name
            return desk.split(incident.id, [name], Cause(CauseKind.DEVICE, name), now)
    return None


def told(seed: int, *, anew: bool) -> Iterator[object]:
    """anew: nothing is taken as settled, in no step."""
    story = Story(random.Random(seed))
    hands = random.Random(seed + 1)
    desk, kept = Desk(DeskRules(), story.assessment), dict[str, Incident]()
    for _step in range(45):
        scene = story.go_on()
        if anew:
            desk.look_anew()
        decided: list[object] = [desk.step(scene, story.eyes)]
        if hands.random() < 0.1:
            decided.append(order(desk, hands, scene.now))
        if hands.random() < 0.05:
            desk.isolate(frozenset(hands.sample(NAMES, 1)))
        for each in decided:
            if isinstance(each, Decision):
                kept |= {incident.id: incident for incident in each.incidents}
        yield decided
        if hands.random() < 0.04:
            desk = Desk(DeskRules(), story.assessment)
            desk.restore([each for each in kept.values() if each.is_open], scene.now)
            story.before = {}
        assert {each.id for each in desk.open} == {each.id for each in kept.values() if each.is_open}


@pytest.mark.parametrize("reviews", [100, 2])
@settings(max_examples=30)  # each a story of 45 steps, told twice
@given(seed=st.integers(0, 2**32))
def test_a_step_decides_what_looking_anew_decides(reviews: int, seed: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(review, "MOST_REVIEWS", reviews)
        patch.setattr(review, "MOST_SECOND_LOOKS", 1 if reviews == 2 else 20)
        for step, (one, other) in enumerate(zip(told(seed, anew=False), told(seed, anew=True), strict=True)):
            assert one == other, step
