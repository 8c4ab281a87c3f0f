"""Readings and rates against thresholds: patience, hysteresis, whose matter it is, and what survives what."""

from dataclasses import replace
from math import nan

from alerts.degraded.thresholds import read_thresholds
from domain.incidents import CauseKind, Confidence, Incident, Member, Urgency, Verdict, VerdictKind
from domain.network import Medium, Role
from tests.unit.alerts.degraded_gear import EPOCH, Gear, counter, device, link, sensor


def room() -> Gear:
    return Gear({"probe": (sensor("temperature", "Rack"),)}, (device("probe", Role.SENSOR, "dc"),))


def test_a_hot_data_centre_pages_after_two_polls_and_ends_below_its_lower_level() -> None:
    gear = room()
    gear.polls(1, "probe", 33.5)
    assert gear.told() == set(), "one reading may be a mistake"
    gear.polls(1, "probe", 34)
    assert gear.told() == {("device", "probe", "temperature")}
    fault = gear.fault(CauseKind.DEVICE, "probe", "temperature")
    assert (fault.urgency, fault.settle_seconds, fault.members) == (Urgency.PAGE, 0.0, frozenset({"probe"}))
    values = fault.evidence[0].values
    assert (values["what"], values["value"], values["limit"], values["unit"]) == ("probe Rack", "34", "32", "°C")
    gear.polls(30, "probe", 30)
    assert gear.told(), "between the levels it stays"
    gear.polls(2, "probe", 28)
    assert gear.told() == set()


def test_the_mapping_is_the_same_object_as_long_as_nothing_changes() -> None:
    gear = room()
    gear.polls(3, "probe", 34)
    first = gear.watch.faults(gear.now)
    gear.polls(20, "probe", 40)
    assert gear.watch.faults(gear.now) is first
    gear.polls(3, "probe", 20)
    assert gear.watch.faults(gear.now) is not first
    assert not gear.watch.faults(gear.now)


def test_no_reading_says_nothing_and_a_silent_device_keeps_its_fault() -> None:
    gear = room()
    gear.polls(3, "probe", 34)
    gear.polls(50, "probe", nan)
    gear.seconds += 86_400
    assert gear.told() == {("device", "probe", "temperature")}
    gear.polls(1, "probe", 20)
    assert gear.told(), "one reading may be a mistake here too"
    gear.polls(1, "probe", 20)
    assert gear.told() == set()


def test_a_new_layout_keeps_what_stands_and_drops_what_is_gone() -> None:
    gear = room()
    gear.polls(3, "probe", 34)
    gear.plan("probe", (sensor("temperature", "Door"), sensor("temperature", "Rack")))
    gear.polls(1, "probe", 20, 31)
    assert gear.told() == {("device", "probe", "temperature")}
    gear.plan("probe", (sensor("temperature", "Door"),))
    gear.polls(1, "probe", 20)
    assert gear.told() == set()


def test_what_leaves_the_inventory_takes_its_fault_with_it() -> None:
    gear = room()
    gear.polls(3, "probe", 34)
    gear.watch.know(replace(gear.inventory, devices=()))
    assert gear.told() == set()


def test_a_restart_neither_ends_a_fault_nor_tells_it_twice() -> None:
    gear = room()
    gear.polls(3, "probe", 34)
    fault = gear.fault(CauseKind.DEVICE, "probe", "temperature")
    verdict = Verdict(VerdictKind.DEVICE, Confidence.WEAK, fault.evidence)
    members = (Member("probe", gear.now.utc),)
    incident = Incident(
        "a", fault.condition, fault.cause, fault.reason, Urgency.PAGE, gear.now.utc, gear.now.utc, members, verdict
    )
    after = room()
    after.watch.restore([incident])
    assert after.told() == {("device", "probe", "temperature")}, "before anything was polled"
    after.polls(5, "probe", 30.5)
    assert after.told(), "not yet below its lower level"
    after.polls(2, "probe", 25)
    assert after.told() == set()
    assert after.watch.evidence(fault.key) == fault.evidence, "the word of its end still says what it was"


