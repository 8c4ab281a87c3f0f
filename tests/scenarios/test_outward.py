"""What is shown of the dark, by what explains them: networks of links alone, on a fake clock, second by second."""

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from alerts.desk import Desk, DeskRules, Fault
from alerts.desk.faults import Key
from alerts.engine import Engine
from alerts.outward import Outward
from alerts.states import BoardView, StateBoard, words
from domain.network import (
    Check,
    Device,
    Inventory,
    Link,
    LinkPurpose,
    Medium,
    PollClassName,
    Role,
    Site,
    SiteKind,
    Topology,
)
from domain.polling import DEFAULT_CLASSES, Fleet, PingRound
from domain.states import DeviceState
from domain.time import Moment
from tests.unit.alerts.desk_stage import Assessment

FIBRE = DEFAULT_CLASSES[PollClassName.FIBRE]
MORNING = 1_800_000_000.0


class Office:
    """Each device is pinged every 20 s at a second of its own; `dark` do not answer. shown: every change, in order."""

    def __init__(self, inventory: Inventory, offsets: dict[str, int] | None = None) -> None:
        self.fleet, self.at = Fleet(), 1000.0
        self.board = StateBoard(self.fleet)
        view = BoardView(self.board, self.fleet)
        self.engine = Engine(self.board, self.fleet, view, Desk(DeskRules(), Assessment()))
        for device in inventory.devices:
            self.board.put(self.fleet.put(device.name, None), Check.ICMP, FIBRE, self.now)
        offsets = offsets or {}
        self.offset = np.array([offsets.get(device.name, at % 20) for at, device in enumerate(inventory.devices)])
        self.engine.know(inventory, _NOWHERE)
        self.dark: set[str] = set()
        self.shown: list[tuple[str, str, str]] = []
        self._asks, self._watched = np.zeros(0, np.int64), dict[Key, Fault]()

    @property
    def now(self) -> Moment:
        return Moment(self.at, MORNING + self.at)

    def run(self, seconds: int) -> list[tuple[str, str, str]]:
        """The changes of these seconds: name, state, reason."""
        first = len(self.shown)
        for _ in range(seconds):
            self.at += 1
            due = np.union1d(np.flatnonzero((self.at - self.offset) % FIBRE.icmp_seconds == 0), self._asks)
            rtt = np.array([nan if self.fleet.name(index) in self.dark else 0.01 for index in due.tolist()])
            self.board.observe_pings(PingRound(due, self.now.unix_seconds, rtt, self.at), self.now)
            step = self.engine.look(self.now)
            self._asks = step.asks
            self.engine.decide(self.now, self._watched)
            self.shown += [(each.name, each.to.value, each.reason) for each in self.engine.tell(self.now)]
        return self.shown[first:]

    def states(self) -> dict[str, tuple[str, str]]:
        return {each.name: (each.state.value, each.reason) for each in self.board.states()}


def _network(names: str, *pairs: str) -> Inventory:
    """Devices of one letter, each at a site of its own, with links between them; `a` is the data centre's."""
    sites = tuple(Site(name, name, SiteKind.DATACENTER if name == "a" else SiteKind.DESA) for name in names)
    devices = tuple(Device(name, name, Role.ROUTER) for name in names)
    links = tuple(Link(f"fo-{pair}", pair[0], z_device=pair[1], medium=Medium.FIBRE) for pair in pairs)
    return Inventory(sites=sites, devices=devices, links=links)


_NOWHERE = Topology()
RING = _network("abcdx", "ab", "bc", "cd", "da", "cx")


def test_a_ring_by_links_alone_has_a_root_and_what_hangs_on_it() -> None:
    office = Office(RING)
    office.run(60)
    office.dark = {"c", "x"}
    assert [each[:2] for each in office.run(120)] == [("c", "down"), ("x", "unreachable")]
    assert office.states()["x"] == ("unreachable", "behind c")
    assert office.states()["c"] == ("down", "icmp-silent")
    office.dark = set()
    assert sorted(each[:2] for each in office.run(60)) == [("c", "up"), ("x", "up")]


def test_between_two_cuts_of_a_ring_everything_is_unreachable_but_what_may_be_broken_itself() -> None:
    office = Office(RING)
    office.run(60)
    office.dark = set("bcdx")
    office.run(120)
    states = office.states()
    assert (states["b"], states["d"]) == (("down", "icmp-silent"), ("down", "icmp-silent"))
    assert (states["c"], states["x"]) == (
        ("unreachable", "behind fo-ab, fo-da"),
        ("unreachable", "behind fo-ab, fo-da"),
    )
    assert len([each for each in office.shown if each[1] in ("down", "unreachable")]) <= 8


def test_of_two_ways_both_must_be_dark() -> None:
    office = Office(_network("abcd", "ab", "ac", "bd", "cd"))
    office.run(60)
    office.dark = {"b"}
    assert [each[:2] for each in office.run(120)] == [("b", "down")]
    office.dark = {"b", "c", "d"}
    office.run(120)
    assert office.states()["d"][0] == "unreachable"


