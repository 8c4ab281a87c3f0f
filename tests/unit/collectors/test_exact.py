"""The exact lane: what one answered value means for the column that was asked."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp import pdu
from collectors.snmp.error_recovery import react
from collectors.snmp.exact import interpret
from collectors.snmp.fingerprints import fingerprint
from collectors.snmp.intake import is_truncated
from collectors.snmp.lines import UNKNOWN, Asked
from domain.polling import Kind
from tests import scripted_agents as agents

OID = agents.oid_octets("1.3.6.1.2.1.1.3.0")


def read(kind: Kind, tag: int, content: bytes) -> tuple[int, bool, int]:
    found = interpret(Asked(OID, kind, 0, "t"), tag, content)
    return found.code, found.valid, found.raw


@pytest.mark.parametrize(
    ("kind", "tag", "content", "expected"),
    [
        (Kind.INTEGER, agents.INTEGER, b"\xff", (1, True, 2**64 - 1)),
        (Kind.INTEGER, agents.INTEGER, b"\x80\0\0\0", (4, True, 2**64 - 2**31)),
        (Kind.INTEGER, agents.INTEGER, b"\x7f" + b"\xff" * 7, (8, True, 2**63 - 1)),
        (Kind.INTEGER, agents.INTEGER, b"", (UNKNOWN, False, 0)),
        (Kind.INTEGER, agents.INTEGER, b"\0" * 9, (UNKNOWN, False, 0)),
        (Kind.INTEGER, agents.COUNTER64, b"\0" + b"\xff" * 8, (UNKNOWN, False, 0)),
        (Kind.COUNTER64, agents.COUNTER64, b"\0" + b"\xff" * 8, (9, True, 2**64 - 1)),
        (Kind.COUNTER64, agents.COUNTER64, b"\xff" * 8, (8, True, 2**64 - 1)),
        (Kind.COUNTER64, agents.COUNTER64, b"\xff" * 9, (UNKNOWN, False, 0)),
        (Kind.COUNTER64, agents.COUNTER32, b"\x05", (UNKNOWN, True, 5)),
        (Kind.COUNTER32, agents.COUNTER32, b"\0\xff\xff\xff\xff", (5, True, 2**32 - 1)),
        (Kind.COUNTER32, agents.COUNTER32, b"\xff\xff\xff\xff", (4, True, 2**32 - 1)),
        (Kind.COUNTER32, agents.COUNTER32, b"\x01\0\0\0\0", (UNKNOWN, False, 0)),
        (Kind.GAUGE32, agents.INTEGER, b"\xff", (UNKNOWN, False, 0)),
        (Kind.GAUGE32, agents.INTEGER, b"\x03", (UNKNOWN, True, 3)),
        (Kind.GAUGE32, 0x47, b"\x03", (UNKNOWN, True, 3)),
        (Kind.TIMETICKS, agents.NO_SUCH_INSTANCE, b"", (0x81, False, 0)),
        (Kind.TIMETICKS, agents.NO_SUCH_OBJECT, b"x", (UNKNOWN, False, 0)),
        (Kind.TIMETICKS, agents.NULL, b"", (UNKNOWN, False, 0)),
        (Kind.TEXT, agents.OCTETS, b"", (0, True, fingerprint(b""))),
        (Kind.TEXT, agents.OCTETS, b"\xff\0", (2, True, fingerprint(b"\xff\0"))),
        (Kind.TEXT, agents.OCTETS, b"x" * 200, (UNKNOWN, True, fingerprint(b"x" * 200))),
        (Kind.TEXT, agents.INTEGER, b"\xd6", (UNKNOWN, True, fingerprint(b"-42"))),
        (Kind.TEXT, agents.OPAQUE, b"\x9f\x78\x04\x41\x20\0\0", (UNKNOWN, True, fingerprint(b"10.0"))),
        (Kind.TEXT, 6, b"\x80", (UNKNOWN, False, 0)),
        (Kind.TEXT, agents.NULL, b"", (UNKNOWN, False, 0)),
    ],
)
def test_one_value(kind, tag, content, expected):
    assert read(kind, tag, content) == expected


@given(st.sampled_from(list(Kind)), st.integers(0, 255), st.binary(max_size=40))
def test_no_content_makes_it_fail(kind, tag, content):
    code, valid, raw = read(kind, tag, content)
    assert 0 <= code <= 255
    assert 0 <= raw < 2**64
    assert valid or raw == 0


@given(st.binary(max_size=300))
def test_octets_decode_to_a_message_or_are_refused(octets):
    with suppress(pdu.BerError):
        pdu.decode_community_message(octets)
    assert is_truncated(octets) in (True, False)


@given(st.data())
def test_a_message_with_an_octet_changed_decodes_or_is_refused(data):
    request = agents.Request(b"public", 1 << 24, ["1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0"], ("", 0))
    message = bytearray(agents.answer(request, [(oid, (4, b"abc")) for oid in request.oids]))
    for _ in range(data.draw(st.integers(1, 4))):
        message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    try:
        _version, _community, answer = pdu.decode_community_message(bytes(message[: data.draw(st.integers(0, 80))]))
    except pdu.BerError:
        return
    assert len(answer.varbinds) <= 40


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_fingerprints_tell_texts_apart(one, other):
    assert (fingerprint(one) == fingerprint(other)) == (one == other)
    assert fingerprint(one) != 0


@given(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=12),
    st.sampled_from([1, 2, 3, 5, 16, 99]),
    st.integers(-1, 14),
)
def test_every_error_is_asked_otherwise_in_fewer_columns_and_never_for_ever(tables, status, index):
    columns = tuple(Asked(OID + bytes([i]), Kind.INTEGER, i, table) for i, table in enumerate(tables))
    waiting, asked = [columns], 0
    while waiting:
        reaction = react(waiting.pop(), status, index)
        asked += 1
        assert set(reaction.failed) <= set(tables)
        waiting += reaction.pieces
        assert asked <= 2 * len(columns)
