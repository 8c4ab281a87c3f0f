"""One village: how it stands, the three facts about it, its sites, users, who is there, and its way to the network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from typing import Any, Final

from console.ports import Look
from console.ports.network import CalendarMonth, ClosedFigure, Users
from console.views.calendar import MonthRow, calendar_rows
from console.views.device import IncidentLine, incident_lines
from console.views.paths import LinkRow, contract_of, row_of
from console.views.places import kecamatan_of
from console.views.speech import day, lasting, moment, number, state_word
from domain.coverage.evidence import Reason
from domain.coverage.words import reason_word
from domain.incidents import Condition, Incident
from domain.language import _
from domain.network import Device, Role, Site, SiteKind, Stage, Village, VillageKind, village_kind
from domain.states import State
from domain.time.hours_said import hours_said

CONNECTED: Final = frozenset({Stage.ACTIVE, Stage.HANDED_OVER})
_BEST_FIRST: Final = (State.UP, State.DEGRADED, State.UNKNOWN, State.UNREACHABLE, State.DOWN)
_CARRIES: Final = ((Role.ROUTER, Role.FIREWALL), (Role.SWITCH, Role.OLT), tuple(Role))


@dataclass(frozen=True, slots=True)
class Fact:
    """Of the strip: connected, served, measured, users. answer: one word or a number; beside: what it rests on."""

    name: str
    answer: str
    beside: str


@dataclass(frozen=True, slots=True)
class DeviceLine:
    name: str
    role: str
    state: State | None
    word: str
    reason: str
    since: str
    site: str


@dataclass(frozen=True, slots=True)
class StageLine:
    on: str
    word: str
    document: str
    told: str


@dataclass(frozen=True, slots=True)
class ServiceLine:
    name: str
    url: str
    state: State
    word: str


@dataclass(frozen=True, slots=True)
class SiteCard:
    """who, power: (name, text). slug: of its charts."""

    slug: str
    name: str
    who: tuple[tuple[str, str], ...]
    power: tuple[tuple[str, str], ...]
    contract: tuple[tuple[str, str], ...]
    stages: tuple[StageLine, ...]


@dataclass(frozen=True, slots=True)
class UsersLine:
    month: str
    peak: str
    mean: str
    width: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was fetched for the page. titles: of incidents, by id. reasons: of states, in words."""

    coverage: Mapping[str, Any] | None
    calendar: Sequence[CalendarMonth]
    users: Sequence[Users]
    incidents: Sequence[Incident]
    titles: Mapping[str, str]
    reasons: Mapping[str, str]
    closed: Mapping[str, ClosedFigure]


@dataclass(frozen=True, slots=True)
class VillagePage:
    """blame: the open incident that keeps it dark and is not its own fault, None else."""

    code: str
    name: str
    kecamatan: str
    state: State | None
    word: str
    since: str
    lasts: str
    blame: tuple[str, str] | None
    people: str
    facts: tuple[Fact, ...]
    devices: tuple[DeviceLine, ...]
    access_points: tuple[DeviceLine, ...]
    links: tuple[LinkRow, ...]
    sites: tuple[SiteCard, ...]
    services: tuple[ServiceLine, ...]
    users: tuple[UsersLine, ...]
    incidents: tuple[IncidentLine, ...]
    calendar: tuple[MonthRow, ...]


def sites_in(code: str, look: Look) -> tuple[Site, ...]:
    """Those that count first."""
    here = [site for site in look.inventory.sites if site.region_code == code]
    return tuple(sorted(here, key=lambda site: (site.kind not in (SiteKind.DESA, SiteKind.KELURAHAN), site.slug)))


def village_state(sites: Sequence[Site], look: Look) -> tuple[State, Device] | None:
    """As its service stands: the best of what carries it, with one that says so. None if nothing is watched."""
    there = [device for site in sites for device in look.inventory.used_at_site.get(site.slug, ())]
    watched = [device for device in there if device.name in look.states]
    for roles in _CARRIES:
        carriers = [device for device in watched if device.role in roles]
        if carriers:
            best = min(carriers, key=lambda each: _BEST_FIRST.index(look.states[each.name].state))
            return look.states[best.name].state, best
    return None


