"""One device, one village, one link whole; lists of villages and links; the topology; the history of states."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query, Request
from starlette.responses import Response

from console.api.answers import LONGEST, TAGGED, USUAL, After, Limit, of_content, of_look, page
from console.api.cursor import sort_by
from console.api.document import Document
from console.api.problems import described
from console.api.visit import TheBearer, TheLook
from console.cutting import cut_incidents
from console.ports import Look
from console.ports.network import CalendarMonth, ClosedFigure, Light, Network, Villages
from console.scope import shows
from console.views.paths import link_state, provider_of
from console.views.places import kecamatan_of, place_name
from console.views.sorting import Columns
from console.views.village import sites_in, village_state
from domain.accounts import Right, sees
from domain.incidents import Incident
from domain.language import _
from domain.network import Link, RegionLevel, Site, Topology, level_of
from domain.states import State

HISTORY: Final = timedelta(days=90)
MONTHS: Final = 13
ONE = {**TAGGED, **described(401, 404, 422, 429)}
MANY = {**TAGGED, **described(401, 404, 422, 429)}
Text = Annotated[str, Query(max_length=LONGEST)]


class CorrectionDocument(Document):
    """What a closed month reads since."""

    at: datetime
    why: str
    available_percent: float | None
    seen_percent: float | None


class MonthDocument(Document):
    """closed_at: when it was closed, of a village's month that was; then its figures are as they were published."""

    month: str
    available_percent: float | None
    seen_percent: float | None
    closed_at: datetime | None = None
    corrected: CorrectionDocument | None = None


class LightDocument(Document):
    """Medians of days; a_month: change in 30 days, dB; margin: to where the light is lost, dB."""

    sensor: str
    interface: str
    on: date
    dbm: float
    margin: float | None
    a_month: float | None


class NeighbourDocument(Document):
    protocol: str
    interface: str
    name: str
    port: str


class DeviceWhole(Document):
    """incidents: of the last 90 days, by id. discovered_at: null if it never was."""

    name: str
    site: str
    place: str
    role: str
    model: str
    platform: str
    version: str
    serial: str
    address: str
    check: str
    poll_class: str
    uplinks: list[str]
    state: State | None
    reason: str
    reason_words: str
    since: datetime | None
    discovered_at: datetime | None
    interfaces: list[str]
    neighbours: list[NeighbourDocument]
    light: list[LightDocument]
    links: list[str]
    incidents: list[str]
    availability: list[MonthDocument]


class ChangeDocument(Document):
    at: datetime
    device: str
    from_state: State
    to_state: State
    reason: str


class HistoryPage(Document):
    items: list[ChangeDocument]
    next: str | None


class LinkDocument(Document):
    """state: down while an incident names it, else of the end that it serves; null where nothing is watched."""

    name: str
    state: State | None
    a_device: str
    a_interface: str
    z_device: str
    z_interface: str
    medium: str
    purpose: str
    provider: str
    contract: str
    capacity_mbps: float | None
    cir_down_mbps: float | None
    cir_up_mbps: float | None
    quota_gb: float | None
    length_km: float | None
    segments: list[str]


class LinkPage(Document):
    items: list[LinkDocument]
    next: str | None


class VillageDocument(Document):
    code: str
    name: str
    kecamatan: str
    state: State | None
    sites: list[str]


class VillagePage(Document):
    items: list[VillageDocument]
    next: str | None


class StageDocument(Document):
    site: str
    stage: str
    on: date
    document_no: str


class UsersDocument(Document):
    month: str
    peak: int | None
    mean: float | None


class VillageWhole(VillageDocument):
    """coverage: its row of GET /coverage. contacts: empty for who may not handle incidents."""

    devices: list[str]
    links: list[str]
    contacts: list[str]
    coverage: dict[str, Any] | None
    stages: list[StageDocument]
    users: list[UsersDocument]
    incidents: list[str]
    availability: list[MonthDocument]


class NodeDocument(Document):
    """uplinks: the first is the usual way."""

    name: str
    site: str
    kecamatan: str
    role: str
    state: State | None
    uplinks: list[str]


class TopologyPage(Document):
    items: list[NodeDocument]
    next: str | None


LINK_COLUMNS: Final[Columns[Link]] = {
    "name": lambda link: link.name,
    "provider": lambda link: link.provider,
    "medium": lambda link: link.medium.value,
    "capacityMbps": lambda link: link.capacity_mbps,
    "contract": lambda link: link.contract,
}


