"""Incidents that are open at a site when it is suspended: each gets the closing cause of people, `isolir`.

The running engine ends them when it learns of the site's stage; where none runs, it does so when it starts.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from alerts.desk.isolated import isolated_in
from domain.changes import Job
from domain.incidents import Act, ActKind, ClosingCause, Incident
from domain.language import _
from domain.network import Inventory, Stage
from kentongan.installation import Installation

ISOLATED: Final = ClosingCause.ISOLIR.value


def close_incidents(installation: Installation, job: Job) -> str:
    """What was closed, in words; '' for nothing. An engine that does not answer is told so and keeps nobody waiting:
    its incidents end as well, without the person's word."""
    # Imported here: with it comes the whole engine, which few commands need.
    from kentongan.incidents import OrderError, order

    closed = []
    for incident in _open_at(installation, job.site):
        if _is_said(installation, incident, job):
            continue
        now = installation.clock.now().utc
        act = Act(incident.id, now, job.actor, ActKind.CLOSED, job.order.get("reason", ""), {"cause": ISOLATED})
        try:
            order(installation, act, {"cause": ISOLATED, "job": job.id})
        except OrderError as error:
            return _("{incident} is not closed: {why}").format(incident=incident.id, why=error)
        closed.append(incident.id)
    if not closed:
        return ""
    return _("closed as isolir: {incidents}").format(incidents=", ".join(closed))


def _open_at(installation: Installation, site: str) -> Iterator[Incident]:
    """Those about this site alone."""
    inventory = installation.inventory.read()
    alone = Inventory(
        sites=tuple(replace(each, stage=Stage.SUSPENDED) for each in inventory.sites if each.slug == site),
        devices=inventory.devices,
        services=inventory.services,
    )
    names = isolated_in(alone)
    for incident in installation.incidents.open():
        if incident.members and all(member.name in names for member in incident.members):
            yield incident


def _is_said(installation: Installation, incident: Incident, job: Job) -> bool:
    """By a step of this job that was interrupted."""
    return any(
        act.kind is ActKind.CLOSED and act.values.get("cause") == ISOLATED and act.at >= job.made_at
        for act in installation.acts.of(incident.id)
    )
