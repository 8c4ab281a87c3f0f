"""The body of a webhook: a promise to users. Fields are added, never renamed, never removed."""

from collections.abc import Iterable
from datetime import datetime

from alerts.texts import Surroundings, Wording
from alerts.texts.picture import Picture
from domain.incidents import Evidence, Impact, Incident, Notice, Place

VERSION = 1

Json = dict[str, object]


def body(notice: Notice, wording: Wording, around: Surroundings, url: str = "", acknowledge: str = "") -> Json:
    """`id` is the notice's own: a receiver that has seen it may drop the repeat. url: where people read more.
    acknowledge: the link with which the receiver's people take it on.
    """
    return {
        "version": VERSION,
        "id": notice.id,
        "event": notice.event.value,
        "reason": notice.reason.value,
        "at": _instant(notice.at),
        "incident": _incident(notice.incident, notice.at, wording, around)
        | {"url": url, "acknowledgeUrl": acknowledge},
    }


def _incident(incident: Incident, now: datetime, wording: Wording, around: Surroundings) -> Json:
    liable = Picture(incident, around, now).liable
    return {
        "id": incident.id,
        "title": wording.title(incident, around),
        "condition": incident.condition.value,
        "reason": incident.reason,
        "verdict": incident.verdict.kind.value,
        "confidence": incident.verdict.confidence.value,
        "preliminary": incident.verdict.preliminary,
        "owner": liable.party.value,
        "ownerName": liable.name,
        "cause": {"kind": incident.cause.kind.value, "name": incident.cause.name},
        "indistinct": [{"kind": cause.kind.value, "name": cause.name} for cause in incident.indistinct],
        "evidence": [_evidence(each, wording, around) for each in incident.verdict.evidence],
        "members": [member.name for member in incident.members],
        "impact": _impact(incident.impact),
        "startedAt": _instant(incident.started_at),
        "detectedAt": _instant(incident.detected_at),
        "resolvedAt": _instant(incident.resolved_at),
        "mergedFrom": list(incident.merged_from),
        "urgency": incident.urgency.value,
    }


def _evidence(evidence: Evidence, wording: Wording, around: Surroundings) -> Json:
    return {
        "kind": evidence.kind.value,
        "subject": evidence.subject,
        "at": _instant(evidence.at),
        "values": dict(evidence.values),
        "text": wording.evidence(evidence, around),
    }


def _impact(impact: Impact) -> Json:
    return {
        "villages": _places(impact.villages),
        "sites": _places(impact.sites),
        "opd": _places(impact.opd),
        "services": _places(impact.services),
        "devices": impact.devices,
        "population": impact.population,
    }


def _places(places: Iterable[Place]) -> list[Json]:
    """key: region code, slug or service code. A village's name means nothing without its kecamatan."""
    return [{"key": place.key, "name": place.name, "kecamatan": place.kecamatan} for place in places]


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
