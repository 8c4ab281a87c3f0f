"""Certificates of applications: how many days each has left, which part of a chain it is, who shows it and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from console.views.devices import WORST_FIRST
from console.views.sheet import holds
from console.views.sorting import Columns, in_order
from console.views.speech import day, number
from domain.language import _
from domain.services import CertificateFacts, CertificateRole
from domain.services.certificates import WARN_DAYS
from domain.services.standing import Standing
from domain.states import State


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """days: left, negative when it is over. codes: the applications that show it; hosts: under which names.

    hop: of the chain of redirects, from 1.
    """

    fingerprint: str
    subject: str
    issuer: str
    role: str
    hop: int
    hosts: tuple[str, ...]
    codes: tuple[str, ...]
    days: int
    left: str
    until: str
    shape: State
    word: str


def certificate_rows(standings: Iterable[Standing], now: datetime, zone: tzinfo) -> tuple[CertificateRow, ...]:
    """Soonest end first; one that several applications show stands once."""
    found: dict[str, tuple[CertificateFacts, dict[str, None], dict[str, None]]] = {}
    for standing in standings:
        for each in standing.certificates:
            _facts, hosts, codes = found.setdefault(each.fingerprint, (each, {}, {}))
            hosts[each.host] = codes[standing.code] = None
    rows = [_row(facts, tuple(hosts), tuple(codes), now, zone) for facts, hosts, codes in found.values()]
    return tuple(sorted(rows, key=lambda row: (row.days, row.role, row.subject)))


def _row(
    facts: CertificateFacts, hosts: tuple[str, ...], codes: tuple[str, ...], now: datetime, zone: tzinfo
) -> CertificateRow:
    days = int(facts.seconds_left(now) // 86_400)
    shape, word = _standing(facts, days, now)
    today = now.astimezone(zone).date()
    return CertificateRow(
        facts.fingerprint,
        facts.subject,
        facts.issuer,
        role_word(facts.role),
        facts.hop + 1,
        hosts,
        codes,
        days,
        number(days),
        day(facts.not_after.astimezone(zone).date(), today),
        shape,
        word,
    )


def _standing(facts: CertificateFacts, days: int, now: datetime) -> tuple[State, str]:
    if facts.not_before > now:
        return State.DEGRADED, _("Not yet valid")
    if facts.not_after <= now:
        return State.DOWN, _("Expired")
    if days <= WARN_DAYS:
        return State.DEGRADED, _("Ends soon")
    if facts.self_signed and facts.role is CertificateRole.LEAF:
        return State.DEGRADED, _("Signed by itself")
    return State.UP, _("Good")


def fitting(rows: Iterable[CertificateRow], text: str, sort: str = "") -> list[CertificateRow]:
    found = [row for row in rows if holds((row.subject, row.issuer, *row.hosts, *row.codes), text)]
    return in_order(found, COLUMNS, sort)


COLUMNS: Final[Columns[CertificateRow]] = {
    "state": lambda row: WORST_FIRST[row.shape],
    "days": lambda row: row.days,
    "certificate": lambda row: row.subject,
    "part": lambda row: row.role,
    "hop": lambda row: row.hop,
    "codes": lambda row: row.codes[0] if row.codes else None,
    "issuer": lambda row: row.issuer,
    "until": lambda row: row.days,
}


def role_word(role: CertificateRole) -> str:
    return {CertificateRole.LEAF: _("leaf"), CertificateRole.CHAIN: _("chain")}[role]
