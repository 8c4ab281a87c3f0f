"""Applications and a camera in memory: one down, one whose certificate ends, one that nobody checked yet."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from console.ports.services import Board, Subject
from domain.incidents import Cause, CauseKind, Condition, Incident, Member, Urgency
from domain.network import Device, Role, Service, ServiceClass
from domain.services import CertificateFacts, CertificateRole, CheckKind, Finding, Hop, Phases, ServiceWord
from domain.services.standing import Standing
from domain.states import State
from tests.unit.console.console_office import EVIL, INVENTORY, NOW

HOUR = timedelta(hours=1)
SITES = INVENTORY.site_by_slug


def certificate(days: float, name: str, role: CertificateRole = CertificateRole.LEAF, hop: int = 0) -> CertificateFacts:
    ends = NOW + timedelta(days=days)
    return CertificateFacts(
        hop, name, role, name, "CA", (name,), min(ends, NOW) - timedelta(days=90), ends, f"{name}{role}{days}"
    )


def standing(code: str, state: State | None, word: ServiceWord, **more: object) -> Standing:
    findings = () if word is ServiceWord.OK else (Finding(word, f"https://{code}.id", {"status": "503", "days": "9"}),)
    values = {"phases": Phases(0.01, 0.02, 0.03, 0.1, 0.1234), "status": 503, "findings": findings} | more
    return Standing(code, CheckKind.HTTP, NOW, state=state, word=word, since=NOW - HOUR, **values)  # type: ignore[arg-type]


def application(code: str, name: str, site: str, owner: str = "Diskominfo") -> Subject:
    service = Service(code, name, ServiceClass.KHUSUS, owner=owner, url=f"https://{code}.id", site=site)
    return Subject(code, service, None, SITES.get(site))


FAULT = Incident(
    "srvc-0001", Condition.SERVICE, Cause(CauseKind.SERVICE, "sip"), "wrong-status", Urgency.DAY, NOW - 5 * HOUR,
    NOW - 5 * HOUR, (Member("sip", NOW - 5 * HOUR),),
)  # fmt: skip
OVER = Incident(
    "srvc-0000", Condition.SERVICE, Cause(CauseKind.SERVICE, "sip"), "wrong-status", Urgency.DAY, NOW - 50 * HOUR,
    NOW - 50 * HOUR, (Member("sip", NOW - 50 * HOUR),), resolved_at=NOW - 48 * HOUR,
)  # fmt: skip


@dataclass
class MemoryServices:
    silent: str = ""
    asked: list[str] = field(default_factory=list)

    def board(self) -> Board:
        camera = Device("cam-citeko", "desa-citeko", Role.CAMERA, address="127.0.0.8", model=EVIL)
        subjects = (
            application("sip", f"=SIP{EVIL}", "dc"),
            application("desa-plered", "Web desa", "desa-citeko"),
            application("tgw", "Web Cadassari", "desa-cadassari", owner=EVIL),
            application("baru", "Belum dicek", ""),
            application("aneh", "Aneh", "dc"),
            Subject("cam-citeko", None, camera, SITES["desa-citeko"]),
        )
        if self.silent:
            return Board(subjects, silent=self.silent)
        hops = (Hop("http://sip.id", 301, Phases(), "https://sip.id"), Hop("https://sip.id", 503, Phases()))
        chain = (certificate(9, "sip.id", hop=1), certificate(900, "CA satu", CertificateRole.CHAIN, 1))
        found = (
            standing("sip", State.DOWN, ServiceWord.WRONG_STATUS, hops=hops, certificates=chain),
            standing("desa-plered", State.UP, ServiceWord.OK, certificates=(certificate(60, "plered.id"),)),
            standing("tgw", State.DEGRADED, ServiceWord.CERTIFICATE_EXPIRED, certificates=(certificate(-2, "tgw.id"),)),
            standing("cam-citeko", State.UP, ServiceWord.OK),
        )
        return Board(subjects, {each.code: each for each in found}, {"aneh": "'x' names no host."})

    def history(self, subject: Subject) -> Sequence[Incident]:
        self.asked.append(subject.code)
        return [FAULT, OVER] if subject.code == "sip" else []