def page_of(code: str, look: Look, found: Found, zone: tzinfo, *, with_contact: bool) -> VillagePage:
    sites, today = sites_in(code, look), look.at.astimezone(zone).date()
    slugs = {site.slug for site in sites}
    stood = village_state(sites, look)
    held = look.states[stood[1].name] if stood else None
    devices = [device for site in sites for device in look.inventory.used_at_site.get(site.slug, ())]
    names = {device.name for device in devices}
    lines = [_device(device, look, found.reasons, today, zone) for device in devices]
    return VillagePage(
        code,
        _title(code, look),
        kecamatan_of(code, look.names),
        held.state if held else None,
        state_word(held.state) if held else "",
        moment(held.since, zone, today) if held else "",
        lasting(look.at - held.since) if held else "",
        _blame(code, names | slugs, found.incidents, found.titles),
        _people(code, look),
        _facts(found, sites, today),
        tuple(line for line in lines if line.role != Role.AP.value),
        tuple(line for line in lines if line.role == Role.AP.value),
        tuple(
            row_of(link, look, zone)
            for link in look.inventory.links
            if link.a_device in names or link.z_device in names
        ),
        tuple(_site(site, look, today, with_contact=with_contact) for site in sites),
        _services(slugs, look),
        _users(found.users),
        incident_lines(found.incidents, found.titles, look, zone),
        calendar_rows(found.calendar, found.closed, zone),
    )


def _title(code: str, look: Look) -> str:
    kind = {VillageKind.KELURAHAN: _("Kelurahan"), VillageKind.DESA: _("Desa")}.get(village_kind(code), "")
    return f"{kind} {look.names.get(code, code)}".strip()


def _people(code: str, look: Look) -> str:
    known = [each for each in look.inventory.villages if each.region_code == code and each.population]
    if not known:
        return ""
    last = max(known, key=_year)
    text = _("{count} people").format(count=number(last.population or 0))
    if last.households:
        text += ", " + _("{count} households").format(count=number(last.households))
    return f"{text} ({last.year})" if last.year else text


def _year(village: Village) -> int:
    return village.year or 0


def _blame(
    code: str, names: set[str], incidents: Sequence[Incident], titles: Mapping[str, str]
) -> tuple[str, str] | None:
    for each in incidents:
        hit = any(place.key == code for place in each.impact.villages)
        if each.is_open and hit and each.condition is Condition.OUTAGE and each.cause.name not in names:
            return each.id, titles.get(each.id, each.id)
    return None


def _facts(found: Found, sites: Sequence[Site], today: date) -> tuple[Fact, ...]:
    row = found.coverage or {}
    counting = [site for site in sites if site.counts_for_coverage]
    connected = bool(row.get("connected")) or any(site.stage in CONNECTED for site in counting)
    proof = next((site for site in counting if site.stage in CONNECTED), None)
    beside = ""
    if proof is not None:
        when = day(proof.stage_date, today) if proof.stage_date else ""
        beside = " ".join(part for part in (proof.document_no, when) if part)
    percent, measured = row.get("availabilityPercent"), row.get("measured", "unmeasured")
    served = {"served": _("Yes"), "not-served": _("No")}.get(str(measured), _("Not known"))
    why = reason_word(str(row.get("reason", Reason.NOTHING.value)))
    users = [each for each in found.users if each.mean is not None]
    return (
        Fact(_("Connected"), _("Yes") if connected else _("No"), beside),
        Fact(
            _("Served"), served, "" if percent is None else _("{percent} %, 30 days").format(percent=number(percent, 1))
        ),
        Fact(_("Measured"), _("No") if measured == "unmeasured" else _("Yes"), why),
        Fact(
            _("Users"),
            _("{count} a day").format(count=number(users[-1].mean or 0)) if users else "",
            _("at most {count} at a time").format(count=number(users[-1].peak or 0)) if users else "",
        ),
    )


