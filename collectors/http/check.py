"""The check of an application: a visit as people make it, now and then one as a search engine makes it, one outcome."""

import asyncio
from collections.abc import Callable
from typing import Final, ParamSpec

from collectors.http.connection import Resolve, resolve_by_system
from collectors.http.judge import cloaked, judge
from collectors.http.trust import Trust
from collectors.http.visit import Visit, Visitor
from domain.services import (
    CheckKind,
    Finding,
    HttpCheck,
    PhraseBook,
    ServiceOutcome,
    certificate_findings,
)
from domain.time import Moment

SEARCH_SECONDS: Final = 900.0
_LONG_PAGE: Final = 100_000
_ACCEPT: Final = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "id,en;q=0.5",
    "Accept-Encoding": "identity",
}
_VISITOR: Final = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Kentongan/1.0", **_ACCEPT}
_SEARCH_ENGINE: Final = {
    "User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Referer": "https://www.google.com/",
    **_ACCEPT,
}


class HttpChecker:
    """Makes HttpChecks. search_seconds: how long the search engine's view is believed; what it found bad is looked at
    again every time. warn_days: before a certificate ends.
    """

    def __init__(
        self,
        book: PhraseBook,
        trust: Trust | None = None,
        *,
        resolve: Resolve = resolve_by_system,
        search_seconds: float = SEARCH_SECONDS,
        warn_days: float = 30,
    ) -> None:
        trust = trust or Trust()
        self._book = book
        self._visitor = Visitor(trust, resolve, _VISITOR)
        self._search_engine = Visitor(trust, resolve, _SEARCH_ENGINE)
        self._search_seconds = search_seconds
        self._warn_days = warn_days
        self._seen: dict[HttpCheck, tuple[float, tuple[Finding, ...]]] = {}

    async def check(self, check: HttpCheck, now: Moment) -> ServiceOutcome:
        """Never raises for what the other side does; takes at most twice the check's timeout."""
        book = self._book.extended(check.forbid_text)
        visit = await self._visitor.visit(check)
        findings = await _apart(visit, judge, check, visit, book)
        if check.search_view and visit.answer is not None:
            known = self._seen.get(check)
            if known is None or known[1] or now.steady_seconds - known[0] >= self._search_seconds:
                search = await self._search_engine.visit(check)
                known = (now.steady_seconds, await _apart(search, cloaked, check, visit, search, book))
                self._seen[check] = known
            findings += known[1]
        findings += certificate_findings(visit.certificates, now.utc, self._warn_days)
        return ServiceOutcome(
            check.code,
            CheckKind.HTTP,
            now,
            findings,
            visit.phases,
            visit.answer.status if visit.answer else None,
            len(visit.answer.body) if visit.answer else 0,
            tuple(visit.hops),
            tuple(visit.certificates),
            visit.reached,
        )

    def forget(self, kept: frozenset[HttpCheck]) -> None:
        """Keep what is known of these alone: the inventory has changed."""
        self._seen = {check: known for check, known in self._seen.items() if check in kept}


_Judged = ParamSpec("_Judged")


async def _apart(
    visit: Visit,
    judgement: Callable[_Judged, tuple[Finding, ...]],
    *values: _Judged.args,
    **more: _Judged.kwargs,
) -> tuple[Finding, ...]:
    """In a thread when the page is long: a megabyte is read in tenths of a second, and polling must not wait for it."""
    if visit.answer is None or len(visit.answer.body) < _LONG_PAGE:
        return judgement(*values, **more)
    return await asyncio.to_thread(judgement, *values, **more)
