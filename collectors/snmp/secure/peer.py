"""One SNMPv3 device as the lane knows it: who asks, its engine and keys, and messages to and from it.

Makes and checks octets; what follows from them is the lane's business.
"""

import hmac
from typing import NamedTuple

from collectors.snmp.engines import Engine
from collectors.snmp.keys import KeyRing, UserKeys, hash_name
from collectors.snmp.pdu import (
    GET,
    OCTETS,
    SEQUENCE,
    BerError,
    encode_integer,
    encode_pdu,
    encode_varbinds,
    expect,
    read_tlv,
    tlv,
)
from collectors.snmp.secure.ciphers import SALT_OCTETS, Privacy, Salts, privacy
from collectors.snmp.secure.layouts import Layout
from collectors.snmp.usm import AUTH, DIGEST_OCTETS, MAX_MESSAGE, PRIV, REPORTABLE, Envelope, wrap_discovery
from domain.polling import Endpoint
from domain.secrets import SnmpUser

_BEFORE_ID = b"\x02\x01\x03\x30\x11\x02\x04"  # version 3, and the header whose first number is the message id
_MAX_SIZE = tlv(2, MAX_MESSAGE.to_bytes(3, "big"))
_MODEL = b"\x02\x01\x03"
_EMPTY = b"\x04\x00"
_NOTHING = encode_varbinds([])


class Frame(NamedTuple):
    """A scoped PDU in pieces, for all devices whose engine and context take as many octets.

    lead, then the device's scope; middle, then the request-id of four octets; rest.
    """

    lead: bytes
    middle: bytes
    rest: bytes


def frame(rest: bytes, scope_octets: int) -> Frame:
    """rest: what stands behind the request-id of a GET, see `templates.request_octets`."""
    middle = _head(GET, 6 + len(rest)) + b"\x02\x04"
    return Frame(_head(SEQUENCE, scope_octets + len(middle) + 4 + len(rest)), middle, rest)


class Peer:
    """`meet` its engine before anything but `discovery`.

    asks_engine: what was sent last was the question for its engine. clock_doubted: its clock stood behind what we had
    of it. layout: of the header of its last answer. poll, recoveries: steady second at which its poll began, and how
    often a report was answered by asking again.
    """

    __slots__ = (
        "_after_clock",
        "_digest_octets",
        "_flags",
        "_hash",
        "_keys",
        "_privacy",
        "asks_engine",
        "clock_doubted",
        "endpoint",
        "engine",
        "layout",
        "level",
        "poll",
        "recoveries",
        "source",
        "user",
        "user_name",
    )

    def __init__(self, endpoint: Endpoint, user: SnmpUser, source: int) -> None:
        self.endpoint = endpoint
        self.user = user
        self.user_name = user.user.encode()
        self.source = source
        self.level = (AUTH if user.auth else 0) | (PRIV if user.priv else 0)
        self.engine: Engine | None = None
        self.asks_engine = self.clock_doubted = False
        self.poll, self.recoveries = 0.0, 0
        self.layout: Layout | None = None
        self._flags = bytes((self.level | REPORTABLE,))
        self._digest_octets = DIGEST_OCTETS[user.auth] if user.auth else 0
        self._hash = hash_name(user.auth) if user.auth else ""
        self._keys = UserKeys()
        self._privacy: Privacy | None = None
        self._after_clock = b""

    def meet(self, engine: Engine, ring: KeyRing) -> None:
        """From now on it is this engine."""
        if self.engine is None or self.engine.engine_id != engine.engine_id:
            user, keys = self.user, ring.keys(self.user, engine.engine_id)
            self._keys = keys
            self._privacy = privacy(user.priv, keys.priv) if user.priv else None
            self._after_clock = keys.name + tlv(OCTETS, bytes(self._digest_octets))
        self.engine = engine
        self.clock_doubted = False

    @property
    def scope_octets(self) -> int:
        return len(self._keys.scope)

    def discovery(self, message_id: int) -> bytes:
        """The question for the id of its engine."""
        return wrap_discovery(message_id, encode_pdu(GET, message_id, _NOTHING))

    def request(self, identity: bytes, pieces: Frame, steady_seconds: float, salts: Salts) -> bytes:
        """A GET at the user's level. identity: four octets that are message id and request-id."""
        engine, keys = self.engine, self._keys
        assert engine is not None
        data = b"".join((pieces.lead, keys.scope, pieces.middle, identity, pieces.rest))
        if not self.level:
            return self._message(identity, b"\x02\x01\x00\x02\x01\x00", _EMPTY, data)
        boots, time = engine.boots, engine.time_now(steady_seconds)
        salt = _EMPTY
        if self._privacy is not None:
            octets, data = self._privacy.encrypt(boots, time, salts.next(), data)
            salt, data = b"\x04\x08" + octets, tlv(OCTETS, data)
        message = self._message(identity, encode_integer(boots) + encode_integer(time), salt, data)
        stop = len(message) - len(data) - len(salt)
        digest = hmac.digest(keys.auth, message, self._hash)[: self._digest_octets]
        return b"".join((message[: stop - len(digest)], digest, message[stop:]))

    def _message(self, identity: bytes, clock: bytes, salt: bytes, data: bytes) -> bytes:
        parameters = tlv(SEQUENCE, b"".join((self._keys.engine, clock, self._after_clock, salt)))
        header = (_BEFORE_ID, identity, _MAX_SIZE, b"\x04\x01", self._flags, _MODEL)
        return tlv(SEQUENCE, b"".join((*header, tlv(OCTETS, parameters), data)))

    def signed(self, data: bytes, envelope: Envelope) -> bool:
        """Whether the message bears the signature of this user at this engine."""
        digest, at = envelope.digest, envelope.digest_at
        size = self._digest_octets
        if not size or len(digest) != size:
            return False
        unsigned = b"".join((data[:at], bytes(size), data[at + size :]))
        return hmac.compare_digest(hmac.digest(self._keys.auth, unsigned, self._hash)[:size], digest)

    def find_pdu(self, data: bytes, envelope: Envelope) -> tuple[bytes, int, int]:
        """Octets that hold the PDU, and where it begins and ends. Raises BerError."""
        plain, at, end = self._scoped(data, envelope)
        if at + 4 < end and plain[at] == SEQUENCE and plain[at + 1] == 0x82:
            scope = at + 4
            stop = scope + (plain[at + 2] << 8 | plain[at + 3])
            pdu_at = scope + len(self._keys.scope)
            if pdu_at + 2 <= stop <= end and plain.startswith(self._keys.scope, scope):
                return plain, pdu_at, stop  # as nearly all are: in our own engine and context
        at, end = expect(plain, at, end, SEQUENCE)
        _, at = expect(plain, at, end, OCTETS)
        _, at = expect(plain, at, end, OCTETS)
        return plain, at, read_tlv(plain, at, end)[2]

    def _scoped(self, data: bytes, envelope: Envelope) -> tuple[bytes, int, int]:
        if not envelope.flags & PRIV:
            return data, envelope.data_at, envelope.end
        start, stop = expect(data, envelope.data_at, envelope.end, OCTETS)
        if self._privacy is None or len(envelope.salt) != SALT_OCTETS:
            raise BerError("an encrypted answer that cannot be deciphered")
        plain = self._privacy.decrypt(envelope.boots, envelope.time, envelope.salt, data[start:stop])
        return plain, 0, len(plain)


def _head(tag: int, size: int) -> bytes:
    """Tag and length in front of so many octets."""
    return tlv(tag, bytes(size))[:-size]
