"""The lab's BER against bytes written out by hand from X.690 and RFC 3416."""

import pytest

from lab.errors import BerError
from lab.world import ber


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (0, "020100"),
        (127, "02017f"),
        (128, "02020080"),
        (-1, "0201ff"),
        (-128, "020180"),
        (-129, "0202ff7f"),
        (-40000, "0203ff63c0"),
        (2**31 - 1, "02047fffffff"),
    ],
)
def test_integers(value: int, encoded: str) -> None:
    assert ber.integer(value).hex() == encoded
    assert ber.read_integer(bytes.fromhex(encoded), 0, len(encoded) // 2) == (value, len(encoded) // 2)


@pytest.mark.parametrize(
    ("made", "encoded"),
    [
        (ber.counter32(2**32 - 1), "410500ffffffff"),
        (ber.counter32(2**32 + 5), "410105"),
        (ber.counter64(2**64 - 1), "460900ffffffffffffffff"),
        (ber.counter64(0), "460100"),
        (ber.gauge32(10_000_000_000), "420500ffffffff"),
        (ber.gauge32(-3), "420100"),
        (ber.timeticks(2**32), "430100"),
        (ber.octets("ab"), "04026162"),
        (ber.octets(b"x" * 200)[:4], "0481c878"),
        (ber.octets(b"x" * 300)[:5], "0482012c78"),
        (ber.oid((1, 3, 6, 1, 4, 1, 14988, 1)), "06082b0601040" + "1f50c01"),
        (ber.oid((1, 0, 8802, 1, 1, 2)), "060628c462010102"),
        (ber.oid((2, 999, 2**32 - 1)), "060788378fffffff7f"),
    ],
)
def test_the_other_types(made: bytes, encoded: str) -> None:
    assert made.hex() == encoded


@pytest.mark.parametrize("arcs", [(0, 0), (1, 3, 6, 1), (1, 0, 8802, 127, 128, 16383, 16384), (2, 999, 2**32 - 1)])
def test_oids_there_and_back(arcs: tuple[int, ...]) -> None:
    assert ber.arcs_of(ber.oid_contents(arcs)) == arcs


@pytest.mark.parametrize("bad", ["", "30", "3005", "308401", "3080", "30850000000001", "0200", "0209" + "01" * 9])
def test_what_cannot_be_read_is_named(bad: str) -> None:
    data = bytes.fromhex(bad)
    with pytest.raises(BerError):
        ber.read_integer(data, 0, len(data))
    if len(data) < 4:
        with pytest.raises(BerError):
            ber.arcs_of(b"\x2b\x86")
