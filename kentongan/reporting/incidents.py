"""Incidents of a period and their causes, as a document with stable keys and as a report."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from alerts.dispatch.directory import Directory
from alerts.store.watches import SqlWatchStore
from alerts.verdict import Belongings
from domain.availability import Period
from domain.availability.spans import whole_second_of
from domain.incidents import Act, ActKind, CauseKind, ClosingCause, Condition, Incident, Phase
from domain.incidents.review import Fault, Sum, grouped, repeated, sum_of, worst
from exporters.reports.incidents import incidents_report
from kentongan.availability import acts_by_incident, blame_of
from kentongan.installation import Installation
from kentongan.reporting.frame import frame_of
from kentongan.reporting.records import Composed

WORST: Final = 15
_OF_THE_NETWORK: Final = frozenset({Condition.OUTAGE, Condition.DEGRADED, Condition.SERVICE, Condition.MANAGEMENT})


def compose_incidents(installation: Installation, period: Period, day: date | None) -> Composed:
    shown = incidents_document(installation, period)
    return Composed(incidents_report(shown, frame_of(installation, day)), period.label, over=period.is_over)


def incidents_document(installation: Installation, period: Period) -> dict[str, Any]:
    """What began in the period, by kind, cause, liable party and kecamatan; keys are a promise."""
    faults, before = faults_of(installation, period)
    outages = [each for each in faults if each.condition is Condition.OUTAGE]
    until = period.until
    return {
        "period": period.label,
        "from": period.start.isoformat(),
        "until": until.isoformat(),
        "over": period.is_over,
        "zone": installation.loaded.settings.language.timezone,
        "watched": bool(faults) or was_watched(installation, period),
        "lastingFromBefore": before,
        "all": _plain(sum_of(faults, until)),
        "outages": _plain(sum_of(outages, until)),
        "conditions": [
            {"condition": key.value, **_plain(sum_)}
            for key, sum_ in grouped(faults, lambda each: each.condition, until)
        ],
        "causes": [
            {"verdict": verdict.value, "found": found, **_plain(sum_)}
            for (verdict, found), sum_ in grouped(faults, lambda each: (each.verdict, each.closing), until)
        ],
        "liable": [
            {"party": liable.party.value, "name": liable.name, **_plain(sum_)}
            for liable, sum_ in grouped(outages, lambda each: each.liable, until)
        ],
        "kecamatan": [
            {"name": name, **_plain(sum_)} for name, sum_ in grouped(outages, lambda each: each.kecamatan, until)
        ],
        "worst": [_plain_fault(each, until) for each in worst(outages, until, WORST)],
        "repeated": [
            {"kind": cause.kind.value, "name": cause.name, "last": last.isoformat(), **_plain(sum_)}
            for cause, sum_, last in repeated(
                [each for each in outages if each.cause.kind is not CauseKind.POLLER], until
            )
        ],
    }


def faults_of(installation: Installation, period: Period) -> tuple[list[Fault], int]:
    """Those that began in the period, oldest first; and how many of before still lasted in it."""
    found = [
        each
        for each in installation.incidents.between(period.start, period.until)
        if each.phase is not Phase.MERGED and each.condition in _OF_THE_NETWORK and each.fell_at < period.until
    ]
    began = [each for each in found if each.fell_at >= period.start]
    inventory = installation.inventory.read()
    regions = installation.regions.within(installation.regions.home() or "")
    directory = Directory(inventory, {str(region.code): region.name for region in regions})
    belongings = Belongings.of(inventory)
    acts = acts_by_incident(installation, began)
    span = (whole_second_of(period.start), whole_second_of(period.until))
    faults = []
    for each in began:
        own = acts.get(each.id, ())
        blame = blame_of(each, own, belongings, span)
        faults.append(_fault(each, own, directory, blame.liable))
    return faults, len(found) - len(began)


def was_watched(installation: Installation, period: Period) -> bool:
    """Whether Kentongan looked at all in the period: without it, no incident means nothing."""
    return bool(SqlWatchStore(installation.database.engine).between(period.start, period.until))


def _fault(incident: Incident, acts: tuple[Act, ...], directory: Directory, liable: Any) -> Fault:
    return Fault(
        id=incident.id,
        condition=incident.condition,
        cause=incident.cause,
        verdict=incident.verdict.kind,
        closing=next(_found(acts), ""),
        liable=liable,
        kecamatan=directory.around(incident).area,
        villages=len(incident.impact.villages),
        opd=len(incident.impact.opd),
        services=len(incident.impact.services),
        started=incident.fell_at,
        detected=incident.detected_at,
        acknowledged=min((act.at for act in acts if act.kind is ActKind.ACKNOWLEDGED), default=None),
        resolved=incident.resolved_at,
    )


def _found(acts: tuple[Act, ...]) -> Iterator[str]:
    """The newest word of people about the cause."""
    for act in reversed(acts):
        if act.kind is ActKind.CLOSED and act.values.get("cause", "") in tuple(ClosingCause):
            yield act.values["cause"]


def _plain(sum_: Sum) -> dict[str, Any]:
    return {
        "count": sum_.count,
        "open": sum_.open,
        "seconds": round(sum_.seconds),
        "longestSeconds": round(sum_.longest),
        "acknowledged": sum_.acknowledged,
        "acknowledgeSeconds": _rounded(sum_.to_acknowledge),
        "repairSeconds": _rounded(sum_.to_repair),
    }


def _plain_fault(fault: Fault, until: datetime) -> dict[str, Any]:
    return {
        "id": fault.id,
        "began": fault.started.isoformat(),
        "cause": {"kind": fault.cause.kind.value, "name": fault.cause.name},
        "verdict": fault.verdict.value,
        "found": fault.closing,
        "party": fault.liable.party.value,
        "partyName": fault.liable.name,
        "kecamatan": fault.kecamatan,
        "villages": fault.villages,
        "opd": fault.opd,
        "services": fault.services,
        "seconds": round(fault.seconds(until)),
        "over": fault.resolved is not None,
    }


def _rounded(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)
