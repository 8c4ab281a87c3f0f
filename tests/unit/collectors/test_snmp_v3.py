"""SNMPv3 keys and messages: the RFC's own vectors, every pair of protocols, and everything that must be refused."""

import itertools
from dataclasses import replace

import pytest

from collectors.snmp import pdu
from collectors.snmp.engines import Engine
from collectors.snmp.keys import KeyRing, localised_key, master_key, privacy_key
from collectors.snmp.usm import unwrap, wrap
from domain.secrets import AuthProtocol, PrivProtocol, Secret, SnmpUser

ENGINE_ID = bytes.fromhex("000000000000000000000002")
REQUEST = pdu.encode_pdu(pdu.RESPONSE, 4711, pdu.encode_varbinds([pdu.encode_oid("1.3.6.1.2.1.1.3.0")]))
PAIRS = list(itertools.product(AuthProtocol, PrivProtocol))


def user(auth: AuthProtocol | None = None, priv: PrivProtocol | None = None, word: str = "privpass") -> SnmpUser:
    return SnmpUser("u", "noc", auth, Secret("authpass") if auth else None, priv, Secret(word) if priv else None, "ctx")


def test_keys_of_rfc_3414_appendix_a3() -> None:
    md5 = master_key(AuthProtocol.MD5, b"maplesyrup")
    assert md5.hex() == "9faf3283884e92834ebc9847d8edd963"
    assert localised_key(AuthProtocol.MD5, md5, ENGINE_ID).hex() == "526f5eed9fcce26f8964c2930787d82b"
    sha = master_key(AuthProtocol.SHA1, b"maplesyrup")
    assert sha.hex() == "9fb5cc0381497b3793528939ff788d5d79145211"
    assert localised_key(AuthProtocol.SHA1, sha, ENGINE_ID).hex() == "6695febc9288e36282235fc7151f128497b38f3f"


def test_the_two_ways_to_lengthen_a_key() -> None:
    master = master_key(AuthProtocol.SHA1, b"maplesyrup")
    short = localised_key(AuthProtocol.SHA1, master, ENGINE_ID)
    blumenthal = privacy_key(AuthProtocol.SHA1, PrivProtocol.AES256, master, ENGINE_ID)
    reeder = privacy_key(AuthProtocol.SHA1, PrivProtocol.AES256C, master, ENGINE_ID)
    assert len(blumenthal) == len(reeder) == 32
    assert blumenthal[:20] == reeder[:20] == short
    assert blumenthal != reeder
    # The draft's own example of Reeder's chain: the localised key is the next pass phrase.
    assert reeder[20:] == localised_key(AuthProtocol.SHA1, master_key(AuthProtocol.SHA1, short), ENGINE_ID)[:12]
    long_enough = master_key(AuthProtocol.SHA512, b"maplesyrup")
    assert privacy_key(AuthProtocol.SHA512, PrivProtocol.AES256, long_enough, ENGINE_ID) == privacy_key(
        AuthProtocol.SHA512, PrivProtocol.AES256C, long_enough, ENGINE_ID
    )


def test_a_password_is_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []
    monkeypatch.setattr("collectors.snmp.keys.master_key", lambda auth, password: hashed.append(password) or b"k" * 20)
    ring = KeyRing()
    for engine in range(50):
        ring.keys(user(AuthProtocol.SHA1, PrivProtocol.AES128), b"engine%d" % engine)
    assert hashed == [b"authpass", b"privpass"]
    assert "authpass" not in repr(ring.keys(user(AuthProtocol.SHA1), b"e"))


@pytest.mark.parametrize(("auth", "priv"), PAIRS)
def test_what_is_wrapped_unwraps(auth: AuthProtocol, priv: PrivProtocol) -> None:
    someone, ring, engine = user(auth, priv), KeyRing(), Engine(ENGINE_ID, 7, 1000, at=50.0)
    keys = ring.keys(someone, ENGINE_ID)
    message = wrap(99, someone, keys, engine, 60.0, REQUEST)
    assert b"authpass" not in message
    assert pdu.encode_oid("1.3.6.1.2.1.1.3.0") not in message
    answer = unwrap(message, someone, keys)
    assert (answer.message_id, answer.boots, answer.time, answer.engine_id) == (99, 7, 1010, ENGINE_ID)
    assert (answer.pdu.request_id, answer.report, answer.authenticated) == (4711, "", True)
    assert wrap(99, someone, keys, engine, 60.0, REQUEST) != message  # a salt never repeats


@pytest.mark.parametrize("level", [user(), user(AuthProtocol.SHA256)])
def test_levels_without_privacy(level: SnmpUser) -> None:
    keys = KeyRing().keys(level, ENGINE_ID)
    answer = unwrap(wrap(5, level, keys, Engine(ENGINE_ID), 0.0, REQUEST), level, keys)
    assert answer.authenticated is (level.auth is not None)
    assert answer.pdu.request_id == 4711


def test_a_changed_octet_anywhere_is_noticed() -> None:
    someone, ring = user(AuthProtocol.SHA256, PrivProtocol.AES128), KeyRing()
    keys = ring.keys(someone, ENGINE_ID)
    message = wrap(99, someone, keys, Engine(ENGINE_ID, 1, 1), 0.0, REQUEST)
    for at in range(len(message)):
        changed = message[:at] + bytes((message[at] ^ 1,)) + message[at + 1 :]
        with pytest.raises(pdu.BerError):
            unwrap(changed, someone, keys)


def test_an_answer_below_the_level_of_the_request_is_refused() -> None:
    strong = user(AuthProtocol.SHA1, PrivProtocol.AES128)
    keys = KeyRing().keys(strong, ENGINE_ID)
    for weak in (user(), user(AuthProtocol.SHA1)):
        message = wrap(99, weak, keys, Engine(ENGINE_ID, 1, 1), 0.0, REQUEST)
        with pytest.raises(pdu.BerError, match="below the security level"):
            unwrap(message, strong, keys)


def test_another_password_reads_nothing() -> None:
    one, two = (user(AuthProtocol.SHA1, PrivProtocol.AES128, password) for password in ("privpass", "other pass"))
    ring = KeyRing()
    message = wrap(99, one, ring.keys(one, ENGINE_ID), Engine(ENGINE_ID, 1, 1), 0.0, REQUEST)
    with pytest.raises(pdu.BerError):
        unwrap(message, two, ring.keys(two, ENGINE_ID))
    stranger = replace(one, auth_password=Secret("nobody knows"))
    with pytest.raises(pdu.BerError, match="not signed"):
        unwrap(message, stranger, ring.keys(stranger, ENGINE_ID))
