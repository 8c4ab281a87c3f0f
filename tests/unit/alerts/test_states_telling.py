"""Devices that nobody asks: their state is what they tell, and when they stop."""

from datetime import UTC, datetime

import numpy as np
import pytest

from alerts.states import BoardView, StateBoard
from alerts.states.reasons import Reason
from domain.network import Check, Device, PollClassName, Role, Topology
from domain.polling import DEFAULT_CLASSES, Fleet, PingRound
from domain.states import DeviceState, State
from domain.time import Moment


def at(seconds: float) -> Moment:
    return Moment(1000.0 + seconds, 1_790_000_000.0 + seconds)


class Desa:
    """A router that pushes, and an access point behind it that is pinged."""

    def __init__(self) -> None:
        self.fleet = Fleet()
        self.board = StateBoard(self.fleet)
        self.view = BoardView(self.board, self.fleet)
        self.devices = (
            Device("rtr", "desa", Role.ROUTER, check=Check.PUSH),
            Device("ap", "desa", Role.AP, check=Check.ICMP, uplink=("rtr",)),
        )
        self.topology = Topology.of(self.devices)
        for device in self.devices:
            self.fleet.put(device.name, None)
            self.board.put(self.fleet.index(device.name), device.check, DEFAULT_CLASSES[PollClassName.FIBRE], at(0))

    def step(self, seconds: float, *, blind: bool = False) -> None:
        step = self.board.step(at(seconds), self.topology, blind)
        self.view.note(step.turned.tolist(), at(seconds))

    def state(self, name: str) -> tuple[State, str]:
        found = self.board.state(self.fleet.index(name))
        return found.state, found.reason

    def ping(self, seconds: float, answers: bool) -> None:
        rtt = np.array([0.01 if answers else np.nan])
        device = np.array([self.fleet.index("ap")])
        self.board.observe_pings(
            PingRound(device, at(seconds).unix_seconds, rtt, at(seconds).steady_seconds), at(seconds)
        )


@pytest.fixture
def desa() -> Desa:
    return Desa()


def test_it_is_up_while_it_tells_and_down_when_it_is_given_up(desa: Desa) -> None:
    desa.step(0)
    assert desa.state("rtr") == (State.UNKNOWN, "not-asked-yet")
    desa.board.observe_telling(desa.fleet.index("rtr"), at(10).steady_seconds)
    desa.step(10)
    assert desa.state("rtr") == (State.UP, "answers")
    assert desa.view.lit("rtr")
    desa.board.observe_not_telling(desa.fleet.index("rtr"), at(70).steady_seconds, Reason.HEARTBEAT_SILENT)
    desa.step(190)
    assert desa.state("rtr") == (State.DOWN, "heartbeat-silent")
    assert desa.view.dark("rtr")
    assert desa.view.since("rtr") == at(70), "since the first heartbeat that did not come"
    desa.board.observe_telling(desa.fleet.index("rtr"), at(300).steady_seconds)
    desa.step(300)
    assert desa.state("rtr") == (State.UP, "answers")


def test_who_stands_behind_it_is_only_unreachable(desa: Desa) -> None:
    rtr = desa.fleet.index("rtr")
    desa.board.observe_telling(rtr, at(0).steady_seconds)
    desa.ping(0, True)
    desa.step(0)
    for seconds in range(20, 140, 20):
        desa.ping(seconds, False)
    desa.board.observe_not_telling(rtr, at(60).steady_seconds, Reason.HEARTBEAT_SILENT)
    desa.step(180)
    assert desa.state("ap") == (State.UNREACHABLE, "behind rtr")


def test_what_it_tells_counts_for_others_as_a_sign_of_life_alone(desa: Desa) -> None:
    ap = desa.fleet.index("ap")
    desa.board.observe_telling(ap, at(5).steady_seconds)
    desa.board.observe_not_telling(ap, at(5).steady_seconds, Reason.HEARTBEAT_SILENT)
    desa.step(5)
    assert desa.state("ap") == (State.UNKNOWN, "not-asked-yet")
    assert desa.board.last_answer == at(5).steady_seconds


def test_in_blindness_nobody_is_given_up(desa: Desa) -> None:
    rtr = desa.fleet.index("rtr")
    desa.board.observe_telling(rtr, at(0).steady_seconds)
    desa.step(0)
    desa.step(10, blind=True)
    assert desa.state("rtr") == (State.UNKNOWN, "blind")
    desa.board.observe_not_telling(rtr, at(5).steady_seconds, Reason.HEARTBEAT_SILENT)
    desa.step(20)
    assert desa.state("rtr") == (State.UP, "answers")


def test_an_internet_that_fails_is_degraded_and_still_lit(desa: Desa) -> None:
    ap = desa.fleet.index("ap")
    desa.ping(0, True)
    desa.board.observe_service(ap, serves=False)
    desa.step(0)
    assert desa.state("ap") == (State.DEGRADED, "internet-fails")
    assert desa.view.lit("ap")
    desa.board.observe_service(ap, serves=True)
    desa.step(10)
    assert desa.state("ap") == (State.UP, "answers")


@pytest.mark.parametrize(
    ("state", "reason", "light"),
    [(State.UP, "answers", 1), (State.DOWN, "heartbeat-silent", -1), (State.DEGRADED, "internet-fails", 1)],
)
def test_a_kept_state_stands_until_it_is_told_otherwise(desa: Desa, state: State, reason: str, light: int) -> None:
    desa.board.restore([DeviceState("rtr", state, reason, datetime(2026, 11, 22, tzinfo=UTC))])
    desa.step(0)
    desa.step(1000)
    assert desa.state("rtr") == (state, reason)
    assert desa.board.light_of(desa.fleet.index("rtr")) == light
