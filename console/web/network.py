"""Devices, links and villages, each whole: pages that read, charts as data, points of the map."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from starlette.responses import JSONResponse, Response

from console.api.places import places_routes
from console.cutting import cut_incidents
from console.ports import Look
from console.ports.charts import Charts, ChartsAwayError, Reading
from console.ports.network import Network, Villages
from console.scope import shows
from console.views import device as device_view
from console.views import link as link_view
from console.views import paths, topology, village, villages
from console.views.devices import LONGEST_FILTER
from console.views.incident_map import map_of
from console.views.places_map import points
from console.views.speech import clock
from console.web.charts import chart_routes
from console.web.incidents import seen_incident
from console.web.part import Entry, Part
from console.web.sheet import PageNumber, Sort, as_sheet
from console.web.visit import Desk, TheDesk, TheLook, TheVisitor
from domain.accounts import Right, may, sees
from domain.incidents import Incident
from domain.language import _
from domain.network import Device, Link, RegionLevel, level_of
from domain.states import State

HISTORY: Final = timedelta(days=90)
MONTHS: Final = 13
Text = Annotated[str, Query(max_length=LONGEST_FILTER)]


def network_part(network: Network, places: Villages, charts: Charts, tiles_url: str = "") -> Part:
    """tiles_url: of a map server of the office's own; empty: outlines alone."""
    router = APIRouter()
    for routes in (
        _device_routes(network, charts),
        _link_routes(network),
        _village_routes(network, places),
        _map_routes(places, tiles_url),
        chart_routes(charts),
    ):
        router.include_router(routes)
    return Part(
        router,
        (
            Entry(
                "/villages", lambda: _("Villages"), lambda: _("How each desa stands, who is there, what is claimed.")
            ),
            Entry("/links", lambda: _("Links"), lambda: _("Both ends, provider, contract against busy hour, light.")),
            Entry("/topology", lambda: _("Topology"), lambda: _("What hangs on what, from the data centre outward.")),
        ),
        places_routes(network, places),
    )


def _device_routes(network: Network, charts: Charts) -> APIRouter:
    router = APIRouter()

    @router.get("/devices/{name:path}")
    def device(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, name: str) -> Response:
        found = seen_device(look, name)
        held = look.states.get(name)
        readings, away = _readings(charts, name, desk)
        incidents = seen_incidents(network, look, [name])
        sources = device_view.Sources(
            network.facts(name),
            network.changes([name], look.at - HISTORY),
            network.light([name], (look.at - HISTORY).date()),
            incidents,
            network.calendar(MONTHS, devices=[name]),
            readings,
            away,
        )
        reason = network.reason(held.reason) if held and held.state is not State.UP else ""
        page = device_view.page_of(found, look, sources, reason, titles(desk, incidents), desk.zone)
        words = {change.reason: network.reason(change.reason) for change in sources.changes}
        return desk.pages.page(request, "device.html", visitor, look, page=page, words=words)

    return router


def _link_routes(network: Network) -> APIRouter:
    router = APIRouter()

    def wanted_of(
        q: Text = "", medium: Text = "", provider: Text = "", page: PageNumber = 1, sort: Sort = ""
    ) -> paths.LinksWanted:
        return paths.LinksWanted(q.strip(), medium, provider, page, sort)

    @router.get("/links")
    def links(
        request: Request,
        desk: TheDesk,
        visitor: TheVisitor,
        look: TheLook,
        wanted: Annotated[paths.LinksWanted, Depends(wanted_of)],
    ) -> Response:
        found = paths.list_of(look, wanted, desk.zone)
        return desk.pages.page(request, "links.html", visitor, look, list=found, wanted=wanted)

    @router.get("/links.csv")
    def links_csv(desk: TheDesk, look: TheLook, wanted: Annotated[paths.LinksWanted, Depends(wanted_of)]) -> Response:
        return as_sheet(
            "links", look.at.astimezone(desk.zone).date(), paths.csv_of(paths.fitting(look, wanted, desk.zone))
        )

    @router.get("/links/{name:path}")
    def link(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, name: str) -> Response:
        found = seen_link(look, name)
        ends = [each for each in (found.a_device, found.z_device) if each in look.inventory.used_by_name]
        named = seen_incidents(network, look, [name, *found.segments])
        incidents = [each for each in named if link_view.concerns(each, found)]
        light = [
            each
            for each in network.light(ends, (look.at - HISTORY).date())
            if (each.device, each.interface) in link_view.ports_of(found)
        ]
        page = link_view.page_of(found, look, light, incidents, titles(desk, incidents), desk.zone)
        return desk.pages.page(request, "link.html", visitor, look, page=page)

    return router


