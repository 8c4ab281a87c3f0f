"""Availability out of what the database holds: a month's records, who is blamed, closing a month, correcting it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from alerts.store.history import SqlHistory, StateHistory
from alerts.store.maintenance import SqlMaintenance
from alerts.store.months import ClosedMonth, Correction, SqlMonthStore
from alerts.store.watches import Looked, SqlWatchStore
from alerts.tickets import Ticket, ticket_of
from alerts.verdict import Belongings, liable_by_people
from domain.availability import Blame, By, Period, Records, Reporter, Spans, spans_of
from domain.availability.spans import SECOND, Span, whole_second_of
from domain.availability.statement import canonical, differences, digest, plain_month, plain_report
from domain.incidents import Act, ActKind, ClosingCause, Incident, Liable, Party
from domain.language import _
from domain.network import Inventory
from domain.time import NATIONAL, knows, read_holidays
from kentongan.announced import works_of
from kentongan.errors import KentonganError, UsageError
from kentongan.installation import Installation

DAY: Final = timedelta(days=1)
BREAK_SECONDS: Final = 180  # a restart takes less than this; a longer silence of our own is blind time


class NotClosedError(KentonganError):
    """A month that cannot be closed yet, or is not closed."""


@dataclass(frozen=True, slots=True)
class MonthBook:
    """One period with everything known of it, and how it stands with its closing."""

    period: Period
    zone: str
    reporter: Reporter
    closed: ClosedMonth | None
    corrections: tuple[Correction, ...]
    notes: tuple[str, ...] = ()

    def document(self) -> dict[str, Any]:
        """What the month reads now."""
        return plain_month(self.period, self.zone, [self.reporter.report(by) for by in By])


def holidays_of(installation: Installation) -> dict[date, str]:
    """The nation's and the office's own. Raises UsageError for a list that cannot be read."""
    own = installation.loaded.holidays_file
    try:
        return {**NATIONAL, **(read_holidays(own.read_text(encoding="utf-8-sig")) if own.exists() else {})}
    except ValueError as error:
        raise UsageError(f"{own}: {error}") from None


@dataclass(frozen=True, slots=True)
class Known:
    """What several months need alike, read once. incidents: of all of them. acts: by incident."""

    inventory: Inventory
    incidents: Sequence[Incident]
    acts: Mapping[str, Sequence[Act]]

    @classmethod
    def of(cls, installation: Installation, period: Period) -> "Known":
        incidents = installation.incidents.between(period.start, period.until)
        return cls(installation.inventory.read(), incidents, acts_by_incident(installation, incidents))

    def between(self, period: Period) -> list[Incident]:
        """Those that overlap a part of it."""
        return [
            each
            for each in self.incidents
            if each.started_at < period.until and (each.resolved_at is None or each.resolved_at > period.start)
        ]


def open_month(
    installation: Installation,
    period: Period,
    holidays: Mapping[date, str] = NATIONAL,
    known: Known | None = None,
) -> MonthBook:
    """Read everything. known: of a period around it; None: of this one alone."""
    engine = installation.database.engine
    zone = installation.loaded.settings.language.timezone
    known = known or Known.of(installation, period)
    inventory, acts, incidents = known.inventory, known.acts, known.between(period)
    span = (whole_second_of(period.start), whole_second_of(period.until))
    looked = SqlWatchStore(engine).between(period.start, period.until)
    history = SqlHistory(engine).between(period.start, period.until)
    belongings = Belongings.of(inventory)
    planned, provider_work = works_of(SqlMaintenance(engine).read(period.start), inventory, period)
    records = Records(
        span=span,
        inventory=inventory,
        initial=history.initial,
        changes=_changes(history),
        incidents=incidents,
        blames={each.id: blame_of(each, acts.get(each.id, ()), belongings, span) for each in incidents},
        blind=blind_spans(span, looked),
        planned=planned,
        provider_work=provider_work,
    )
    regions = installation.regions.within(installation.regions.home() or "")
    names = {str(region.code): region.name for region in regions}
    months = SqlMonthStore(engine)
    year = period.start.astimezone(ZoneInfo(zone)).year
    notes = [] if knows(year, holidays) else [_("The holidays of {year} are not known here.").format(year=year)]
    reporter = Reporter(records, names, ZoneInfo(zone), frozenset(holidays))
    return MonthBook(period, zone, reporter, months.get(period.label), months.corrections(period.label), tuple(notes))


def month_document(book: MonthBook, by: By) -> dict[str, Any]:
    """The frozen rows of a closed month, else what is known now; keys are a promise. The one answer for the command
    line and for reports."""
    report = plain_report(book.reporter.report(by)) if book.closed is None else _frozen(book.closed, by)
    return {
        "period": book.period.label,
        "from": book.period.start.isoformat(),
        "until": book.period.until.isoformat(),
        "zone": book.zone,
        "by": by.value,
        "rollUp": _("Rows of several things are the sum of their times; each weighs alike."),
        "closed": None
        if book.closed is None
        else {"at": book.closed.closed_at.isoformat(), "by": book.closed.closed_by, "hash": book.closed.hash},
        "corrections": [
            {
                "at": each.at.isoformat(),
                "by": each.actor,
                "why": each.why,
                "previous": each.previous,
                "hash": each.hash,
                "changes": [change for change in json.loads(each.document)["changes"] if change["by"] == by.value],
            }
            for each in book.corrections
        ],
        "problems": [*book.notes, *report["problems"]],
        "rows": report["rows"],
    }


def _frozen(month: ClosedMonth, by: By) -> dict[str, Any]:
    document = json.loads(month.document)
    found: dict[str, Any] = next(report for report in document["reports"] if report["by"] == by.value)
    return found


def frozen_rows(month: ClosedMonth, by: By) -> list[dict[str, Any]]:
    """As they were when it was closed."""
    found: list[dict[str, Any]] = _frozen(month, by)["rows"]
    return found


def close(installation: Installation, book: MonthBook) -> ClosedMonth:
    """Freeze it. Raises NotClosedError while the month lasts, MonthClosedError the second time."""
    if not book.period.is_over:
        raise NotClosedError(_("{period} is not over yet.").format(period=book.period.label))
    text = canonical(book.document())
    month = ClosedMonth(book.period.label, installation.clock.now().utc, installation.actor, digest(text), text)
    SqlMonthStore(installation.database.engine).close(month)
    installation.record("availability closed", month.period, hash=month.hash)
    return month


def correct(installation: Installation, book: MonthBook, why: str) -> Correction | None:
    """Write down what reads otherwise now; None if nothing does. The frozen month stays. Raises NotClosedError."""
    if book.closed is None:
        raise NotClosedError(
            _("{period} is not closed: kentongan availability close {period}").format(period=book.period.label)
        )
    changed = differences(json.loads(book.closed.document), json.loads(canonical(book.document())))
    before = json.loads(book.corrections[-1].document)["changes"] if book.corrections else []
    if changed == before:
        return None
    at, previous = installation.clock.now().utc, (book.corrections or (book.closed,))[-1].hash
    text = canonical(
        {
            "period": book.period.label,
            "at": at.isoformat(),
            "by": installation.actor,
            "why": why,
            "previous": previous,
            "changes": changed,
        }
    )
    correction = Correction(book.period.label, at, installation.actor, why, previous, digest(text), text)
    SqlMonthStore(installation.database.engine).correct(correction)
    installation.record("availability corrected", book.period.label, hash=correction.hash, why=why)
    return correction


def override(installation: Installation, incident: str, liable: Liable, why: str) -> None:
    """Charge an incident to another party from now on; the machine's word stays in it. Raises NotClosedError."""
    if installation.incidents.get(incident) is None:
        raise NotClosedError(_("There is no incident {id}. See: kentongan incidents --all").format(id=incident))
    values = {"party": liable.party.value, "party_name": liable.name}
    at = installation.clock.now().utc
    installation.acts.append([Act(incident, at, installation.actor, ActKind.NOTE, why, values)])
    installation.record("availability overridden", incident, why=why, **values)


