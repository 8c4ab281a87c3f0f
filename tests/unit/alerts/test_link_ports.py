"""What a port says of its link: only as long as its device answers, and not from before the other end fell."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from alerts.detect import InterfaceWatch
from alerts.evidence.ports import AGENT_COPY_SECONDS, LinkPorts
from alerts.rootcause.lights import Port
from domain.network import Link, Medium
from domain.polling import Column, Fleet, Kind, Outcome, Plan, Sweep
from domain.time import Moment

UP, DOWN, LOWER_LAYER_DOWN = 1, 2, 7


@dataclass
class Eyes:
    """Everybody is lit but those in `fell`, by steady seconds."""

    fell: dict[str, float] = field(default_factory=dict)

    def lit(self, name: str) -> bool:
        return name not in self.fell

    def dark(self, name: str) -> bool:
        return name in self.fell

    def since(self, name: str) -> Moment:
        return Moment(self.fell[name], 1e9 + self.fell[name])


class Office:
    """Router `a` and router `z` with a port e1 each, and a link between the two."""

    def __init__(self) -> None:
        self.fleet, self.eyes = Fleet(), Eyes()
        self.watch = InterfaceWatch(self.fleet)
        column = Column("1.3.6.1.2.1.2.2.1.8.1", Kind.INTEGER, "interfaces", "ifOperStatus", "e1")
        for name in "az":
            self.fleet.put(name, Plan((column,)))
        self.ports = LinkPorts(self.fleet, self.watch, self.eyes)  # type: ignore[arg-type]
        self.ports.know([Link("fo", "a", "e1", "z", "e1", medium=Medium.FIBRE)])

    def poll(self, name: str, at: float, status: int, outcome: Outcome = Outcome.OK) -> tuple[str, ...]:
        device = np.array([self.fleet.index(name)])
        one = np.array([at])
        answered = outcome is Outcome.OK
        sweep = Sweep(
            device, self.fleet.generation[device], np.array([outcome], np.uint8), one, one, one, one, one.astype(int),
            one.astype(int), np.zeros(1, np.int64), self.fleet.start[device], np.array([status], np.uint64),
            np.array([answered]),
        )  # fmt: skip
        read_anew = self.ports.note(sweep)
        self.watch.changes(sweep)
        return read_anew

    def look(self) -> Port:
        return self.ports.look((), ["a", "z"])["fo"]


@pytest.fixture
def office() -> Office:
    made = Office()
    made.poll("a", 100, UP)
    made.poll("z", 100, UP)
    return made


def test_a_port_that_was_up_before_the_other_end_fell_proves_nothing_until_it_is_read_anew(office: Office) -> None:
    assert office.look() is Port.UP
    office.eyes.fell["z"] = 103.0
    assert office.look() is Port.UNKNOWN
    assert office.ports.witnesses("fo") == ()
    assert office.poll("a", 104, UP) == ("a",)
    assert office.look() is Port.UNKNOWN, "the agent may have answered from its copy"
    assert office.poll("a", 103 + AGENT_COPY_SECONDS, UP, Outcome.SILENT) == ()
    assert office.look() is Port.UNKNOWN
    assert office.poll("a", 103 + AGENT_COPY_SECONDS, UP) == ("a",)
    assert office.look() is Port.UP
    assert office.poll("a", 200, UP) == (), "nobody waits for it any more"


def test_a_port_that_is_down_is_believed_at_once(office: Office) -> None:
    office.eyes.fell["z"] = 103.0
    office.poll("a", 104, LOWER_LAYER_DOWN)
    assert office.look() is Port.DOWN
    assert [(each.subject, each.values["port"]) for each in office.ports.witnesses("fo")] == [("a", "e1")]


def test_with_both_ends_lit_what_was_read_last_stands_and_in_the_dark_nobody_speaks(office: Office) -> None:
    office.eyes.fell["z"] = 103.0
    office.look()
    del office.eyes.fell["z"]
    assert office.look() is Port.UP
    office.eyes.fell |= {"a": 110.0, "z": 110.0}
    assert office.look() is Port.UNKNOWN
