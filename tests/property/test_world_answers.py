"""No datagram, however bent, makes an agent of the simulated world raise."""

from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.network import Region, RegionCode
from lab.kabupaten import generate
from lab.world import ber
from lab.world.agents import Agents
from lab.world.model import World

NOON = 1_790_000_000.0


@lru_cache(maxsize=1)
def agents() -> Agents:
    regions = [Region(RegionCode("32.14"), "Kabupaten Anu"), Region(RegionCode("32.14.01"), "Anu")]
    regions += [Region(RegionCode(f"32.14.01.2{at:03d}"), f"Desa {at}") for at in range(1, 9)]
    return Agents(World(generate("32.14", regions), NOON))


ADDRESS = "127.10.1.1"
V2C = bytes.fromhex("302a020101040670756 26c6963".replace(" ", "")) + bytes.fromhex(
    "a51d02020fa1020100020114301130 0f060b2b060102011f010101060a0500".replace(" ", "")
)


def v3(flags: int, engine: bytes, user: bytes, scoped: bytes) -> bytes:
    head = ber.integer(7) + ber.integer(65_000) + ber.octets(bytes((flags,))) + ber.integer(3)
    security = (
        ber.octets(engine) + ber.integer(1) + ber.integer(9) + ber.octets(user) + ber.octets(b"") + ber.octets(b"")
    )
    whole = ber.integer(3) + ber.wrap(0x30, head) + ber.octets(ber.wrap(0x30, security)) + scoped
    return ber.wrap(0x30, whole)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind(data: bytes) -> None:
    agents().answer(ADDRESS, data, NOON + 1)


@settings(max_examples=300)
@given(
    st.sampled_from(
        [
            V2C,
            v3(4, b"", b"", ber.wrap(0x30, b"")),
            v3(7, b"\x80\x00\x1f\x88\x01\x7f\x0a\x01\x01", b"labsha", ber.octets(b"x" * 40)),
            v3(
                4, b"\x80\x00\x1f\x88\x01\x7f\x0a\x01\x01", b"labnoauth", ber.wrap(0x30, b"\x04\x00\x04\x00" + V2C[13:])
            ),
        ]
    ),
    st.lists(st.tuples(st.integers(0, 120), st.integers(0, 255)), min_size=1, max_size=6),
    st.integers(0, 120),
)
def test_real_messages_with_some_bytes_bent(message: bytes, bends: list[tuple[int, int]], cut: int) -> None:
    bent = bytearray(message)
    for at, octet in bends:
        bent[at % len(bent)] = octet
    agents().answer(ADDRESS, bytes(bent), NOON + 1)
    agents().answer(ADDRESS, bytes(bent[: cut % len(bent)]), NOON + 1)


def test_the_unbent_message_is_answered() -> None:
    assert agents().answer(ADDRESS, V2C, NOON + 1) is not None
