"""How much of a contract's quota its links have used, month by month, beside what the quota is. Pure.

What went by while nothing was measured is missing: a figure may be too low, never too high.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from console.ports.contracts import QuotaMonth
from console.views.speech import months, number
from domain.language import _
from domain.network import Link
from domain.states import State

NEARLY_PERCENT: Final = 80
"""The runbook KentonganQuotaNearlySpent speaks of the same."""

SPENT_PERCENT: Final = 100
OCTETS_A_GB: Final = 1e9
MONTHS: Final = 13
"""This one, and the year before it."""


@dataclass(frozen=True, slots=True)
class QuotaRow:
    """of: a month, or a link in this month. used, quota: GB, blank where nothing was counted. width, at: where the bar
    ends and where the quota stands on it, percent of its room."""

    of: str
    link: str
    used: str
    quota: str
    percent: str
    shape: State
    word: str
    width: float
    at: float


@dataclass(frozen=True, slots=True)
class Quotas:
    """months: of all links together, the newest first; the first one is not over. links: of this month, the fullest
    first; empty where there is one alone."""

    months: tuple[QuotaRow, ...]
    links: tuple[QuotaRow, ...]


def quotas_of(links: Iterable[Link], used: Iterable[QuotaMonth], period: Sequence[str]) -> Quotas | None:
    """period: the months that are shown, `2026-11`, the newest first. None: no link has a quota."""
    limits = {link.name: link.quota_gb * OCTETS_A_GB for link in links if link.quota_gb}
    if not limits:
        return None
    octets: dict[str, dict[str, int]] = defaultdict(dict)
    for each in used:
        if each.link in limits:
            octets[each.month][each.link] = each.octets
    together = sum(limits.values())
    known = [(month, sum(octets[month].values()) if octets.get(month) else None) for month in period]
    while len(known) > 1 and known[-1][1] is None:  # before anything was counted
        known.pop()
    most = _most(value / together for _month, value in known if value is not None)
    now = octets.get(period[0], {})
    fullest = sorted(limits, key=lambda name: (-now.get(name, 0) / limits[name], name))
    most_of_links = _most(now.get(name, 0) / limits[name] for name in limits)
    return Quotas(
        tuple(_row(month_word(month), "", value, together, most) for month, value in known),
        tuple(_row(name, name, now.get(name), limits[name], most_of_links) for name in fullest)
        if len(limits) > 1
        else (),
    )


def months_back(today_month: str, count: int = MONTHS) -> tuple[str, ...]:
    """`2026-11` and those before it, the newest first."""
    year, month = (int(part) for part in today_month.split("-"))
    first = year * 12 + month - 1
    return tuple(f"{each // 12:04d}-{each % 12 + 1:02d}" for each in range(first, first - count, -1))


def month_word(label: str) -> str:
    """'Nov 2026'"""
    year, month = label.split("-")
    return f"{months()[int(month) - 1]} {year}"


def _most(shares: Iterable[float]) -> float:
    """The share at which bars end: a little beyond the quota, or what was used where that is more."""
    return 1.02 * max(1.0, 1.0, *shares)


def _row(of: str, link: str, octets: int | None, limit: float, most: float) -> QuotaRow:
    share = None if octets is None else octets / limit
    shape, word = _standing(share)
    return QuotaRow(
        of,
        link,
        "" if octets is None else _gigabytes(octets),
        _gigabytes(limit),
        "" if share is None else number(100 * share),
        shape,
        word,
        0.0 if share is None else round(100 * share / most, 1),
        round(100 / most, 1),
    )


def _gigabytes(octets: float) -> str:
    found = octets / OCTETS_A_GB
    return number(found, 1 if found < 10 else 0)


def _standing(share: float | None) -> tuple[State, str]:
    if share is None:
        return State.UNKNOWN, _("Not counted")
    if share * 100 >= SPENT_PERCENT:
        return State.DEGRADED, _("Spent")
    if share * 100 >= NEARLY_PERCENT:
        return State.DEGRADED, _("Nearly spent")
    return State.UP, _("Within it")
