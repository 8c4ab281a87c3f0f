"""Several watchers are one mapping, the same as long as none has changed."""

from collections.abc import Mapping

from alerts.desk import Fault
from alerts.desk.faults import Key
from domain.incidents import Cause, CauseKind, Condition, Evidence, EvidenceKind
from domain.time import Moment
from kentongan.run.watched import Watched

NOW = Moment(0.0, 0.0)
EVIDENCE = (Evidence(EvidenceKind.THRESHOLD, "a"),)


def fault(name: str) -> Fault:
    return Fault(Condition.DEGRADED, Cause(CauseKind.DEVICE, name), "hot", frozenset({name}), evidence=EVIDENCE)


class Watcher:
    def __init__(self, *names: str) -> None:
        self.say(*names)

    def say(self, *names: str) -> None:
        self.found: Mapping[Key, Fault] = {each.key: each for each in map(fault, names)}

    def faults(self, now: Moment) -> Mapping[Key, Fault]:
        return self.found

    def stands(self, key: Key) -> bool:
        return key in self.found

    def evidence(self, key: Key) -> tuple[Evidence, ...]:
        return self.found[key].evidence if key in self.found else ()


def test_all_parts_are_in_it_and_it_is_a_new_one_only_after_a_change() -> None:
    first, second = Watcher("a"), Watcher("b")
    watched = Watched(first, second)
    joined = watched.faults(NOW)
    assert sorted(each.cause.name for each in joined.values()) == ["a", "b"]
    assert watched.faults(NOW) is joined
    second.say()
    assert watched.faults(NOW) is not joined
    assert [each.cause.name for each in watched.faults(NOW).values()] == ["a"]
    watched.add(Watcher("c"))
    assert len(watched.faults(NOW)) == 2


def test_of_one_key_the_first_watcher_speaks() -> None:
    first, second = Watcher("a"), Watcher("a")
    key = fault("a").key
    watched = Watched(first, second)
    assert watched.faults(NOW)[key] is first.found[key]
    assert watched.stands(key)
    assert watched.evidence(key) == EVIDENCE
    assert not watched.stands(fault("z").key)
    assert watched.evidence(fault("z").key) == ()
