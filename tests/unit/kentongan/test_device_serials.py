"""Where a device's configuration tells which unit it is: what `site apply` asks before it tells it anything."""

import re

from domain.intent import Platform
from lab.cli import SimulatedDevice
from lab.cli.conversation import Login
from provisioning.platforms.serials import WRITTEN


def test_ios_tells_its_serial_with_its_licence() -> None:
    device = SimulatedDevice.ios(serial="FGL2000LAB7")
    device.model.add_login("noc", "rahasia", "")
    written = device.take(device.open(Login("noc", device.manager, rows=0)), "noc", "show running-config").text
    found = re.search(WRITTEN[Platform.IOS], written, re.MULTILINE)
    assert found is not None
    assert found[1] == "FGL2000LAB7"
