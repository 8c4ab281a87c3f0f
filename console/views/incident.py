"""One incident: what it is, what says so, who is dark, what happened when, and what may be done now."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from console.ports import Look, Words
from console.views.incident_map import Where, where_of
from console.views.incident_ways import Ways, member_state, ways_of
from console.views.places import place_name
from console.views.rows import Speak, shape_of, standing
from console.views.speech import clock, lasting, moment, number, state_word
from domain.incidents import MACHINE, Act, ActKind, CauseKind, Confidence, Incident, NoticeEvent, VerdictKind
from domain.language import _, n_
from domain.states import State

CONFIDENCE = {Confidence.STRONG: 3, Confidence.MEDIUM: 2, Confidence.WEAK: 1}


@dataclass(frozen=True, slots=True)
class Member:
    shape: State
    word: str
    name: str
    place: str
    since: str
    back: str
    is_device: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Of the timeline. who: empty for the machine."""

    at: str
    text: str
    who: str


@dataclass(frozen=True, slots=True)
class Page:
    """sure: how many of three marks. open: something can still be done about it. ways: of its part of the network."""

    id: str
    shape: State
    words: Words
    facts: str
    impact: str
    standing: str
    verdict: str
    sure: int
    sure_word: str
    before: str
    indistinct: tuple[str, ...]
    members: tuple[Member, ...]
    timeline: tuple[Line, ...]
    open: bool
    handled_by: str
    ticket: str
    ways: Ways | None
    where: Where
    merged_into: str
    merged_from: tuple[str, ...]


def page_of(incident: Incident, acts: tuple[Act, ...], look: Look, speak: Speak, zone: tzinfo) -> Page:
    today = look.at.astimezone(zone).date()
    until = incident.resolved_at or look.at
    facts = _("Since {since}, for {span}.").format(
        since=moment(incident.started_at, zone, today), span=lasting(until - incident.started_at)
    )
    before = incident.preliminary_verdict
    return Page(
        incident.id,
        State.UP if not incident.is_open else shape_of(incident),
        speak(incident),
        facts,
        _impact(incident),
        standing(incident, zone),
        verdict_word(incident.verdict.kind),
        CONFIDENCE[incident.verdict.confidence] if incident.verdict.kind is not VerdictKind.UNDETERMINED else 0,
        sure_word(incident.verdict.confidence),
        verdict_word(before.kind) if before and before != incident.verdict else "",
        tuple(bare_cause(str(cause)) for cause in incident.indistinct),
        members_of(incident, look, zone),
        tuple(_line(act, zone, look.at) for act in reversed(acts)),
        incident.is_open,
        _holder(acts, look.at),
        _ticket(acts),
        ways_of(incident, look),
        where_of(incident, look),
        incident.merged_into,
        incident.merged_from,
    )


def _ticket(acts: tuple[Act, ...]) -> str:
    """The newest one's number, as it was opened; empty before that."""
    opened = [act for act in acts if act.kind is ActKind.TICKET_OPENED]
    return opened[-1].values.get("number", "") if opened else ""


def _impact(incident: Incident) -> str:
    impact = incident.impact
    parts = [
        n_("{count} village", "{count} villages", len(impact.villages)).format(count=number(len(impact.villages))),
        n_("{count} agency", "{count} agencies", len(impact.opd)).format(count=number(len(impact.opd))),
        n_("{count} application", "{count} applications", len(impact.services)).format(
            count=number(len(impact.services))
        ),
    ]
    found = [part for part, places in zip(parts, (impact.villages, impact.opd, impact.services), strict=True) if places]
    if not found:
        count = len(incident.members)
        found = [n_("{count} device", "{count} devices", count).format(count=number(count))]
    text = ", ".join(found) + "."
    if impact.population:
        text += " " + _("Population of the area {count}.").format(count=number(impact.population))
    return text


def members_of(incident: Incident, look: Look, zone: tzinfo) -> tuple[Member, ...]:
    sites, devices = look.inventory.site_by_slug, look.inventory.used_by_name
    today, rows = look.at.astimezone(zone).date(), []
    for member in incident.members:
        device = devices.get(member.name)
        site = sites.get(device.site if device else member.name)
        shape = member_state(member, look)
        rows.append(
            Member(
                shape,
                state_word(shape),
                member.name,
                place_name(site, look.names) if site else "",
                moment(member.since, zone, today),
                clock(member.back_at, zone) if member.back_at else "",
                device is not None,
            )
        )
    return tuple(sorted(rows, key=lambda row: (bool(row.back), row.since, row.name)))


