"""Applications and cameras, the worst first, with what the last check found and since when it stands so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from console.ports import Look
from console.ports.services import Board, Subject
from console.views.places import kecamatan_of, place_name
from console.views.sheet import holds
from console.views.sorting import Columns, in_order
from console.views.speech import lasting, moment, number, state_word
from domain.accounts import Account, sees, sees_site
from domain.incidents import CauseKind, Condition, Incident
from domain.language import _
from domain.network import ServiceClass
from domain.services import ServiceWord, sentence
from domain.services.standing import Standing
from domain.services.words import GRAVITY, state_of
from domain.states import State

WORST_FIRST = {State.DOWN: 0, State.DEGRADED: 1, State.UNREACHABLE: 2, State.UNKNOWN: 3, State.UP: 4}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything empty shows all."""

    text: str = ""
    states: frozenset[State] = frozenset()
    owner: str = ""
    class_: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """reason: a sentence. response: milliseconds of the last check, as text; empty where it came to no answer.

    is_unsaid: the reason only repeats that the poller is silent, which the page says once. *_seconds: the same as
    since, response and checked, for sorting; None where they are blank.
    """

    code: str
    name: str
    class_: str
    owner: str
    contact: str
    url: str
    place: str
    kecamatan: str
    state: State
    word: str
    reason: str
    since: str
    lasts: str
    response: str
    checked: str
    incident: str
    is_unsaid: bool = False
    since_seconds: float | None = None
    response_seconds: float | None = None
    checked_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ServiceList:
    rows: tuple[ServiceRow, ...]
    total: int
    counts: tuple[tuple[State, str, int], ...]
    owners: tuple[str, ...]


def seen_subjects(account: Account, board: Board) -> tuple[Subject, ...]:
    """Those whose site lies in the account's regions. What stands nowhere is for those who see everything."""
    return tuple(each for each in board.subjects if (sees_site(account, each.site) if each.site else sees(account, "")))


def applications(subjects: Iterable[Subject]) -> tuple[Subject, ...]:
    return tuple(each for each in subjects if each.service is not None)


def cameras(subjects: Iterable[Subject]) -> tuple[Subject, ...]:
    return tuple(each for each in subjects if each.service is None)


def list_of(subjects: Iterable[Subject], board: Board, look: Look, wanted: Wanted, zone: tzinfo) -> ServiceList:
    rows = [row_of(each, board, look, zone) for each in subjects]
    fitting = [
        row
        for row in rows
        if wanted.owner in ("", row.owner)
        and wanted.class_ in ("", row.class_)
        and holds((row.code, row.name, row.owner, row.url, row.place), wanted.text)
    ]
    shown = [row for row in fitting if not wanted.states or row.state in wanted.states]
    shown.sort(key=lambda row: (WORST_FIRST[row.state], row.kecamatan, row.name.casefold(), row.code))
    shown = in_order(shown, COLUMNS, wanted.sort)
    counts = tuple((state, state_word(state), sum(row.state is state for row in fitting)) for state in WORST_FIRST)
    return ServiceList(
        tuple(shown),
        len(rows),
        tuple(each for each in counts if each[2] or each[0] in wanted.states),
        tuple(sorted({row.owner for row in rows if row.owner})),
    )


COLUMNS: Final[Columns[ServiceRow]] = {
    "state": lambda row: WORST_FIRST[row.state],
    "name": lambda row: row.name,
    "wrong": lambda row: row.reason,
    "owner": lambda row: row.owner,
    "place": lambda row: row.place,
    "since": lambda row: row.since_seconds,
    "response": lambda row: row.response_seconds,
    "checked": lambda row: row.checked_seconds,
}


