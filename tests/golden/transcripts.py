"""Plays a transcript: what stands between « and » is typed, everything else is what the device must show.

`@ advance 300`, `@ reboot`, `@ power cut`, `@ fault disk_full` are orders; the first line names the device.
"""

import re
from datetime import UTC, datetime

from lab.cli import LabClock, Onu, SimulatedDevice
from lab.cli.conversation import Login

START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC).timestamp()
_TYPED = re.compile(r"«([^»]*)»")
_ORDER = re.compile(r"^@ (.*)$", re.MULTILINE)


class StandingClock(LabClock):
    """Goes only when it is told to."""

    def now(self) -> float:
        return self._start + self._moved


def device_of(heading: str) -> SimulatedDevice:
    name, *rest = heading.removeprefix("# ").split()
    clock = StandingClock(START)
    match name:
        case "routeros":
            device = SimulatedDevice.routeros(rest[0], clock=clock, boot_seconds=60)
        case "ios":
            device = SimulatedDevice.ios(clock=clock, boot_seconds=60)
        case "vrp":
            device = SimulatedDevice.vrp(rest[0], clock=clock, boot_seconds=60)
        case "zte-olt":
            onus = (Onu("1/1/1", "ZTEGC0FFEE01"), Onu("1/1/2", "ZTEGC0FFEE02"))
            device = SimulatedDevice.zte_olt(onus=onus, clock=clock, boot_seconds=60)
        case "huawei-olt":
            onus = (Onu("0/1/0", "HWTC0FFEE01A", "HG8245H"), Onu("0/1/1", "HWTC0FFEE02A", "HG8245H"))
            device = SimulatedDevice.huawei_olt(onus=onus, clock=clock, boot_seconds=60)
        case _:
            raise ValueError(f"no device in a transcript: {heading}")
    device.model.add_login(device.traits.user, "rahasia", "")
    return device


def play(transcript: str) -> str:
    """The same transcript as the device writes it now."""
    heading, _newline, rest = transcript.partition("\n")
    device = device_of(heading)
    user = device.traits.user
    out = f"{heading}\n"
    console = device.open(Login(user, device.manager, rows=0))
    for order, typed in _steps(rest):
        if order:
            _obey(device, order)
            out += f"@ {order}\n"
            if order.startswith(("reboot", "power")):
                console = device.open(Login(user, device.manager, rows=0))
            continue
        out += f"{console.prompt()}«{typed}»\n"
        reply = device.take(console, user, typed)
        out += reply.text
        if reply.late:
            out += f"{console.prompt()}{reply.late}"
        if reply.restarts:
            device.advance(device.boot_seconds + 1)
            console = device.open(Login(user, device.manager, rows=0))
    return out


def _steps(rest: str) -> list[tuple[str, str]]:
    found = [(match.start(), "", match[1]) for match in _TYPED.finditer(rest)]
    found += [(match.start(), match[1], "") for match in _ORDER.finditer(rest)]
    return [(order, typed) for _at, order, typed in sorted(found)]


def _obey(device: SimulatedDevice, order: str) -> None:
    word, _blank, what = order.partition(" ")
    match word:
        case "advance":
            device.advance(float(what))
        case "reboot":
            device.reboot()
            device.advance(device.boot_seconds + 1)
        case "power":
            device.cut_power()
            device.restore_power()
            device.advance(device.boot_seconds + 1)
        case "fault":
            device.order(**{what: True})
        case _:
            raise ValueError(order)
