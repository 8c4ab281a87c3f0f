"""One question at a time to one agent: attempts, request ids, and what SNMPv3 needs before it answers.

Holds the device's engine (id and clock) over questions; what is asked is the client's business.
"""

import asyncio
import secrets
from collections.abc import Callable
from typing import TypeVar

from collectors.errors import GarbledError, RefusedError, SilentError, UnauthorisedError
from collectors.snmp.engines import Engine, EngineBook
from collectors.snmp.keys import KeyRing
from collectors.snmp.pdu import (
    AUTHORIZATION_ERROR,
    GET,
    RESPONSE,
    BerError,
    Pdu,
    Take,
    decode_community_message,
    encode_community_message,
    encode_pdu,
    encode_varbinds,
)
from collectors.snmp.usm import Unwrapped, unwrap, wrap, wrap_discovery
from collectors.snmp.wire import Wire
from domain.language import _
from domain.polling import Endpoint
from domain.secrets import SnmpCommunity, SnmpUser, SnmpVersion

T = TypeVar("T")

_USM_STATS = "1.3.6.1.6.3.15.1.1."
_NOT_IN_TIME, _UNKNOWN_ENGINE = _USM_STATS + "2.0", _USM_STATS + "4.0"
_RECOVERIES = 3  # reports that are answered by asking again, within one question


