"""Devices as assets under /api/v1."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from console.api.answers import LONGEST, TAGGED, USUAL, After, Limit, of_look, page
from console.api.cursor import sort_by
from console.api.document import Document
from console.api.problems import described
from console.api.visit import TheBearer, TheLook
from console.views.sheet import holds
from console.views.sorting import Columns
from domain.network import Device, DeviceStatus

router = APIRouter(tags=["assets"])
Search = Annotated[str, Query(max_length=LONGEST, description="In name, serial, asset number, model or MAC.")]


class AssetDocument(Document):
    name: str
    site: str
    role: str
    model: str
    serial: str
    asset_no: str
    mac: str
    owner: str
    status: DeviceStatus
    purchase_year: int | None
    warranty_until: date | None


class AssetPage(Document):
    items: list[AssetDocument]
    next: str | None


COLUMNS: Final[Columns[Device]] = {
    "name": lambda each: each.name,
    "site": lambda each: each.site,
    "role": lambda each: each.role.value,
    "model": lambda each: each.model,
    "serial": lambda each: each.serial,
    "assetNo": lambda each: each.asset_no,
    "owner": lambda each: each.owner,
    "status": lambda each: each.status.value,
    "purchaseYear": lambda each: each.purchase_year,
    "warrantyUntil": lambda each: each.warranty_until.toordinal() if each.warranty_until else None,
}


@router.get("/assets", response_model=AssetPage, responses={**TAGGED, **described(401, 404, 422, 429)})
def assets(
    request: Request,
    bearer: TheBearer,
    look: TheLook,
    q: Search = "",
    status: Annotated[list[DeviceStatus] | None, Query(max_length=20)] = None,
    limit: Limit = USUAL,
    after: After = "",
    sort: Annotated[str, sort_by(COLUMNS)] = "",
) -> Response:
    """Devices of every status, by name."""

    def made() -> AssetPage:
        found = [each for each in look.inventory.devices if (not status or each.status in status) and _fits(each, q)]
        shown, more = page(found, lambda each: each.name, limit, after, columns=COLUMNS, sort=sort)
        return AssetPage(items=[_asset(each) for each in shown], next=more)

    return of_look(request, look, bearer, made)


def _fits(device: Device, text: str) -> bool:
    return holds((device.name, device.serial, device.asset_no, device.model, device.mac), text)


def _asset(device: Device) -> AssetDocument:
    return AssetDocument(
        name=device.name,
        site=device.site,
        role=device.role.value,
        model=device.model,
        serial=device.serial,
        asset_no=device.asset_no,
        mac=device.mac,
        owner=device.owner,
        status=device.status,
        purchase_year=device.purchase_year,
        warranty_until=device.warranty_until,
    )
