"""SNMPv3 with the user-based security model: the agent's side (RFC 3412 for the frame, RFC 3414 for the checks)."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.secrets import SnmpUser
from lab.errors import BerError
from lab.world import ber
from lab.world.keys import KeyRing, Keys
from lab.world.pdu import AUTHORIZATION, V3, Request, refused

_AUTH, _PRIV, _REPORTABLE = 1, 2, 4
_STATS = "1.3.6.1.6.3.15.1.1"
UNSUPPORTED_LEVEL, NOT_IN_WINDOW, UNKNOWN_USER, UNKNOWN_ENGINE, WRONG_DIGEST, DECRYPTION = range(1, 7)
_WINDOW_SECONDS = 150
_USM = 3
_MAX_MESSAGE = 65_507

Respond = Callable[[Request, int], bytes]


@dataclass(frozen=True, slots=True)
class Engine:
    """One agent's engine at this moment."""

    id: bytes
    boots: int
    seconds: int


def engine_id(address: str) -> bytes:
    """RFC 3411, SnmpEngineID of format 1: an enterprise's number, then the agent's IPv4 address."""
    return b"\x80\x00\x1f\x88\x01" + bytes(int(octet) for octet in address.split("."))


@dataclass(frozen=True, slots=True)
class _Message:
    """A v3 message taken apart; `data` is the whole, `mac_at` where its authentication field lies in it."""

    raw: bytes
    id: int
    max_size: int
    flags: int
    engine: bytes
    boots: int
    seconds: int
    user: bytes
    mac: bytes
    mac_at: int
    salt: bytes
    data: bytes


class Usm:
    """Answers v3 messages for any engine, with one ring of users. `answer` is pure but for the salt's counter."""

    def __init__(self, users: tuple[SnmpUser, ...]) -> None:
        self._ring = KeyRing(users)
        self._salt = 0

    def answer(self, data: bytes, engine: Engine, respond: Respond, limit: int) -> bytes | None:
        """The response or report, None where the RFCs want silence. Raises BerError for what cannot be read."""
        message = _parse(data)
        if message.engine != engine.id:
            return self._report(message, engine, UNKNOWN_ENGINE)
        user = self._ring.users.get(message.user)
        if user is None:
            return self._report(message, engine, UNKNOWN_USER)
        if (message.flags & _PRIV and user.priv is None) or (message.flags & _AUTH and user.auth is None):
            return self._report(message, engine, UNSUPPORTED_LEVEL)
        keys = self._ring.keys(message.user, engine.id)
        if message.flags & _AUTH:
            if not _authentic(message, keys):
                return self._report(message, engine, WRONG_DIGEST)
            if message.boots != engine.boots or abs(message.seconds - engine.seconds) > _WINDOW_SECONDS:
                return self._report(message, engine, NOT_IN_WINDOW, keys)
        scoped = message.data
        if message.flags & _PRIV:
            if len(message.salt) != 8:
                return self._report(message, engine, DECRYPTION)
            scoped = keys.crypt(message.data, message.boots, message.seconds, message.salt, decrypt=True)
        try:
            context, request = _scoped(scoped)
        except BerError:
            if message.flags & _PRIV:
                return self._report(message, engine, DECRYPTION)
            raise
        level = message.flags & (_AUTH | _PRIV)
        room = min(limit, max(message.max_size, 484)) - 120 - len(message.user) - 2 * len(engine.id)
        pdu = refused(request, AUTHORIZATION) if level != _level(user) else respond(request, room)
        return self._seal(message, engine, level, context + pdu, keys)

    def _report(self, message: _Message, engine: Engine, which: int, keys: Keys | None = None) -> bytes | None:
        """A Report-PDU, authenticated only where the user is certain; none where the sender wants none."""
        if not message.flags & _REPORTABLE:
            return None
        request_id = b"\x02\x01\x00"
        if not message.flags & _PRIV:
            try:
                request_id = _scoped(message.data)[1].request_id
            except BerError:
                request_id = b"\x02\x01\x00"
        binding = ber.varbind(ber.oid(ber.parse_oid(f"{_STATS}.{which}.0")), ber.counter32(1))
        pdu = ber.wrap(ber.REPORT, request_id + b"\x02\x01\x00\x02\x01\x00" + ber.wrap(ber.SEQUENCE, binding))
        context = ber.octets(engine.id) + ber.octets(b"")
        return self._seal(message, engine, _AUTH if keys else 0, context + pdu, keys or Keys())

    def _seal(self, message: _Message, engine: Engine, level: int, scoped: bytes, keys: Keys) -> bytes:
        body = ber.wrap(ber.SEQUENCE, scoped)
        salt = b""
        if level & _PRIV:
            self._salt = (self._salt + 1) & 0xFFFFFFFFFFFFFFFF
            salt = self._salt.to_bytes(8, "big")
            body = ber.octets(keys.crypt(body, engine.boots, engine.seconds, salt, decrypt=False))
        head = ber.integer(V3) + ber.wrap(
            ber.SEQUENCE,
            ber.integer(message.id) + ber.integer(_MAX_MESSAGE) + ber.octets(bytes((level,))) + ber.integer(_USM),
        )
        before = (
            ber.octets(engine.id) + ber.integer(engine.boots) + ber.integer(engine.seconds) + ber.octets(message.user)
        )
        mac = bytes(keys.mac_bytes) if level & _AUTH else b""
        parameters = ber.octets(ber.wrap(ber.SEQUENCE, before + ber.octets(mac) + ber.octets(salt)))
        whole = ber.wrap(ber.SEQUENCE, head + parameters + body)
        if not mac:
            return whole
        # The field lies behind what stands before it, seen from the end: lengths do not change when it is filled in.
        at = len(whole) - len(body) - len(ber.octets(salt)) - len(mac)
        return whole[:at] + keys.mac(whole) + whole[at + len(mac) :]


