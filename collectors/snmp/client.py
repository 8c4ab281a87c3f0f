"""Asks one SNMP agent, politely and with bounds: v1, v2c and v3, IPv4 and IPv6.

One request at a time, retries, every error-status noticed, walks that end. Whole fleets of v2c devices are polled by
the sweep; this client serves discovery, probes and the devices the sweep does not speak to. It sets nothing.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import inf
from types import TracebackType
from typing import Self

from collectors.errors import AgentError
from collectors.snmp.dialogue import Dialogue
from collectors.snmp.engines import EngineBook
from collectors.snmp.keys import KeyRing
from collectors.snmp.pdu import GET, NO_SUCH_NAME, TOO_BIG, Pdu, Value, encode_oid, encode_varbinds, kind_of, value_of
from collectors.snmp.walks import WalkLimits, Walks
from domain.language import _
from domain.polling import Endpoint, Kind
from domain.secrets import SnmpCommunity, SnmpVersion

_MOST_ERRORS = 8  # of one question, after which its rest is given up
_MOST_MISSING = 24  # SNMPv1 answers noSuchName once for every OID that is not there


@dataclass(slots=True)
class Answer:
    """What came of one question. An OID in neither is one the agent does not have."""

    values: dict[str, Value] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    """OID → the word of the error-status it drew, such as `genErr`."""


class SnmpClient:
    """Use as `async with`, or `close()` at the end; both may be left out for a client that is dropped.

    attempts and attempt_seconds bound each request. varbinds: OIDs per GET. max_repetitions: rows per column and
    GETBULK. engines and keys are shared by the clients of a process, so that a known device costs no round trip and
    a password is hashed once. `until`: loop seconds behind which no walk goes on.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        attempts: int = 3,
        attempt_seconds: float = 1.5,
        varbinds: int = 40,
        max_repetitions: int = 20,
        pause_seconds: float = 0.0,
        engines: EngineBook | None = None,
        keys: KeyRing | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.varbinds = varbinds
        self.max_repetitions = max_repetitions
        self.until = inf
        self.dialogue = Dialogue(
            endpoint,
            attempts=attempts,
            attempt_seconds=attempt_seconds,
            pause_seconds=pause_seconds,
            engines=engines or EngineBook(),
            keys=keys or KeyRing(),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.dialogue.wire.close()

    @property
    def address(self) -> str:
        return self.endpoint.address

    @property
    def has_bulk(self) -> bool:
        access = self.endpoint.access
        return not (isinstance(access, SnmpCommunity) and access.version is SnmpVersion.V1)

    async def get(self, oids: Iterable[str]) -> dict[str, Value]:
        """The values of those OIDs the agent has. Raises AgentError if it fails on one of them, see `ask`."""
        answer = await self.ask(oids)
        for oid, word in answer.failed.items():
            raise AgentError(
                _("{address}: the device answers {word} when asked for {oid}.").format(
                    address=self.address, word=word, oid=oid
                )
            )
        return answer.values

    async def ask(self, oids: Iterable[str]) -> Answer:
        """As much as the agent gives: what it fails on is named and the rest asked again without it.

        Raises SilentError, RefusedError, UnauthorisedError, GarbledError as `Dialogue.ask` does.
        """
        answer = Answer()
        asked = list(dict.fromkeys(oids))
        pending = [asked[i : i + self.varbinds] for i in range(0, len(asked), self.varbinds)][::-1]
        errors = 0
        while pending:
            chunk = pending.pop()
            names = [encode_oid(oid) for oid in chunk]
            pdu = await self.dialogue.ask(GET, encode_varbinds(names))
            if pdu.error_status == 0:
                _take(pdu, dict(zip(names, chunk, strict=True)), answer)
                continue
            errors += pdu.error_status != TOO_BIG
            if errors > (_MOST_MISSING if pdu.error_status == NO_SUCH_NAME else _MOST_ERRORS):
                answer.failed.update(dict.fromkeys(chunk, pdu.error_word))
                continue
            pending += _without_culprit(pdu, chunk, answer)
        return answer

    async def walk(self, oid: str, limits: WalkLimits | None = None) -> list[tuple[str, Value]]:
        """All instances below the OID, in order, with whole OIDs.

        Raises EndlessWalkError for an agent that goes back or stands still, WalkTooLongError over the limits,
        AgentError for an error-status, and what `Dialogue.ask` raises.
        """
        walked = await self.walk_columns([oid], limits)
        if oid in walked.failed:
            raise walked.failed[oid]
        return [(f"{oid}.{index}" if index else oid, value) for index, value in walked.rows[oid]]

    async def walk_columns(
        self, columns: Iterable[str], limits: WalkLimits | None = None, rows_expected: int = 7
    ) -> Walks:
        """Several columns side by side, as many per request as fit an answer. Rows are (index, value) by column.

        A column that fails costs that column: its error stands in `failed`, what it gave before in `rows`. Raises
        only what concerns the device: SilentError, RefusedError, UnauthorisedError, GarbledError.
        """
        limits = limits or WalkLimits()
        left = self.until - asyncio.get_running_loop().time()
        walks = Walks(self.address, columns, replace(limits, seconds=min(limits.seconds, left)))
        most = max(1, self.max_repetitions) if self.has_bulk else 1
        repetitions = max(1, min(rows_expected + 1, most))
        await walks.run(self.dialogue, bulk=self.has_bulk, repetitions=repetitions, most_repetitions=most)
        return walks


def _take(pdu: Pdu, wanted: dict[bytes, str], answer: Answer) -> None:
    """Sort the varbinds under the OIDs that were asked; others are not ours. A missing one counts as failed."""
    for name, tag, content in pdu.varbinds:
        oid = wanted.pop(name, None)
        if oid is None:
            continue
        value = value_of(tag, content)
        if value is not None:
            answer.values[oid] = value
            answer.kinds[oid] = kind_of(tag)
    answer.failed.update(dict.fromkeys(wanted.values(), "no answer"))


def _without_culprit(pdu: Pdu, chunk: list[str], answer: Answer) -> list[list[str]]:
    """What to ask next after an error-status: the rest without the OID it names, else two halves."""
    culprit = pdu.error_index - 1
    named = 0 <= culprit < len(chunk) and pdu.error_status != TOO_BIG
    if named or len(chunk) == 1:
        oid = chunk[culprit if named else 0]
        if pdu.error_status != NO_SUCH_NAME:
            answer.failed[oid] = pdu.error_word
        rest = [other for other in chunk if other != oid]
        return [rest] if rest else []
    middle = len(chunk) // 2
    return [chunk[middle:], chunk[:middle]]
