"""Names looked up on simulated command lines: what they do not know or cannot find is never taken for a success."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from domain.changes import Outcome, PingAnswer
from domain.intent import DeviceIntent, Platform, SiteIntent
from domain.network import Role, SiteKind
from domain.shell import Command
from lab.cli.conversation import Login
from lab.cli.device import SimulatedDevice
from provisioning.verification import Ground, verify

DEVICES = [
    (Platform.ROUTEROS, lambda: SimulatedDevice.routeros("7.16")),
    (Platform.ROUTEROS, lambda: SimulatedDevice.routeros("6.49.10")),
    (Platform.IOS, SimulatedDevice.ios),
    (Platform.VRP, SimulatedDevice.vrp),
]


@pytest.mark.parametrize(("platform", "made"), DEVICES, ids=["routeros7", "routeros6", "ios", "vrp"])
def test_what_a_device_does_not_find_is_not_found(platform: Platform, made: Any) -> None:
    device: SimulatedDevice = made()
    console = device.open(Login("admin", "192.168.88.10"))
    asked: list[str] = []

    class Shell:
        def run(self, command: Command) -> Any:
            asked.append(command.text)
            return SimpleNamespace(text=device.take(console, "admin", command.text).text)

    @contextmanager
    def shell(_device: str) -> Iterator[Any]:
        yield Shell()

    router = DeviceIntent("router", "rtr", Role.ROUTER, platform, address="10.9.0.1")
    site = SiteIntent(
        "desa", "Desa", SiteKind.DESA, "x", devices=(router,), services=("S",), checks=("dns", "services")
    )
    ground = Ground(
        lambda *_asked: PingAnswer(1, 1),
        lambda *_asked: None,
        shell,
        lambda _device: False,
        urls={"S": "http://s.example.id/"},
        dns_name="www.example.id",
    )
    found = verify(site, ground)
    assert asked
    assert [each.name for each in found] == ["dns", "services"]
    assert all(each.outcome is not Outcome.PASSED and each.why for each in found), found
