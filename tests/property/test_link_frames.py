"""Frames that strangers send: what we write is read again, and no octets raise anything but FrameError."""

from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.link import FrameError
from collectors.link.mndp import MndpMessage, read_mndp, write_mndp

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)
MACS = st.binary(min_size=6, max_size=6).map(lambda octets: octets.hex(":"))
KNOWN = {1, 5, 7, 8, 10, 11, 12, 14, 15, 16, 17}
MESSAGES = st.builds(
    MndpMessage,
    sequence=st.integers(0, 65535),
    mac=st.just("") | MACS,
    identity=TEXTS,
    version=TEXTS,
    platform=TEXTS,
    uptime_seconds=st.none() | st.integers(0, 2**32 - 1),
    software_id=TEXTS,
    board=TEXTS,
    unpack=st.none() | st.integers(0, 255),
    ipv6=st.none() | st.ip_addresses(v=6).map(lambda each: IPv6Address(int(each))),
    interface=TEXTS,
    ipv4=st.none() | st.ip_addresses(v=4),
    header=st.integers(0, 65535),
    others=st.lists(
        st.tuples(st.integers(0, 65535).filter(lambda kind: kind not in KNOWN), st.binary(max_size=20)), max_size=3
    ).map(tuple),
)
# As a RouterOS 7 router sends it, written down octet by octet: field types, lengths, and the uptime's own order.
HEARD = bytes.fromhex(
    "0000002a"
    "000100064c5e0c000101"
    "0005000b7274722d636962 6f646173"
    "0007000d372e31362028737461626c6529"
    "00080008 4d696b726f54696b"
    "000a000480510100"
    "000c0008 524237363069 4753"
    "000e000100"
    "00100006 657468657232"
    "00110004 0a4d0501".replace(" ", "")
)


def test_a_datagram_as_a_router_sends_it() -> None:
    assert read_mndp(HEARD) == MndpMessage(
        sequence=42, mac="4c:5e:0c:00:01:01", identity="rtr-cibodas", version="7.16 (stable)", platform="MikroTik",
        uptime_seconds=86_400, board="RB760iGS", unpack=0, interface="ether2", ipv4=IPv4Address("10.77.5.1"),
    )  # fmt: skip


@pytest.mark.parametrize("octets", [bytes(4), bytes(9), bytes.fromhex("0000000000060000"), bytes(7)])
def test_a_request_tells_nothing(octets: bytes) -> None:
    assert read_mndp(octets).is_request


@settings(deadline=None)
@given(MESSAGES)
def test_what_is_written_is_read_again(message: MndpMessage) -> None:
    assert read_mndp(write_mndp(message)) == message


@settings(deadline=None)
@given(st.binary(max_size=80) | st.builds(lambda cut: HEARD[:cut], st.integers(0, len(HEARD))))
def test_any_octets_are_a_message_or_are_refused(octets: bytes) -> None:
    with suppress(FrameError):
        assert read_mndp(octets).sequence == int.from_bytes(octets[2:4], "big")


@settings(deadline=None)
@given(st.integers(0, len(HEARD) - 1), st.integers(0, 255))
def test_one_wrong_octet_breaks_nothing_else(at: int, value: int) -> None:
    with suppress(FrameError):
        read_mndp(HEARD[:at] + bytes([value]) + HEARD[at + 1 :])


def readers() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Beginnings of frames that lead into each reader, with the reader. scapy is loaded here."""
    from collectors.link.arp import read_answer
    from collectors.link.dhcp import read_offer
    from collectors.link.neighbours import read_neighbour

    ours = bytes.fromhex("4c5e0c000101")
    ip = bytes.fromhex("450000c8000000004011" + "0000" + "0a4d0501" + "ffffffff")
    udp = bytes.fromhex("0043004400b40000")
    boot = bytes([2, 1, 6, 0]) + (7).to_bytes(4, "big") + bytes(228) + bytes.fromhex("63825363")
    everybody = b"\xff" * 6

    def neighbour(octets: bytes) -> object:
        return read_neighbour(octets, "eth0")

    def offer(octets: bytes) -> object:
        return read_offer(octets, 7)

    return {
        "lldp": (bytes.fromhex("0180c200000e") + ours + bytes.fromhex("88cc"), neighbour),
        "cdp": (bytes.fromhex("01000ccccccc") + ours + bytes.fromhex("0040aaaa0300000c200002b4"), neighbour),
        "mndp": (everybody + ours + b"\x08\x00" + ip + bytes.fromhex("162e162e00b40000"), neighbour),
        "dhcp": (everybody + ours + b"\x08\x00" + ip + udp + boot, offer),
        "arp": (ours + ours + bytes.fromhex("0806"), read_answer),
        "anything": (b"", neighbour),
    }


@settings(max_examples=40, deadline=None)
@given(octets=st.binary(max_size=120))
@pytest.mark.parametrize("name", ["lldp", "cdp", "mndp", "dhcp", "arp", "anything"])
def test_no_frame_makes_a_reader_raise_anything_else(name: str, octets: bytes) -> None:
    begun, read = readers()[name]
    with suppress(FrameError):
        read(begun + octets)
