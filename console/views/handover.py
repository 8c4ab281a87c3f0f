"""What one shift hands to the next: what is open and who has it, what came and went, what runs out, what is ahead."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from console.cutting import cut_incidents
from console.ports import Look
from console.ports.handover import Span, TakenOver, Work
from console.scope import shows
from console.views.incident import act_word
from console.views.rows import IncidentRow, Speak, row_of, weight
from console.views.speech import moment, number
from domain.accounts import Account, sees
from domain.incidents import MACHINE, Act, ActKind, ClosingCause, Incident
from domain.language import _, n_
from domain.network import RegionCode

AHEAD: Final = timedelta(hours=24)
RUNS_OUT: Final = timedelta(hours=4)
Names = tuple[tuple[str, str], ...]
HOLDS: Final = frozenset({ActKind.ACKNOWLEDGED, ActKind.DEPARTED, ActKind.ON_SITE})


@dataclass(frozen=True, slots=True)
class OpenRow:
    """holder: who has it, while that counts. until: when the acknowledgement ends; soon: within hours, or over.

    last: the newest word of a person.
    """

    row: IncidentRow
    holder: str
    until: str
    soon: bool
    silenced: str
    last: str


@dataclass(frozen=True, slots=True)
class EndedRow:
    row: IncidentRow
    ended: str
    cause: str
    open: bool


@dataclass(frozen=True, slots=True)
class Note:
    at: str
    who: str
    incident: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class WorkRow:
    id: str
    whose: str
    what: str
    begins: str
    ends: str
    reason: str
    now: bool


@dataclass(frozen=True, slots=True)
class Handover:
    span: Span
    answer: str
    when: str
    open: tuple[OpenRow, ...]
    came: tuple[EndedRow, ...]
    went: tuple[EndedRow, ...]
    notes: tuple[Note, ...]
    works: tuple[WorkRow, ...]
    taken: tuple[tuple[str, str, str], ...]
    running_out: int


def handover_of(
    look: Look,
    account: Account,
    span: Span,
    over: Iterable[Incident],
    acts: Sequence[Act],
    works: Iterable[Work],
    taken: Iterable[TakenOver],
    speak: Speak,
    zone: tzinfo,
) -> Handover:
    """look: cut to the account. over: incidents that overlap the span. acts: since the oldest open one began."""
    today = look.at.astimezone(zone).date()
    seen = {each.id: each for each in (*cut_incidents(look, (each for each in over if shows(look, each))), *look.open)}
    of: dict[str, list[Act]] = {}
    for act in acts:
        if act.incident in seen:
            of.setdefault(act.incident, []).append(act)
    worst = sorted(look.open, key=weight, reverse=True)
    open_ = tuple(_open(each, of.get(each.id, []), look, speak, zone) for each in worst)
    came = [each for each in seen.values() if span.since <= each.started_at < span.until]
    went = [each for each in seen.values() if each.resolved_at and span.since <= each.resolved_at < span.until]
    notes = [
        _note(act, seen[act.incident], speak, zone, look.at)
        for act in acts
        if act.incident in seen and span.since <= act.at < span.until and act.actor != MACHINE
    ]
    return Handover(
        span,
        _answer(len(open_), len(came), len(went)),
        f"{moment(span.since, zone, today)} – {moment(span.until, zone, today)}",
        open_,
        tuple(_ended(each, of.get(each.id, []), look, speak, zone) for each in _by_start(came)),
        tuple(_ended(each, of.get(each.id, []), look, speak, zone) for each in _by_start(went)),
        tuple(notes),
        tuple(_work(each, names, look, zone) for each in works if (names := _seen_names(each, look, account))),
        tuple(
            (moment(each.at, zone, today), each.by, each.note if _is_own(each, account) else "")
            for each in taken
            if account.sees_everything or not each.regions or set(each.regions) & set(account.area)
        ),
        sum(each.soon for each in open_),
    )


def _answer(open_: int, came: int, went: int) -> str:
    return _("{open} open; {came} opened and {went} ended in this span").format(
        open=number(open_), came=number(came), went=number(went)
    )


def _by_start(incidents: Iterable[Incident]) -> list[Incident]:
    return sorted(incidents, key=lambda each: (each.started_at, each.id))


def _open(incident: Incident, acts: Sequence[Act], look: Look, speak: Speak, zone: tzinfo) -> OpenRow:
    holder, until = _holder(acts)
    if until is not None and until <= look.at:
        holder = ""
    said = [act for act in acts if act.actor != MACHINE and act.text]
    today = look.at.astimezone(zone).date()
    return OpenRow(
        row_of(incident, look, speak, zone),
        holder,
        moment(until, zone, today) if until and holder else "",
        bool(until and holder and until - look.at <= RUNS_OUT) or (until is not None and not holder),
        incident.silenced_by,
        f"{said[-1].actor}: {said[-1].text}" if said else "",
    )


def _holder(acts: Sequence[Act]) -> tuple[str, datetime | None]:
    holder: tuple[str, datetime | None] = ("", None)
    for act in acts:
        if act.kind in HOLDS:
            text = act.values.get("until", "")
            holder = act.actor, datetime.fromisoformat(text) if text else holder[1]
        elif act.kind is ActKind.ACKNOWLEDGEMENT_ENDED:
            holder = "", None
    return holder


def _ended(incident: Incident, acts: Sequence[Act], look: Look, speak: Speak, zone: tzinfo) -> EndedRow:
    today = look.at.astimezone(zone).date()
    causes = [act.values.get("cause", "") for act in acts if act.kind is ActKind.CLOSED]
    cause = causes[-1] if causes and causes[-1] in set(ClosingCause) else ""
    ended = moment(incident.resolved_at, zone, today) if incident.resolved_at else ""
    return EndedRow(row_of(incident, look, speak, zone), ended, cause, incident.is_open)


def _note(act: Act, incident: Incident, speak: Speak, zone: tzinfo, now: datetime) -> Note:
    text = ". ".join(part for part in (act_word(act.kind), act.text) if part)
    return Note(moment(act.at, zone, now.astimezone(zone).date()), act.actor, act.incident, speak(incident).title, text)


def _is_own(taken: TakenOver, account: Account) -> bool:
    """What whoever has more of the kabupaten writes of it is for those who see as much."""
    return account.sees_everything or (
        bool(taken.regions) and all(each in account.agencies or sees(account, each) for each in taken.regions)
    )


def _work(work: Work, seen: Names, look: Look, zone: tzinfo) -> WorkRow:
    today = look.at.astimezone(zone).date()
    whose = {"own": _("ours"), "provider": work.party or _("a provider"), "pln": "PLN"}.get(work.kind, work.kind)
    names = [look.names.get(name, name) if kind == "area" else name for kind, name in seen]
    return WorkRow(
        work.id,
        whose,
        ", ".join(names[:8]) + (" …" if len(names) > 8 else ""),
        moment(work.starts_at, zone, today),
        moment(work.ends_at, zone, today) if work.ends_at else _("open-ended"),
        work.reason,
        work.starts_at <= look.at and (work.ends_at is None or look.at < work.ends_at),
    )


def _seen_names(work: Work, look: Look, account: Account) -> Names:
    """What of it lies in the account's regions. What nobody can place is for those who see everything."""
    if account.sees_everything:
        return work.names or (("", work.id),)
    inventory = look.inventory
    known = {"site": inventory.site_by_slug, "device": inventory.used_by_name}
    return tuple(
        (kind, name)
        for kind, name in work.names
        if name in known.get(kind, ())
        or (kind == "area" and (sees(account, name) or any(sees_within(region, name) for region in account.regions)))
    )


