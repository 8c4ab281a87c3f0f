"""Which services are not judged because the network before them is dark, or may be falling."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from alerts.states import StateBoard
from domain.network import Check, Device, Inventory, PollClassName, Role, Service, Site, SiteKind
from domain.polling import DEFAULT_CLASSES, Fleet
from domain.services import CheckKind, Finding, ServiceOutcome, ServiceWord
from domain.states import State
from domain.time import Moment
from kentongan.run.services import DOUBT_SECONDS, ServiceDesk
from kentongan.run.streams import Streams
from kentongan.settings import ServicesSettings

INVENTORY = Inventory(
    sites=(Site("dc", "Pusat Data", SiteKind.DATACENTER), Site("pole", "Tiang", SiteKind.CCTV)),
    devices=(
        Device("vm", "dc", Role.VM, address="10.0.0.1", check=Check.ICMP),
        Device("sw", "pole", Role.SWITCH, address="10.0.0.2", check=Check.ICMP),
        Device("pan", "pole", Role.SWITCH, check=Check.NONE, uplink=("sw",)),
        Device("cam", "pole", Role.CAMERA, address="10.0.0.3", check=Check.RTSP, uplink=("pan",)),
    ),
    services=(
        Service("on-host", "A", url="https://a", host="vm"),
        Service("at-site", "B", url="https://b", site="dc"),
        Service("abroad", "C", url="https://c"),
    ),
)
NOW = Moment(1000.0, 1_790_000_000.0)


@dataclass
class Clock:
    now_: Moment = NOW

    def now(self) -> Moment:
        return self.now_


@dataclass
class Ways:
    down: set[str] = field(default_factory=set)
    up: set[str] = field(default_factory=lambda: {"vm", "sw"})
    missing: dict[str, float] = field(default_factory=dict)

    def dark(self, name: str) -> bool:
        return name in self.down

    def lit(self, name: str) -> bool:
        return name in self.up

    def missing_seconds(self, name: str, now: Moment) -> float:
        return self.missing.get(name, float("inf"))


class Office:
    def __init__(self) -> None:
        self.ways, self.fleet, self.clock = Ways(), Fleet(), Clock()
        self.states = StateBoard(self.fleet)
        for device in INVENTORY.devices:
            index = self.fleet.put(device.name, None)
            self.states.put(index, device.check, DEFAULT_CLASSES[PollClassName.FIBRE], NOW)
        streams = Streams(self.fleet, self.states, 2)
        self.desk = ServiceDesk(ServicesSettings(), lambda _logins: cast(Any, Nobody()), self.ways, streams, self.clock)
        self.desk.know(INVENTORY, {})

    def out(self) -> list[str]:
        return [code for code in ("abroad", "at-site", "cam", "on-host") if self.desk.is_cut_off(code, NOW)]

    def see(self, word: ServiceWord, seconds: float, *, reached: bool) -> bool:
        at = Moment(NOW.steady_seconds + seconds, NOW.unix_seconds + seconds)
        findings = () if word is ServiceWord.OK else (Finding(word, "cam"),)
        return self.desk.take(ServiceOutcome("cam", CheckKind.RTSP, at, findings, reached=reached))

    @property
    def camera(self) -> tuple[State, str]:
        self.states.step(NOW)
        found = self.states.state(self.fleet.index("cam"))
        return found.state, found.reason


class Nobody:
    """Checkers that are never asked."""

    class http:  # noqa: N801 - as the real ones name it
        @staticmethod
        def forget(kept: object) -> None: ...


@pytest.fixture
def office() -> Office:
    return Office()


def test_while_all_is_lit_everything_is_judged(office: Office) -> None:
    assert [each.check.code for each in office.desk.plan.checks] == ["abroad", "at-site", "cam", "on-host"]
    assert office.out() == []


def test_a_dark_host_takes_what_runs_on_it_and_at_its_site(office: Office) -> None:
    office.ways.up.discard("vm")
    office.ways.down.add("vm")
    assert office.out() == ["at-site", "on-host"]


def test_a_camera_that_nobody_pings_is_behind_its_switch(office: Office) -> None:
    office.ways.up.discard("sw")
    office.ways.down.add("sw")
    assert office.out() == ["cam"]


@pytest.mark.parametrize(("seconds", "out"), [(1.0, ["on-host"]), (DOUBT_SECONDS + 1, [])])
def test_a_host_that_has_begun_to_miss_may_be_falling_but_not_for_ever(
    office: Office, seconds: float, out: list[str]
) -> None:
    office.ways.missing["vm"] = seconds
    assert office.out() == out


def test_a_camera_known_by_its_stream_alone_has_a_state_by_it(office: Office) -> None:
    assert not office.see(ServiceWord.OK, 0, reached=True)
    assert office.camera == (State.UP, "answers")
    assert office.see(ServiceWord.UNREACHED, 300, reached=False), "one miss is a chance"
    assert office.camera == (State.UP, "answers")
    office.see(ServiceWord.UNREACHED, 305, reached=False)
    assert office.camera == (State.DOWN, "stream-silent")
    assert office.states.silent_since(office.fleet.index("cam")) == NOW.steady_seconds + 300
    office.see(ServiceWord.FROZEN, 600, reached=True)
    assert office.camera == (State.UP, "answers"), "its picture is the service's matter"


def test_blind_time_says_nothing_of_a_stream(office: Office) -> None:
    office.see(ServiceWord.OK, 0, reached=True)
    office.desk.turn(NOW, tuple, blind=True)
    assert not office.see(ServiceWord.UNREACHED, 300, reached=False)
    assert not office.see(ServiceWord.UNREACHED, 305, reached=False)
    assert office.camera == (State.UP, "answers")