class Dialogue:
    """Ask with `ask`. `attempts` and `attempt_seconds` bound each question; nothing waits longer."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        attempts: int,
        attempt_seconds: float,
        pause_seconds: float,
        engines: EngineBook,
        keys: KeyRing,
    ) -> None:
        self.endpoint = endpoint
        self.wire = Wire(endpoint.address, endpoint.port)
        self.attempts_made = 0
        self.first_round_trip: float | None = None
        self.first_answer_at: float | None = None
        self._attempts = attempts
        self._attempt_seconds = attempt_seconds
        self._pause_seconds = pause_seconds
        self._engines = engines
        self._keys = keys
        self._turn = asyncio.Lock()
        self._request_id = secrets.randbits(30)
        self._heard = False

    async def ask(self, tag: int, varbinds: bytes, second: int = 0, third: int = 0, take: Take | None = None) -> Pdu:
        """The agent's response, whatever its error-status, but authorizationError. `take`: see `decode_pdu`.

        Raises SilentError, RefusedError, UnauthorisedError or GarbledError.
        """
        async with self._turn:
            if self._pause_seconds and self.attempts_made:
                await asyncio.sleep(self._pause_seconds)
            self._request_id = (self._request_id + 1) & 0x3FFFFFFF or 1
            pdu = encode_pdu(tag, self._request_id, varbinds, second, third)
            if take is not None:
                take = _only(self._request_id, take)
            access = self.endpoint.access
            if isinstance(access, SnmpUser):
                answer = await self._ask_user(access, pdu, take)
            else:
                answer = await self._ask_community(access, pdu, take)
        if answer.error_status == AUTHORIZATION_ERROR:
            raise UnauthorisedError(
                _("{address}: the device does not serve this credential (authorizationError).").format(
                    address=self.endpoint.address
                )
            )
        return answer

    async def _ask_community(self, access: SnmpCommunity, pdu: bytes, take: Take | None) -> Pdu:
        version = 0 if access.version is SnmpVersion.V1 else 1
        datagram = encode_community_message(version, access.community.reveal().encode(), pdu)
        wanted = self._request_id

        def accept(data: bytes) -> Pdu | None:
            _version, _community, answer = decode_community_message(data, take)
            return answer if answer.tag == RESPONSE and answer.request_id == wanted else None

        garbled: BerError | None = None
        for _attempt in range(self._attempts):
            try:
                answer = await self._exchange(datagram, accept)
            except BerError as error:
                garbled = error
                continue
            if answer is not None:
                return answer
        raise self._failure(garbled)

    async def _ask_user(self, user: SnmpUser, pdu: bytes, take: Take | None) -> Pdu:
        garbled: BerError | None = None
        recoveries = attempts = 0
        while attempts < self._attempts:
            attempts += 1
            engine = self._engines.get(self.endpoint) or await self._discover_engine()
            try:
                answer = await self._exchange_user(user, engine, pdu, take)
            except BerError as error:
                garbled = error
                continue
            if answer is None:
                continue
            if not answer.report:
                return answer.pdu
            self._heed(answer, user, recoveries)
            recoveries += 1
            attempts -= 1
        if garbled is None and not self._heard and user.priv is not None:
            await self._tell_wrong_key_from_silence(user)
        raise self._failure(garbled)

    async def _exchange_user(self, user: SnmpUser, engine: Engine, pdu: bytes, take: Take | None) -> Unwrapped | None:
        keys = self._keys.keys(user, engine.engine_id)
        message_id, wanted = self._request_id, self._request_id
        loop = asyncio.get_running_loop()
        datagram = wrap(message_id, user, keys, engine, loop.time(), pdu)

        def accept(data: bytes) -> Unwrapped | None:
            answer = unwrap(data, user, keys, take)
            if answer.message_id != message_id:
                return None
            if answer.authenticated and answer.engine_id == engine.engine_id:
                engine.set_clock(answer.boots, answer.time, loop.time())
            if answer.report:
                return answer
            self._heard = True
            return answer if answer.pdu.tag == RESPONSE and answer.pdu.request_id == wanted else None

        return await self._exchange(datagram, accept)

    def _heed(self, answer: Unwrapped, user: SnmpUser, recoveries: int) -> None:
        """Make the next attempt fit what the report says, or raise UnauthorisedError."""
        again = recoveries < _RECOVERIES
        if again and answer.report == _NOT_IN_TIME:
            engine = self._engines.get(self.endpoint)
            assert engine is not None
            engine.set_clock(answer.boots, answer.time, asyncio.get_running_loop().time())
            return
        if again and answer.report == _UNKNOWN_ENGINE:
            self._engines.forget(self.endpoint)
            return
        raise UnauthorisedError(_explain_report(self.endpoint.address, answer.report, user))

    async def _discover_engine(self) -> Engine:
        message_id = self._request_id
        loop = asyncio.get_running_loop()
        datagram = wrap_discovery(message_id, encode_pdu(GET, message_id, encode_varbinds([])))
        nobody = SnmpUser("", "")

        def accept(data: bytes) -> Unwrapped | None:
            answer = unwrap(data, nobody, self._keys.keys(nobody, b""))
            return answer if answer.message_id == message_id and answer.report and answer.engine_id else None

        garbled: BerError | None = None
        for _attempt in range(self._attempts):
            try:
                answer = await self._exchange(datagram, accept)
            except BerError as error:
                garbled = error
                continue
            if answer is not None:
                engine = Engine(answer.engine_id, max(answer.boots, 0), max(answer.time, 0), loop.time())
                self._engines.put(self.endpoint, engine)
                return engine
        raise self._failure(garbled)

    async def _tell_wrong_key_from_silence(self, user: SnmpUser) -> None:
        """Many agents drop silently what they cannot decrypt: does this one still tell its engine id?"""
        try:
            await self._discover_engine()
        except (SilentError, GarbledError, RefusedError):
            return
        text = _(
            "{address}: the device tells its engine id and is silent to the encrypted request of user {user}. "
            "Check the privacy password and protocol ({protocol})."
        )
        if user.context:
            text += " " + _("It may also not know the context {context}.")
        raise UnauthorisedError(
            text.format(address=self.endpoint.address, user=user.user, protocol=user.priv, context=repr(user.context))
        )

    async def _exchange(self, datagram: bytes, accept: Callable[[bytes], T | None]) -> T | None:
        loop = asyncio.get_running_loop()
        self.attempts_made += 1
        sent = loop.time()
        answer = await self.wire.exchange(datagram, accept, self._attempt_seconds)
        if answer is not None and self.first_answer_at is None:
            self.first_answer_at = loop.time()
            self.first_round_trip = self.first_answer_at - sent
        return answer

    def _failure(self, garbled: BerError | None) -> SilentError | GarbledError:
        address, port = self.endpoint.address, self.endpoint.port
        if garbled is not None:
            return GarbledError(
                _("{address} port {port}: the answer cannot be read ({cause}).").format(
                    address=address, port=port, cause=garbled
                )
            )
        seconds = f"{self._attempts * self._attempt_seconds:g}"
        text = _("{address} port {port}: no answer to {attempts} questions in {seconds} s. {advice}")
        if isinstance(self.endpoint.access, SnmpCommunity):
            advice = _("Is it switched on, is SNMP allowed from here, and is the community right?")
        else:
            advice = _("Is it switched on, and is SNMPv3 allowed from here?")
        return SilentError(
            text.format(address=address, port=port, attempts=self._attempts, seconds=seconds, advice=advice)
        )


def _only(wanted: int, take: Take) -> Take:
    """Late answers to other questions are not taken."""
    return lambda request_id, data, start, stop: request_id == wanted and take(request_id, data, start, stop)


def _explain_report(address: str, report: str, user: SnmpUser) -> str:
    texts = {
        _USM_STATS + "1.0": _("{address}: the device does not serve user {user} at level {level}."),
        _NOT_IN_TIME: _("{address}: the device does not accept its own clock (notInTimeWindow). Restart its SNMP."),
        _USM_STATS + "3.0": _("{address}: the device does not know the SNMPv3 user {user}."),
        _UNKNOWN_ENGINE: _("{address}: the device keeps changing its SNMPv3 engine id."),
        _USM_STATS + "5.0": _("{address}: wrong authentication password or protocol ({auth}) for user {user}."),
        _USM_STATS + "6.0": _("{address}: wrong privacy password or protocol ({priv}) for user {user}."),
        "1.3.6.1.6.3.12.1.5.0": _("{address}: the device does not know the context {context} of user {user}."),
    }
    text = texts.get(report, _("{address}: the device refuses user {user} (report {report})."))
    return text.format(
        address=address,
        user=user.user,
        level=user.level,
        auth=user.auth,
        priv=user.priv,
        context=repr(user.context),
        report=report,
    )
