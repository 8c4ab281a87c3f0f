"""One link: both ends, what was promised, the light on it, its incidents. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from console.ports import Look
from console.ports.charts import ChartKind
from console.ports.network import Light
from console.views.device import IncidentLine, LightRow, incident_lines, light_row
from console.views.paths import LinkRow, contract_of, mbps, row_of
from console.views.speech import day, number
from domain.incidents import CauseKind, Incident
from domain.language import _
from domain.network import Link, Medium
from domain.network.words import medium_word


@dataclass(frozen=True, slots=True)
class LinkPage:
    row: LinkRow
    what: tuple[tuple[str, str], ...]
    promised: tuple[tuple[str, str], ...]
    light: tuple[LightRow, ...]
    incidents: tuple[IncidentLine, ...]
    charts: tuple[ChartKind, ...]
    same: tuple[str, ...]


def page_of(
    link: Link, look: Look, light: Sequence[Light], incidents: Sequence[Incident], titles: Mapping[str, str],
    zone: tzinfo,
) -> LinkPage:  # fmt: skip
    contract = contract_of(link.contract, look)
    today = look.at.astimezone(zone).date()
    what = (
        (_("Medium"), medium_word(link.medium)),
        (_("Purpose"), link.purpose.value),
        (_("Owner"), link.owner),
        (_("Circuit"), link.circuit_id),
        (_("Length"), f"{number(link.length_km, 1)} km" if link.length_km else ""),
        (_("Runs over"), ", ".join(link.segments)),
    )
    promised = [
        (_("Capacity"), mbps(link.capacity_mbps)),
        (_("Promised down"), mbps(link.cir_down_mbps)),
        (_("Promised up"), mbps(link.cir_up_mbps)),
        (_("Quota a month"), f"{number(link.quota_gb)} GB" if link.quota_gb else ""),
        (_("Contract"), link.contract),
    ]
    if contract is not None:
        promised += [
            (_("Provider"), contract.provider),
            (_("Until"), day(contract.ends_on, today) if contract.ends_on else ""),
            ("SLA", f"{number(contract.sla_percent, 1)} %" if contract.sla_percent is not None else ""),
            (_("Penalty"), contract.penalty_rule),
        ]
    charts = (
        (ChartKind.LINK_TRAFFIC, ChartKind.LINK_LIGHT) if link.medium is Medium.FIBRE else (ChartKind.LINK_TRAFFIC,)
    )
    shared = set(link.segments)
    return LinkPage(
        row_of(link, look, zone),
        tuple((name, text) for name, text in what if text),
        tuple((name, text) for name, text in promised if text),
        tuple(light_row(each) for each in light),
        incident_lines(incidents, titles, look, zone),
        charts,
        tuple(each.name for each in look.inventory.links if each.name != link.name and shared & set(each.segments)),
    )


def ports_of(link: Link) -> set[tuple[str, str]]:
    return {(link.a_device, link.a_interface), (link.z_device, link.z_interface)}


def concerns(incident: Incident, link: Link) -> bool:
    """Whether it is the cause, or one of those that cannot be told apart."""
    causes = (incident.cause, *incident.indistinct)
    return any(
        (cause.kind is CauseKind.LINK and cause.name == link.name)
        or (cause.kind is CauseKind.SEGMENT and cause.name in link.segments)
        for cause in causes
    )
