"""Lends the numbers of services, heartbeats, incidents and messages to the metrics."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from alerts.dispatch.messages import Fate
from alerts.dispatch.standing import unheard
from domain.incidents import Condition, Impact, Incident
from domain.services import Phases
from domain.states import State
from exporters.catalogue import services as catalogue
from exporters.own_health import OwnHealth

if TYPE_CHECKING:
    from kentongan.run.service import Service

Numbers = Mapping[tuple[str, ...], float]
MOST_INCIDENTS = 500
PHASES = ("resolve", "connect", "tls", "first_byte", "total")


def lend_figures(health: OwnHealth, service: "Service") -> None:
    """Register every number of the catalogue's `services` part."""
    desk, beats = service.services, service.beats

    def up() -> Numbers:
        states = desk.watch.board.states
        return {(each.code,): float(each.state is not State.DOWN) for each in states if each.state is not State.UNKNOWN}

    def phases() -> Numbers:
        return {
            (code, phase): seconds
            for code, outcome in desk.last.items()
            for phase, seconds in _seconds(outcome.phases).items()
        }

    def open_incidents() -> Numbers:
        counts = Counter(incident.condition for incident in service.outage.desk.open)
        return {(condition.value,): counts[condition] for condition in Condition}

    def gravest() -> list[Incident]:
        found = service.outage.desk.open
        if len(found) <= MOST_INCIDENTS:
            return list(found)
        return sorted(found, key=lambda each: (-each.impact.devices, each.started_at))[:MOST_INCIDENTS]

    def starts() -> Numbers:
        return {_incident(each): each.started_at.timestamp() for each in gravest()}

    def impact() -> Numbers:
        return {(each.id, what): count for each in gravest() for what, count in _impact(each.impact).items()}

    def ended() -> Numbers:
        tally = service.telling.sender.tally
        fates = {
            Fate.DELIVERED: tally.delivered,
            Fate.REFUSED: tally.refused,
            Fate.GIVEN_UP: tally.given_up,
            Fate.DROPPED: tally.dropped,
            Fate.NOT_ANNOUNCED: tally.not_announced,
        }
        return {(fate.value,): count for fate, count in fates.items()}

    health.read(catalogue.SERVICE_UP, up)
    health.read(catalogue.SERVICE_PHASE, phases)
    health.read(catalogue.SERVICE_CERTIFICATE, lambda: {(code,): at for code, at in desk.certificates.items()})
    health.read(catalogue.SERVICE_CHECKS, lambda: {(): desk.rounds.counts.made})
    health.read(
        catalogue.HEARTBEAT_AGE,
        lambda: {(device,): age for device, age in beats.ages(service.clock.now()).items()},
    )
    health.read(catalogue.INCIDENTS_OPEN, open_incidents)
    health.read(catalogue.INCIDENT_START, starts)
    health.read(catalogue.INCIDENT_IMPACT, impact)
    service.figures.lend(health)
    health.read(catalogue.NOTIFICATIONS, ended)
    health.read(catalogue.NOTIFICATIONS_WAITING, lambda: {(): service.telling.sender.tally.waiting})
    health.read(catalogue.NOTIFICATIONS_OLDEST, lambda: {(): service.telling.sender.oldest_seconds()})
    health.read(catalogue.NOTIFICATIONS_HELD, lambda: {(): service.outage.dispatcher.held_total})
    health.read(catalogue.INCIDENTS_UNHEARD, lambda: {(): unheard(service.outage.dispatcher.tracks.values())})
    health.read(catalogue.INBOUND, service.inbound.figures)


def _seconds(phases: Phases) -> dict[str, float]:
    return {name: value for name in PHASES if (value := getattr(phases, f"{name}_seconds")) is not None}


def _incident(each: Incident) -> tuple[str, ...]:
    owner = each.liable.party.value if each.liable else ""
    return (
        each.id, each.condition.value, each.cause.kind.value, each.cause.name, each.verdict.kind.value, owner,
    )  # fmt: skip


def _impact(impact: Impact) -> dict[str, int]:
    return {
        "villages": len(impact.villages),
        "sites": len(impact.sites),
        "opd": len(impact.opd),
        "services": len(impact.services),
        "devices": impact.devices,
    }
