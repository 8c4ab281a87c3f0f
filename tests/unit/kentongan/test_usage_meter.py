"""Octets and clients between two looks: counts alone, added up by device, the most of them kept."""

import numpy as np
from numpy.typing import NDArray

from domain.coverage.evidence import UseDay
from domain.polling import Budget, Column, Fleet, Kind, PlanBook, Sweep
from domain.polling.counters import CounterAdvance
from kentongan.run.coverage import Tally
from kentongan.run.usage import UsageMeter

COLUMNS = (
    Column("1.1", Kind.COUNTER64, "interfaces", "ifHCInOctets", "ether1"),
    Column("1.2", Kind.COUNTER64, "interfaces", "ifHCOutOctets", "ether1"),
    Column("1.3", Kind.GAUGE32, "wireless", "sensor.clients", "wlan1"),
    Column("1.4", Kind.GAUGE32, "wireless", "sensor.clients", "wlan2"),
    Column("1.5", Kind.GAUGE32, "leases", "sensor.clients", "DHCP leases"),
    Column("1.6", Kind.GAUGE32, "ppp", "sensor.clients", "PPPoE sessions"),
)
NAN = float("nan")


class Network:
    """Two routers of one plan."""

    def __init__(self) -> None:
        self.fleet = Fleet()
        self.meter = UsageMeter(self.fleet)
        plan = PlanBook().intern(list(COLUMNS), Budget())
        self.a, self.b = self.fleet.put("a", plan), self.fleet.put("b", plan)

    def poll(self, device: int, octets: int, *clients: float, old: bool = False) -> None:
        """What came in since the last poll (as much went out), and the four counts of clients."""
        n = len(COLUMNS)
        cell = np.arange(n) + int(self.fleet.start[device])
        one = np.ones(1)
        sweep = Sweep(
            np.array([device]), self.fleet.generation[[device]] - int(old), np.zeros(1, np.uint8), one, one, one, one,
            np.ones(1, np.int64), np.ones(1, np.int64), np.zeros(n, np.int64), cell, np.zeros(n, np.uint64),
            np.ones(n, np.bool_),
        )  # fmt: skip
        delta = np.array([octets, octets], np.uint64)
        at: NDArray[np.int64] = np.arange(2)
        advance = CounterAdvance(
            at, cell[:2], delta, np.ones(2), np.ones(2), np.zeros(2, np.uint8), delta, np.zeros(1, np.bool_)
        )
        self.meter.note_sweep(sweep, np.array([NAN, NAN, *clients]), advance)


def test_radios_of_one_poll_are_added_and_the_most_of_several_polls_is_kept() -> None:
    network = Network()
    network.poll(network.a, 100, 3, 4, 9, 1)
    network.poll(network.a, 50, 2, 1, 11, NAN)
    network.poll(network.b, 7, NAN, NAN, 0, NAN)
    used = network.meter.take()
    assert used.octets[[network.a, network.b]].tolist() == [150, 7], "what came in, and not what went out too"
    assert used.wifi[[network.a, network.b]].tolist() == [7, -1], "nobody told is not nobody"
    assert used.leases[[network.a, network.b]].tolist() == [11, 0]
    assert used.pppoe[[network.a, network.b]].tolist() == [1, -1]


def test_a_look_begins_anew_and_an_old_layout_tells_nothing() -> None:
    network = Network()
    network.poll(network.a, 100, 3, 4, 9, 1)
    network.meter.take()
    network.poll(network.a, 5, 8, 8, 8, 8, old=True)
    used = network.meter.take()
    assert used.wifi[network.a] == -1
    assert used.leases[network.a] == -1


def test_one_person_shows_three_times_and_a_pppoe_customer_once() -> None:
    tally = Tally()
    assert tally.users is None
    for name, count in (("leases", 12), ("wifi", 7), ("wifi", 2), ("hotspot", None), ("pppoe", 4), ("leases", -1)):
        tally.add(name, count)
    assert (tally.leases, tally.wifi, tally.hotspot, tally.users) == (12, 9, None, 16)
    assert {"mac", "name"}.isdisjoint(UseDay.__slots__)
