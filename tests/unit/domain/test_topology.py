"""Who is behind whom, from `uplink` alone."""

import itertools

import pytest

from domain.network import Device, Role, Topology, UplinkCycleError


def device(name: str, *uplink: str) -> Device:
    return Device(name, "site", Role.ROUTER, uplink=uplink)


def test_a_chain_darkens_all_that_follows() -> None:
    topology = Topology.of([device("core"), device("pop", "core"), device("desa", "pop"), device("ap", "desa")])
    assert topology.behind("pop") == {"desa", "ap"}
    assert topology.behind("ap") == frozenset()


def test_a_ring_survives_one_loss() -> None:
    topology = Topology.of([device("core"), device("a", "core"), device("b", "core"), device("desa", "a", "b")])
    assert topology.behind("a") == frozenset()
    assert topology.behind("core") == {"a", "b", "desa"}


def test_uplinks_to_unknown_devices_are_left_out() -> None:
    assert Topology.of([device("desa", "provider")]).uplinks == {"desa": ()}


def test_a_cycle_is_named_in_order() -> None:
    with pytest.raises(UplinkCycleError) as caught:
        Topology.of([device("a", "b"), device("b", "c"), device("c", "a"), device("d", "a")])
    names = caught.value.names
    assert names[0] == names[-1]
    assert set(names) == {"a", "b", "c"}
    for lower, upper in itertools.pairwise(names):
        assert upper in {"a": "b", "b": "c", "c": "a"}[lower]


def test_a_chain_of_thousands_needs_no_recursion() -> None:
    chain = [device("d0"), *(device(f"d{i}", f"d{i - 1}") for i in range(1, 5000))]
    assert len(Topology.of(chain).behind("d0")) == 4999


def test_circles_are_left_out_where_the_watch_must_go_on() -> None:
    devices = [
        Device("a", "s", Role.ROUTER, uplink=("a",)),
        Device("b", "s", Role.ROUTER, uplink=("c", "a")),
        Device("c", "s", Role.ROUTER, uplink=("b",)),
    ]
    topology = Topology.without_circles(devices)
    assert topology.uplinks["a"] == ()
    assert "a" in topology.uplinks["b"]
    assert Topology.of([Device(name, "s", Role.ROUTER, uplink=ups) for name, ups in topology.uplinks.items()])
