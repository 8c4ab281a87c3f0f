"""One application or camera: how it stands, what the last check did step by step, certificates, faults before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from console.ports import Look
from console.ports.services import Board, Subject
from console.views.certificates import CertificateRow, certificate_rows
from console.views.rows import Speak
from console.views.services import ServiceRow, row_of
from console.views.speech import lasting, moment, number
from domain.incidents import Incident
from domain.language import _, n_
from domain.services import Phases, sentence
from domain.services.standing import Standing

LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Fault:
    id: str
    title: str
    since: str
    lasted: str
    open: bool


@dataclass(frozen=True, slots=True)
class ServicePage:
    """steps: (part of the exchange, milliseconds). hops: (address, what it answered)."""

    row: ServiceRow
    facts: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]
    hops: tuple[tuple[str, str], ...]
    certificates: tuple[CertificateRow, ...]
    faults: tuple[Fault, ...]
    before: str


def page_of(
    subject: Subject, board: Board, look: Look, history: Iterable[Incident], speak: Speak, zone: tzinfo
) -> ServicePage:
    standing = board.standings.get(subject.code)
    faults = tuple(history)
    return ServicePage(
        row_of(subject, board, look, zone),
        _facts(subject, standing, look),
        tuple(sentence(each) for each in standing.findings) if standing else (),
        _steps(standing.phases) if standing else (),
        _hops(standing) if standing else (),
        certificate_rows([standing], look.at, zone) if standing else (),
        tuple(_fault(each, look, speak, zone) for each in faults),
        _before(faults, look.at),
    )


def _facts(subject: Subject, standing: Standing | None, look: Look) -> tuple[tuple[str, str], ...]:
    service, device = subject.service, subject.device
    found: list[tuple[str, str]] = []
    if service is not None:
        found += [
            (_("Address"), service.url),
            (_("Owner"), service.owner),
            (_("Contact"), service.contact),
            (_("Class"), service.class_.value),
            (_("Pillar"), service.pillar),
            (_("Runs on"), service.host if look.sees_all or service.host in look.inventory.used_by_name else ""),
            (_("Must hold"), service.expect_text),
        ]
    elif device is not None:
        found += [(_("Address"), device.address), (_("Model"), device.model), (_("Owner"), device.owner)]
    if standing is not None and standing.status is not None:
        found.append((_("Last status"), str(standing.status)))
    if standing is not None and standing.octets:
        found.append((_("Last answer"), _("{size} kB").format(size=number(standing.octets / 1000, 1))))
    return tuple((name, value) for name, value in found if value)


def _steps(phases: Phases) -> tuple[tuple[str, str], ...]:
    found = (
        (_("name found"), phases.resolve_seconds),
        (_("connected"), phases.connect_seconds),
        (_("encrypted"), phases.tls_seconds),
        (_("first byte"), phases.first_byte_seconds),
        (_("all of it"), phases.total_seconds),
    )
    return tuple((word, number(seconds * 1000, 1)) for word, seconds in found if seconds is not None)


def _hops(standing: Standing) -> tuple[tuple[str, str], ...]:
    return tuple(
        (hop.url, _("{status}, sent on to {url}").format(status=hop.status, url=hop.location) if hop.location
         else str(hop.status))
        for hop in standing.hops
    )  # fmt: skip


def _fault(incident: Incident, look: Look, speak: Speak, zone: tzinfo) -> Fault:
    today = look.at.astimezone(zone).date()
    until = incident.resolved_at or look.at
    return Fault(
        incident.id,
        speak(incident).title,
        moment(incident.started_at, zone, today),
        lasting(until - incident.started_at),
        incident.is_open,
    )


def _before(faults: tuple[Incident, ...], now: datetime) -> str:
    """'2 faults in 30 days, 3 h 10 m together.'"""
    since = now - LOOKED_BACK
    recent = [each for each in faults if (each.resolved_at or now) > since]
    if not recent:
        return _("No fault in {days} days.").format(days=LOOKED_BACK.days)
    lost = sum(((each.resolved_at or now) - max(each.started_at, since) for each in recent), timedelta())
    text = n_("{count} fault in {days} days, {span} together.", "{count} faults in {days} days, {span} together.",
              len(recent))  # fmt: skip
    return text.format(count=number(len(recent)), days=LOOKED_BACK.days, span=lasting(lost))
