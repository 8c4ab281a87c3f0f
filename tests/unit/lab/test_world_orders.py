"""Orders as lines of JSON: what they bring, and that nonsense brings an answer."""

import json

import pytest

from domain.network import Inventory
from lab.world.model import World
from lab.world.orders import Orders

NOON = 1_790_000_000.0


def obey(world: World, **order: object) -> dict[str, object]:
    return Orders(world).obey(json.dumps(order).encode(), NOON + 1)


def test_status_counts_what_is_dark(world: World, small: Inventory) -> None:
    calm = obey(world, order="status")
    assert (calm["ok"], calm["dark"]) == (True, {"devices": 0, "sites": 0, "villages": 0})
    site = next(device.site for device in small.devices if device.name.startswith("onu-"))
    answer = obey(world, order="power-off", name=site)
    assert answer["dark"] == {"devices": 3, "sites": 1, "villages": 1}
    assert len(list(answer["darkened"])) == 3  # type: ignore[call-overload]
    status = obey(world, order="status")
    assert status["withoutPower"] == [site]
    assert status["darkDevices"] == answer["darkened"]
    assert obey(world, order="restore", name="all")["lit"] == answer["darkened"]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"cut",
        b"[]",
        b'{"order": "explode"}',
        b'{"order": ["cut"]}',
        b'{"order": "cut"}',
        b'{"order": "cut", "name": 3}',
        b'{"order": "cut", "name": "no such link"}',
        b'{"order": "reboot", "name": "rtr-inti-1", "seconds": "3"}',
        b'{"order": "reboot", "name": "rtr-inti-1", "seconds": -1}',
        b'{"order": "reboot", "name": "rtr-inti-1", "seconds": NaN}',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
def test_nonsense_is_answered(world: World, line: bytes) -> None:
    answer = Orders(world).obey(line, NOON + 1)
    assert answer["ok"] is False
    assert answer["error"]
    assert world.dark == frozenset()
