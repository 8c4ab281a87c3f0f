"""Which tables of a router mean that two hosts use one address, and how full a pool is."""

from ipaddress import IPv4Address

import pytest

from domain.lan import ArpEntry, DhcpPool, Lease, LeaseState, duplicates, fullest, mac_text, used_of

A, B, C = "aa:00:00:00:00:01", "aa:00:00:00:00:02", "aa:00:00:00:00:03"


def at(last: int) -> IPv4Address:
    return IPv4Address(f"10.1.1.{last}")


def lease(last: int, mac: str, state: LeaseState = LeaseState.BOUND) -> Lease:
    return Lease(at(last), mac, state)


def arp(last: int, mac: str, interface: str = "bridge") -> ArpEntry:
    return ArpEntry(at(last), mac, interface)


def found(leases: list[Lease], entries: list[ArpEntry]) -> dict[str, tuple[str, ...]]:
    return {str(each.address)[len("10.1.1.") :]: each.macs for each in duplicates(leases, entries)}


@pytest.mark.parametrize(
    ("leases", "entries", "double"),
    [
        ([], [], {}),
        ([lease(1, A)], [arp(1, A), arp(2, B)], {}),
        ([lease(1, A)], [arp(1, B)], {"1": (A, B)}),
        ([], [arp(1, A), arp(1, B, "ether5")], {"1": (A, B)}),
        ([], [arp(1, A), arp(1, A, "ether5")], {}),
        ([lease(9, B, LeaseState.BUSY)], [], {"9": (B,)}),
        ([lease(9, "", LeaseState.BUSY)], [arp(9, C)], {"9": (C,)}),
        ([lease(1, A, LeaseState.OFFERED)], [arp(1, B)], {}),
    ],
)
def test_who_shares_an_address(
    leases: list[Lease], entries: list[ArpEntry], double: dict[str, tuple[str, ...]]
) -> None:
    assert found(leases, entries) == double


def test_a_repeater_that_answers_for_all_behind_it_is_no_second_host() -> None:
    behind = [lease(1, A), lease(2, B)]
    assert found(behind, [arp(1, C), arp(2, C)]) == {}
    assert found([*behind[:1], lease(3, C)], [arp(1, C), arp(3, C)]) == {}, "it has an address of its own too"
    assert found(behind, [arp(1, C), arp(2, B)]) == {"1": (A, C)}


def test_only_what_lies_in_the_pool_is_taken_from_it() -> None:
    ranges = [(at(10), at(13)), (at(20), at(20))]
    leases = [lease(10, A), lease(13, B, LeaseState.BUSY), lease(13, C), lease(20, A), lease(99, C)]
    pool = used_of("lan", ranges, leases)
    assert (pool.size, pool.used, pool.share) == (5, 3, 0.6)
    assert used_of("none", [], leases).share == 0


def test_the_pool_that_runs_out_first() -> None:
    wide, narrow, empty = DhcpPool("wide", 100, 80), DhcpPool("narrow", 4, 4), DhcpPool("empty", 0, 0)
    assert fullest([wide, narrow, empty]) == narrow
    assert fullest([empty]) is None


@pytest.mark.parametrize(
    ("written", "kept"),
    [("4C:5E:0C:00:01:01", "4c:5e:0c:00:01:01"), ("4c5e.0c00.0101", "4c:5e:0c:00:01:01"), ("", ""), ("4c:5e", "")],
)
def test_mac_addresses_are_written_one_way(written: str, kept: str) -> None:
    assert mac_text(written) == kept