def test_light_is_a_matter_of_the_link_and_of_the_onu_that_an_olt_speaks_of() -> None:
    olt = replace(device("olt", Role.OLT, "dc"), platform="zte-olt")
    onu = replace(device("onu-a", Role.ONU), olt="olt", olt_port="gpon_1/2/3", onu_id="7")
    gear = Gear(
        {
            "olt": (sensor("dbm", "ONU 1/2/3:7 Rx"),),
            "r1": (sensor("dbm", "sfp1 Rx", "sfp1"), sensor("dbm", "sfp2 Rx", "sfp2")),
        },
        (olt, onu, device("r1")),
        (link("FO A", ("r1", "sfp1"), ("olt", "ge1")),),
    )
    gear.polls(15, "olt", -26.4)
    gear.polls(15, "r1", -23.4, -23.6)
    assert gear.told() == {
        ("device", "onu-a", "optical-low"),
        ("link", "FO A", "optical-low"),
        ("device", "r1", "optical-low"),
    }
    assert gear.fault(CauseKind.LINK, "FO A", "optical-low").evidence[0].values["limit"] == "-24"
    gear.polls(2, "r1", nan, nan)
    assert len(gear.told()) == 3, "lost light is an outage's matter, not a clear"


def test_two_ends_of_one_link_make_one_fault() -> None:
    plans = {name: (sensor("dbm", "sfp1 Rx", "sfp1"),) for name in ("r1", "r2")}
    gear = Gear(plans, (device("r1"), device("r2")), (link("FO A", ("r1", "sfp1"), ("r2", "sfp1")),))
    gear.polls(15, "r1", -23.4)
    gear.polls(15, "r2", -23.9)
    fault = gear.fault(CauseKind.LINK, "FO A", "optical-low")
    assert fault.members == {"r1", "r2"}
    assert len(fault.evidence) == 2


def octets(gear: Gear, minutes: int, mbps: float, **errors: float) -> None:
    """A poll each minute of counters that go on at this rate."""
    for _ in range(minutes):
        gear.seconds += 60
        total = gear.counted + mbps * 125_000 * 60
        gear.counted = total
        gear.wrong += errors.get("wrong", 0.0) * 60
        gear.poll("r1", total, total, gear.wrong)


def port(mbps: float | None, cir: float | None = None, bps: float = 1e9) -> Gear:
    columns = (counter("ifHCInOctets", "wan", bps), counter("ifHCOutOctets", "lan", bps), counter("ifInErrors", "lan"))
    rented = link("WAN A", ("r1", "wan"), capacity_mbps=mbps, cir_down_mbps=cir, medium=Medium.FIBRE)
    return Gear({"r1": columns}, (device("r1"),), (rented,))


def test_a_link_is_full_by_what_it_is_rented_for_and_only_if_it_lasts() -> None:
    gear = port(50)
    octets(gear, 10, 49)
    assert gear.told() == set(), "a quarter of an hour is asked for"
    octets(gear, 10, 49)
    assert gear.told() == {("link", "WAN A", "saturation")}
    values = gear.fault(CauseKind.LINK, "WAN A", "saturation").evidence[0].values
    assert (values["what"], values["value"], values["limit"], values["unit"]) == ("r1 wan", "98", "90", "%")
    octets(gear, 20, 30)
    assert gear.told() == set()


def test_without_a_capacity_the_committed_rate_or_the_port_counts() -> None:
    committed, bare = port(None, cir=20), port(None, bps=100e6)
    octets(committed, 20, 19)
    octets(bare, 20, 19)
    assert committed.told() == {("link", "WAN A", "saturation")}
    assert bare.told() == set()
    octets(bare, 20, 97)
    assert bare.told() == {("link", "WAN A", "saturation")}


def test_errors_count_a_second_on_every_port() -> None:
    gear = port(1000)
    octets(gear, 15, 1, wrong=0.5)
    assert gear.told() == set()
    octets(gear, 15, 1, wrong=4)
    assert gear.told() == {("device", "r1", "errors")}
    assert gear.fault(CauseKind.DEVICE, "r1", "errors").evidence[0].values["what"] == "r1 lan"


def test_what_lies_outside_says_nothing() -> None:
    gear = Gear({"ups": (sensor("voltage", "Input 1"),)}, (device("ups", Role.UPS),))
    gear.polls(20, "ups", 0)
    assert gear.told() == set(), "no mains at all is another matter than low mains"
    gear.polls(10, "ups", 176)
    assert gear.told() == {("device", "ups", "voltage-low")}


def test_a_value_on_a_level_that_is_both_begin_and_end_does_not_come_and_go() -> None:
    text = '[[threshold]]\nname = "x"\nreason = "cpu"\nmeasure = "cpu"\nraise_above = 90\n'
    gear = Gear({"r1": (sensor("cpu", "cpu"),)}, (device("r1"),), thresholds=read_thresholds(text, "t"))
    seen = []
    for _ in range(6):
        gear.polls(1, "r1", 90)
        seen.append(bool(gear.told()))
    assert seen == [True] * 6
    assert gear.fault(CauseKind.DEVICE, "r1", "cpu").urgency is Urgency.DAY
    assert gear.now.unix_seconds > EPOCH
