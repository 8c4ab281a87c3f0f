"""Messages of the secure lane: every pair of protocols against the codec of single dialogues, ciphers, layouts."""

import contextlib
import itertools
import secrets

import pytest

from collectors.snmp import pdu
from collectors.snmp.engines import WINDOW_SECONDS, Engine
from collectors.snmp.keys import KeyRing, UserKeys
from collectors.snmp.secure.ciphers import Salts
from collectors.snmp.secure.layouts import begin_of, layout_of, message_id_of, read_alike
from collectors.snmp.secure.peer import Peer, frame
from collectors.snmp.templates import request_octets
from collectors.snmp.usm import Envelope, read_envelope, unwrap, wrap
from domain.polling import Endpoint
from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpUser

LEVELS = [
    (None, None),
    *((auth, None) for auth in AuthProtocol),
    *itertools.product(AuthProtocol, PrivProtocol),
]
OIDS = [pdu.encode_oid(f"1.3.6.1.2.1.31.1.1.1.6.{row}") for row in range(1, 30)]
IDENTITY = (0x12345678).to_bytes(4, "big")
RING = KeyRing()


def user(auth: AuthProtocol | None, priv: PrivProtocol | None, context: str = "") -> SnmpUser:
    return SnmpUser(
        "u", "noc", auth, Secret("authpass") if auth else None, priv, Secret("privpass") if priv else None, context
    )


def met(access: SnmpUser, engine: Engine) -> tuple[Peer, UserKeys]:
    peer = Peer(Endpoint("127.0.0.1", 161, access), access, 0)
    peer.meet(engine, RING)
    return peer, RING.keys(access, engine.engine_id)


def request(peer: Peer, oids: list[bytes], at: float) -> bytes:
    _head, rest = request_octets(oids, b"")
    return peer.request(IDENTITY, frame(rest, peer.scope_octets), at, Salts())


@pytest.mark.parametrize(("auth", "priv"), LEVELS)
@pytest.mark.parametrize("size", [5, 32])
def test_a_request_is_what_the_dialogue_would_read(
    auth: AuthProtocol | None, priv: PrivProtocol | None, size: int
) -> None:
    access, engine = user(auth, priv, "x" * size), Engine(bytes(range(size)), 7, 100, at=50.0)
    peer, keys = met(access, engine)
    for count, at in ((1, 50.0), (2, 60.0), (29, 500.0)):
        read = unwrap(request(peer, OIDS[:count], at), access, keys)
        assert (read.message_id, read.engine_id, read.authenticated) == (0x12345678, engine.engine_id, auth is not None)
        assert (read.pdu.tag, read.pdu.request_id, read.pdu.error_status) == (pdu.GET, 0x12345678, 0)
        assert read.pdu.varbinds == [(oid, pdu.NULL, b"") for oid in OIDS[:count]]
        if auth is not None:
            assert (read.boots, read.time) == (7, int(at) + 50)


@pytest.mark.parametrize(("auth", "priv"), LEVELS)
@pytest.mark.parametrize("count", [0, 1, 3, 29])
def test_an_answer_of_the_dialogue_is_found(auth: AuthProtocol | None, priv: PrivProtocol | None, count: int) -> None:
    access, engine = user(auth, priv), Engine(b"\x80\x00\x1f\x88\x04desa", 7, 100)
    peer, keys = met(access, engine)
    for time in (3, 100, 127, 128, 40_000, 2**31 - 1, 5):
        engine.set_clock(7, time, 0.0)
        answer = pdu.encode_pdu(pdu.RESPONSE, 0x12345678, pdu.encode_varbinds(OIDS[:count]))
        message = wrap(0x12345678, access, keys, engine, 0.0, answer)
        envelope = read_envelope(message)
        assert peer.signed(message, envelope) is (auth is not None)
        plain, begin, stop = peer.find_pdu(message, envelope)
        assert plain[begin:stop] == answer


@pytest.mark.parametrize("priv", PrivProtocol)
def test_another_context_than_asked_is_found_too(priv: PrivProtocol) -> None:
    engine = Engine(b"engine", 7, 100)
    one, two = user(AuthProtocol.SHA1, priv, "here"), user(AuthProtocol.SHA1, priv, "elsewhere")
    peer, _keys = met(one, engine)
    answer = pdu.encode_pdu(pdu.RESPONSE, 5, pdu.encode_varbinds(OIDS))
    message = wrap(5, two, RING.keys(two, b"engine"), engine, 0.0, answer)
    plain, begin, stop = peer.find_pdu(message, read_envelope(message))
    assert plain[begin:stop] == answer


@pytest.mark.parametrize("priv", [PrivProtocol.AES128, PrivProtocol.AES256, PrivProtocol.DES])
def test_what_cannot_be_deciphered_leaves_the_next_message_readable(priv: PrivProtocol) -> None:
    """The context is kept from message to message: no octet of one may reach the next."""
    access, engine = user(AuthProtocol.SHA1, priv), Engine(b"engine", 7, 100)
    peer, keys = met(access, engine)
    answer = pdu.encode_pdu(pdu.RESPONSE, 5, pdu.encode_varbinds(OIDS))
    for size in (0, 1, 7, 8, 15, 16, 17, 33, 400):
        noise = pdu.tlv(pdu.OCTETS, secrets.token_bytes(size))
        envelope = Envelope(5, 3, b"engine", 7, 100, b"noc", 0, b"", bytes(8), 0, len(noise))
        with contextlib.suppress(pdu.BerError):
            peer.find_pdu(noise, envelope)
        message = wrap(5, access, keys, engine, 0.0, answer)
        plain, begin, stop = peer.find_pdu(message, read_envelope(message))
        assert plain[begin:stop] == answer