def places_routes(network: Network, places: Villages) -> APIRouter:
    router = APIRouter(tags=["network"])

    @router.get("/devices/{name:path}", response_model=DeviceWhole, responses=ONE)
    def device(request: Request, look: TheLook, name: str) -> Response:
        """One device with what discovery found, its light, its links, and how available it was."""
        return of_content(request, _device(name, look, network))

    @router.get("/state-history", response_model=HistoryPage, responses=ONE)
    def history(
        request: Request,
        look: TheLook,
        device: Text,
        days: Annotated[int, Query(ge=1, le=800)] = 90,
        limit: Limit = USUAL,
        after: After = "",
    ) -> Response:
        """Every change of one device's state, the newest first."""
        if device not in look.inventory.used_by_name:
            raise HTTPException(404, _("There is no device of this name. It may be spare or retired."))
        found = [
            ChangeDocument(at=each.at, device=each.name, from_state=each.from_, to_state=each.to, reason=each.reason)
            for each in network.changes([device], look.at - timedelta(days=days))
        ]
        shown, more = page(found, lambda each: each.at.isoformat(timespec="microseconds"), limit, after, down=True)
        return of_content(request, HistoryPage(items=shown, next=more))

    @router.get("/links", response_model=LinkPage, responses=MANY)
    def links(
        request: Request,
        bearer: TheBearer,
        look: TheLook,
        provider: Text = "",
        limit: Limit = USUAL,
        after: After = "",
        sort: Annotated[str, sort_by(LINK_COLUMNS)] = "",
    ) -> Response:
        """Links that touch what the account sees, by name."""

        def made() -> LinkPage:
            found = [each for each in look.inventory.links if provider in ("", provider_of(each, look))]
            shown, more = page(found, lambda link: link.name, limit, after, columns=LINK_COLUMNS, sort=sort)
            return LinkPage(items=[_link(each, look) for each in shown], next=more)

        return of_look(request, look, bearer, made)

    @router.get("/links/{name:path}", response_model=LinkDocument, responses=ONE)
    def link(request: Request, look: TheLook, name: str) -> Response:
        """One link."""
        found = next((each for each in look.inventory.links if each.name == name), None)
        if found is None:
            raise HTTPException(404, _("There is no link of this name."))
        return of_content(request, _link(found, look))

    @router.get("/villages", response_model=VillagePage, responses=MANY)
    def villages(
        request: Request, bearer: TheBearer, look: TheLook, kecamatan: Text = "", limit: Limit = USUAL,
        after: After = "", sort: Annotated[str, sort_by(("code", "name", "kecamatan"))] = "",
    ) -> Response:  # fmt: skip
        """Villages, by code; how the service of each stands."""
        columns: Columns[str] = {
            "code": lambda code: code,
            "name": lambda code: look.names[code],
            "kecamatan": lambda code: kecamatan_of(code, look.names),
        }

        def made() -> VillagePage:
            codes = [
                code
                for code in look.names
                if level_of(code) is RegionLevel.VILLAGE
                and sees(bearer.account, code)
                and kecamatan in ("", kecamatan_of(code, look.names))
            ]
            shown, more = page(codes, lambda code: code, limit, after, columns=columns, sort=sort)
            return VillagePage(items=[VillageDocument(**_village(code, look)) for code in shown], next=more)

        return of_look(request, look, bearer, made)

    @router.get("/villages/{code}", response_model=VillageWhole, responses=ONE)
    def village(request: Request, bearer: TheBearer, look: TheLook, code: str) -> Response:
        """One village with its devices, links, stages, users, incidents and availability."""
        if code not in look.names or level_of(code) is not RegionLevel.VILLAGE or not sees(bearer.account, code):
            raise HTTPException(404, _("There is no village of this code."))
        found = _whole(code, look, network, places, with_contacts=bearer.may(Right.HANDLE))
        return of_content(request, found)

    @router.get("/topology", response_model=TopologyPage, responses=MANY)
    def topology(
        request: Request, bearer: TheBearer, look: TheLook, limit: Limit = USUAL, after: After = ""
    ) -> Response:
        """What hangs on what: every device with its uplinks, by name."""

        def made() -> TopologyPage:
            ups = Topology.without_circles(look.inventory.used_by_name.values()).uplinks
            shown, more = page(look.inventory.used_by_name.values(), lambda each: each.name, limit, after)
            nodes = []
            for each in shown:
                site, held = look.inventory.site_by_slug.get(each.site), look.states.get(each.name)
                nodes.append(
                    NodeDocument(
                        name=each.name,
                        site=each.site,
                        kecamatan=kecamatan_of(site.region_code, look.names) if site else "",
                        role=each.role.value,
                        state=held.state if held else None,
                        uplinks=list(ups[each.name]),
                    )
                )
            return TopologyPage(items=nodes, next=more)

        return of_look(request, look, bearer, made)

    return router


