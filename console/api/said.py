"""Incidents as documents. Keys that the webhook has mean the same here."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from console.api.document import Document
from console.ports import Words
from domain.incidents import Act, Incident
from domain.incidents import Place as Spot


class CauseDocument(Document):
    kind: str
    name: str


class PlaceDocument(Document):
    """key: region code, slug or service code."""

    key: str
    name: str
    kecamatan: str


class ImpactDocument(Document):
    villages: list[PlaceDocument]
    sites: list[PlaceDocument]
    opd: list[PlaceDocument]
    services: list[PlaceDocument]
    devices: int
    population: int


class MemberDocument(Document):
    name: str
    since: datetime
    back_at: datetime | None


class EvidenceDocument(Document):
    kind: str
    subject: str
    at: datetime | None
    values: dict[str, str]


class ActDocument(Document):
    """A line of the timeline. actor: a person, a program's account, or kentongan."""

    at: datetime
    actor: str
    kind: str
    text: str
    values: dict[str, str]


class IncidentDocument(Document):
    """owner: whose it is; null while nobody has judged. members: all; dark: those that are not back."""

    id: str
    title: str
    phase: str
    condition: str
    reason: str
    urgency: str
    verdict: str
    confidence: str
    preliminary: bool
    owner: str | None
    owner_name: str
    cause: CauseDocument
    indistinct: list[CauseDocument]
    members: list[str]
    dark: list[str]
    impact: ImpactDocument
    started_at: datetime
    detected_at: datetime
    returning_since: datetime | None
    resolved_at: datetime | None
    merged_from: list[str]
    merged_into: str
    silenced_by: str
    detail: str


class IncidentPage(Document):
    items: list[IncidentDocument]
    next: str | None


class IncidentWhole(IncidentDocument):
    """sentences: the evidence in words. order: the whole text that people get."""

    member_times: list[MemberDocument]
    evidence: list[EvidenceDocument]
    sentences: list[str]
    order: str
    timeline: list[ActDocument]


def incident_document(incident: Incident, words: Words) -> IncidentDocument:
    impact, verdict, liable = incident.impact, incident.verdict, incident.liable
    return IncidentDocument(
        id=incident.id,
        title=words.title,
        phase=incident.phase.value,
        condition=incident.condition.value,
        reason=incident.reason,
        urgency=incident.urgency.value,
        verdict=verdict.kind.value,
        confidence=verdict.confidence.value,
        preliminary=verdict.preliminary,
        owner=liable.party.value if liable else None,
        owner_name=liable.name if liable else "",
        cause=CauseDocument(kind=incident.cause.kind.value, name=incident.cause.name),
        indistinct=[CauseDocument(kind=each.kind.value, name=each.name) for each in incident.indistinct],
        members=[member.name for member in incident.members],
        dark=[member.name for member in incident.dark],
        impact=ImpactDocument(
            villages=_places(impact.villages),
            sites=_places(impact.sites),
            opd=_places(impact.opd),
            services=_places(impact.services),
            devices=impact.devices,
            population=impact.population,
        ),
        started_at=incident.started_at,
        detected_at=incident.detected_at,
        returning_since=incident.returning_since,
        resolved_at=incident.resolved_at,
        merged_from=list(incident.merged_from),
        merged_into=incident.merged_into,
        silenced_by=incident.silenced_by,
        detail=incident.detail,
    )


def whole_document(incident: Incident, words: Words, acts: Sequence[Act]) -> IncidentWhole:
    shared = {name: getattr(found, name) for found in (incident_document(incident, words),)
              for name in IncidentDocument.model_fields}  # fmt: skip
    return IncidentWhole(
        **shared,
        member_times=[
            MemberDocument(name=each.name, since=each.since, back_at=each.back_at) for each in incident.members
        ],
        evidence=[
            EvidenceDocument(kind=each.kind.value, subject=each.subject, at=each.at, values=dict(each.values))
            for each in incident.verdict.evidence
        ],
        sentences=list(words.evidence),
        order=words.order,
        timeline=[act_document(each) for each in acts],
    )


def act_document(act: Act) -> ActDocument:
    return ActDocument(at=act.at, actor=act.actor, kind=act.kind.value, text=act.text, values=dict(act.values))


def _places(places: Iterable[Spot]) -> list[PlaceDocument]:
    return [PlaceDocument(key=each.key, name=each.name, kecamatan=each.kecamatan) for each in places]
