"""Ranges, blocks and pools: how they are read, written, cut and refused."""

from ipaddress import ip_network

import pytest

from domain.addressing import (
    AddressingError,
    Allocation,
    AllocationState,
    Block,
    Kind,
    Pool,
    Range,
    blocks_of,
    check_pool,
    clipped,
    merged,
    name_of,
    number_in,
    read_prefix,
    read_span,
    take,
    without,
    written,
    written_span,
)
from domain.time import Moment

KABUPATEN = Pool("lan", Kind.IPV4, read_span("10.14.0.0/16")[1], 26, "lan")


@pytest.mark.parametrize("text", ["0.0.0.0/0", "10.14.0.0/16", "10.14.3.32/27", "255.255.255.255/32", "fd00:14::/48"])
def test_a_prefix_is_one_block_and_is_written_as_it_was_read(text: str) -> None:
    kind, span = read_prefix(text)
    block = Block(span.first, kind.bits - ip_network(text).prefixlen)
    assert list(blocks_of(span)) == [block]
    assert written(kind, block) == text == written_span(kind, span)


def test_a_range_falls_into_the_fewest_aligned_blocks() -> None:
    assert list(blocks_of(Range(1, 6))) == [Block(1, 0), Block(2, 1), Block(4, 1), Block(6, 0)]
    assert list(blocks_of(Range(0, 5))) == [Block(0, 2), Block(4, 1)]
    assert Block(4, 1).buddy == Block(6, 1)
    assert Block(6, 1).parent == Block(4, 2)


def test_what_is_left_over() -> None:
    assert without([Range(0, 9), Range(10, 20)], [Range(3, 4), Range(18, 30)]) == (Range(0, 2), Range(5, 17))
    assert without([Range(0, 9)], [Range(0, 9)]) == ()
    assert merged([Range(5, 9), Range(0, 4), Range(11, 11)]) == (Range(0, 9), Range(11, 11))
    assert clipped((Range(0, 4), Range(6, 9), Range(20, 30)), Range(3, 20)) == (Range(3, 4), Range(6, 9), Range(20, 20))


def test_taking_keeps_what_is_not_needed_whole() -> None:
    taken = take(iter([Block(8, 1), Block(16, 4)]), 1, 3)
    assert taken.given == (Block(8, 1), Block(16, 1), Block(18, 1))
    assert taken.used == (Block(8, 1), Block(16, 4))
    assert taken.rest == (Block(20, 2), Block(24, 3))
    assert take([Block(8, 0)], 0, 5).given == (Block(8, 0),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("10.14.1.1/16", "Write 10.14.0.0/16"),
        ("10.14.0.0/33", "is not a prefix"),
        ("fd00::zz/48", "is not a prefix"),
        ("200-100", "neither a prefix nor a range"),
        ("seratus", "neither a prefix nor a range"),
    ],
)
def test_what_cannot_be_read_says_what_would_be_right(text: str, says: str) -> None:
    with pytest.raises(AddressingError, match=says):
        read_span(text)


def test_numbers_and_names() -> None:
    assert read_span("100-199") == (None, Range(100, 199))
    assert read_span(" 7 ") == (None, Range(7, 7))
    assert name_of("rtr-{number:04}-a", 7) == "rtr-0007-a"
    assert number_in("rtr-{number:04}-a", "rtr-0007-a") == 7
    assert number_in("rtr-{number:04}-a", "rtr-12345-a") == 12345
    for strange in ("rtr-7-a", "rtr-0007", "rtr--001-a", "rtr-٠٠٠٧-a", "rtr-a", "", "rtr-99999999999999-a"):
        assert number_in("rtr-{number:04}-a", strange) is None
    assert number_in("no number", "no number") is None


@pytest.mark.parametrize(
    ("pool", "says"),
    [
        (Pool("Besar", Kind.IPV4, KABUPATEN.span, 26), "cannot be the name"),
        (Pool("", Kind.IPV4, KABUPATEN.span, 26), "cannot be the name"),
        (Pool("a", Kind.IPV4, KABUPATEN.span, 26, "wi fi"), "cannot be the purpose"),
        (Pool("a", Kind.IPV4, KABUPATEN.span, 12), "choose from /16 to /32"),
        (Pool("a", Kind.IPV4, KABUPATEN.span, 33), "choose from /16 to /32"),
        (Pool("a", Kind.IPV4, KABUPATEN.span, 26, region="Wanayasa"), "is no region code"),
        (Pool("a", Kind.IPV4, KABUPATEN.span, 26, quarantine_days=-1), "shorter than no day"),
        (Pool("a", Kind.VLAN, Range(0, 10)), "vlan goes from 1 to 4094"),
        (Pool("a", Kind.VLAN, Range(4000, 4095)), "vlan goes from 1 to 4094"),
        (Pool("a", Kind.ASN, Range(1, 1 << 32)), "asn goes from 1"),
        (Pool("a", Kind.NAME, Range(1, 10), pattern="rtr"), "needs a pattern"),
        (Pool("a", Kind.NAME, Range(1, 10), pattern="{number}-{number}"), "needs a pattern"),
    ],
)
def test_a_pool_that_cannot_be(pool: Pool, says: str) -> None:
    with pytest.raises(AddressingError, match=says):
        check_pool(pool)


def test_single_hosts_are_neither_the_network_nor_the_broadcast() -> None:
    four, six = read_span("10.255.0.0/24")[1], read_span("fd00::/64")[1]
    assert Pool("a", Kind.IPV4, four, 32).giveable == Range(four.first + 1, four.last - 1)
    assert Pool("a", Kind.IPV6, six, 128).giveable == Range(six.first + 1, six.last)
    assert Pool("a", Kind.IPV4, four, 30).giveable == four
    assert Pool("a", Kind.IPV4, Range(four.first, four.first + 1), 32).giveable.size == 2


@pytest.mark.parametrize(
    ("prefix", "gateway"),
    [("10.14.3.32/27", "10.14.3.33/27"), ("10.0.0.8/31", "10.0.0.8/31"), ("10.255.0.7/32", "10.255.0.7/32")],
)
def test_the_gateway_is_the_first_host(prefix: str, gateway: str) -> None:
    kind, span = read_prefix(prefix)
    at = Moment(0, 0).utc
    block = Block(span.first, span.size.bit_length() - 1)
    allocation = Allocation("ds", "lan", "lan", kind, block, prefix, AllocationState.GIVEN, at)
    assert allocation.gateway == gateway