def _device(name: str, look: Look, network: Network) -> DeviceWhole:
    device = look.inventory.used_by_name.get(name)
    if device is None:
        raise HTTPException(404, _("There is no device of this name. It may be spare or retired."))
    site, held, facts = look.inventory.site_by_slug.get(device.site), look.states.get(name), network.facts(name)
    return DeviceWhole(
        name=name,
        site=device.site,
        place=place_name(site, look.names) if site else device.site,
        role=device.role.value,
        model=(facts.model if facts else "") or device.model,
        platform=device.platform or (facts.platform if facts else ""),
        version=facts.version if facts else "",
        serial=(facts.serial if facts else "") or device.serial,
        address=device.address,
        check=device.check.value,
        poll_class=device.poll_class.value,
        uplinks=[up for up in device.uplink if up in look.inventory.used_by_name],
        state=held.state if held else None,
        reason=held.reason if held else "",
        reason_words=network.reason(held.reason) if held else "",
        since=held.since if held else None,
        discovered_at=facts.found_at if facts else None,
        interfaces=list(facts.interfaces) if facts else [],
        neighbours=[
            NeighbourDocument(protocol=each.protocol, interface=each.interface, name=each.name, port=each.port)
            for each in (facts.neighbours if facts else ())
        ],
        light=[_light(each) for each in network.light([name], (look.at - HISTORY).date())],
        links=[link.name for link in look.inventory.links if name in (link.a_device, link.z_device)],
        incidents=[each.id for each in _incidents(network, look, [name])],
        availability=_months(network.calendar(MONTHS, devices=[name])),
    )


def _light(light: Light) -> LightDocument:
    return LightDocument(
        sensor=light.sensor,
        interface=light.interface,
        on=light.days[-1][0],
        dbm=light.now,
        margin=None if light.limit is None else round(light.now - light.limit, 2),
        a_month=None if light.a_month is None else round(light.a_month, 2),
    )


def _link(link: Link, look: Look) -> LinkDocument:
    """An end that the account does not see is empty."""
    known = look.inventory.used_by_name
    a_seen, z_seen = (look.sees_all or name in known for name in (link.a_device, link.z_device))
    return LinkDocument(
        name=link.name,
        state=link_state(link, look),
        a_device=link.a_device if a_seen else "",
        a_interface=link.a_interface if a_seen else "",
        z_device=link.z_device if z_seen else "",
        z_interface=link.z_interface if z_seen else "",
        medium=link.medium.value,
        purpose=link.purpose.value,
        provider=provider_of(link, look),
        contract=link.contract,
        capacity_mbps=link.capacity_mbps,
        cir_down_mbps=link.cir_down_mbps,
        cir_up_mbps=link.cir_up_mbps,
        quota_gb=link.quota_gb,
        length_km=link.length_km,
        segments=list(link.segments),
    )


def _village(code: str, look: Look) -> dict[str, Any]:
    sites = sites_in(code, look)
    stood = village_state(sites, look)
    return {
        "code": code,
        "name": look.names[code],
        "kecamatan": kecamatan_of(code, look.names),
        "state": stood[0] if stood else None,
        "sites": [site.slug for site in sites],
    }


def _whole(code: str, look: Look, network: Network, places: Villages, *, with_contacts: bool) -> VillageWhole:
    sites: Sequence[Site] = sites_in(code, look)
    slugs = [site.slug for site in sites]
    devices = [each.name for slug in slugs for each in look.inventory.used_at_site.get(slug, ())]
    covered = places.coverage(code)
    calendar = network.calendar(MONTHS, sites=slugs) if devices else ()
    return VillageWhole(
        **_village(code, look),
        devices=devices,
        links=[each.name for each in look.inventory.links if each.a_device in devices or each.z_device in devices],
        contacts=[site.contact for site in sites if site.contact] if with_contacts else [],
        coverage=dict(covered) if covered else None,
        stages=[
            StageDocument(site=each.slug, stage=each.stage.value, on=each.on, document_no=each.document_no)
            for each in look.inventory.stages
            if each.slug in slugs
        ],
        users=[UsersDocument(month=each.month, peak=each.peak, mean=each.mean) for each in places.users(code, 12)],
        incidents=[each.id for each in _incidents(network, look, [code, *slugs, *devices])],
        availability=_months(calendar, places.closed(code, [month.label for month in calendar])),
    )


def _incidents(network: Network, look: Look, names: Sequence[str]) -> list[Incident]:
    return cut_incidents(look, (each for each in network.incidents(names, look.at - HISTORY) if shows(look, each)))


def _months(
    months: Sequence[CalendarMonth], closed: Mapping[str, ClosedFigure] = MappingProxyType({})
) -> list[MonthDocument]:
    return [_month(each, closed.get(each.label)) for each in months]


def _month(month: CalendarMonth, closed: ClosedFigure | None) -> MonthDocument:
    if closed is None:
        return MonthDocument(month=month.label, available_percent=month.available, seen_percent=month.seen)
    since = closed.corrected
    return MonthDocument(
        month=month.label,
        available_percent=closed.available,
        seen_percent=closed.seen,
        closed_at=closed.at,
        corrected=CorrectionDocument(
            at=since.at, why=since.why, available_percent=since.available, seen_percent=since.seen
        )
        if since
        else None,
    )
