"""What light, radios and whatever knows of the mains say at an outage: fades before they are lost, UPS and supplies."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import inf, nan

import pytest

from alerts.detect import InterfaceWatch
from alerts.evidence.ports import LinkPorts
from alerts.evidence.readings import ReadingBook
from alerts.evidence.uptimes import UptimeBook
from alerts.evidence.witnesses import Witnesses
from alerts.states import BoardView
from domain.incidents import Cause, CauseKind, Condition, Evidence, EvidenceKind, Incident, Member, Urgency
from domain.network import Device, Link, Medium, Role
from domain.polling import Column, MainsSign
from tests.unit.alerts.degraded_gear import Gear, device, link, sensor

SOURCE = MainsSign(1, "Output source", (5, 5), (3, 3))
BATTERY = MainsSign(2, "On battery", (1, inf))
PSU = MainsSign(1, "PSU 1", (0, 0), (1, 1), by_change=True)
UPS = (sensor("state", "Output source"), sensor("runtime", "On battery"), sensor("runtime", "Battery left"))
K = EvidenceKind


@dataclass
class StateView(BoardView):
    """Who is in `gone` is dark, everybody else is lit."""

    gone: set[str] = field(default_factory=set)

    def dark(self, name: str) -> bool:
        return name in self.gone

    def lit(self, name: str) -> bool:
        return name not in self.gone and name in self.fleet


@dataclass
class Scene:
    """A gear with witnesses, of which some devices fall."""

    plans: dict[str, tuple[Column, ...]]
    devices: tuple[Device, ...]
    links: tuple[Link, ...] = ()
    signs: dict[str, tuple[MainsSign, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gear = gear = Gear(self.plans, self.devices, self.links)
        self.view = StateView(gear.board, gear.fleet)
        self.readings = ReadingBook(gear.fleet)
        self.uptimes = UptimeBook(gear.fleet)
        ports = LinkPorts(gear.fleet, InterfaceWatch(gear.fleet), self.view)
        watch = gear.watch
        self.witnesses = Witnesses(
            self.view, ports, self.uptimes, self.readings, fades=watch.fades, mains=watch.mains, complaints=watch
        )
        sites = tuple(replace(site, power_feeder="wanayasa-3") for site in gear.inventory.sites)
        inventory = replace(gear.inventory, sites=sites)
        self.witnesses.know(inventory)
        watch.know(inventory, lambda name: self.signs.get(name, ()))

    def polls(self, count: int, name: str, *values: float) -> None:
        for _ in range(count):
            self.gear.polls(1, name, *values)
            sweep, readings = self.gear.sweep({name: values})
            self.readings.note(sweep, readings)
            self.uptimes.note_sweep(sweep)

    def falls(self, cause: Cause, *names: str) -> Incident:
        now = self.gear.now.utc
        self.view.gone |= set(names)
        members = tuple(Member(name, now) for name in names)
        return Incident("i", Condition.OUTAGE, cause, "silent", Urgency.PAGE, now, now, members)

    def hears(self, incident: Incident, *kinds: EvidenceKind) -> list[Evidence]:
        return [each for each in self.witnesses.about(incident) if each.kind in kinds]


def brief(evidence: Iterable[Evidence]) -> list[tuple[str, str]]:
    return [(each.kind.value, each.subject) for each in evidence]


FIBRE = link("FO", ("r1", "sfp1"), ("r2", "sfp1"))
LIGHT = (K.RX_LOST, K.RX_PRESENT, K.RX_FELL)


def fibre() -> Scene:
    return Scene({"r1": (sensor("dbm", "sfp1 Rx", "sfp1"),)}, (device("r1"), device("r2", site="desa-b")), (FIBRE,))


def cut(scene: Scene) -> Incident:
    return scene.falls(Cause(CauseKind.LINK, "FO"), "r2")


def test_light_that_is_lost_at_once_is_lost_and_no_more() -> None:
    scene = fibre()
    scene.polls(30, "r1", -18.0)
    incident = cut(scene)
    scene.polls(2, "r1", nan)
    (lost,) = scene.hears(incident, *LIGHT)
    assert (lost.kind, lost.values) == (K.RX_LOST, {"port": "sfp1", "before": "-18.0"})


def test_light_that_fades_before_it_is_lost_says_so() -> None:
    scene = fibre()
    scene.polls(30, "r1", -18.0)
    scene.polls(2, "r1", -22.5)
    incident = cut(scene)
    scene.polls(2, "r1", nan)
    lost, fell = scene.hears(incident, *LIGHT)
    assert (lost.kind, fell.kind) == (K.RX_LOST, K.RX_FELL)
    assert fell.values == {"port": "sfp1", "before": "-18", "after": "-22.5", "change": "4"}


def test_what_little_light_is_left_does_not_speak_for_the_fibre() -> None:
    scene = fibre()
    scene.polls(30, "r1", -18.0)
    incident = cut(scene)
    scene.polls(3, "r1", -31.0)
    assert brief(scene.hears(incident, *LIGHT)) == [("rx-fell", "r1")]
    scene.polls(240, "r1", -31.0)
    assert brief(scene.hears(incident, *LIGHT)) == [("rx-fell", "r1")], "four hours later it still has fallen"
    scene.polls(5, "r1", -18.2)
    assert brief(scene.hears(incident, *LIGHT)) == [("rx-present", "r1")]


@pytest.mark.parametrize(("end", "said"), [(-60.0, []), (-66.0, []), (-75.0, [("radio-faded", "radio-b")])])
def test_a_radio_that_faded_before_it_fell(end: float, said: list[tuple[str, str]]) -> None:
    devices = (device("radio-a", Role.RADIO), device("radio-b", Role.RADIO, "desa-b"))
    signal = (sensor("signal", "desa signal"), sensor("signal", "desa noise floor"))
    scene = Scene(
        {"radio-b": signal}, devices, (link("PTP", ("radio-a", "wlan0"), ("radio-b", "wlan0"), medium=Medium.RADIO),)
    )
    scene.polls(30, "radio-b", -60.0, -96.0)
    for step in range(1, 6):
        scene.polls(1, "radio-b", -60 + (end + 60) * step / 5, -60.0)
    incident = scene.falls(Cause(CauseKind.LINK, "PTP"), "radio-b")
    assert brief(scene.hears(incident, K.RADIO_FADED)) == said


def powered(**signs: tuple[MainsSign, ...]) -> Scene:
    ups = replace(device("ups", Role.UPS), site="desa-b")
    plans = {"ups": UPS, "r1": (sensor("state", "PSU 1"),)}
    return Scene(plans, (device("r2"), ups, device("r1", site="desa-b")), (), signs)


MAINS = (K.UPS_ON_BATTERY, K.UPS_ON_MAINS, K.VOLTAGE_LOW)


def test_a_ups_on_the_same_feeder_tells_and_says_how_long_it_lasts() -> None:
    scene = powered(ups=(SOURCE, BATTERY))
    scene.polls(3, "ups", 3, 0, 3600)
    incident = scene.falls(Cause(CauseKind.DEVICE, "r2"), "r2")
    assert brief(scene.hears(incident, *MAINS)) == [("ups-on-mains", "ups")]
    scene.polls(1, "ups", 5, 30, 3600)
    (said,) = scene.hears(incident, *MAINS)
    assert said.kind is K.UPS_ON_BATTERY
    until = said.values["until"]
    scene.polls(1, "ups", 5, 90, 3540)
    assert scene.hears(incident, *MAINS)[0].values["until"] == until, "it does not change with every poll"


def test_a_ups_that_went_dark_itself_is_believed_only_if_it_was_on_battery() -> None:
    for source, said in ((3, []), (5, [("ups-on-battery", "ups")])):
        scene = powered(ups=(SOURCE, BATTERY))
        scene.polls(2, "ups", source, 600 if source == 5 else 0, 60)
        incident = scene.falls(Cause(CauseKind.SITE, "desa-b"), "ups", "r1", "r2")
        assert brief(scene.hears(incident, *MAINS)) == said


def test_a_supply_tells_by_its_change_at_the_hour_of_the_fall_alone() -> None:
    never, went, before = (powered(r1=(PSU,)) for _ in range(3))
    never.polls(5, "r1", 0)
    went.polls(5, "r1", 1)
    went.polls(1, "r1", 0)
    before.polls(5, "r1", 1)
    before.polls(60, "r1", 0)
    said = [each.hears(each.falls(Cause(CauseKind.DEVICE, "r2"), "r2"), *MAINS) for each in (never, went, before)]
    assert [brief(each) for each in said] == [[], [("voltage-low", "r1")], []]


def test_a_ups_of_which_nobody_named_the_signs_still_tells() -> None:
    scene = powered()
    scene.polls(2, "ups", 3, 40, 3600)
    incident = scene.falls(Cause(CauseKind.DEVICE, "r2"), "r2")
    assert brief(scene.hears(incident, *MAINS)) == [("ups-on-battery", "ups")]


def test_low_voltage_that_was_told_before_the_fall_is_a_witness() -> None:
    scene = Scene({"inv": (sensor("voltage", "Battery 1"),)}, (device("inv", Role.INVERTER), device("r2")))
    scene.polls(6, "inv", 45.5)
    incident = scene.falls(Cause(CauseKind.SITE, "desa-a"), "inv", "r2")
    (said,) = scene.hears(incident, *MAINS)
    assert (said.kind, said.values) == (K.VOLTAGE_LOW, {"value": "45.5", "limit": "47"})


def test_what_was_found_of_a_degraded_device_is_its_evidence() -> None:
    scene = Scene({"inv": (sensor("voltage", "Battery 1"),)}, (device("inv", Role.INVERTER),))
    scene.polls(6, "inv", 45.5)
    cause, now = Cause(CauseKind.DEVICE, "inv"), scene.gear.now.utc
    assert scene.gear.told() == {("device", "inv", "voltage-low")}
    incident = Incident("i", Condition.DEGRADED, cause, "voltage-low", Urgency.DAY, now, now, ())
    (said,) = scene.witnesses.about(incident)
    assert (said.kind, said.values["what"]) == (K.THRESHOLD, "inv Battery 1")
    assert now - scene.gear.now.utc < timedelta(seconds=1)
