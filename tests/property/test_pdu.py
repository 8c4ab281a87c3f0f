"""SNMP messages: what is written is read back, and whatever octets come raise BerError or nothing."""

import contextlib

from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp import pdu

oids = st.builds(
    lambda first, second, rest: ".".join(map(str, (first, second, *rest))),
    st.integers(0, 2),
    st.integers(0, 39),
    st.lists(st.integers(0, 2**32 - 1), max_size=20),
)
values = st.one_of(
    st.tuples(st.just(pdu.OCTETS), st.binary(max_size=300)),
    st.integers(-(2**63), 2**63 - 1).map(lambda n: (pdu.INTEGER, n.to_bytes(8, "big", signed=True))),
    st.integers(0, 2**64 - 1).map(lambda n: (pdu.COUNTER64, n.to_bytes(9, "big"))),
)


def message(request_id: int, status: int, varbinds: list[pdu.Varbind]) -> bytes:
    octets = b"".join(
        pdu.tlv(pdu.SEQUENCE, pdu.tlv(pdu.OID, name) + pdu.tlv(tag, content)) for name, tag, content in varbinds
    )
    body = pdu.encode_pdu(pdu.RESPONSE, request_id, pdu.tlv(pdu.SEQUENCE, octets), status, 1)
    return pdu.encode_community_message(1, b"public", body)


@given(oids)
def test_an_oid_survives(oid: str) -> None:
    assert pdu.decode_oid(pdu.encode_oid(oid)) == oid


@given(st.integers(-(2**31), 2**31 - 1), st.integers(0, 18), st.lists(st.tuples(oids, values), max_size=12))
def test_a_message_survives(request_id: int, status: int, pairs: list[tuple[str, tuple[int, bytes]]]) -> None:
    varbinds = [(pdu.encode_oid(oid), tag, content) for oid, (tag, content) in pairs]
    version, community, read = pdu.decode_community_message(message(request_id, status, varbinds))
    assert (version, community) == (1, b"public")
    assert (read.request_id, read.error_status, read.error_index, read.varbinds) == (request_id, status, 1, varbinds)


@given(st.integers(-(2**63), 2**63 - 1))
def test_an_integer_survives(number: int) -> None:
    octets = pdu.encode_integer(number)
    assert pdu.read_integer(octets, 0, len(octets)) == (number, len(octets))
    assert pdu.value_of(pdu.INTEGER, octets[2:]) == number


@given(st.binary(max_size=200))
def test_noise_raises_nothing_else(data: bytes) -> None:
    with contextlib.suppress(pdu.BerError):
        pdu.decode_community_message(data)


@given(st.lists(st.tuples(oids, values), min_size=1, max_size=5), st.data())
def test_a_cut_or_changed_message_raises_nothing_else(
    pairs: list[tuple[str, tuple[int, bytes]]], data: st.DataObject
) -> None:
    whole = message(7, 0, [(pdu.encode_oid(oid), tag, content) for oid, (tag, content) in pairs])
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with contextlib.suppress(pdu.BerError):
        pdu.decode_community_message(cut)
        raise AssertionError("a cut message was read")
    at, octet = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 255))
    with contextlib.suppress(pdu.BerError):
        _version, _community, read = pdu.decode_community_message(whole[:at] + bytes((octet,)) + whole[at + 1 :])
        for name, tag, content in read.varbinds:
            with contextlib.suppress(pdu.BerError):
                pdu.decode_oid(name)
                pdu.value_of(tag, content)