def _village_routes(network: Network, places: Villages) -> APIRouter:
    router = APIRouter()

    def wanted_of(
        q: Text = "", kecamatan: Text = "", measured: Text = "", page: PageNumber = 1, sort: Sort = ""
    ) -> villages.VillagesWanted:
        return villages.VillagesWanted(q.strip(), kecamatan, measured, page, sort)

    @router.get("/villages")
    def listed(
        request: Request,
        desk: TheDesk,
        visitor: TheVisitor,
        look: TheLook,
        wanted: Annotated[villages.VillagesWanted, Depends(wanted_of)],
    ) -> Response:
        found = villages.list_of(villages.all_of(look, visitor.account, places.coverage), wanted)
        return desk.pages.page(
            request, "villages.html", visitor, look, list=found, wanted=wanted, measured_word=villages.measured_word
        )

    @router.get("/villages.csv")
    def listed_csv(
        desk: TheDesk,
        visitor: TheVisitor,
        look: TheLook,
        wanted: Annotated[villages.VillagesWanted, Depends(wanted_of)],
    ) -> Response:
        rows = villages.fitting(villages.all_of(look, visitor.account, places.coverage), wanted)
        return as_sheet("villages", look.at.astimezone(desk.zone).date(), villages.csv_of(rows))

    @router.get("/villages/{code}")
    def whole(request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, code: str) -> Response:
        check_village(look, visitor, code)
        sites = village.sites_in(code, look)
        slugs = [site.slug for site in sites]
        devices = [each.name for slug in slugs for each in look.inventory.used_at_site.get(slug, ())]
        incidents = seen_incidents(network, look, [code, *slugs, *devices])
        reasons = {look.states[name].reason for name in devices if name in look.states}
        calendar = network.calendar(MONTHS, sites=slugs) if devices else ()
        found = village.Found(
            places.coverage(code),
            calendar,
            places.users(code, 12),
            incidents,
            titles(desk, incidents),
            {reason: network.reason(reason) for reason in reasons},
            places.closed(code, [month.label for month in calendar]),
        )
        with_contact = may(visitor.account.role, Right.HANDLE)
        page = village.page_of(code, look, found, desk.zone, with_contact=with_contact)
        return desk.pages.page(request, "village.html", visitor, look, page=page)

    return router


def _map_routes(places: Villages, tiles_url: str) -> APIRouter:
    router = APIRouter()

    @router.get("/topology")
    def tree(
        request: Request, desk: TheDesk, visitor: TheVisitor, look: TheLook, kecamatan: Text = "", wrong: bool = False
    ) -> Response:
        page = topology.page_of(look, kecamatan, wrong)
        return desk.pages.page(request, "topology.html", visitor, look, page=page, kecamatan=kecamatan, wrong=wrong)

    @router.get("/map.json")
    def marks(visitor: TheVisitor, look: TheLook) -> Response:
        return JSONResponse({**points(look, visitor.account), "tiles": tiles_url})

    @router.get("/incidents/{id_}/map.json")
    def members(desk: TheDesk, visitor: TheVisitor, look: TheLook, id_: str) -> Response:
        found = map_of(seen_incident(desk, look, id_), look, visitor.account)
        return JSONResponse({**found, "tiles": tiles_url})

    @router.get("/map/outlines.json")
    def outlines(visitor: TheVisitor) -> Response:
        """Of the kecamatan that the account sees; all of who sees a part of one."""
        document: Any = places.outlines()
        own = visitor.account.regions
        features = [
            each
            for each in document["features"]
            if visitor.account.sees_everything or any(_touches(each["properties"]["code"], area) for area in own)
        ]
        headers = {"Cache-Control": "private, max-age=300"}
        return JSONResponse({**document, "features": features}, headers=headers)

    return router


def _touches(code: str, area: str) -> bool:
    return code == area or code.startswith(f"{area}.") or area.startswith(f"{code}.")


def seen_device(look: Look, name: str) -> Device:
    """Raises HTTPException 404: there is none, or it is not for this account; nobody is told which."""
    found = look.inventory.used_by_name.get(name)
    if found is None:
        raise HTTPException(404, _("There is no device of this name. It may be spare or retired."))
    return found


def seen_link(look: Look, name: str) -> Link:
    """Raises HTTPException 404."""
    found = next((link for link in look.inventory.links if link.name == name), None)
    if found is None:
        raise HTTPException(404, _("There is no link of this name."))
    return found


def check_village(look: Look, visitor: TheVisitor, code: str) -> None:
    """Raises HTTPException 404."""
    known = code in look.names and level_of(code) is RegionLevel.VILLAGE
    if not known or not sees(visitor.account, code):
        raise HTTPException(404, _("There is no village of this code."))


def seen_incidents(network: Network, look: Look, names: Sequence[str]) -> list[Incident]:
    return cut_incidents(look, (each for each in network.incidents(names, look.at - HISTORY) if shows(look, each)))


def titles(desk: Desk, incidents: Sequence[Incident]) -> dict[str, str]:
    return {each.id: desk.speak(each).title for each in incidents}


def _readings(charts: Charts, name: str, desk: Desk) -> tuple[Sequence[Reading], str]:
    """(readings, why there are none)."""
    try:
        return charts.readings(name), ""
    except ChartsAwayError as error:
        return (), away_said(error, desk)


def away_said(error: ChartsAwayError, desk: Desk) -> str:
    if error.since is None:
        return str(error)
    return _("{why} Since {time}.").format(why=error, time=clock(error.since, desk.zone))