def row_of(subject: Subject, board: Board, look: Look, zone: tzinfo) -> ServiceRow:
    standing, incident = board.standings.get(subject.code), open_incident(subject, look)
    state, reason, since = _standing(subject, board, look, standing, incident)
    today = look.at.astimezone(zone).date()
    service, device, site = subject.service, subject.device, subject.site
    total = standing.phases.total_seconds if standing else None
    return ServiceRow(
        subject.code,
        service.name if service else device.name if device else subject.code,
        service.class_.value if service else "",
        service.owner if service else device.owner if device else "",
        service.contact if service else "",
        service.url if service else device.address if device else "",
        place_name(site, look.names) if site else "",
        kecamatan_of(site.region_code, look.names) if site else "",
        state,
        state_word(state),
        reason,
        moment(since, zone, today) if since and state is not State.UP else "",
        lasting(look.at - since) if since and state is not State.UP else "",
        number(total * 1000) if total is not None else "",
        moment(standing.checked_at, zone, today) if standing else "",
        incident.id if incident else "",
        bool(board.silent) and incident is None and reason == _unsaid(),
        since.timestamp() if since and state is not State.UP else None,
        total,
        standing.checked_at.timestamp() if standing else None,
    )


def _unsaid() -> str:
    return _("The poller does not say how it stands now.")


def _standing(
    subject: Subject, board: Board, look: Look, standing: Standing | None, incident: Incident | None
) -> tuple[State, str, datetime | None]:
    """An incident remembers since when; the poller begins anew when it is restarted."""
    if standing is not None and standing.state is not None:
        since = incident.started_at if incident else standing.since
        return standing.state, finding_of(standing), since
    if incident is not None:
        return _state_of(incident), _unsaid(), incident.started_at
    held = look.states.get(subject.device.name) if subject.device and subject.service is None else None
    if held is not None:
        return held.state, held.reason if held.state is not State.UP else "", held.since
    if subject.code in board.refused:
        return State.UNKNOWN, board.refused[subject.code], None
    if board.silent:
        return State.UNKNOWN, _unsaid(), None
    if standing is not None:
        return State.UNKNOWN, _("Found bad once; it is asked again."), None
    if subject.service is not None and not subject.service.url:
        return State.UNKNOWN, _("services.csv gives no address to check."), None
    return State.UNKNOWN, _("Not checked yet."), None


def finding_of(standing: Standing) -> str:
    """The gravest finding as a sentence; empty where all is well."""
    found = max(standing.findings, key=lambda each: GRAVITY[each.word], default=None)
    if found is not None and (standing.word is None or state_of(found.word) is state_of(standing.word)):
        return sentence(found)
    if standing.word not in (None, ServiceWord.OK) and not standing.findings:
        return _("The last check was good; it is asked again.")
    return sentence(found) if found is not None else ""


def open_incident(subject: Subject, look: Look) -> Incident | None:
    wanted = {(CauseKind.SERVICE, subject.code)}
    if subject.service is None and subject.device is not None:
        wanted.add((CauseKind.DEVICE, subject.device.name))
    return next((each for each in look.open if (each.cause.kind, each.cause.name) in wanted), None)


def _state_of(incident: Incident) -> State:
    if incident.condition is Condition.DEGRADED:
        return State.DEGRADED
    if incident.condition is Condition.SERVICE and incident.reason in set(ServiceWord):
        return state_of(ServiceWord(incident.reason))
    return State.DOWN


def answer(found: ServiceList, *, of_cameras: bool = False) -> str:
    """'3 of 115 applications do not work'."""
    counts: Mapping[State, int] = {state: count for state, _word, count in found.counts}
    bad, total = counts.get(State.DOWN, 0), sum(counts.values())
    blind = counts.get(State.UNKNOWN, 0)
    if blind and blind == total:
        return _("How {total} stand is not known").format(total=number(total))
    if of_cameras:
        if not bad:
            return _("No CCTV point is down, of {total}").format(total=number(total))
        return _("{bad} of {total} CCTV points are down").format(bad=number(bad), total=number(total))
    if not bad:
        return _("No application is down, of {total}").format(total=number(total))
    return _("{bad} of {total} applications are down").format(bad=number(bad), total=number(total))


def class_word(class_: ServiceClass) -> str:
    words = {
        ServiceClass.UMUM: _("general"),
        ServiceClass.KHUSUS: _("special"),
        ServiceClass.DESA: _("of villages"),
        ServiceClass.PUSAT: _("of the ministries"),
    }
    return words[class_]
