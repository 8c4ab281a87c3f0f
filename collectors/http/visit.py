"""Follows a page to its end as a visitor would: redirects with cookies, bounded, loops found, foreign ones named."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import SplitResult, urljoin, urlsplit

from collectors.http.connection import Connection, ConnectionFailedError, Resolve, connect
from collectors.http.fetch import Answer, GarbledAnswerError, fetch
from collectors.http.trust import Trust
from domain.services import CertificateFacts, Finding, Hop, HttpCheck, Page, Phases, ServiceWord, is_foreign

MOST_HOPS = 8
_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_URL = 2_000
_MOST_COOKIES = 40


@dataclass(slots=True)
class Visit:
    """What came of it. answer: of the last hop; None if there was none. foreign: where we were sent and did not go."""

    hops: list[Hop] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    certificates: list[CertificateFacts] = field(default_factory=list)
    answer: Answer | None = None
    url: str = ""
    foreign: str = ""
    reached: bool = False
    page: Page | None = None  # what the answer says, once somebody has read it
    phases: Phases = field(default_factory=Phases)


class Visitor:
    """Makes visits. headers: who we say we are."""

    def __init__(self, trust: Trust, resolve: Resolve, headers: Mapping[str, str]) -> None:
        self._trust = trust
        self._resolve = resolve
        self._headers = headers

    async def visit(self, check: HttpCheck) -> Visit:
        """Never raises for what the other side does. The whole visit takes at most the check's timeout."""
        visit, begun = Visit(url=check.url), time.perf_counter()
        journey = _Journey(check, visit, self._trust, self._resolve, self._headers)
        try:
            async with asyncio.timeout(check.timeout_seconds):
                await journey.go()
        except TimeoutError:
            values = {"seconds": f"{check.timeout_seconds:g}"}
            visit.findings.append(Finding(journey.if_late, shown_url(visit.url), values))
        finally:
            journey.close()
        first = visit.hops[0].phases if visit.hops else journey.phases
        visit.phases = replace(first, total_seconds=time.perf_counter() - begun)
        return visit


class _Journey:
    def __init__(
        self, check: HttpCheck, visit: Visit, trust: Trust, resolve: Resolve, headers: Mapping[str, str]
    ) -> None:
        self._check = check
        self._visit = visit
        self._trust = trust
        self._resolve = resolve
        self._headers = headers
        self._cookies: dict[str, dict[str, str]] = {}
        self._connection: Connection | None = None
        self.if_late = ServiceWord.UNRESOLVED
        self.phases = Phases()

    async def go(self) -> None:
        """Hop by hop, until an answer that sends us nowhere."""
        seen: set[tuple[str, str]] = set()
        home = urlsplit(self._check.url).hostname or ""
        url = self._check.url
        while True:
            self._visit.url = url
            state = (url.partition("#")[0], self._cookie(urlsplit(url)))
            if state in seen:
                return self._note(ServiceWord.REDIRECT_LOOP, url)
            if len(seen) > MOST_HOPS:
                return self._note(ServiceWord.TOO_MANY_REDIRECTS, self._check.url, count=str(MOST_HOPS))
            seen.add(state)
            answer = await self._ask(url)
            if answer is None:
                return None
            self._visit.answer = answer
            try:
                target = self._target(url, answer)
            except ValueError:
                return self._note(ServiceWord.GARBLED, url, reason="redirect")
            self._visit.hops[-1] = replace(self._visit.hops[-1], location=shown_url(target))
            if not target:
                return None
            parts = _split(target)
            if parts is None:
                return self._note(ServiceWord.GARBLED, url, reason="redirect")
            if is_foreign(parts.hostname or "", home, self._check.trusted_hosts):
                self._visit.foreign = parts.hostname or ""
                return self._note(ServiceWord.FOREIGN_REDIRECT, self._visit.foreign)
            url = target

    async def _ask(self, url: str) -> Answer | None:
        parts = _split(url)
        if parts is None:
            self._note(ServiceWord.NOT_CHECKABLE, url)
            return None
        tls = parts.scheme.lower() == "https"
        port = parts.port or (443 if tls else 80)
        try:
            connection = await connect(
                parts.hostname or "",
                port,
                self._trust if tls else None,
                self._resolve,
                hop=len(self._visit.hops),
                if_late=self._step,
            )
            self._connection = connection
            self.phases = connection.phases
            self._visit.findings += connection.findings
            self._visit.certificates += connection.certificates
            cookie = self._cookie(parts)
            answer = await fetch(connection, parts, {**self._headers, **({"Cookie": cookie} if cookie else {})})
        except ConnectionFailedError as error:
            self._visit.reached = self._visit.reached or error.reached
            self._visit.findings.append(_with_seconds(error.finding, self._check))
            return None
        except (GarbledAnswerError, OSError, UnicodeError) as error:
            self._note(ServiceWord.GARBLED, url, reason=str(error)[:200])
            return None
        finally:
            self.close()
        self._keep_cookies(parts, answer)
        phases = replace(connection.phases, first_byte_seconds=answer.first_byte_seconds)
        self._visit.hops.append(Hop(shown_url(url), answer.status, phases))
        return answer

    def _step(self, if_late: ServiceWord) -> None:
        self.if_late = if_late
        self._visit.reached = self._visit.reached or if_late is ServiceWord.SILENT

    def _target(self, url: str, answer: Answer) -> str:
        wanted = self._check.expect_status
        location = answer.headers.get("location", "")
        if answer.status not in _REDIRECTS or not location or (wanted == answer.status and not self._visit.hops[1:]):
            return ""
        return urljoin(url, location.strip())

    def _cookie(self, parts: SplitResult) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.get(parts.hostname or "", {}).items())

    def _keep_cookies(self, parts: SplitResult, answer: Answer) -> None:
        jar = self._cookies.setdefault(parts.hostname or "", {})
        for line in answer.cookies[:_MOST_COOKIES]:
            name, equals, value = line.partition(";")[0].partition("=")
            if equals and len(jar) < _MOST_COOKIES and len(value) < _LONGEST_URL and f"{name}{value}".isprintable():
                jar[name.strip()] = value.strip()

    def _note(self, word: ServiceWord, url: str, **values: str) -> None:
        self._visit.findings.append(Finding(word, shown_url(url), values))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def shown_url(url: str) -> str:
    """Without query and fragment, which may hold what is nobody's business."""
    return url.partition("#")[0].partition("?")[0][:300]


def _with_seconds(finding: Finding, check: HttpCheck) -> Finding:
    return replace(finding, values={**finding.values, "seconds": f"{check.timeout_seconds:g}"})


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        good = parts.scheme.lower() in ("http", "https") and parts.hostname and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts if good and len(url) <= _LONGEST_URL else None