def acts_by_incident(installation: Installation, incidents: Iterable[Incident]) -> dict[str, tuple[Act, ...]]:
    """Of each incident of the period, everything that was ever said, also after the period."""
    oldest = min((each.started_at for each in incidents), default=None)
    if oldest is None:
        return {}
    found: dict[str, list[Act]] = {each.id: [] for each in incidents}
    # A day on both sides: people write down afterwards when something was.
    for act in installation.acts.between(oldest - DAY, installation.clock.now().utc + DAY):
        if act.incident in found:
            found[act.incident].append(act)
    return {id_: tuple(acts) for id_, acts in found.items()}


def blame_of(incident: Incident, acts: Sequence[Act], belongings: Belongings, span: Span) -> Blame:
    """People's word goes before the machine's: the newest that names a party, else the cause they found on site."""
    machine = incident.liable or Liable(Party.UNKNOWN)
    members = [member.name for member in incident.members]
    liable, cause = machine, incident.verdict.kind.value
    for act in acts:
        found = _closing_cause(act)
        if found is not None:
            cause = found.value
            liable = liable_by_people(found, machine, incident.cause, belongings, members)
        if act.kind in (ActKind.CLOSED, ActKind.NOTE) and act.values.get("party") in _PARTIES:
            liable = Liable(Party(act.values["party"]), act.values.get("party_name", ""))
    return Blame(
        incident.id,
        whole_second_of(incident.fell_at),
        cause,
        liable,
        machine,
        whole_second_of(incident.detected_at),
        _ticket_spans(ticket_of(incident, acts), span),
    )


def blind_spans(span: Span, looked: Sequence[Looked]) -> Spans:
    """Where nobody looked. Before the first stretch that was ever kept nothing is said: the states speak alone."""
    if not looked:
        return ()
    blind = []
    last = looked[0][1]
    for began, seen in looked[1:]:
        if began - last > BREAK_SECONDS:
            blind.append((int(last) * SECOND, int(began) * SECOND))
        last = max(last, seen)
    if span[1] - last * SECOND > BREAK_SECONDS * SECOND:
        blind.append((int(last) * SECOND, span[1]))
    return spans_of((max(start, span[0]), min(end, span[1])) for start, end in blind)


_PARTIES: Final = frozenset(Party)


def _closing_cause(act: Act) -> ClosingCause | None:
    try:
        return ClosingCause(act.values.get("cause", "")) if act.kind is ActKind.CLOSED else None
    except ValueError:
        return None


def _ticket_spans(ticket: Ticket | None, span: Span) -> Spans:
    """When the provider's clock ran by contract: from the opening until our tests agreed, without its stops."""
    if ticket is None:
        return ()
    end = whole_second_of(ticket.restored_at) if ticket.restored_at else span[1]
    at = whole_second_of(ticket.opened_at)
    running = []
    for stop in ticket.stops:
        running.append((at, min(whole_second_of(stop.since), end)))
        at = whole_second_of(stop.until) if stop.until else end
    return spans_of([*running, (at, end)])


def _changes(history: StateHistory) -> dict[str, list[tuple[int, Any, str]]]:
    return {
        name: [(int(at) * SECOND, state, reason) for at, state, reason in changes]
        for name, changes in history.changes.items()
    }


def local(text: str, zone: ZoneInfo) -> datetime:
    """A kept time in the kabupaten's zone."""
    return datetime.fromisoformat(text).astimezone(zone)