def _level(user: SnmpUser) -> int:
    return (_AUTH if user.auth else 0) | (_PRIV if user.priv else 0)


def _authentic(message: _Message, keys: Keys) -> bool:
    if len(message.mac) != keys.mac_bytes:
        return False
    blank = bytes(len(message.mac))
    raw = message.raw
    return keys.mac(raw[: message.mac_at] + blank + raw[message.mac_at + len(blank) :]) == message.mac


def _parse(data: bytes) -> _Message:
    at, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    _version, at = ber.read_integer(data, at, end)
    start, stop = ber.expect(data, at, end, ber.SEQUENCE)
    message_id, start = ber.read_integer(data, start, stop)
    max_size, start = ber.read_integer(data, start, stop)
    first, last = ber.expect(data, start, stop, ber.OCTETS)
    if last == first:
        raise BerError("a v3 message without flags")
    flags = data[first]
    model, _after = ber.read_integer(data, last, stop)
    if model != _USM:
        raise BerError(f"security model {model} where {_USM} belongs")
    first, after = ber.expect(data, stop, end, ber.OCTETS)
    at, last = ber.expect(data, first, after, ber.SEQUENCE)
    start, stop = ber.expect(data, at, last, ber.OCTETS)
    engine = data[start:stop]
    boots, at = ber.read_integer(data, stop, last)
    seconds, at = ber.read_integer(data, at, last)
    if not (0 <= boots < 2**31 and 0 <= seconds < 2**31):
        raise BerError("engine boots or time out of their range")
    start, stop = ber.expect(data, at, last, ber.OCTETS)
    user = data[start:stop]
    mac_at, mac_end = ber.expect(data, stop, last, ber.OCTETS)
    start, stop = ber.expect(data, mac_end, last, ber.OCTETS)
    if flags & _PRIV:
        body, finish = ber.expect(data, after, end, ber.OCTETS)
        scoped = data[body:finish]
    else:
        scoped = data[after:end]
    return _Message(
        data[: end], message_id, max_size, flags, engine, boots, seconds, user,
        data[mac_at:mac_end], mac_at, data[start:stop], scoped,
    )  # fmt: skip


def _scoped(data: bytes) -> tuple[bytes, Request]:
    """The context (engine and name, as they came) and the request of a ScopedPDU."""
    start, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    _first, after = ber.expect(data, start, end, ber.OCTETS)
    _first, then = ber.expect(data, after, end, ber.OCTETS)
    return data[start:then], Request.read(data, then, end, V3)
