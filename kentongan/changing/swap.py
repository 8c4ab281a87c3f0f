"""What the inventory says of a device whose unit is another one now: its row goes on, the old unit gets one. Pure."""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from domain.language import _
from domain.network import Check, Device, DeviceStatus, Inventory, PollClassName, Role
from domain.network.units import plain_serial, spare_name
from kentongan.errors import UsageError

UNIT: Final = ("platform", "model", "serial", "mac", "asset_no", "purchase_year", "warranty_until")
"""What belongs to the unit and not to the place."""
SHELF: Final = (DeviceStatus.SPARE, DeviceStatus.RMA, DeviceStatus.LOST, DeviceStatus.RETIRED)


@dataclass(frozen=True, slots=True)
class Swap:
    """device: the row that goes on. old: the row of the unit that was taken down. shelf: the row that the new unit had
    until now, which goes; None if nobody knew it.
    """

    device: Device
    old: Device
    shelf: Device | None = None


def on_shelf(inventory: Inventory, device: str, serial: str) -> Device | None:
    """The new unit's row. Raises UsageError where that serial works somewhere else."""
    wanted = plain_serial(serial)
    rows = [each for each in inventory.devices if each.serial and plain_serial(each.serial) == wanted]
    found = next((each for each in rows if each.status in SHELF), None)
    other = next((each for each in rows if each.name != device and each.status not in SHELF), None)
    if other is not None:
        raise UsageError(
            _("The serial {serial} is that of {device} at {site}. If it was taken from there, retire it first.").format(
                serial=serial, device=other.name, site=other.site
            )
        )
    return found


def renewed(device: Device, serial: str, model: str, platform: str, shelf: Device | None) -> Device:
    """The same place with another unit. Its name, addresses and uplinks stay."""
    return replace(
        device,
        serial=serial,
        model=model or (shelf.model if shelf else ""),
        platform=platform or (shelf.platform if shelf and shelf.platform else device.platform),
        mac=shelf.mac if shelf else "",
        asset_no=shelf.asset_no if shelf else "",
        purchase_year=shelf.purchase_year if shelf else None,
        warranty_until=shelf.warranty_until if shelf else None,
    )


def taken_down(device: Device, serial: str, fate: DeviceStatus, name: str) -> Device:
    """The old unit's own row: at the same site until somebody writes where it lies; nobody asks it."""
    return Device(
        name,
        device.site,
        device.role,
        platform=device.platform,
        model=device.model,
        serial=serial,
        mac=device.mac,
        zone=device.zone,
        check=Check.NONE,
        owner=device.owner,
        status=fate,
        poll_class=device.poll_class,
        asset_no=device.asset_no,
        purchase_year=device.purchase_year,
        warranty_until=device.warranty_until,
    )


def swapped(
    before: Device, now: Device, new: Device, fate: DeviceStatus, inventory: Inventory, on: datetime, old_name: str = ""
) -> Swap:
    """before: as it was when the change began. now: as it is, perhaps changed by people since. new: `before` renewed.
    old_name: that was chosen already.
    """
    shelf = on_shelf(inventory, before.name, new.serial)
    taken = {each.name: each for each in inventory.devices}
    name = old_name or spare_name(before.name, before.serial, taken, on)
    row = replace(now, **{field: getattr(new, field) for field in UNIT})
    if shelf is not None and shelf.name in (name, before.name):
        shelf = None
    return Swap(row, taken_down(before, before.serial, fate, name), shelf)


def unswapped(before: Device, now: Device) -> Device:
    return replace(now, **{field: getattr(before, field) for field in UNIT})


def as_plain(device: Device) -> dict[str, Any]:
    """For JSON; `of_plain` reads it back."""
    plain = asdict(device)
    return plain | {"warranty_until": device.warranty_until.isoformat() if device.warranty_until else None}


def of_plain(plain: dict[str, Any]) -> Device:
    until = plain["warranty_until"]
    return Device(
        **{
            **plain,
            "role": Role(plain["role"]),
            "check": Check(plain["check"]),
            "uplink": tuple(plain["uplink"]),
            "status": DeviceStatus(plain["status"]),
            "poll_class": PollClassName(plain["poll_class"]),
            "warranty_until": date.fromisoformat(until) if until else None,
        }
    )
