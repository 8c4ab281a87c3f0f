"""Devices and sites, filtered as the pages filter them."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from console.api.answers import LONGEST, TAGGED, USUAL, After, Limit, of_look, page
from console.api.cursor import sort_by
from console.api.document import Document
from console.api.problems import described
from console.api.visit import TheBearer, TheLook
from console.ports import Look
from console.views.devices import WORST_FIRST
from console.views.places import kecamatan_of, place_name
from console.views.sorting import Columns
from domain.network import Device, Site, SiteKind
from domain.states import State

router = APIRouter(tags=["network"])
Text = Annotated[str, Query(max_length=LONGEST)]
Search = Annotated[str, Query(max_length=LONGEST, description="In name, place, model or address.")]
SEEN = {**TAGGED, **described(401, 404, 422, 429)}


class DeviceDocument(Document):
    name: str
    site: str
    place: str
    kecamatan: str
    role: str
    model: str
    address: str
    state: State
    reason: str
    since: datetime


class DevicePage(Document):
    items: list[DeviceDocument]
    next: str | None


class SiteDocument(Document):
    """states: how many of its devices are in which state."""

    slug: str
    name: str
    kind: SiteKind
    region_code: str | None
    kecamatan: str
    organisation: str
    latitude: float | None
    longitude: float | None
    stage: str
    counts_for_coverage: bool
    states: dict[str, int]


class SitePage(Document):
    items: list[SiteDocument]
    next: str | None


DEVICE_COLUMNS: Final[Columns[DeviceDocument]] = {
    "name": lambda row: row.name,
    "place": lambda row: row.place,
    "kecamatan": lambda row: row.kecamatan,
    "role": lambda row: row.role,
    "model": lambda row: row.model,
    "address": lambda row: row.address,
    "state": lambda row: WORST_FIRST[row.state],
    "reason": lambda row: row.reason,
    "since": lambda row: row.since.timestamp(),
}
SITE_COLUMNS: Final[Columns[Site]] = {
    "slug": lambda site: site.slug,
    "name": lambda site: site.name,
    "kind": lambda site: site.kind.value,
    "regionCode": lambda site: site.region_code,
    "organisation": lambda site: site.organisation,
    "stage": lambda site: site.stage.value,
}


@router.get("/devices", response_model=DevicePage, responses=SEEN)
def devices(
    request: Request,
    bearer: TheBearer,
    look: TheLook,
    state: Annotated[list[State], Query(default_factory=list)],
    q: Search = "",
    role: Text = "",
    kecamatan: Text = "",
    limit: Limit = USUAL,
    after: After = "",
    sort: Annotated[str, sort_by(DEVICE_COLUMNS)] = "",
) -> Response:
    """Devices that are polled, by name."""

    def made() -> DevicePage:
        polled = [each for each in look.inventory.used_by_name.values() if each.name in look.states]
        rows = [_device(each, look) for each in polled]
        found = [
            row
            for row in rows
            if role in ("", row.role)
            and kecamatan in ("", row.kecamatan)
            and (not state or row.state in state)
            and _holds((row.name, row.place, row.model, row.address), q)
        ]
        shown, more = page(found, lambda row: row.name, limit, after, columns=DEVICE_COLUMNS, sort=sort)
        return DevicePage(items=shown, next=more)

    return of_look(request, look, bearer, made)


@router.get("/sites", response_model=SitePage, responses=SEEN)
def sites(
    request: Request,
    bearer: TheBearer,
    look: TheLook,
    kind: Annotated[list[SiteKind], Query(default_factory=list)],
    q: Search = "",
    kecamatan: Text = "",
    limit: Limit = USUAL,
    after: After = "",
    sort: Annotated[str, sort_by(SITE_COLUMNS)] = "",
) -> Response:
    """Sites, by slug."""

    def made() -> SitePage:
        found = [
            each
            for each in look.inventory.sites
            if (not kind or each.kind in kind)
            and kecamatan in ("", kecamatan_of(each.region_code, look.names))
            and _holds((each.slug, each.name, each.organisation), q)
        ]
        shown, more = page(found, lambda site: site.slug, limit, after, columns=SITE_COLUMNS, sort=sort)
        states = _states({site.slug for site in shown}, look)
        return SitePage(items=[_site(site, look, states[site.slug]) for site in shown], next=more)

    return of_look(request, look, bearer, made)


def _device(device: Device, look: Look) -> DeviceDocument:
    site, state = look.inventory.site_by_slug.get(device.site), look.states[device.name]
    return DeviceDocument(
        name=device.name,
        site=device.site,
        place=place_name(site, look.names) if site else device.site,
        kecamatan=kecamatan_of(site.region_code, look.names) if site else "",
        role=device.role.value,
        model=device.model,
        address=device.address,
        state=state.state,
        reason=state.reason,
        since=state.since,
    )


def _site(site: Site, look: Look, states: Counter[str]) -> SiteDocument:
    return SiteDocument(
        slug=site.slug,
        name=site.name,
        kind=site.kind,
        region_code=site.region_code,
        kecamatan=kecamatan_of(site.region_code, look.names),
        organisation=site.organisation,
        latitude=site.latitude,
        longitude=site.longitude,
        stage=site.stage.value,
        counts_for_coverage=site.counts_for_coverage,
        states=dict(sorted(states.items())),
    )


def _states(slugs: set[str], look: Look) -> dict[str, Counter[str]]:
    counted: dict[str, Counter[str]] = {slug: Counter() for slug in slugs}
    for device in look.inventory.used_by_name.values():
        if device.site in slugs and device.name in look.states:
            counted[device.site][look.states[device.name].state.value] += 1
    return counted


def _holds(parts: tuple[str, ...], text: str) -> bool:
    wanted = text.strip().casefold()
    return not wanted or any(wanted in part.casefold() for part in parts)
