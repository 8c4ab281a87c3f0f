"""Links and providers: what a line itself did, apart from what happened to the places at its ends.

A line is down while an incident names it (or a segment it runs over, or its provider) as the cause. Where its ends are
dark for another reason nobody can tell, and it is `unreachable`: no fault of the line, no minute of its provider.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from domain.availability.charging import Held, Slice, slices_of
from domain.availability.figures import Figure, figure_of
from domain.availability.kinds import DARK, Kind
from domain.availability.penalty import PenaltyError, PenaltyRule
from domain.availability.records import History
from domain.availability.spans import Micros, Spans, common, length, spans_of, without
from domain.availability.timeline import Timeline, combined, constant, dark_to_planned, overlay, to_unknown
from domain.incidents import Cause, CauseKind, Condition, Incident, Party, Phase
from domain.language import _
from domain.network import Contract, Link

_DOWN: Final = frozenset({Kind.DOWN})
_TELLS_LESS: Final = (Kind.PLANNED, Kind.UNKNOWN, Kind.UNREACHABLE, Kind.DOWN, Kind.DEGRADED, Kind.UP)
_ITS_OWN: Final = frozenset({Party.PROVIDER, Party.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Line:
    """One link in the period. by_detection and by_ticket: downtime charged to its provider, counted either way."""

    link: Link
    figure: Figure
    by_detection: Micros
    by_ticket: Micros
    base: Micros  # service time of the line itself


@dataclass(frozen=True, slots=True)
class Restitution:
    """What a provider owes under one contract. problem: why there is no figure, in words; then both are None."""

    contract: str
    provider: str
    rule: str
    availability_percent: float | None
    sla_percent: float | None
    from_detection: Decimal | None = None
    from_ticket: Decimal | None = None
    problem: str = ""


def line_of(link: Link, history: History, hours: Spans, contract: Contract | None) -> Line:
    """hours: service time of the contract, inside the period."""
    held = _held(link, history)
    timeline = _timeline(link, history, held)
    figure = figure_of(timeline, hours, held, blamed=_DOWN)
    charged = [
        each
        for each in slices_of(common(timeline.spans(_DOWN), hours), held)
        if each.blame is not None and each.liable.party is Party.PROVIDER
    ]
    free: Spans = ()
    if contract is not None and contract.planned_work_excluded:
        free = history.work(history.records.provider_work, _names(link))
    return Line(
        link,
        figure,
        sum(length(without(_since_detection(each), free)) for each in charged),
        sum(length(without(common((each.span,), each.blame.ticket if each.blame else ()), free)) for each in charged),
        figure.base - figure.kinds[Kind.UNREACHABLE],
    )


def restitution(
    contract: Contract, lines: Sequence[Line], first: date = date.min, last: date = date.max
) -> Restitution:
    """lines: all that the contract pays for; its price is for all of them together. first, last: days of the period."""
    base = sum(line.base for line in lines)
    by_detection = sum(line.by_detection for line in lines)
    available = 100.0 * (base - by_detection) / base if base else None
    plain = Restitution(contract.id, contract.provider, contract.penalty_rule, available, contract.sla_percent)
    if contract.ends_on is not None and contract.ends_on < first:
        return _without_figure(plain, _("The contract ended on {day}.").format(day=contract.ends_on))
    if contract.starts_on is not None and contract.starts_on > last:
        return _without_figure(plain, _("The contract begins on {day}.").format(day=contract.starts_on))
    try:
        rule = PenaltyRule.parse(contract.penalty_rule)
    except PenaltyError as error:
        return _without_figure(plain, str(error))
    if not contract.penalty_rule.strip():
        return _without_figure(plain, _("The contract has no penalty rule."))
    if contract.price_month is None:
        return _without_figure(plain, _("The contract has no price."))
    if rule.needs_sla and contract.sla_percent is None:
        return _without_figure(plain, _("The rule counts what is over the SLA, but the contract has no sla_percent."))
    price, sla = contract.price_month, contract.sla_percent
    owed = [rule.owed(price, down, base, sla) for down in (by_detection, sum(line.by_ticket for line in lines))]
    return Restitution(
        plain.contract, plain.provider, plain.rule, plain.availability_percent, plain.sla_percent, owed[0], owed[1]
    )


def _without_figure(plain: Restitution, problem: str) -> Restitution:
    return Restitution(
        plain.contract, plain.provider, plain.rule, plain.availability_percent, plain.sla_percent, problem=problem
    )


def _since_detection(charged: Slice) -> Spans:
    start, end = charged.span
    detected = charged.blame.detected if charged.blame else start
    return ((max(start, detected), end),) if detected < end else ()


def _names(link: Link) -> tuple[str, ...]:
    return tuple(name for name in (link.name, link.a_device, link.z_device) if name)


def _timeline(link: Link, history: History, held: Sequence[Held]) -> Timeline:
    ends = [name for name in (link.a_device, link.z_device) if name in history.devices]
    start, end = history.records.span
    found = _seen_from([history.of_device(name) for name in ends]) if ends else constant(Kind.UNKNOWN, start, end)
    for each in held:
        party = each.blame.liable.party
        kind = Kind.DOWN if not link.provider or party in _ITS_OWN else Kind.UNREACHABLE
        inside = common((each.span,), ((start, end),))
        found = overlay(found, inside, (lambda _kind: Kind.DOWN) if kind is Kind.DOWN else _not_its_fault)
    found = overlay(found, history.records.blind, to_unknown)
    return overlay(found, history.work(history.records.planned, _names(link)), dark_to_planned)


def _seen_from(ends: Sequence[Timeline]) -> Timeline:
    """A line is seen to work while both its ends are; the dark end of a line tells nothing about it."""
    whole = ((ends[0].start, ends[0].end),)
    return combined(
        [overlay(end, whole, lambda kind: Kind.UNREACHABLE if kind in DARK else kind) for end in ends], _worse
    )


def _worse(one: Kind, other: Kind) -> Kind:
    return min(one, other, key=_TELLS_LESS.index)


def _not_its_fault(kind: Kind) -> Kind:
    return Kind.UNREACHABLE if kind is not Kind.DOWN else kind


def _held(link: Link, history: History) -> list[Held]:
    """The incidents whose cause is this line, oldest first."""
    found = []
    causes = [Cause(CauseKind.LINK, link.name), Cause(CauseKind.PROVIDER, link.provider)]
    causes += [Cause(CauseKind.SEGMENT, name) for name in link.segments]
    for incident in history.of_lines(causes):
        blame = history.records.blames.get(incident.id)
        if blame is not None and _is_cause(link, incident):
            found += [Held(span, blame) for span in _spans(link, incident, history)]
    return sorted(found, key=lambda each: each.span)


def _spans(link: Link, incident: Incident, history: History) -> Spans:
    """When the incident held this line: while those at its end were dark, not as long as any of its other members was.

    What falls again forgets when it fell first, so the states are asked too. Of a ring that is only cut open nobody is
    dark.
    """
    whole = history.span_of(incident)
    ends = (link.a_device, link.z_device)
    members = [member for member in incident.members if member.name in ends] or list(incident.members)
    if incident.condition is not Condition.OUTAGE or not members:
        return spans_of([whole])
    dark = [span for member in members for span in common((whole,), history.of_device(member.name).dark)]
    return spans_of([*dark, *(history.held_by(incident, member) for member in members)])


def _is_cause(link: Link, incident: Incident) -> bool:
    if incident.phase is Phase.MERGED or incident.condition not in (Condition.OUTAGE, Condition.DEGRADED):
        return False
    if incident.condition is Condition.DEGRADED and incident.reason != "redundancy-lost":
        return False
    cause = incident.cause
    if cause.kind is CauseKind.LINK:
        return cause.name == link.name
    touched = {member.name for member in incident.members} & {link.a_device, link.z_device}
    if cause.kind is CauseKind.SEGMENT:
        return cause.name in link.segments and bool(touched)
    return cause.kind is CauseKind.PROVIDER and cause.name.casefold() == link.provider.casefold() and bool(touched)
