"""The chain of the event log: each row is sealed together with the one before it. Finds what was tampered with.

Pure: rows in, findings out; the key never leaves it. HMAC-SHA256 (RFC 2104) under a key derived by HKDF (RFC 5869) from
the installation's key, so that nobody without that key can write, change or join rows. What it cannot see alone, rows
cut off at the end, the head kept outside the database shows.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, final

from domain.language import _

GENESIS: Final = "0" * 64
_INFO: Final = b"kentongan event log 1"


@final
class ChainKey:
    """Prints as three stars."""

    __slots__ = ("_octets",)

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    @classmethod
    def derive(cls, secret: bytes) -> "ChainKey":
        """secret: the installation's key, as it opens the credentials too; this one cannot be turned back into it."""
        extracted = hmac.digest(bytes(hashlib.sha256().digest_size), secret, "sha256")
        return cls(hmac.digest(extracted, _INFO + b"\x01", "sha256"))

    def seal(self, *parts: str | int | float) -> str:
        """64 hexadecimal digits over the parts, each with its type and its bounds."""
        text = json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
        return hmac.digest(self._octets, text.encode("ascii"), "sha256").hex()

    def __repr__(self) -> str:
        return "ChainKey(***)"


@dataclass(frozen=True, slots=True)
class Sealed:
    """One row of the log as it is stored. at: unix seconds. values: canonical JSON."""

    seq: int
    incident: str
    at: float
    actor: str
    kind: str
    text: str
    values: str
    previous: str
    seal: str = ""

    def sealed(self, key: ChainKey) -> str:
        """The seal that it should bear."""
        return key.seal(self.seq, self.incident, self.at, self.actor, self.kind, self.text, self.values, self.previous)


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row that is known outside the database; seq 0 is a log without rows."""

    seq: int
    seal: str


class Tampering(StrEnum):
    MISSING = "missing"  # taken out between others
    UNSEALED = "unsealed"  # changed, or put in by somebody without the key
    OUT_OF_PLACE = "out-of-place"  # sealed by us, but not after the row before it
    CUT = "cut"  # the newest rows are gone
    REPLACED = "replaced"  # the row at the head is another one than was anchored
    HEAD_MISSING = "head-missing"
    HEAD_FORGED = "head-forged"


@dataclass(frozen=True, slots=True)
class Finding:
    """first and last: the numbers of the rows; 0 where it is about the head alone."""

    kind: Tampering
    first: int = 0
    last: int = 0

    def __str__(self) -> str:
        said = {
            Tampering.MISSING: _("{rows} is gone from between the others"),
            Tampering.UNSEALED: _("{rows} does not bear our seal: it was changed or put in"),
            Tampering.OUT_OF_PLACE: _("{rows} does not follow the row before it"),
            Tampering.CUT: _("{rows} was cut off at the end"),
            Tampering.REPLACED: _("{rows} is not the one that was anchored: an older or another database is in place"),
            Tampering.HEAD_MISSING: _("the file with the head of the log is gone"),
            Tampering.HEAD_FORGED: _("the file with the head of the log was not written by Kentongan"),
        }[self.kind]
        rows = _("row {number}").format(number=self.first)
        if self.last > self.first:
            rows = _("each of rows {first} to {last}").format(first=self.first, last=self.last)
        return said.format(rows=rows)


@dataclass(frozen=True, slots=True)
class Inspection:
    """rows: how many were read. lag: how many of them are newer than the head; a crash may leave one transaction."""

    rows: int
    lag: int
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        return not self.findings


def inspect(key: ChainKey, rows: Iterable[Sealed], head: Head | None) -> Inspection:
    """rows: in the order of their numbers. head None: its file is missing, which is no finding before the first row."""
    findings: list[Finding] = []
    count, last_seq, last_seal, trusted, at_head = 0, 0, GENESIS, True, GENESIS
    suspicious = False
    for row in rows:
        count += 1
        joined = row.seq == last_seq + 1
        if row.seq > last_seq + 1:
            findings.append(Finding(Tampering.MISSING, last_seq + 1, row.seq - 1))
        sealed = row.sealed(key) == row.seal
        if not sealed or row.seq <= last_seq:
            findings.append(Finding(Tampering.UNSEALED, row.seq, row.seq))
        elif joined and trusted and row.previous != last_seal:
            findings.append(Finding(Tampering.OUT_OF_PLACE, row.seq, row.seq))
        if head is not None and row.seq == head.seq:
            at_head, suspicious = row.seal, not sealed
        last_seq, last_seal, trusted = max(row.seq, last_seq), row.seal, sealed
    findings += _against_head(count, last_seq, at_head, head, suspicious)
    return Inspection(count, max(last_seq - head.seq, 0) if head else 0, tuple(findings))


def _against_head(count: int, last_seq: int, at_head: str, head: Head | None, suspicious: bool) -> list[Finding]:
    if head is None:
        return [Finding(Tampering.HEAD_MISSING)] if count else []
    if head.seq > last_seq:
        return [Finding(Tampering.CUT, last_seq + 1, head.seq)]
    if at_head != head.seal and not suspicious and at_head != GENESIS:
        return [Finding(Tampering.REPLACED, head.seq, head.seq)]
    return []