@pytest.mark.parametrize("salt", [b"", b"seven..", b"nine....."])
def test_a_salt_has_eight_octets(salt: bytes) -> None:
    peer, _keys = met(user(AuthProtocol.SHA1, PrivProtocol.AES128), Engine(b"engine"))
    data = pdu.tlv(pdu.OCTETS, bytes(32))
    with pytest.raises(pdu.BerError):
        peer.find_pdu(data, Envelope(5, 3, b"engine", 7, 100, b"noc", 0, b"", salt, 0, len(data)))


def test_salts_do_not_repeat() -> None:
    salts = Salts()
    assert len({salts.next() for _ in range(1000)}) == 1000
    assert Salts().next() != Salts().next()


class Liar(Engine):
    def time_now(self, steady_seconds: float) -> int:
        return self.time


@pytest.mark.parametrize(("boots", "time"), [(2**32, 1), (-1, 1), (1, 2**31), (1, -1)])
def test_numbers_out_of_range_are_refused(boots: int, time: int) -> None:
    access = user(AuthProtocol.SHA1, None)
    engine = Liar(b"engine", boots, time)
    message = wrap(5, access, RING.keys(access, b"engine"), engine, 0.0, pdu.encode_pdu(pdu.RESPONSE, 5, b"\x30\x00"))
    with pytest.raises(pdu.BerError, match="out of its range"):
        read_envelope(message)


# The clock (RFC 3414 section 3.2, 7b)


@pytest.mark.parametrize(
    ("boots", "time", "kept"),
    [
        (7, 1060, True),
        (7, 1060 - WINDOW_SECONDS, True),
        (7, 1060 - WINDOW_SECONDS - 1, False),
        (7, 99_999, True),  # ours is slow: it is set
        (8, 0, True),
        (6, 1060, False),
        (2**31 - 1, 5, False),  # the engine's count of boots has run out
    ],
)
def test_the_time_window(boots: int, time: int, kept: bool) -> None:
    engine = Engine(b"e", 7, 1000, at=0.0)
    assert engine.keeps_time(boots, time, 60.0) is kept
    assert (engine.boots, engine.time_now(60.0)) >= (7, 1060)


def test_an_older_answer_does_not_set_the_clock_back() -> None:
    engine = Engine(b"e", 7, 1000, at=0.0)
    assert engine.keeps_time(7, 1100, 60.0)
    assert engine.keeps_time(7, 1000, 60.0)
    assert engine.time_now(60.0) == 1100


# Layouts


@pytest.mark.parametrize(("auth", "priv"), LEVELS)
def test_a_header_laid_out_alike_is_read_alike(auth: AuthProtocol | None, priv: PrivProtocol | None) -> None:
    access, engine = user(auth, priv), Engine(b"engine of a device", 300, 1000)
    keys = RING.keys(access, engine.engine_id)

    def message(message_id: int, count: int, time: int) -> bytes:
        engine.set_clock(300, time, 0.0)
        answer = pdu.encode_pdu(pdu.RESPONSE, message_id, pdu.encode_varbinds(OIDS[:count]))
        return wrap(message_id, access, keys, engine, 0.0, answer)

    first = message(0x01020304, 29, 1000)
    layout = layout_of(first, read_envelope(first))
    assert layout is not None
    alike = 0
    for message_id, count, time in itertools.product(
        (0x00800000, 0x7FFFFFFF), (0, 4, 9, 29), (1000, 1001, 200, 5, 70000)
    ):
        data = message(message_id, count, time)
        begin = begin_of(data)
        assert message_id_of(data, begin) == message_id
        found = read_alike(layout, data, begin, message_id)
        alike += found is not None
        assert found in (None, read_envelope(data))
    assert alike >= (24 if auth else 40)  # those whose time takes two octets; without a user's clock all


def test_every_other_octet_of_a_header_is_noticed() -> None:
    access, engine = user(AuthProtocol.SHA1, PrivProtocol.AES128), Engine(b"engine", 7, 1000)
    answer = pdu.encode_pdu(pdu.RESPONSE, 0x01020304, pdu.encode_varbinds(OIDS))
    data = wrap(0x01020304, access, RING.keys(access, b"engine"), engine, 0.0, answer)
    envelope = read_envelope(data)
    layout = layout_of(data, envelope)
    assert layout is not None
    for at in range(envelope.data_at):
        for flip in (1, 0x80):
            changed = data[:at] + bytes((data[at] ^ flip,)) + data[at + 1 :]
            begin = begin_of(changed)
            message_id = message_id_of(changed, begin)
            if message_id < 0:
                continue
            found = read_alike(layout, changed, begin, message_id)
            if found is not None and message_id < 1 << 31:
                assert found == read_envelope(changed)
    for size in range(len(data)):
        cut = data[:size]
        assert begin_of(cut) == 0


@pytest.mark.parametrize("lie", [1, 4, 300, 0xFF00])
def test_a_scoped_pdu_that_lies_of_its_length_is_refused(lie: int) -> None:
    peer, keys = met(user(AuthProtocol.SHA1, None), Engine(b"engine", 7, 100))
    data = b"\x30\x82" + (len(keys.scope) + lie).to_bytes(2, "big") + keys.scope + b"\xa2\x01\x05"
    with pytest.raises(pdu.BerError):
        peer.find_pdu(data, Envelope(5, 1, b"engine", 7, 100, b"noc", 0, b"", b"", 0, len(data)))
