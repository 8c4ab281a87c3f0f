"""SNMPv3 messages with the user-based security model (RFC 3412, 3414, 3826, 7860): wrapping and unwrapping, by one.

An answer is authenticated and decrypted with the engine id, boots and time that stand in the message itself. Nothing
here waits or sends; who has to ask again after a report is decided by the dialogue. Whole fleets are asked by the
lane in `secure`, which shares only the reading of the header with this.
"""

import hmac
import secrets
from dataclasses import dataclass
from typing import NamedTuple

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from collectors.snmp.engines import Engine
from collectors.snmp.keys import UserKeys, hash_name
from collectors.snmp.pdu import (
    OCTETS,
    REPORT,
    SEQUENCE,
    BerError,
    Pdu,
    Take,
    decode_oid,
    decode_pdu,
    encode_integer,
    expect,
    read_integer,
    tlv,
)
from domain.secrets import AuthProtocol, PrivProtocol, SnmpUser

MAX_MESSAGE = 65507
AUTH, PRIV, REPORTABLE = 1, 2, 4
_EMPTY = b"\x04\x00"
_USM = 3
_MOST = (1 << 31) - 1
DIGEST_OCTETS = {
    AuthProtocol.MD5: 12,
    AuthProtocol.SHA1: 12,
    AuthProtocol.SHA224: 16,
    AuthProtocol.SHA256: 24,
    AuthProtocol.SHA384: 32,
    AuthProtocol.SHA512: 48,
}


class Envelope(NamedTuple):
    """What stands in a message around its data, which lies at [data_at, end). Nothing of it is proven yet."""

    message_id: int
    flags: int
    engine_id: bytes
    boots: int
    time: int
    user: bytes
    digest_at: int
    digest: bytes
    salt: bytes
    data_at: int
    end: int


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """An answer: its PDU, and what its header says of the engine."""

    message_id: int
    authenticated: bool
    engine_id: bytes
    boots: int
    time: int
    pdu: Pdu

    @property
    def report(self) -> str:
        """The OID of the counter a report names, '' if this is none."""
        if self.pdu.tag != REPORT:
            return ""
        return decode_oid(self.pdu.varbinds[0][0]) if self.pdu.varbinds else "report"


def wrap_discovery(message_id: int, pdu: bytes) -> bytes:
    """A request that asks an unknown engine for its id (RFC 3414 section 4)."""
    nobody = UserKeys(engine=_EMPTY, name=_EMPTY, scope=_EMPTY + _EMPTY)
    return _message(message_id, REPORTABLE, _parameters(nobody, 0, 0, b"", _EMPTY), tlv(SEQUENCE, nobody.scope + pdu))


def wrap(message_id: int, user: SnmpUser, keys: UserKeys, engine: Engine, steady_seconds: float, pdu: bytes) -> bytes:
    """A request at the user's own level."""
    scoped = tlv(SEQUENCE, keys.scope + pdu)
    if user.auth is None:
        return _message(message_id, REPORTABLE, _parameters(keys, 0, 0, b"", _EMPTY), scoped)
    boots, time = engine.boots, engine.time_now(steady_seconds)
    flags, salt, data = AUTH | REPORTABLE, _EMPTY, scoped
    if user.priv is not None:
        flags |= PRIV
        octets, data = _encrypt(user.priv, keys.priv, boots, time, scoped)
        salt = tlv(OCTETS, octets)
    blank = bytes(DIGEST_OCTETS[user.auth])
    message = _message(message_id, flags, _parameters(keys, boots, time, blank, salt), data)
    at = len(message) - len(data) - len(salt) - len(blank)
    digest = hmac.digest(keys.auth, message, hash_name(user.auth))[: len(blank)]
    return message[:at] + digest + message[at + len(blank) :]


def unwrap(data: bytes, user: SnmpUser, keys: UserKeys, take: Take | None = None) -> Unwrapped:
    """Raises BerError for what cannot be read, is not signed with the user's key, or is below the user's level.

    A report may come unsigned (RFC 3414 section 3.2); it never carries data.
    """
    envelope = read_envelope(data)
    flags = envelope.flags
    if flags & AUTH:
        _verify(data, user, keys, envelope.digest_at, envelope.digest)
    scoped, at, end = data, envelope.data_at, envelope.end
    if flags & PRIV:
        if user.priv is None:
            raise BerError("an encrypted answer to a request that was not")
        start, stop = expect(data, at, end, OCTETS)
        scoped = _decrypt(user.priv, keys.priv, envelope, data[start:stop])
        at, end = 0, len(scoped)
    wanted = (AUTH if user.auth else 0) | (PRIV if user.priv else 0)
    complete = flags & (AUTH | PRIV) == wanted
    pdu = _read_scoped(scoped, at, end, take if complete else None)
    if pdu.tag != REPORT and not complete:
        raise BerError("an answer below the security level of the request")
    return Unwrapped(envelope.message_id, bool(flags & AUTH), envelope.engine_id, envelope.boots, envelope.time, pdu)


