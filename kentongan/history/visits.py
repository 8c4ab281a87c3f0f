"""What the simulated applications show whoever checks them, without a network: judged as the collectors judge pages."""

from collections.abc import Callable, Mapping
from typing import Final

from collectors.http.fetch import Answer
from collectors.http.judge import judge
from collectors.http.visit import Visit
from domain.services import (
    CertificateFacts,
    CertificateRole,
    CheckKind,
    Finding,
    HttpCheck,
    Phases,
    PhraseBook,
    ServiceOutcome,
    ServiceWord,
    certificate_findings,
)
from domain.time import Moment
from lab.services import AppPlan, Fault
from lab.services.course import AppCourse, Holding
from lab.services.faults import SLOW_SECONDS
from lab.services.pages import defaced_page, page

FIRST_BYTE_SECONDS: Final = 0.05
TOTAL_SECONDS: Final = 0.08


class PaperVisits:
    """Call it with a check. reaches: whether the host of a code answers. Opens no socket."""

    def __init__(self, course: AppCourse, book: PhraseBook, warn_days: float, reaches: Callable[[str], bool]) -> None:
        self._course, self._book, self._warn_days, self._reaches = course, book, warn_days, reaches
        self._judged: dict[tuple[HttpCheck, Fault | None], Visit] = {}
        self._shown: dict[tuple[str, Holding], tuple[CertificateFacts, ...]] = {}

    def __call__(self, check: HttpCheck, now: Moment) -> ServiceOutcome:
        app = self._course.app(check.code)
        if not self._reaches(check.code):
            return _nobody(check, app, ServiceWord.UNREACHED, now, reached=False)
        fault = self._course.fault(check.code)
        if fault is Fault.REFUSED:
            return _nobody(check, app, ServiceWord.REFUSED, now, reached=True)
        certificates = self._certificates(app, now)
        findings = certificate_findings(certificates, now.utc, self._warn_days)
        if fault is Fault.SILENT:
            silent = Finding(ServiceWord.SILENT, check.url, {"seconds": f"{check.timeout_seconds:g}"})
            return ServiceOutcome(
                check.code, CheckKind.HTTP, now, (silent, *findings), certificates=certificates, reached=True
            )
        visit = self._visit(check, app, fault)
        assert visit.answer is not None
        return ServiceOutcome(
            check.code,
            CheckKind.HTTP,
            now,
            (*visit.findings, *findings),
            visit.phases,
            visit.answer.status,
            len(visit.answer.body),
            certificates=certificates,
            reached=True,
        )

    def _visit(self, check: HttpCheck, app: AppPlan, fault: Fault | None) -> Visit:
        """With its findings; of the same page they are the same."""
        known = self._judged.get((check, fault))
        if known is None:
            total = SLOW_SECONDS if fault is Fault.SLOW else TOTAL_SECONDS
            status, html = _answer(app, fault)
            headers: Mapping[str, str] = {"content-type": "text/html; charset=utf-8"}
            answer = Answer(status, headers, (), html.encode(), total if fault is Fault.SLOW else FIRST_BYTE_SECONDS)
            phases = Phases(0.001, 0.002, 0.006 if app.tls else None, answer.first_byte_seconds, total)
            known = Visit(answer=answer, url=check.url, reached=True, phases=phases)
            known.findings = list(judge(check, known, self._book.extended(check.forbid_text)))
            self._judged[check, fault] = known
        return known

    def _certificates(self, app: AppPlan, now: Moment) -> tuple[CertificateFacts, ...]:
        holding = self._course.calendar.certificate(app.code, now.unix_seconds)
        if holding is None:
            return ()
        known = self._shown.get((app.code, holding))
        if known is None:
            known = self._shown[app.code, holding] = (_facts(app, holding),)
        return known


def _facts(app: AppPlan, holding: Holding) -> CertificateFacts:
    name = f"{app.code}.example"
    return CertificateFacts(
        0,
        app.address,
        CertificateRole.LEAF,
        name,
        "Kentongan Lab Issuer",
        (name, app.address),
        Moment(0.0, holding.begins).utc,
        Moment(0.0, holding.ends).utc,
        f"{app.code}:{holding.begins:.0f}",
    )


def _nobody(check: HttpCheck, app: AppPlan, word: ServiceWord, now: Moment, *, reached: bool) -> ServiceOutcome:
    values = {"reason": word.value, "seconds": f"{check.timeout_seconds:g}"}
    finding = Finding(word, f"{app.address}:{app.port}", values)
    return ServiceOutcome(check.code, CheckKind.HTTP, now, (finding,), reached=reached)


def _answer(app: AppPlan, fault: Fault | None) -> tuple[int, str]:
    match fault:
        case Fault.ERROR:
            return 500, "<h1>Internal Server Error</h1>"
        case Fault.DEFACED:
            return 200, defaced_page(app)
        case Fault.TEXT_GONE:
            return 200, "<title></title>"
        case _:
            return 200, page(app)
