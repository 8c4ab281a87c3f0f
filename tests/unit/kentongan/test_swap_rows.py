"""What the inventory says before and after a unit was exchanged."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.network import Device, DeviceStatus, Inventory, Role
from kentongan.changing.swap import UNIT, as_plain, of_plain, on_shelf, renewed, swapped, unswapped
from kentongan.errors import UsageError

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PLACE = Device(
    "rtr-cibodas", "cibodas", Role.ROUTER, platform="mikrotik-routeros", model="RB760iGS", serial="OLD1",
    mac="48:8f:5a:00:00:01", address="10.1.1.1", zone="sukatani", uplink=("onu-cibodas",), mgmt_via="vpn",
    asset_no="3.05.01", purchase_year=2021, warranty_until=date(2024, 1, 31),
)  # fmt: skip
SPARE = Device(
    "cadangan-7", "gudang", Role.ROUTER, platform="huawei-vrp", model="AR651", serial="NEW1",
    asset_no="3.05.09", purchase_year=2026, status=DeviceStatus.SPARE,
)  # fmt: skip


def test_the_place_stays_and_the_unit_changes() -> None:
    inventory = Inventory(devices=(SPARE, PLACE))
    new = renewed(PLACE, "NEW1", "", "", on_shelf(inventory, "rtr-cibodas", "new 1"))
    swap = swapped(PLACE, PLACE, new, DeviceStatus.RMA, inventory, NOW)
    assert swap.device == replace(
        PLACE, platform="huawei-vrp", model="AR651", serial="NEW1", mac="", asset_no="3.05.09", purchase_year=2026,
        warranty_until=None,
    )  # fmt: skip
    assert swap.shelf == SPARE
    old = swap.old
    assert (old.name, old.status, old.address, old.uplink) == ("rtr-cibodas-OLD1", DeviceStatus.RMA, "", ())
    assert [getattr(old, field) for field in UNIT] == [getattr(PLACE, field) for field in UNIT]
    assert unswapped(PLACE, swap.device) == PLACE


def test_what_people_changed_meanwhile_stays() -> None:
    now = replace(PLACE, address="10.1.1.9", uplink=("radio-1",))
    new = renewed(PLACE, "NEW1", "L009", "", None)
    swap = swapped(PLACE, now, new, DeviceStatus.SPARE, Inventory(devices=(now,)), NOW)
    assert (swap.device.address, swap.device.uplink, swap.device.serial) == ("10.1.1.9", ("radio-1",), "NEW1")


def test_done_again_after_a_power_cut_it_is_the_same() -> None:
    new = renewed(PLACE, "NEW1", "L009", "", None)
    once = swapped(PLACE, PLACE, new, DeviceStatus.SPARE, Inventory(devices=(PLACE,)), NOW)
    after = Inventory(devices=(once.device, once.old))
    again = swapped(PLACE, once.device, new, DeviceStatus.SPARE, after, NOW, once.old.name)
    assert (again.device, again.old, again.shelf) == (once.device, once.old, None)


@pytest.mark.parametrize("status", [DeviceStatus.IN_USE, DeviceStatus.PLANNED])
def test_a_unit_that_works_elsewhere_is_not_taken(status: DeviceStatus) -> None:
    with pytest.raises(UsageError, match="gudang"):
        on_shelf(Inventory(devices=(PLACE, replace(SPARE, status=status))), "rtr-cibodas", "NEW1")


@pytest.mark.parametrize("device", [PLACE, SPARE])
def test_rows_come_back_from_json(device: Device) -> None:
    import json

    assert of_plain(json.loads(json.dumps(as_plain(device)))) == device