def read_envelope(data: bytes) -> Envelope:
    """Raises BerError for what is no SNMPv3 message with the user-based security model, whatever the octets are.

    Octets behind the message are tolerated, as some agents pad.
    """
    at, end = expect(data, 0, len(data), SEQUENCE)
    version, at = read_integer(data, at, end)
    if version != 3:
        raise BerError(f"SNMP version field {version} in answer to SNMPv3")
    start, stop = expect(data, at, end, SEQUENCE)
    message_id, at = read_integer(data, start, stop)
    _, at = read_integer(data, at, stop)
    flags_at, flags_stop = expect(data, at, stop, OCTETS)
    if flags_stop - flags_at != 1:
        raise BerError("the flags of the message cannot be read")
    flags = data[flags_at]
    if flags & PRIV and not flags & AUTH:
        raise BerError("a message that is encrypted and not signed")
    model, _ = read_integer(data, flags_stop, stop)
    if model != _USM:
        raise BerError(f"security model {model} where the user-based one belongs")
    at, data_at = expect(data, stop, end, OCTETS)
    at, stop = expect(data, at, data_at, SEQUENCE)
    start, at = expect(data, at, stop, OCTETS)
    engine_id = data[start:at]
    boots, at = read_integer(data, at, stop)
    time, at = read_integer(data, at, stop)
    if not (0 <= message_id <= _MOST and 0 <= boots <= _MOST and 0 <= time <= _MOST):
        raise BerError("a number of the header is out of its range")
    start, at = expect(data, at, stop, OCTETS)
    user = data[start:at]
    digest_at, at = expect(data, at, stop, OCTETS)
    digest = data[digest_at:at]
    start, at = expect(data, at, stop, OCTETS)
    return Envelope(message_id, flags, engine_id, boots, time, user, digest_at, digest, data[start:at], data_at, end)


def _message(message_id: int, flags: int, parameters: bytes, data: bytes) -> bytes:
    header = encode_integer(message_id) + encode_integer(MAX_MESSAGE) + tlv(OCTETS, bytes((flags,))) + b"\x02\x01\x03"
    return tlv(SEQUENCE, b"\x02\x01\x03" + tlv(SEQUENCE, header) + tlv(OCTETS, parameters) + data)


def _parameters(keys: UserKeys, boots: int, time: int, digest: bytes, salt: bytes) -> bytes:
    clock = encode_integer(boots) + encode_integer(time)
    return tlv(SEQUENCE, keys.engine + clock + keys.name + tlv(OCTETS, digest) + salt)


def _verify(data: bytes, user: SnmpUser, keys: UserKeys, at: int, digest: bytes) -> None:
    if user.auth is None or len(digest) != DIGEST_OCTETS[user.auth]:
        raise BerError("the signature of the answer has the wrong length")
    unsigned = data[:at] + bytes(len(digest)) + data[at + len(digest) :]
    wanted = hmac.digest(keys.auth, unsigned, hash_name(user.auth))[: len(digest)]
    if not hmac.compare_digest(wanted, digest):
        raise BerError("the answer is not signed with the user's key")


def _read_scoped(data: bytes, at: int, end: int, take: Take | None) -> Pdu:
    at, end = expect(data, at, end, SEQUENCE)
    _, at = expect(data, at, end, OCTETS)
    _, at = expect(data, at, end, OCTETS)
    return decode_pdu(data, at, end, take)


def _cipher(priv: PrivProtocol, key: bytes, boots: int, time: int, salt: bytes) -> Cipher[CBC] | Cipher[CFB]:
    if priv is PrivProtocol.DES:
        vector = bytes(a ^ b for a, b in zip(key[8:16], salt, strict=True))
        return Cipher(TripleDES(key[:8] * 3), CBC(vector))
    return Cipher(AES(key), CFB(boots.to_bytes(4, "big") + time.to_bytes(4, "big") + salt))


def _encrypt(priv: PrivProtocol, key: bytes, boots: int, time: int, scoped: bytes) -> tuple[bytes, bytes]:
    """Salt and encrypted OCTET STRING. The salt is random: it must not repeat, and no counter survives a restart."""
    if priv is PrivProtocol.DES:
        salt = boots.to_bytes(4, "big") + secrets.token_bytes(4)
        scoped += bytes(-len(scoped) % 8)
    else:
        salt = secrets.token_bytes(8)
    context: CipherContext = _cipher(priv, key, boots, time, salt).encryptor()
    return salt, tlv(OCTETS, context.update(scoped) + context.finalize())


def _decrypt(priv: PrivProtocol, key: bytes, envelope: Envelope, data: bytes) -> bytes:
    salt = envelope.salt
    if len(salt) != 8 or (priv is PrivProtocol.DES and len(data) % 8):
        raise BerError("the answer cannot be decrypted")
    context: CipherContext = _cipher(priv, key, envelope.boots, envelope.time, salt).decryptor()
    return context.update(data) + context.finalize()
