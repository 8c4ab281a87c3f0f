"""Which pool a request means, and what is said when there is none or nothing is left in it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.addressing import Block, Kind, Pool, Range, Request, Use, read_span
from provisioning.addresses.choosing import candidates, check_pools, check_requests, exact_block, size_bits_of
from provisioning.addresses.errors import RequestError, UnknownPoolError
from provisioning.addresses.refusing import nothing_left


def pool(name: str, prefix: str, region: str = "", **more: object) -> Pool:
    kind, span = read_span(prefix)
    assert kind is not None
    return replace(Pool(name, kind, span, 26, "lan", region), **more)


KAB = pool("kab", "10.14.0.0/16", "32.14")
KEC = pool("kec", "10.15.0.0/20", "32.14.07")
KEC2 = pool("a-kec", "10.15.16.0/20", "32.14.07")
ELSE = pool("else", "10.16.0.0/20", "32.14.1")
VRF = pool("vrf", "10.14.0.0/16", "32.14", zone="cctv")
POOLS = (KAB, KEC, KEC2, ELSE, VRF)


def test_the_nearest_region_comes_first_and_then_what_it_lies_in() -> None:
    found = candidates(Request("ds", "lan", purpose="lan", region="32.14.07.2003"), POOLS)
    assert [each.name for each in found] == ["a-kec", "kec", "kab"]
    assert candidates(Request("ds", "lan", purpose="lan", region="32.14.07.2003", zone="cctv"), POOLS) == (VRF,)
    assert candidates(Request("ds", "lan", pool="else"), POOLS) == (ELSE,)


def test_no_pool_says_how_to_add_one() -> None:
    with pytest.raises(UnknownPoolError, match=r"kentongan pool add wifi .* --purpose wifi"):
        candidates(Request("ds", "wifi", purpose="wifi", region="32.14.07"), POOLS)
    with pytest.raises(UnknownPoolError, match="--kind vlan"):
        candidates(Request("ds", "lan", kind=Kind.VLAN, purpose="lan", region="32.14"), POOLS)
    with pytest.raises(UnknownPoolError, match="There is no pool x"):
        candidates(Request("ds", "lan", pool="x"), POOLS)


def test_lengths_and_places_that_a_pool_does_not_have() -> None:
    assert size_bits_of(Request("ds", "lan"), KAB) == 6
    assert size_bits_of(Request("ds", "lan", length=30), KAB) == 2
    for length in (15, 33):
        with pytest.raises(RequestError, match=f"A /{length} cannot come out"):
            size_bits_of(Request("ds", "lan", length=length), KAB)
    assert exact_block(Request("ds", "lan", exactly="10.14.1.0/24"), KAB) == Block(0x0A0E0100, 8)
    for place in ("10.15.0.0/24", "fd00::/64", "10.14.0.1/24", "120", "rtr-1"):
        with pytest.raises(RequestError):
            exact_block(Request("ds", "lan", exactly=place), KAB)
    names = Pool("n", Kind.NAME, Range(1, 99), purpose="rtr", pattern="rtr-{number:03}")
    assert exact_block(Request("ds", "rtr", exactly="rtr-007"), names) == Block(7, 0)
    for name in ("rtr-7", "rtr-100", "sw-007"):
        with pytest.raises(RequestError, match="does not lie in"):
            exact_block(Request("ds", "rtr", exactly=name), names)


def test_somebody_must_want_something() -> None:
    for request in (Request("", "lan"), Request("ds", " ")):
        with pytest.raises(RequestError, match="for whom"):
            check_requests([request])


def test_an_empty_pool_says_what_is_in_quarantine_and_what_to_do() -> None:
    until = datetime(2026, 12, 22, tzinfo=UTC)
    use = Use(KEC, 4096, given=3968, reserved=0, quarantined=64, used=32, pools=0, free=32, largest_free_bits=5,
              next_free_at=until, allocations=63)  # fmt: skip
    said = nothing_left(Request("ds", "lan"), [use], 1)
    assert "No /26 is free for ds in kec (10.15.0.0/20); 1 is lacking." in said
    assert "3968 given, 32 in use by the inventory." in said
    assert "64 in quarantine, the first until 2026-12-22." in said
    assert "32 are free, in pieces; the largest is a /27." in said
    assert "kentongan pool add NAME RANGE --purpose lan" in said
    assert "--quarantine 0" in said
    assert "reserved" not in said


def test_every_pool_that_is_lacking_is_named_with_the_command_that_adds_it() -> None:
    asked = [Request("ds", label, purpose="wan", region="32.14.07", length=30) for label in ("a", "b")]
    asked += [Request("ds", "v", kind=Kind.VLAN, purpose="wan"), Request("ds", "lan", purpose="lan", region="32.14.07")]
    with pytest.raises(UnknownPoolError) as refused:
        check_pools(asked, POOLS)
    commands = [line.partition("Add one: ")[2] for line in str(refused.value).splitlines()]
    assert commands == [
        "kentongan pool add wan 10.14.0.0/20 --length 30 --purpose wan",
        "kentongan pool add wan-vlan 200-299 --kind vlan --purpose wan",
    ]
