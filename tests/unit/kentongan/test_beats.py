"""Heartbeats in the service: what they say of states, of causes and to the witnesses, and what their absence says."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from alerts.rootcause.lights import Beat
from alerts.states import StateBoard
from alerts.states.reasons import Reason
from domain.incidents import Evidence
from domain.network import Check, Device, Inventory, PollClassName, Role, Site, SiteKind
from domain.polling import DEFAULT_CLASSES, Fleet
from domain.services import Heartbeat, PathTest, ServiceEvidence, SiteTokens
from domain.states import DeviceState, State
from domain.time import Moment
from kentongan.run.beats import Beats
from kentongan.settings import HeartbeatSettings

WELL = (PathTest("1.1.1.1", 0.0, 0.02),)
DEAD = (PathTest("1.1.1.1", 1.0),)
INVENTORY = Inventory(
    sites=(Site("desa-1", "Desa 1", SiteKind.DESA), Site("desa-2", "Desa 2", SiteKind.DESA)),
    devices=(
        Device("ap-1", "desa-1", Role.AP, address="10.0.0.2", check=Check.ICMP),
        Device("rtr-1", "desa-1", Role.ROUTER, address="10.0.0.1", check=Check.ICMP),
        Device("rtr-2", "desa-2", Role.ROUTER, check=Check.PUSH),
    ),
)


def at(seconds: float) -> Moment:
    return Moment(1000.0 + seconds, 1_790_000_000.0 + seconds)


@dataclass
class Tokens:
    by_hash: dict[str, str] = field(default_factory=lambda: {"a": "desa-1", "b": "desa-2", "c": "nowhere"})

    def read(self) -> SiteTokens:
        return SiteTokens(dict(self.by_hash))

    def put(self, site: str, token_hash: str) -> None: ...

    def remove(self, token_hash: str) -> None: ...


@dataclass
class Desk:
    """The outage desk as far as heartbeats see it; engine and witnesses are itself."""

    fell: dict[str, Moment] = field(default_factory=dict)
    beats: dict[str, Beat] = field(default_factory=dict)
    said: dict[str, tuple[Evidence, ...]] = field(default_factory=dict)
    notes: int = 0

    @property
    def engine(self) -> "Desk":
        return self

    @property
    def witnesses(self) -> "Desk":
        return self

    def dark(self, name: str) -> bool:
        return name in self.fell

    def since(self, name: str) -> Moment:
        return self.fell[name]

    def observe_beats(self, beats: dict[str, Beat]) -> None:
        self.beats.update(beats)

    def note_beat(self, site: str, said: tuple[Evidence, ...]) -> None:
        self.said[site] = said
        self.notes += 1


class Office:
    def __init__(self) -> None:
        self.fleet, self.desk, self.tokens = Fleet(), Desk(), Tokens()
        self.states = StateBoard(self.fleet)
        self.heard: list[ServiceEvidence] = []
        self.forgotten: list[str] = []
        for device in INVENTORY.devices:
            index = self.fleet.put(device.name, None)
            self.states.put(index, device.check, DEFAULT_CLASSES[PollClassName.FIBRE], at(0))
        settings = HeartbeatSettings(interval_seconds=60, missed_intervals=3)
        self.beats = Beats(
            settings,
            self.tokens,
            self.fleet,
            self.states,
            cast(Any, self.desk),
            [self.heard.append],
            [self.forgotten.append],
        )
        self.beats.know(INVENTORY, at(0))
        self.refresh(0)

    def refresh(self, seconds: float) -> None:
        asyncio.run(self.beats.refresh(at(seconds)))

    def beat(self, site: str, seconds: float, internet: tuple[PathTest, ...] = WELL) -> None:
        self.beats.take(Heartbeat(site, at(seconds), internet=internet))

    def state(self, name: str, seconds: float) -> tuple[State, str]:
        self.states.step(at(seconds))
        found = self.states.state(self.fleet.index(name))
        return found.state, found.reason

    def kinds(self, site: str) -> list[str]:
        return [each.kind.value for each in self.desk.said[site]]


@pytest.fixture
def office() -> Office:
    return Office()


def test_what_comes_is_told_to_states_witnesses_and_root_cause_once(office: Office) -> None:
    for seconds in (10, 70, 130):
        office.beat("desa-2", seconds)
        office.beats.turn(at(seconds), blind=False)
    assert office.state("rtr-2", 130) == (State.UP, "answers")
    assert office.desk.beats == {"rtr-2": Beat.GOES_ON}
    assert (office.kinds("desa-2"), office.desk.notes) == (["heartbeat-goes-on"], 1)
    assert len(office.heard) == 3
    assert office.beats.ages(at(150)) == {"rtr-2": 20.0}


def test_one_that_does_not_come_darkens_who_is_known_by_it_alone(office: Office) -> None:
    office.beat("desa-1", 0)
    office.beat("desa-2", 0)
    office.beats.turn(at(179), blind=False)
    assert office.state("rtr-2", 179)[0] is State.UP
    office.beats.turn(at(181), blind=False)
    assert office.state("rtr-2", 181) == (State.DOWN, Reason.HEARTBEAT_SILENT)
    assert office.state("rtr-1", 181) == (State.UNKNOWN, "not-asked-yet"), "ping says what it is"
    assert office.states.silent_since(office.fleet.index("rtr-2")) == at(60).steady_seconds
    assert office.desk.beats == {"rtr-1": Beat.STOPPED, "rtr-2": Beat.STOPPED}
    assert office.kinds("desa-1") == ["heartbeat-stopped"]
    office.beat("desa-2", 300)
    assert office.state("rtr-2", 300)[0] is State.UP
    assert office.desk.beats["rtr-2"] is Beat.GOES_ON


def test_who_never_sent_is_not_missing(office: Office) -> None:
    office.beats.turn(at(10_000), blind=False)
    assert office.desk.beats == {}
    assert office.state("rtr-2", 10_000) == (State.UNKNOWN, "not-asked-yet")


def test_time_in_which_we_were_deaf_counts_against_nobody(office: Office) -> None:
    office.beat("desa-2", 0)
    for seconds in range(10, 1000, 10):
        office.beats.turn(at(seconds), blind=True)
    office.beats.turn(at(1100), blind=False)
    assert office.state("rtr-2", 1100)[0] is State.UP
    office.beats.turn(at(1180), blind=False)
    assert office.state("rtr-2", 1180)[0] is State.DOWN


def test_tests_that_fail_at_the_site_are_not_green(office: Office) -> None:
    office.beat("desa-2", 0, DEAD)
    assert office.state("rtr-2", 0)[0] is State.UP
    office.beat("desa-2", 60, DEAD)
    assert office.state("rtr-2", 60) == (State.DEGRADED, "internet-fails")
    assert office.kinds("desa-2") == ["internet-fails", "wan-up"]
    assert [fault.reason for fault in office.beats.internet.faults(at(60)).values()] == ["internet-fails"]
    office.beat("desa-2", 120)
    assert office.state("rtr-2", 120) == (State.UP, "answers")
    assert not office.beats.internet.faults(at(120))


def test_the_last_one_before_a_site_fell_says_nothing_of_the_time_since(office: Office) -> None:
    office.beat("desa-1", 0)
    office.desk.fell["rtr-1"] = at(30)
    office.beats.turn(at(40), blind=False)
    assert (office.desk.beats["rtr-1"], office.desk.said["desa-1"]) == (Beat.NONE, ())
    office.beat("desa-1", 60)
    office.beats.turn(at(61), blind=False)
    assert office.desk.beats["rtr-1"] is Beat.GOES_ON, "it still sends: only our way to it is lost"


def test_a_token_that_is_taken_back_ends_what_was_known(office: Office) -> None:
    office.beat("desa-1", 0)
    del office.tokens.by_hash["a"]
    office.refresh(10)
    assert (office.desk.beats["rtr-1"], office.desk.said["desa-1"]) == (Beat.NONE, ())
    assert office.beats.tokens.site_of("a") is None


def test_who_is_known_by_heartbeat_alone_is_unknown_once_nobody_takes_it(office: Office) -> None:
    """Also what its site said of its internet, and what others made of its words."""
    office.beat("desa-2", 0, DEAD)
    office.beat("desa-2", 60, DEAD)
    assert office.state("rtr-2", 60) == (State.DEGRADED, "internet-fails")
    token = next(hash_ for hash_, site in office.tokens.by_hash.items() if site == "desa-2")
    del office.tokens.by_hash[token]
    office.refresh(70)
    assert office.state("rtr-2", 70) == (State.UNKNOWN, "not-checked")
    assert not office.beats.internet.faults(at(70))
    assert office.forgotten == ["desa-2"]
    office.beats.turn(at(9000), blind=False)
    assert office.state("rtr-2", 9000) == (State.UNKNOWN, "not-checked"), "nor does it fall"
    office.tokens.by_hash[token] = "desa-2"
    office.refresh(9010)
    assert office.state("rtr-2", 9010) == (State.UNKNOWN, "not-asked-yet")
    office.beat("desa-2", 9020)
    assert office.state("rtr-2", 9020) == (State.UP, "answers")


def test_a_dark_one_whose_token_is_taken_back_is_not_down_for_ever(office: Office) -> None:
    office.beat("desa-2", 0)
    office.beats.turn(at(181), blind=False)
    assert office.state("rtr-2", 181)[0] is State.DOWN
    office.tokens.by_hash.clear()
    office.refresh(200)
    assert office.state("rtr-2", 200) == (State.UNKNOWN, "not-checked")


def test_a_token_that_was_taken_back_while_nobody_ran(office: Office) -> None:
    rtr = office.fleet.index("rtr-2")
    kept = DeviceState("rtr-2", State.UP, "answers", datetime(2026, 11, 22, tzinfo=UTC))
    office.tokens.by_hash.clear()
    office.refresh(0)
    office.states.restore([kept])
    office.beats.restore((), at(0))
    assert office.state("rtr-2", 1) == (State.UNKNOWN, "not-checked")
    assert office.states.light_of(rtr) == 0


def test_who_was_up_by_heartbeat_before_a_restart_must_go_on(office: Office) -> None:
    rtr = office.fleet.index("rtr-2")
    office.states.observe_telling(rtr, at(-30).steady_seconds)
    office.states.step(at(0))
    office.beats.restore((), at(0))
    office.beats.turn(at(179), blind=False)
    assert office.state("rtr-2", 179)[0] is State.UP
    office.beats.turn(at(181), blind=False)
    assert office.state("rtr-2", 181)[0] is State.DOWN


def test_a_new_inventory_hears_of_the_beats_that_are_known(office: Office) -> None:
    office.beat("desa-1", 0)
    office.desk.beats.clear()
    office.beats.know(INVENTORY, at(10))
    assert office.desk.beats == {"rtr-1": Beat.GOES_ON}