def _device(device: Device, look: Look, reasons: Mapping[str, str], today: date, zone: tzinfo) -> DeviceLine:
    held, site = look.states.get(device.name), look.inventory.site_by_slug.get(device.site)
    return DeviceLine(
        device.name,
        device.role.value,
        held.state if held else None,
        state_word(held.state) if held else "",
        reasons.get(held.reason, held.reason) if held and held.state is not State.UP else "",
        moment(held.since, zone, today) if held else "",
        site.name if site else device.site,
    )


def _site(site: Site, look: Look, today: date, *, with_contact: bool) -> SiteCard:
    contract = contract_of(site.contract, look)
    who = [
        (_("On site"), site.contact if with_contact else ""),
        (_("Way in"), site.access_note if with_contact else ""),
        (_("Address"), site.address),
        (_("Service hours"), hours_said(site.service_hours)),
        (_("Run by"), site.operator.value if site.operator else ""),
        (_("Paid by"), site.funding.value if site.funding else ""),
    ]
    power = [
        (_("Sources"), ", ".join(source.value.upper() for source in site.power)),
        (_("Feeder"), site.power_feeder),
        (_("Meter"), site.meter.value if site.meter else ""),
        (_("PLN customer"), site.pln_customer_id if with_contact else ""),
    ]
    promised = []
    if contract is not None:
        promised = [
            (_("Number"), contract.id),
            (_("Provider"), contract.provider),
            (_("Until"), day(contract.ends_on, today) if contract.ends_on else ""),
            ("SLA", f"{number(contract.sla_percent, 1)} %" if contract.sla_percent is not None else ""),
            (_("Their NOC"), contract.noc_phone if with_contact else ""),
        ]
    entries = [entry for entry in look.inventory.stages if entry.slug == site.slug]
    stages = [
        StageLine(
            day(entry.on, today),
            stage_word(entry.stage),
            entry.document_no,
            day(entry.recorded_on, today) if entry.recorded_on and entry.recorded_on != entry.on else "",
        )
        for entry in sorted(entries, key=lambda entry: entry.on, reverse=True)
    ]
    if not stages:
        stages = [
            StageLine(
                day(site.stage_date, today) if site.stage_date else "", stage_word(site.stage), site.document_no, ""
            )
        ]
    return SiteCard(site.slug, site.name, _given(who), _given(power), _given(promised), tuple(stages))


def _given(pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in pairs if text)


def stage_word(stage: Stage) -> str:
    words = {
        Stage.PLANNED: _("Planned"),
        Stage.FUNDED: _("Funded"),
        Stage.BUILT: _("Built"),
        Stage.ACTIVE: _("In use"),
        Stage.HANDED_OVER: _("Handed over"),
        Stage.SUSPENDED: _("Suspended"),
        Stage.RETIRED: _("Given up"),
    }
    return words[stage]


def _services(slugs: set[str], look: Look) -> tuple[ServiceLine, ...]:
    """Applications that belong to its sites; down while an open incident names one."""
    failing = {place.key for each in look.open for place in each.impact.services}
    failing |= {each.cause.name for each in look.open if each.condition is Condition.SERVICE}
    lines = []
    for service in look.inventory.services:
        if service.site in slugs:
            state = State.DOWN if service.code in failing else State.UP if service.url else State.UNKNOWN
            lines.append(ServiceLine(service.name, service.url, state, state_word(state)))
    return tuple(lines)


def _users(users: Sequence[Users]) -> tuple[UsersLine, ...]:
    most = max((each.peak or 0 for each in users), default=0) or 1
    return tuple(
        UsersLine(
            each.month,
            "" if each.peak is None else number(each.peak),
            "" if each.mean is None else number(each.mean),
            round(100 * (each.mean or 0) / most, 1),
        )
        for each in users
    )