def test_a_child_that_is_asked_first_is_never_shown_down_before_its_parent() -> None:
    """The child's fourth miss comes sixteen seconds before the parent's."""
    office = Office(_network("abcde", "ab", "bc", "cd", "de"), {"a": 0, "b": 18, "c": 14, "d": 8, "e": 2})
    office.run(60)
    office.dark = set("bcde")
    office.run(120)
    shown = [each for each in office.shown if each[1] in ("down", "unreachable")]
    assert ("b", "down", "icmp-silent") in shown
    assert [each for each in shown if each[1] == "down"] == [("b", "down", "icmp-silent")]
    assert len(shown) == 4, "each is shown once"
    assert {office.states()[name] for name in "cde"} == {("unreachable", "behind b")}


def test_a_device_that_falls_alone_is_shown_down_at_once() -> None:
    office = Office(_network("abcd", "ab", "bc", "bd"))
    office.run(60)
    office.dark = {"c"}
    office.run(62)
    assert office.run(20) in ([("c", "down", "icmp-silent")], [])
    assert office.states()["c"] == ("down", "icmp-silent")


def _villages() -> Inventory:
    """Three villages seen through tunnels to one concentrator; their service goes the provider's way."""
    devices = [Device("core", "a", Role.ROUTER), Device("vpn", "a", Role.VPN, uplink=("core",))]
    links = []
    for name in ("x", "y", "z"):
        devices.append(Device(name, name, Role.ROUTER, uplink=("vpn",), mgmt_via="vpn"))
        links.append(Link(f"wan-{name}", name, provider="P", medium=Medium.LTE))
        tunnel = Link(f"vpn-{name}", name, z_device="vpn", medium=Medium.VPN, purpose=LinkPurpose.MANAGEMENT)
        links.append(tunnel)
    sites = (Site("a", "a", SiteKind.DATACENTER), *(Site(name, name, SiteKind.DESA) for name in "xyz"))
    return Inventory(sites=sites, devices=tuple(devices), links=tuple(links))


def test_behind_a_dead_concentrator_nobody_is_down() -> None:
    office = Office(_villages())
    office.run(60)
    office.dark = {"vpn", "x", "y", "z"}
    office.run(120)
    states = office.states()
    assert states["vpn"] == ("down", "icmp-silent")
    assert {states[name] for name in "xyz"} == {("unknown", "unseen-behind vpn")}
    assert not [each for each in office.shown if each[0] in "xyz" and each[1] in ("down", "unreachable")]
    assert "vpn" in words("unseen-behind vpn")


def test_after_a_restart_the_dark_are_explained_at_once_and_nobody_moves() -> None:
    before = Office(RING)
    before.run(60)
    before.dark = {"c", "x"}
    before.run(120)
    kept: tuple[DeviceState, ...] = before.board.states()
    office = Office(RING)
    office.board.restore(kept)
    office.engine.restore()
    assert office.run(1) == []
    assert [each.cause.name for each in office.engine.cause.explanations()] == ["c"]
    office.dark = {"c", "x"}
    assert office.run(200) == []
    assert office.states()["x"] == ("unreachable", "behind c")


def test_who_no_explanation_names_stands_behind_his_uplink() -> None:
    """While root cause has not been told of a device, what is written as its uplink says who is before it."""
    inventory = RING
    office = Office(inventory)
    for name, uplink in (("m", ()), ("n", ("m",))):
        office.board.put(office.fleet.put(name, None), Check.ICMP, FIBRE, office.now)
        office.offset = np.append(office.offset, 3)
        inventory = replace(inventory, devices=(*inventory.devices, Device(name, name, Role.ROUTER, uplink=uplink)))
    office.engine.topology = Topology.of(inventory.devices)
    office.run(60)
    office.dark = {"m", "n"}
    office.run(120)
    assert office.states()["n"] == ("unreachable", "behind m")
    assert office.states()["m"] == ("down", "icmp-silent")


def test_nothing_is_thought_of_while_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(RING)
    office.run(120)
    calls = []
    monkeypatch.setattr(Outward, "say", lambda *words: calls.append(words))
    office.run(300)
    assert calls == []


def test_a_new_inventory_explains_the_dark_anew_and_nobody_moves() -> None:
    office = Office(RING)
    office.run(60)
    office.dark = {"c", "x"}
    office.run(120)
    office.engine.know(RING, _NOWHERE)
    assert office.run(30) == []
    without = replace(RING, links=tuple(link for link in RING.links if link.name != "fo-cx"))
    office.engine.know(without, _NOWHERE)
    office.run(70)
    assert office.states()["x"] == ("down", "icmp-silent"), "nothing says any more that it stands behind c"


def test_what_was_behind_it_has_the_time_to_boot() -> None:
    office = Office(RING)
    office.run(60)
    office.dark = {"c", "x"}
    office.run(120)
    office.dark = {"x"}
    shown = office.run(50)
    assert [each[:2] for each in shown] == [("c", "up")]
    assert [each[:2] for each in office.run(60)] == [("x", "down")]
