"""Lends the service's numbers to its own metrics, and says whether it is ready."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from domain.language import _
from domain.polling.counters import Verdict
from exporters.catalogue import own
from exporters.own_health import OwnHealth
from kentongan.errors import KentonganError
from kentongan.run.fleet_summary import STATES

if TYPE_CHECKING:
    from kentongan.run.service import Service

Numbers = Mapping[tuple[str, ...], float]

BELIEVED = ("polls", "requests", "retries", "answers", "credited", "one_by_one", "errors", "unsendable", "reports")
REJECTED_VERDICTS = (Verdict.TOO_FAST, Verdict.BACKWARDS, Verdict.TOO_LONG)


class Ready:
    """For /readyz: the database answers, and the first polls were made."""

    def __init__(self, service: "Service") -> None:
        self._service = service

    async def reasons(self) -> Sequence[str]:
        service = self._service
        reasons = []
        try:
            await asyncio.to_thread(service.installation.inventory.revision)
        except KentonganError as error:
            reasons.append(str(error))
        if not service.tally.polls and not service.tally.echoes and len(service.roster):
            reasons.append(_("No device has been polled yet."))
        if service.recorder.last_error:
            reasons.append(_("State changes wait to be written: {error}").format(error=service.recorder.last_error))
        return reasons


def lend_health(health: OwnHealth, service: "Service") -> None:
    """Register every number of the catalogue's own part that the service keeps."""
    tally, sweeper, recorder = service.tally, service.sweeper, service.recorder

    def rejected() -> Numbers:
        counts = {name: value for name, value in asdict(sweeper.counts).items() if name not in BELIEVED}
        counts["reports"] = sum(sweeper.counts.reports.values())
        return {(name,): value for name, value in counts.items()}

    def disbelieved() -> Numbers:
        counts = service.pipeline.counters.counts
        found: dict[tuple[str, ...], float] = {("implausible",): service.pipeline.implausible}
        return found | {(verdict.name.lower(),): int(counts[verdict]) for verdict in REJECTED_VERDICTS}

    def devices() -> Numbers:
        counts = np.bincount(service.states(), minlength=len(STATES)).tolist()
        return {(state.value,): count for state, count in zip(STATES, counts, strict=True)}

    health.read(own.POLLS_LATE, lambda: {("snmp",): service.polls.late, ("icmp",): service.echoes.schedule.late})
    health.read(
        own.POLLS_SKIPPED, lambda: {("snmp",): service.polls.skipped, ("icmp",): service.echoes.schedule.skipped}
    )
    health.read(own.POLLS, lambda: {("snmp",): tally.polls, ("icmp",): tally.echoes})
    health.read(own.VALUES, lambda: {(): tally.values})
    health.read(own.VALUES_REJECTED, disbelieved)
    health.read(own.ANSWERS_REJECTED, rejected)
    health.read(
        own.QUEUE_LENGTH,
        lambda: {
            ("discovery",): service.discoverer.queue_length,
            ("recorder",): recorder.waiting,
            ("sweep",): sweeper.queued,
            ("single",): service.singles.in_flight,
            ("syslog",): service.syslog.recorder.waiting,
        },
    )
    health.read(own.DISCOVERY_WAIT, lambda: {(): service.discoverer.waiting_seconds})
    health.read(own.DEVICES_UNDISCOVERED, lambda: {(): service.members.undiscovered()})
    health.read(
        own.QUEUE_DROPS,
        lambda: {
            ("discovery",): service.discoverer.dropped,
            ("recorder",): recorder.dropped,
            ("syslog",): service.syslog.recorder.dropped,
        },
    )
    health.read(
        own.RECEIVE_BUFFER_DROPS,
        lambda: {
            ("snmp",): sweeper.receive_drops,
            ("icmp",): service.echoes.receive_drops,
            ("syslog",): service.syslog.receive_drops,
        },
    )
    health.read(own.DATABASE_FAILURES, lambda: {(): recorder.failures})
    health.read(own.DEVICES_WATCHED, devices)
    health.read(own.SWEEPS, lambda: {("snmp",): tally.sweeps})
    health.read(own.SWEEP_SECONDS, lambda: {("snmp",): tally.sweep_seconds})
    health.read(own.STATE_CHANGES, lambda: {(state.value,): count for state, count in tally.changes_to.items()})
    health.read(own.CLOCK_TRUSTED, lambda: {(): float(service.jobs.is_clock_trusted(service.clock.now()))})
    health.read(own.BLIND, lambda: {(): float(service.tick.blind)})
    health.read(own.SERIES, lambda: {(): service.renderer.series})
    health.read(own.SERIES_REPEATED, lambda: {(): service.renderer.repeated})
    service.backups.lend(health)
    service.syslog.lend(health)