def sees_within(region: RegionCode, area: str) -> bool:
    """Whether the account's region lies in what is worked on."""
    return region == area or region.startswith(f"{area}.")


def running_out(page: Handover) -> str:
    """'2 acknowledgements end soon.'"""
    if not page.running_out:
        return ""
    return n_("{count} acknowledgement ends soon or is over.", "{count} acknowledgements end soon or are over.",
              page.running_out).format(count=number(page.running_out))  # fmt: skip


def lines_of(page: Handover) -> list[tuple[str, ...]]:
    """The whole of it as rows for a spreadsheet: (part, what, since, until, who, text)."""
    found: list[tuple[str, ...]] = [
        (_("open"), each.row.words.title, each.row.since, "", each.holder, each.last) for each in page.open
    ]
    found += [(_("opened"), each.row.words.title, each.row.since, each.ended, "", each.cause) for each in page.came]
    found += [(_("ended"), each.row.words.title, each.row.since, each.ended, "", each.cause) for each in page.went]
    found += [(_("note"), each.title, each.at, "", each.who, each.text) for each in page.notes]
    found += [(_("work"), each.what, each.begins, each.ends, each.whose, each.reason) for each in page.works]
    found += [(_("taken over"), "", at, "", by, note) for at, by, note in page.taken]
    return found