def _line(act: Act, zone: tzinfo, now: datetime) -> Line:
    text = " ".join(part for part in (act_word(act.kind), _said(act)) if part)
    return Line(moment(act.at, zone, now.astimezone(zone).date()), text, "" if act.actor == MACHINE else act.actor)


def _said(act: Act) -> str:
    """What stands beside the word: of the machine's own acts their closed words in the language of whoever reads."""
    if act.kind is ActKind.ANNOUNCED:
        words = {
            NoticeEvent.OPENED: _("that it began"),
            NoticeEvent.UPDATED: _("what is new"),
            NoticeEvent.RESOLVED: _("that it is over"),
        }
        return words[NoticeEvent(act.text)] if act.text in set(NoticeEvent) else act.text
    if act.kind in (ActKind.OPENED, ActKind.CHANGED):
        return bare_cause(act.text)
    if act.kind is ActKind.MERGED:
        into = _("into {id}").format(id=act.values.get("into") or act.text)
        return into if act.actor == MACHINE else f"{into}. {act.text}"
    if act.kind is ActKind.SPLIT:
        names = act.values.get("members", "").replace("|", ", ")
        return f"{names}. {act.text}" if names else act.text
    return act.text


def bare_cause(text: str) -> str:
    """'link fo-1' → 'fo-1': what it is can be seen from its name and from the verdict."""
    kind, _blank, name = text.partition(" ")
    return name if name and kind in set(CauseKind) else text


def _holder(acts: tuple[Act, ...], now: datetime) -> str:
    """Who has taken it, while that counts."""
    holder = ""
    for act in acts:
        if act.kind in (ActKind.ACKNOWLEDGED, ActKind.DEPARTED, ActKind.ON_SITE):
            until = act.values.get("until", "")
            holder = act.actor if not until or datetime.fromisoformat(until) > now else ""
        elif act.kind is ActKind.ACKNOWLEDGEMENT_ENDED:
            holder = ""
    return holder


def verdict_word(kind: VerdictKind) -> str:
    words = {
        VerdictKind.FIBRE: _("Fibre"),
        VerdictKind.POWER: _("Power"),
        VerdictKind.DEVICE: _("Device"),
        VerdictKind.RADIO: _("Radio"),
        VerdictKind.PROVIDER: _("Provider"),
        VerdictKind.SERVICE: _("Service"),
        VerdictKind.MANAGEMENT: _("Management path"),
        VerdictKind.POLLER: _("Our own way out"),
        VerdictKind.UNDETERMINED: _("Not determined"),
    }
    return words[kind]


def sure_word(confidence: Confidence) -> str:
    return {Confidence.STRONG: _("strong"), Confidence.MEDIUM: _("medium"), Confidence.WEAK: _("weak")}[confidence]


def act_word(kind: ActKind) -> str:
    words = {
        ActKind.ACKNOWLEDGED: _("Acknowledged"),
        ActKind.ACKNOWLEDGEMENT_ENDED: _("Acknowledgement ended"),
        ActKind.DEPARTED: _("On the way"),
        ActKind.ON_SITE: _("On site"),
        ActKind.DONE: _("Said to be done"),
        ActKind.NOTE: "",
        ActKind.ASSIGNED: _("Assigned"),
        ActKind.MERGED: _("Merged"),
        ActKind.SPLIT: _("Split"),
        ActKind.CLOSED: _("Closing cause"),
        ActKind.TICKET_OPENED: _("Ticket opened"),
        ActKind.TICKET_PROMISED: _("Ticket: repair promised"),
        ActKind.TICKET_CLAIMED_DONE: _("Ticket: provider says it is done"),
        ActKind.TICKET_CLOCK_STOPPED: _("Ticket: clock stopped"),
        ActKind.TICKET_CLOCK_WENT_ON: _("Ticket: clock goes on"),
        ActKind.TICKET_CLOSED: _("Ticket closed"),
        ActKind.OPENED: _("Opened"),
        ActKind.CHANGED: _("Changed"),
        ActKind.ANNOUNCED: _("Told"),
        ActKind.RETURNING: _("All are back, not yet stable"),
        ActKind.RESOLVED: _("Over"),
    }
    return words[kind]
