"""Simulated command lines: RouterOS, IOS, VRP and OLTs as SSH servers with a configuration of their own.

For tests of what talks to devices and for people to practise on. `SimulatedDevice` is the device, `serve` (asyncio)
and `running_cli` (a thread, for blocking callers) put it on a port, `Faults` is what is ordered to go wrong.
"""

from lab.cli.clock import LabClock
from lab.cli.conversation import CliError
from lab.cli.device import SimulatedDevice
from lab.cli.faults import Faults
from lab.cli.lines.plant import Onu
from lab.cli.platforms import Platform
from lab.cli.server import Address, CliServer, running_cli, serve

__all__ = [
    "Address",
    "CliError",
    "CliServer",
    "Faults",
    "LabClock",
    "Onu",
    "Platform",
    "SimulatedDevice",
    "running_cli",
    "serve",
]
